//! Pages: how many items, from where, and the cursor of the next.

use http::StatusCode;
use serde_json::{Map, Value};

use crate::clock::later;
use crate::cursor::Cursor;
use crate::rejection::Rejection;
use crate::response::Response;

use super::call::Call;

/// The items of a page that nobody asks another size of.
const USUAL_SIZE: usize = 50;

/// Where a page starts and how many items it holds at most.
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
        let take = call.parameter("take").and_then(|take| take.parse().ok()).unwrap_or(USUAL_SIZE);
        Ok(Self { after, take })
    }

    /// The items of the page, and the cursor of the next page if more follow.
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

/// A page with this name for its items, and the cursor of the next page if more follow.
pub(super) fn response(name: &str, items: Vec<Value>, next: Option<String>) -> Response {
    let mut page = Map::from_iter([(name.to_owned(), Value::Array(items))]);
    if let Some(next) = next {
        page.insert("next".to_owned(), next.into());
    }
    Response::json(StatusCode::OK, &page)
}
