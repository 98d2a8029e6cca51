//! The requests that the tenant received, and filters for them.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::{Value, json};

use super::reply::{Problem, Reply};
use crate::lock::lock;
use crate::operations::Operation;
use crate::query::Query;
use crate::request_line::RequestLine;
use crate::request_log::RecordedRequest;
use crate::request_pattern::RequestPattern;
use crate::shared::Shared;

/// Selects requests. An absent field selects all.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Filter {
    operation: Option<String>,
    method: Option<String>,
    path: Option<String>,
    status: Option<u16>,
    /// Fields that the JSON body must contain.
    body: Option<Value>,
}

impl Filter {
    /// Rejects an unknown operation, which no request could match.
    pub(super) fn check(self) -> Result<Self, Problem> {
        match &self.operation {
            Some(id) if Operation::named(id).is_none() => {
                Err(Problem::not_acceptable(format!("no operation is called `{id}`; see /_mock/operations")))
            }
            _ => Ok(self),
        }
    }

    pub(super) fn matches(&self, request: &RecordedRequest) -> bool {
        let line = RequestLine::new(request.operation, &request.method, &request.path, &request.query);
        let pattern = self.path.as_ref().map(|path| RequestPattern::new("*", path));
        self.operation.as_ref().is_none_or(|id| request.operation_id() == Some(id.as_str()))
            && self.method.as_ref().is_none_or(|method| method.eq_ignore_ascii_case(&request.method))
            && pattern.is_none_or(|pattern| pattern.matches(&line))
            && self.status.is_none_or(|status| status == request.status)
            && self.body.as_ref().is_none_or(|wanted| request.json().is_some_and(|sent| contains(&sent, wanted)))
    }
}

/// Whether a value contains at least the wanted fields.
fn contains(sent: &Value, wanted: &Value) -> bool {
    match (sent, wanted) {
        (Value::Object(sent), Value::Object(wanted)) => {
            wanted.iter().all(|(name, wanted)| sent.get(name).is_some_and(|sent| contains(sent, wanted)))
        }
        (Value::Array(sent), Value::Array(wanted)) => {
            sent.len() == wanted.len() && sent.iter().zip(wanted).all(|(sent, wanted)| contains(sent, wanted))
        }
        _ => sent == wanted,
    }
}

pub(super) fn list(shared: &Shared, query: &Query) -> Result<Reply, Problem> {
    let mut filter = Filter::default();
    for (name, value) in query.pairs().unwrap_or_default() {
        let text = Some(value.clone());
        match name.as_str() {
            "operation" => filter.operation = text,
            "method" => filter.method = text,
            "path" => filter.path = text,
            "status" => {
                let status = value.parse().map_err(|_| Problem::not_acceptable("`status` is a number"))?;
                filter.status = Some(status);
            }
            other => return Err(Problem::not_acceptable(format!("there is no filter `{other}`"))),
        }
    }
    let found: Vec<_> = matching(shared, &filter.check()?).iter().map(view).collect();
    Ok(Reply::Json(json!({ "requests": found })))
}

pub(super) fn matching(shared: &Shared, filter: &Filter) -> Vec<RecordedRequest> {
    lock(&shared.log).all().into_iter().filter(|request| filter.matches(request)).collect()
}

pub(super) fn clear(shared: &Shared) -> Reply {
    lock(&shared.log).clear();
    Reply::Done
}

/// Returns a request without its credentials.
pub(super) fn view(request: &RecordedRequest) -> Value {
    let headers: Vec<_> = request.headers.iter().filter(|(name, _)| name != "authorization").collect();
    let mut view = json!({
        "at": request.at,
        "operation": request.operation_id(),
        "method": request.method,
        "path": request.path,
        "query": request.query,
        "headers": headers,
        "status": request.status,
    });
    if request.operation != Some(Operation::IssueToken) {
        match std::str::from_utf8(&request.body) {
            Ok(text) => view["body"] = text.into(),
            Err(_) => view["body_base64"] = STANDARD.encode(&request.body).into(),
        }
    }
    view
}
