//! Connection ids, parsed once so that no call can be led astray by one.

use std::{fmt, str::FromStr, sync::Arc};

/// The id of a connection, such as `con_0123456789abcdef`. Cheap to clone.
///
/// It fills one segment of a path, so it is not empty, not `.` or `..`, and holds no `/`, no white space and no control
/// characters. Auth0's own form, `con_` and 16 letters and digits, is not insisted on.
///
/// ```
/// use auth0_provisioning::ConnectionId;
///
/// let id: ConnectionId = "con_0123456789abcdef".parse()?;
/// assert_eq!(id.as_str(), "con_0123456789abcdef");
/// assert!("con_1/../con_2".parse::<ConnectionId>().is_err());
/// # Ok::<(), auth0_provisioning::InvalidConnectionId>(())
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ConnectionId(Arc<str>);

impl ConnectionId {
    /// The id as the API writes it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for ConnectionId {
    type Err = InvalidConnectionId;

    fn from_str(id: &str) -> Result<Self, Self::Err> {
        let refuse = |reason| Err(InvalidConnectionId { id: id.to_owned(), reason });
        match id {
            "" => refuse(Reason::Empty),
            "." | ".." => refuse(Reason::Dots),
            _ => match id.chars().find(|character| is_refused(*character)) {
                Some(character) => refuse(Reason::Character(character)),
                None => Ok(Self(id.into())),
            },
        }
    }
}

fn is_refused(character: char) -> bool {
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

/// A text that is no connection id; its `Display` shows the text and what is wrong with it.
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
            Reason::Dots => write!(formatter, "{:?} is no connection id: it would change the path", self.id),
            Reason::Character(character) => {
                write!(formatter, "{:?} is no connection id: it holds {character:?}", self.id)
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
    fn takes_any_single_segment() {
        for id in ["con_0123456789abcdef", "con_x", "...", "a%2Fb", "é"] {
            assert_eq!(id.parse::<ConnectionId>().unwrap().to_string(), id);
        }
    }

    #[test]
    fn says_what_is_wrong() {
        let refusal = |id: &str| id.parse::<ConnectionId>().unwrap_err().to_string();
        assert_eq!(refusal(""), "the connection id is empty; an id looks like con_0123456789abcdef");
        assert!(refusal("..").starts_with("\"..\" is no connection id: it would change the path;"));
        assert!(refusal("con_1/x").starts_with("\"con_1/x\" is no connection id: it holds '/';"));
        assert!(refusal("con_1\n").starts_with("\"con_1\\n\" is no connection id: it holds '\\n';"));
        assert!(refusal("con_\u{a0}1").contains("it holds '\\u{a0}'"));
    }
}
