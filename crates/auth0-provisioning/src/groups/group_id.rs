//! Ids of groups in the directory, parsed once.

use std::{borrow::Borrow, fmt, str::FromStr};

use crate::types::SynchronizedGroupId;

/// The id of a group in the directory, such as `01abcde23f4g5h6`: 1 to 32 letters and digits.
///
/// ```
/// use auth0_provisioning::GroupId;
///
/// let id: GroupId = "01abcde23f4g5h6".parse()?;
/// assert_eq!(id.as_str(), "01abcde23f4g5h6");
/// assert!("engineering@example.com".parse::<GroupId>().is_err());
/// # Ok::<(), auth0_provisioning::InvalidGroupId>(())
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GroupId(SynchronizedGroupId);

impl GroupId {
    /// The id as the directory writes it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for GroupId {
    type Err = InvalidGroupId;

    fn from_str(id: &str) -> Result<Self, Self::Err> {
        id.parse().map(Self).map_err(|_| InvalidGroupId(id.to_owned()))
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

impl From<GroupId> for SynchronizedGroupId {
    fn from(id: GroupId) -> Self {
        id.0
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

/// A text that is no group id; its `Display` shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidGroupId(String);

impl fmt::Display for InvalidGroupId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(id) = self;
        write!(formatter, "{id:?} is no group id: ")?;
        if let Some(character) = id.chars().find(|character| !character.is_ascii_alphanumeric()) {
            return write!(formatter, "it holds {character:?}, and only letters and digits may be in it");
        }
        match id.len() {
            0 => formatter.write_str("it is empty"),
            length => write!(formatter, "it has {length} characters, and 32 are the most"),
        }
    }
}

impl std::error::Error for InvalidGroupId {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_and_digits_up_to_32_are_taken() {
        for id in ["a", "01abcde23f4g5h6", &"Z".repeat(32)] {
            assert_eq!(id.parse::<GroupId>().unwrap().to_string(), id);
        }
    }

    #[test]
    fn a_refusal_says_what_is_wrong() {
        let refusal = |id: &str| id.parse::<GroupId>().unwrap_err().to_string();
        assert_eq!(refusal(""), "\"\" is no group id: it is empty");
        assert!(refusal("a-b").contains("it holds '-'"));
        assert!(refusal("ä").contains("it holds 'ä'"));
        assert!(refusal("a\n").contains("it holds '\\n'"));
        assert!(refusal(&"a".repeat(33)).contains("it has 33 characters"));
    }
}
