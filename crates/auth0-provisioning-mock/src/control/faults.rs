//! Faults: listed, added, cleared.

use std::collections::BTreeMap;
use std::time::Duration;

use bytes::Bytes;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::pattern;
use super::reply::{Problem, Reply, read_any};
use crate::fault::queue::FaultQueue;
use crate::fault::{Effect, Fault};
use crate::lock::lock;
use crate::seconds;
use crate::shared::Shared;

/// A fault, the requests that it matches, and how often.
#[derive(Deserialize)]
struct FaultRequest {
    /// An operation id; or a method and a path. Defaults to every request.
    operation: Option<String>,
    method: Option<String>,
    path: Option<String>,
    /// A number, or `always`. Defaults to one.
    times: Option<Value>,
    #[serde(default, with = "seconds")]
    delay_seconds: Duration,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    #[serde(flatten)]
    effect: Effect,
}

/// Lists the waiting faults, each in the format in which it can be added again.
pub(super) fn list(shared: &Shared) -> Reply {
    Reply::Json(waiting(&lock(&shared.faults)))
}

pub(super) fn waiting(queue: &FaultQueue) -> Value {
    let faults: Vec<_> = queue.waiting().map(view).collect();
    json!({ "waiting": faults.len(), "faults": faults })
}

pub(super) fn clear(shared: &Shared) -> Reply {
    lock(&shared.faults).clear();
    Reply::Done
}

/// Adds a fault, or a list of faults in order.
pub(super) fn add(shared: &Shared, body: &Bytes) -> Result<Reply, Problem> {
    let requests = match read_any(body)? {
        Value::Array(requests) => requests,
        one => vec![one],
    };
    let faults = requests.into_iter().enumerate().map(|(index, request)| {
        let request = FaultRequest::deserialize(request).map_err(|error| error.to_string());
        let fault = request.and_then(FaultRequest::into_fault);
        fault.map_err(|reason| Problem::not_acceptable(format!("fault {index} is not acceptable: {reason}")))
    });
    let faults: Vec<_> = faults.collect::<Result<_, _>>()?;
    let mut queue = lock(&shared.faults);
    for fault in faults {
        queue.push(fault);
    }
    Ok(Reply::Json(waiting(&queue)))
}

impl FaultRequest {
    fn into_fault(self) -> Result<Fault, String> {
        let mut fault = Fault::from(self.effect).delayed(self.delay_seconds);
        let requests = pattern::read(self.operation.as_deref(), self.method.as_deref(), self.path.as_deref())?;
        fault.requests = requests.or(fault.requests);
        fault.remaining = match self.times {
            None => Some(1),
            Some(Value::String(word)) if word == "always" => None,
            Some(times) => {
                let times = times.as_u64().and_then(|times| u32::try_from(times).ok());
                Some(times.ok_or("`times` is a whole number, or `always`")?)
            }
        };
        fault.headers.extend(self.headers);
        Ok(fault)
    }
}

fn view(fault: &Fault) -> Value {
    let mut view = json!(fault.effect);
    view["times"] = fault.remaining.map_or_else(|| "always".into(), Value::from);
    if !fault.delay.is_zero() {
        view["delay_seconds"] = fault.delay.as_secs_f64().into();
    }
    if !fault.headers.is_empty() {
        let headers = fault.headers.iter().map(|(name, value)| (name.clone(), value.as_str().into()));
        view["headers"] = headers.collect::<Map<_, _>>().into();
    }
    if let Some(requests) = &fault.requests {
        pattern::write(requests, &mut view);
    }
    view
}
