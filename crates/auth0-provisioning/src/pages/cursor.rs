//! Where a walk over pages goes on.

use std::fmt;

/// Where a walk over pages goes on: the API's own text, to be kept and handed back, not to be read.
///
/// Cursors expire; the API then answers with [`ErrorKind::BadRequest`](crate::ErrorKind::BadRequest).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Cursor(Box<str>);

impl Cursor {
    /// The cursor as the API wrote it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The cursor of a page's `next`; the empty text means that no page follows.
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

impl fmt::Display for Cursor {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.as_str())
    }
}
