//! Ids of groups in the directory.

use std::{borrow::Borrow, fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// The most characters of an id.
const LONGEST: usize = 32;

/// The id of a group in the directory, such as `01abcde23f4g5h6`: 1 to 32 letters and digits.
///
/// An id that the tenant itself sent ([`SynchronizedGroupExt::group_id`](crate::SynchronizedGroupExt::group_id)) is kept
/// as it came.
///
/// ```
/// use auth0_provisioning::GroupId;
///
/// let id: GroupId = "01abcde23f4g5h6".parse()?;
/// assert_eq!(id.as_str(), "01abcde23f4g5h6");
/// assert!("engineering@example.com".parse::<GroupId>().is_err());
/// # Ok::<(), auth0_provisioning::InvalidGroupId>(())
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct GroupId(Box<str>);

impl GroupId {
    /// The id as the directory writes it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// An id that the tenant sent.
    pub(crate) fn of_response(id: &str) -> Self {
        Self(id.into())
    }

    /// Whether the API accepts this id in a request.
    #[cfg(feature = "workflows")]
    pub(super) fn is_valid(&self) -> bool {
        validate(&self.0)
    }
}

fn validate(id: &str) -> bool {
    (1..=LONGEST).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

impl FromStr for GroupId {
    type Err = InvalidGroupId;

    fn from_str(id: &str) -> Result<Self, Self::Err> {
        if validate(id) { Ok(Self(id.into())) } else { Err(InvalidGroupId(id.to_owned())) }
    }
}

impl TryFrom<&str> for GroupId {
    type Error = InvalidGroupId;

    fn try_from(id: &str) -> Result<Self, Self::Error> {
        id.parse()
    }
}

impl TryFrom<String> for GroupId {
    type Error = InvalidGroupId;

    fn try_from(id: String) -> Result<Self, Self::Error> {
        id.parse()
    }
}

impl From<GroupId> for String {
    fn from(id: GroupId) -> Self {
        id.0.into()
    }
}

impl AsRef<str> for GroupId {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

impl Borrow<str> for GroupId {
    fn borrow(&self) -> &str {
        self.as_str()
    }
}

impl fmt::Display for GroupId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.as_str())
    }
}

impl fmt::Debug for GroupId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "GroupId({:?})", self.as_str())
    }
}

/// The error for a string that is not a group id. Its `Display` shows the string and what is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidGroupId(String);

impl fmt::Display for InvalidGroupId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(id) = self;
        write!(formatter, "{id:?} is not a group id: ")?;
        if let Some(character) = id.chars().find(|character| !character.is_ascii_alphanumeric()) {
            return write!(formatter, "it contains {character:?}; only letters and digits are allowed");
        }
        match id.len() {
            0 => formatter.write_str("it is empty"),
            length => write!(formatter, "it has {length} characters; the maximum is {LONGEST}"),
        }
    }
}

impl std::error::Error for InvalidGroupId {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_and_digits_up_to_32_are_accepted() {
        for id in ["a", "01abcde23f4g5h6", &"Z".repeat(32)] {
            assert_eq!(id.parse::<GroupId>().unwrap().to_string(), id);
        }
    }

    #[test]
    fn the_error_says_what_is_wrong() {
        let message = |id: &str| id.parse::<GroupId>().unwrap_err().to_string();
        assert_eq!(message(""), "\"\" is not a group id: it is empty");
        assert!(message("a-b").contains("it contains '-'"));
        assert!(message("ä").contains("it contains 'ä'"));
        assert!(message("a\n").contains("it contains '\\n'"));
        assert!(message(&"a".repeat(33)).contains("it has 33 characters"));
    }

    #[test]
    fn json_is_the_string_and_is_validated() {
        let id: GroupId = serde_json::from_str("\"g1\"").unwrap();
        assert_eq!(serde_json::to_string(&id).unwrap(), "\"g1\"");
        assert!(serde_json::from_str::<GroupId>("\"g-1\"").unwrap_err().to_string().contains("is not a group id"));
    }
}
