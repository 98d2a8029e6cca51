//! The position in a list.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The position in a list: an opaque string of the API, to store and send back.
///
/// Cursors expire; the API then answers with [`ErrorKind::BadRequest`](crate::ErrorKind::BadRequest).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Cursor(Box<str>);

impl Cursor {
    /// The cursor as the API wrote it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
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

impl From<&str> for Cursor {
    fn from(cursor: &str) -> Self {
        Self(cursor.into())
    }
}

impl From<Cursor> for String {
    fn from(cursor: Cursor) -> Self {
        cursor.0.into()
    }
}

impl AsRef<str> for Cursor {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.as_str())
    }
}
