//! Connection ids, validated once so that none can change the path of a request.

use std::{borrow::Borrow, fmt, str::FromStr, sync::Arc};

use serde::{Deserialize, Serialize};

/// The id of a connection, such as `con_0123456789abcdef`. Cheap to clone.
///
/// It is one segment of a path, so it is not empty, not `.` or `..`, and contains no `/`, no white space and no control
/// characters. Auth0's own form, `con_` and 16 letters and digits, is not required. An id that the tenant itself sent
/// ([`DirectoryProvisioningExt::id`](crate::DirectoryProvisioningExt::id)) is kept as it came.
///
/// ```
/// use auth0_provisioning::ConnectionId;
///
/// let id: ConnectionId = "con_0123456789abcdef".parse()?;
/// assert_eq!(id.as_str(), "con_0123456789abcdef");
/// assert!("con_1/../con_2".parse::<ConnectionId>().is_err());
/// # Ok::<(), auth0_provisioning::InvalidConnectionId>(())
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ConnectionId(Arc<str>);

impl ConnectionId {
    /// The id as the API writes it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// An id that the tenant sent. Should it not be one path segment, a call with it fails before it is sent.
    #[cfg(any(feature = "workflows", feature = "connections", feature = "logs"))]
    pub(crate) fn of_response(id: &str) -> Self {
        Self(id.into())
    }
}

impl FromStr for ConnectionId {
    type Err = InvalidConnectionId;

    fn from_str(id: &str) -> Result<Self, Self::Err> {
        let invalid = |reason| Err(InvalidConnectionId { id: id.to_owned(), reason });
        match id {
            "" => invalid(Reason::Empty),
            "." | ".." => invalid(Reason::Dots),
            _ => match id.chars().find(|character| is_forbidden(*character)) {
                Some(character) => invalid(Reason::Character(character)),
                None => Ok(Self(id.into())),
            },
        }
    }
}

fn is_forbidden(character: char) -> bool {
    character == '/' || character.is_control() || character.is_whitespace()
}

impl TryFrom<&str> for ConnectionId {
    type Error = InvalidConnectionId;

    fn try_from(id: &str) -> Result<Self, Self::Error> {
        id.parse()
    }
}

impl TryFrom<String> for ConnectionId {
    type Error = InvalidConnectionId;

    fn try_from(id: String) -> Result<Self, Self::Error> {
        id.parse()
    }
}

impl From<ConnectionId> for String {
    fn from(id: ConnectionId) -> Self {
        id.as_str().to_owned()
    }
}

impl Borrow<str> for ConnectionId {
    fn borrow(&self) -> &str {
        self.as_str()
    }
}

impl AsRef<str> for ConnectionId {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

impl fmt::Display for ConnectionId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.as_str())
    }
}

impl fmt::Debug for ConnectionId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "ConnectionId({:?})", self.as_str())
    }
}

/// The error for a string that is not a connection id. Its `Display` shows the string and what is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidConnectionId {
    id: String,
    reason: Reason,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reason {
    Empty,
    Dots,
    Character(char),
}

impl fmt::Display for InvalidConnectionId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.reason {
            Reason::Empty => formatter.write_str("the connection id is empty"),
            Reason::Dots => write!(formatter, "{:?} is not a connection id: it would change the path", self.id),
            Reason::Character(character) => {
                write!(formatter, "{:?} is not a connection id: it contains {character:?}", self.id)
            }
        }?;
        formatter.write_str("; an id looks like con_0123456789abcdef")
    }
}

impl std::error::Error for InvalidConnectionId {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_single_segment_is_accepted() {
        for id in ["con_0123456789abcdef", "con_x", "...", "a%2Fb", "é"] {
            assert_eq!(id.parse::<ConnectionId>().unwrap().to_string(), id);
        }
    }

    #[test]
    fn json_is_the_string_and_is_validated() {
        let id: ConnectionId = serde_json::from_str("\"con_1\"").unwrap();
        assert_eq!(serde_json::to_string(&id).unwrap(), "\"con_1\"");
        let error = serde_json::from_str::<ConnectionId>("\"con_1/x\"").unwrap_err();
        assert!(error.to_string().contains("it contains '/'"), "{error}");
    }

    #[test]
    fn says_what_is_wrong() {
        let message = |id: &str| id.parse::<ConnectionId>().unwrap_err().to_string();
        assert_eq!(message(""), "the connection id is empty; an id looks like con_0123456789abcdef");
        assert!(message("..").starts_with("\"..\" is not a connection id: it would change the path;"));
        assert!(message("con_1/x").starts_with("\"con_1/x\" is not a connection id: it contains '/';"));
        assert!(message("con_1\n").starts_with("\"con_1\\n\" is not a connection id: it contains '\\n';"));
        assert!(message("con_\u{a0}1").contains("it contains '\\u{a0}'"));
    }
}
