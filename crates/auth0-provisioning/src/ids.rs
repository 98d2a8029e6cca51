//! Ids, validated once so that none can change the path of a request.

use std::{fmt, str::FromStr, sync::Arc};

use serde::{Deserialize, Serialize};

use crate::InvalidValue;

/// Defines an id: a string that `$check` accepts, which returns the reason where it does not.
macro_rules! id {
    ($(#[$docs:meta])* $name:ident, $check:ident) => {
        $(#[$docs])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String")]
        pub struct $name(Arc<str>);

        impl $name {
            /// The id as the API writes it.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// An id that the tenant sent, kept as it came. A call with one that is not valid fails before it is sent.
            #[must_use]
            pub fn from_response(id: &str) -> Self {
                Self(id.into())
            }
        }

        impl FromStr for $name {
            type Err = InvalidValue;

            fn from_str(id: &str) -> Result<Self, Self::Err> {
                $check(id).map(|()| Self(id.into())).map_err(InvalidValue::new)
            }
        }

        impl TryFrom<String> for $name {
            type Error = InvalidValue;

            fn try_from(id: String) -> Result<Self, Self::Error> {
                id.parse()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.pad(self.as_str())
            }
        }
    };
}

id! {
    /// The id of a connection, such as `con_0123456789abcdef`. Cheap to clone.
    ///
    /// It is one segment of a path, so it is not empty, not `.` or `..`, and contains no `/`, no white space and no control
    /// characters. Auth0's own form, `con_` and 16 letters and digits, is not required.
    ///
    /// ```
    /// use auth0_provisioning::ConnectionId;
    ///
    /// let id: ConnectionId = "con_0123456789abcdef".parse()?;
    /// assert_eq!(id.as_str(), "con_0123456789abcdef");
    /// assert!("con_1/../con_2".parse::<ConnectionId>().is_err());
    /// # Ok::<(), auth0_provisioning::InvalidValue>(())
    /// ```
    ConnectionId, check_connection
}

id! {
    /// The id of a group in the directory, such as `01abcde23f4g5h6`: 1 to 32 letters and digits.
    GroupId, check_group
}

fn check_connection(id: &str) -> Result<(), String> {
    let is_forbidden = |character: &char| *character == '/' || character.is_control() || character.is_whitespace();
    let reason = match id {
        "" => "the connection id is empty".to_owned(),
        "." | ".." => format!("{id:?} is not a connection id: it would change the path"),
        _ => match id.chars().find(is_forbidden) {
            Some(character) => format!("{id:?} is not a connection id: it contains {character:?}"),
            None => return Ok(()),
        },
    };
    Err(format!("{reason}; an id looks like con_0123456789abcdef"))
}

/// The most characters of a group's id.
const LONGEST: usize = 32;

fn check_group(id: &str) -> Result<(), String> {
    let reason = match (id.chars().find(|character| !character.is_ascii_alphanumeric()), id.len()) {
        (Some(character), _) => format!("it contains {character:?}; only letters and digits are allowed"),
        (None, 0) => "it is empty".to_owned(),
        (None, 1..=LONGEST) => return Ok(()),
        (None, length) => format!("it has {length} characters; the maximum is {LONGEST}"),
    };
    Err(format!("{id:?} is not a group id: {reason}"))
}

#[cfg(feature = "workflows")]
impl GroupId {
    /// Whether the API accepts this id in a request.
    pub(crate) fn is_valid(&self) -> bool {
        check_group(self.as_str()).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn valid_ids_are_kept_as_they_are() {
        for id in ["con_0123456789abcdef", "con_x", "...", "a%2Fb", "é"] {
            assert_eq!(id.parse::<ConnectionId>().unwrap().to_string(), id);
        }
        for id in ["a", "01abcde23f4g5h6", &"Z".repeat(32)] {
            assert_eq!(id.parse::<GroupId>().unwrap().to_string(), id);
        }
    }

    #[test]
    fn json_is_the_string_and_is_validated() {
        let id: ConnectionId = serde_json::from_str("\"con_1\"").unwrap();
        assert_eq!(serde_json::to_string(&id).unwrap(), "\"con_1\"");
        let error = serde_json::from_str::<ConnectionId>("\"con_1/x\"").unwrap_err();
        assert!(error.to_string().contains("it contains '/'"), "{error}");
        assert!(serde_json::from_str::<GroupId>("\"g-1\"").unwrap_err().to_string().contains("is not a group id"));
    }

    #[test]
    fn the_error_says_what_is_wrong() {
        let message = |id: &str| id.parse::<ConnectionId>().unwrap_err().to_string();
        assert_eq!(message(""), "the connection id is empty; an id looks like con_0123456789abcdef");
        assert!(message("..").starts_with("\"..\" is not a connection id: it would change the path;"));
        assert!(message("con_1\n").starts_with("\"con_1\\n\" is not a connection id: it contains '\\n';"));
        assert!(message("con_\u{a0}1").contains("it contains '\\u{a0}'"));

        let message = |id: &str| id.parse::<GroupId>().unwrap_err().to_string();
        assert_eq!(message(""), "\"\" is not a group id: it is empty");
        assert!(message("ä").contains("it contains 'ä'"));
        assert!(message(&"a".repeat(33)).contains("it has 33 characters"));
    }
}
