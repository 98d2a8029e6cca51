//! The clock: read, moved ahead, frozen, resumed.

use std::time::Duration;

use bytes::Bytes;
use chrono::Datelike;
use serde::Deserialize;
use serde_json::json;

use super::reply::{Problem, Reply, read};
use crate::shared::Shared;

const LAST_YEAR: i32 = 9999;
const MOST: Duration = Duration::from_secs(10_000 * 366 * 24 * 3600);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Change {
    #[serde(default)]
    advance_seconds: f64,
    /// `true` freezes the clock, `false` resumes it.
    frozen: Option<bool>,
}

pub(super) fn read_clock(shared: &Shared) -> Reply {
    Reply::Json(json!({ "now": shared.clock.now(), "frozen": shared.clock.is_frozen() }))
}

pub(super) fn change(shared: &Shared, body: &Bytes) -> Result<Reply, Problem> {
    let change: Change = read(body)?;
    let by = Duration::try_from_secs_f64(change.advance_seconds).map_err(|_| {
        Problem::not_acceptable("`advance_seconds` is a number of seconds, and a clock never moves back")
    })?;
    // RFC 3339 cannot represent a later year.
    if crate::clock::later(shared.clock.now(), by).year() > LAST_YEAR || by > MOST {
        return Err(Problem::not_acceptable(format!("`advance_seconds` would lead beyond the year {LAST_YEAR}")));
    }
    match change.frozen {
        Some(true) => shared.clock.freeze(),
        Some(false) => shared.clock.resume(),
        None => {}
    }
    shared.clock.advance(by);
    Ok(read_clock(shared))
}
