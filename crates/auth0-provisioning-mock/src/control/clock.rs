//! The tenant's clock: told, moved ahead, stopped, let go on.

use std::time::Duration;

use bytes::Bytes;
use serde::Deserialize;
use serde_json::json;

use super::reply::{Problem, Reply, read};
use crate::shared::Shared;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Change {
    #[serde(default)]
    advance_seconds: f64,
    /// `true` stops the clock, `false` lets it go on.
    frozen: Option<bool>,
}

pub(super) fn read_clock(shared: &Shared) -> Reply {
    Reply::Json(json!({ "now": shared.clock.now(), "frozen": shared.clock.is_frozen() }))
}

pub(super) fn change(shared: &Shared, body: &Bytes) -> Result<Reply, Problem> {
    let change: Change = read(body)?;
    let by = Duration::try_from_secs_f64(change.advance_seconds)
        .map_err(|_| Problem::not_acceptable("`advance_seconds` is a number of seconds, and no clock goes back"))?;
    match change.frozen {
        Some(true) => shared.clock.freeze(),
        Some(false) => shared.clock.resume(),
        None => {}
    }
    shared.clock.advance(by);
    Ok(read_clock(shared))
}
