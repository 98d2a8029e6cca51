//! Faults: everything that the library can let go wrong.

use std::collections::BTreeMap;
use std::time::Duration;

use bytes::Bytes;
use serde::Deserialize;
use serde_json::{Value, json};

use super::reply::{Problem, Reply, read_any};
use super::{fault_view, pattern};
use crate::fault::queue::FaultQueue;
use crate::fault::{Cut, Fault};
use crate::lock::lock;
use crate::shared::Shared;

/// A fault, and what it concerns.
#[derive(Deserialize)]
struct Told {
    /// An operation id of the contract; or else method and path; or else every request.
    operation: Option<String>,
    method: Option<String>,
    path: Option<String>,
    /// How often it happens: a number, or `always`.
    times: Option<Value>,
    #[serde(default)]
    delay_seconds: f64,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    #[serde(flatten)]
    kind: Kind,
}

#[derive(Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
// A variant without braces would accept every property.
enum Kind {
    None {},
    Cut {
        at: Place,
    },
    Status {
        status: u16,
        #[serde(default)]
        after_effect: bool,
    },
    ErrorResponse {
        cause: String,
    },
    RateLimited {
        retry_after_seconds: Option<u64>,
    },
    TokenRevoked {},
    TokenExpiresEarly {
        after_seconds: u64,
    },
    TruncatedBody {},
    Body {
        body: String,
    },
    NotJson {},
    ContentType {
        content_type: String,
    },
    SlowBody {
        pieces: usize,
        pause_seconds: f64,
    },
    UnknownEnumValues {},
    ExtraFields {},
    NullsForAbsent {},
    EmptyPage {},
    NextCursor {
        cursor: String,
    },
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Place {
    BeforeRequest,
    BeforeResponse,
    WithinResponse,
    AfterResponse,
}

/// The faults that wait, each as it could be added again.
pub(super) fn list(shared: &Shared) -> Reply {
    Reply::Json(waiting(&lock(&shared.faults)))
}

pub(super) fn waiting(queue: &FaultQueue) -> Value {
    let faults: Vec<_> = queue.waiting().map(fault_view::view).collect();
    json!({ "waiting": faults.len(), "faults": faults })
}

pub(super) fn clear(shared: &Shared) -> Reply {
    lock(&shared.faults).clear();
    Reply::Done
}

/// Takes one fault, or a list of faults in their order.
pub(super) fn add(shared: &Shared, body: &Bytes) -> Result<Reply, Problem> {
    let told: Value = read_any(body)?;
    let told = match told {
        Value::Array(told) => told,
        one => vec![one],
    };
    let faults = told.into_iter().enumerate().map(|(index, told)| {
        let at = |what: String| Problem::not_acceptable(format!("fault {index} is not acceptable: {what}"));
        let told = Told::deserialize(told).map_err(|error| at(error.to_string()))?;
        told.fault().map_err(at)
    });
    let faults: Vec<_> = faults.collect::<Result<_, _>>()?;
    let mut queue = lock(&shared.faults);
    for fault in faults {
        queue.push(fault);
    }
    Ok(Reply::Json(waiting(&queue)))
}

impl Told {
    fn fault(self) -> Result<Fault, String> {
        let mut fault = self.kind.fault()?;
        let (operation, method, path) = (self.operation.as_deref(), self.method.as_deref(), self.path.as_deref());
        if let Some(requests) = pattern::read(operation, method, path)? {
            fault = fault.on(requests);
        }
        fault = match &self.times {
            None => fault,
            Some(Value::String(word)) if word == "always" => fault.always(),
            Some(times) => {
                let times = times.as_u64().and_then(|times| u32::try_from(times).ok());
                fault.times(times.ok_or("`times` is a whole number, or `always`")?)
            }
        };
        for (name, value) in self.headers {
            fault = fault.header(name, value);
        }
        Ok(fault.delayed(seconds(self.delay_seconds)?))
    }
}

impl Kind {
    fn fault(self) -> Result<Fault, String> {
        Ok(match self {
            Self::None {} => Fault::none(),
            Self::Cut { at } => Fault::cut(match at {
                Place::BeforeRequest => Cut::BeforeRequest,
                Place::BeforeResponse => Cut::BeforeResponse,
                Place::WithinResponse => Cut::WithinResponse,
                Place::AfterResponse => Cut::AfterResponse,
            }),
            Self::Status { status, after_effect: false } => Fault::status(status),
            Self::Status { status, after_effect: true } => Fault::status_after_effect(status),
            Self::ErrorResponse { cause } => Fault::error_response(cause),
            Self::RateLimited { retry_after_seconds: None } => Fault::rate_limited(),
            Self::RateLimited { retry_after_seconds: Some(wait) } => Fault::retry_after(Duration::from_secs(wait)),
            Self::TokenRevoked {} => Fault::token_revoked(),
            Self::TokenExpiresEarly { after_seconds } => Fault::token_expires_early(Duration::from_secs(after_seconds)),
            Self::TruncatedBody {} => Fault::truncated_body(),
            Self::Body { body } => Fault::body(body),
            Self::NotJson {} => Fault::not_json(),
            Self::ContentType { content_type } => Fault::content_type(content_type),
            Self::SlowBody { pieces, pause_seconds } => Fault::slow_body(pieces, seconds(pause_seconds)?),
            Self::UnknownEnumValues {} => Fault::unknown_enum_values(),
            Self::ExtraFields {} => Fault::extra_fields(),
            Self::NullsForAbsent {} => Fault::nulls_for_absent(),
            Self::EmptyPage {} => Fault::empty_page(),
            Self::NextCursor { cursor } => Fault::next_cursor(cursor),
        })
    }
}

fn seconds(told: f64) -> Result<Duration, String> {
    Duration::try_from_secs_f64(told).map_err(|_| format!("{told} is no number of seconds"))
}
