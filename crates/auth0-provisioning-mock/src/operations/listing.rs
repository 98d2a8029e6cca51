//! Lists with cursors (`from` and `take`) or page numbers (`page` and `per_page`).

use http::StatusCode;
use serde_json::{Value, json};

use super::call::Call;
use super::page::{self, DEFAULT_SIZE, PageRequest};
use super::projection::project;
use crate::rejection::Rejection;
use crate::response::Response;

/// Responds with a page of a list. `items` returns the items after an id, sorted by id. `view` formats an item.
pub(super) fn list<T, I: Iterator<Item = T>>(
    call: &Call<'_>,
    name: &str,
    items: impl Fn(Option<String>) -> I,
    id: impl Fn(&T) -> String,
    view: impl Fn(&T) -> Value,
) -> Result<Response, Rejection> {
    let shown = |item: &T| {
        let mut value = view(item);
        project(call, &mut value);
        value
    };
    if call.parameter("from").is_some() || call.parameter("take").is_some() {
        let request = PageRequest::read(call)?;
        let (found, next) = request.fill(call, items(request.after.clone()), id);
        return Ok(page::response(name, found.iter().map(shown).collect(), next));
    }
    let (page, size) = (call.number("page").unwrap_or(0), call.number("per_page").unwrap_or(DEFAULT_SIZE));
    let start = page.saturating_mul(size);
    let found: Vec<_> = items(None).skip(start).take(size).collect();
    let found: Vec<_> = found.iter().map(shown).collect();
    if call.parameter("include_totals") != Some("true") {
        return Ok(Response::json(StatusCode::OK, &found));
    }
    let total = items(None).count();
    Ok(Response::json(StatusCode::OK, &json!({ "start": start, "limit": size, "total": total, name: found })))
}
