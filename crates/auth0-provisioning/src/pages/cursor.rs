//! Cursors, and positions in a list.

use serde::{Deserialize, Serialize};

/// The cursor of a page: an opaque string of the API, to store and send back.
///
/// Cursors expire; the API then responds with [`ErrorKind::BadRequest`](crate::ErrorKind::BadRequest).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Cursor(Box<str>);

impl Cursor {
    /// The cursor as the API wrote it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    #[cfg(any(feature = "connections", feature = "groups", feature = "logs"))]
    pub(crate) fn into_string(self) -> String {
        self.0.into()
    }

    /// The cursor of a page's `next`; the empty string means that no page follows.
    pub(crate) fn of_next(next: Option<String>) -> Option<Self> {
        next.filter(|next| !next.is_empty()).map(Self::from)
    }
}

impl From<String> for Cursor {
    fn from(cursor: String) -> Self {
        Self(cursor.into())
    }
}

/// How far a list was read, to be stored and [resumed from](crate::Pages::resume_from).
///
/// ```
/// use auth0_provisioning::Position;
///
/// let stored = serde_json::to_string(&Position::from("abc"))?;
/// assert_eq!(stored, r#"{"at":"abc"}"#);
/// assert_eq!(serde_json::from_str::<Position>(r#""end""#)?, Position::End);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Position {
    /// Before the first page.
    Beginning,
    /// Before the page with this cursor.
    At(Cursor),
    /// After the last page. A list that is resumed here has no more pages.
    End,
}

impl Position {
    /// The cursor of the page that follows; `None` at the beginning and at the end.
    pub(super) fn cursor(&self) -> Option<&Cursor> {
        match self {
            Self::At(cursor) => Some(cursor),
            Self::Beginning | Self::End => None,
        }
    }
}

/// The empty cursor is that of the first page.
impl From<Cursor> for Position {
    fn from(cursor: Cursor) -> Self {
        if cursor.as_str().is_empty() { Self::Beginning } else { Self::At(cursor) }
    }
}

impl From<&str> for Position {
    fn from(cursor: &str) -> Self {
        Cursor::from(cursor.to_owned()).into()
    }
}
