//! Cursors: the start of the next page, in an opaque format.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::cause::Cause;
use crate::contract::contract;

/// The position after an item of one list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Cursor {
    operation: String,
    /// The connection or group of the list; empty for lists of the tenant.
    id: String,
    pub(crate) after: String,
    expires_at: i64,
}

impl Cursor {
    pub(crate) fn new(operation: &str, id: &str, after: String, expires_at: DateTime<Utc>) -> Self {
        Self { operation: operation.to_owned(), id: id.to_owned(), after, expires_at: expires_at.timestamp_millis() }
    }

    pub(crate) fn encode(&self) -> String {
        // Strings and a number can always be written as JSON.
        URL_SAFE_NO_PAD.encode(serde_json::to_vec(self).unwrap_or_default())
    }

    /// Reads a cursor of this list. An expired cursor has its own cause, if the operation lists it.
    pub(crate) fn decode(text: &str, operation: &str, id: &str, now: DateTime<Utc>) -> Result<Self, Cause> {
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| Cause::InvalidPaging)?;
        let cursor: Self = serde_json::from_slice(&bytes).map_err(|_| Cause::InvalidPaging)?;
        if cursor.operation != operation || cursor.id != id {
            return Err(Cause::InvalidPaging);
        }
        if cursor.expires_at <= now.timestamp_millis() {
            let contract = contract().operation(operation);
            let is_listed = contract.is_some_and(|known| known.error_response(Cause::ExpiredCursor).is_some());
            return Err(if is_listed { Cause::ExpiredCursor } else { Cause::InvalidPaging });
        }
        Ok(cursor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cursor_belongs_to_one_list_and_expires() {
        let groups = "get_synchronized-groups";
        let end = DateTime::from_timestamp_millis(5_000).unwrap();
        let (before, at_end) = (DateTime::from_timestamp_millis(4_999).unwrap(), end);
        let text = Cursor::new(groups, "con_1", "g7".to_owned(), end).encode();

        assert_eq!(Cursor::decode(&text, groups, "con_1", before).unwrap().after, "g7");
        assert_eq!(Cursor::decode(&text, groups, "con_2", before), Err(Cause::InvalidPaging));
        assert_eq!(
            Cursor::decode(&text, "get_connections-directory-provisionings", "con_1", before),
            Err(Cause::InvalidPaging)
        );
        assert_eq!(Cursor::decode(&text, groups, "con_1", at_end), Err(Cause::ExpiredCursor));
        assert_eq!(Cursor::decode("con_1", groups, "con_1", before), Err(Cause::InvalidPaging));
    }
}
