//! Pages with cursors.

use http::StatusCode;
use serde_json::{Map, Value};

use crate::clock::later;
use crate::cursor::Cursor;
use crate::rejection::Rejection;
use crate::response::Response;

use super::call::Call;

/// The default number of items of a page.
pub(super) const DEFAULT_SIZE: usize = 50;

/// The start and the size of a page.
pub(super) struct PageRequest {
    pub(super) after: Option<String>,
    take: usize,
}

impl PageRequest {
    pub(super) fn read(call: &Call<'_>) -> Result<Self, Rejection> {
        let after = match call.parameter("from") {
            Some(cursor) => Some(Cursor::decode(cursor, call.operation, call.id(), call.now)?.after),
            None => None,
        };
        let take = call.number("take").unwrap_or(DEFAULT_SIZE);
        Ok(Self { after, take })
    }

    /// Returns the items of the page, and the cursor of the next page if more items follow.
    pub(super) fn fill<T>(
        &self,
        call: &Call<'_>,
        items: impl Iterator<Item = T>,
        id: impl Fn(&T) -> String,
    ) -> (Vec<T>, Option<String>) {
        let mut page: Vec<T> = items.take(self.take.saturating_add(1)).collect();
        let more = page.len() > self.take;
        page.truncate(self.take);
        let next = page.last().filter(|_| more).map(|last| {
            Cursor::new(call.operation, call.id(), id(last), later(call.now, call.cursor_lifetime)).encode()
        });
        (page, next)
    }
}

/// Responds with a page of named items, and the cursor of the next page.
pub(super) fn response(name: &str, items: Vec<Value>, next: Option<String>) -> Response {
    let mut page = Map::from_iter([(name.to_owned(), Value::Array(items))]);
    if let Some(next) = next {
        page.insert("next".to_owned(), next.into());
    }
    Response::json(StatusCode::OK, &page)
}
