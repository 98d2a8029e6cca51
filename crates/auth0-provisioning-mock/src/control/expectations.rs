//! Expectations: the number of requests that match a filter.

use bytes::Bytes;
use serde::Deserialize;
use serde_json::json;

use super::reply::{Problem, Reply, read};
use super::requests::{Filter, matching, view};
use crate::shared::Shared;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expectation {
    request: Filter,
    /// The exact number. Defaults to at least one.
    times: Option<usize>,
    at_least: Option<usize>,
    at_most: Option<usize>,
}

pub(super) fn check(shared: &Shared, body: &Bytes) -> Result<Reply, Problem> {
    let expectation: Expectation = read(body)?;
    let found = matching(shared, &expectation.request.check()?);
    let count = found.len();
    let has_no_number = expectation.times.or(expectation.at_least).or(expectation.at_most).is_none();
    let met = expectation.times.is_none_or(|times| count == times)
        && expectation.at_least.is_none_or(|least| count >= least)
        && expectation.at_most.is_none_or(|most| count <= most)
        && !(has_no_number && count == 0);
    let requests: Vec<_> = found.iter().map(view).collect();
    Ok(Reply::Json(json!({ "met": met, "count": count, "requests": requests })))
}
