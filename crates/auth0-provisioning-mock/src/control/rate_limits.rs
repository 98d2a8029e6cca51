//! The rate limits: read, and replaced while the tenant runs.

use bytes::Bytes;
use serde::Deserialize;
use serde_json::{Value, json};

use super::pattern;
use super::reply::{Problem, Reply, read};
use crate::lock::lock;
use crate::rate_limit::{LimitSettings, RateLimits};
use crate::seed::plan::Plan;
use crate::seed::rate_limits::{self, SeedClassLimit, SeedLimit};
use crate::shared::Shared;

/// The new limits. An absent limit is unlimited.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewLimits {
    plan: Option<Plan>,
    general: Option<SeedLimit>,
    #[serde(default)]
    classes: Vec<SeedClassLimit>,
}

pub(super) fn show(shared: &Shared) -> Reply {
    Reply::Json(view(lock(&shared.rate_limits).settings()))
}

/// Replaces the limits, and fills their buckets.
pub(super) fn replace(shared: &Shared, body: &Bytes) -> Result<Reply, Problem> {
    let new: NewLimits = read(body)?;
    let settings = rate_limits::settings(new.plan, new.general.as_ref(), &new.classes, ["general", "classes"]);
    let settings = settings.map_err(|error| Problem::not_acceptable(error.to_string()))?;
    *lock(&shared.rate_limits) = RateLimits::new(&settings);
    Ok(show(shared))
}

/// The limits in the shape in which they are replaced.
pub(super) fn view(settings: &LimitSettings) -> Value {
    let classes = settings.classes.iter().map(|(requests, limit)| {
        let mut view = json!(SeedLimit::from(*limit));
        pattern::write(requests, &mut view);
        view
    });
    json!({ "general": settings.general.map(SeedLimit::from), "classes": classes.collect::<Vec<_>>() })
}
