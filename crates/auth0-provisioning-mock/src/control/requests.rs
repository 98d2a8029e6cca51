//! The requests that the tenant was asked, and which of them a filter lets through.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::{Value, json};

use super::reply::{Problem, Reply};
use crate::lock::lock;
use crate::operations::Operation;
use crate::request_log::RecordedRequest;
use crate::request_pattern::RequestPattern;
use crate::shared::Shared;

/// What the log calls a request for a token.
const TOKEN: &str = "post_oauth-token";

/// Which requests are meant; what is left out lets everything through.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Filter {
    operation: Option<String>,
    method: Option<String>,
    path: Option<String>,
    status: Option<u16>,
    /// Fields that the JSON body has, at least.
    body: Option<Value>,
}

impl Filter {
    /// An operation that nobody knows is a mistake: nothing would ever be found of it.
    pub(super) fn check(self) -> Result<Self, Problem> {
        match &self.operation {
            Some(id) if Operation::named(id).is_none() && id != TOKEN => {
                Err(Problem::not_acceptable(format!("no operation is called `{id}`; see /_mock/operations")))
            }
            _ => Ok(self),
        }
    }

    pub(super) fn lets_through(&self, request: &RecordedRequest) -> bool {
        let pattern = self.path.as_ref().map(|path| RequestPattern::new(self.method.as_deref().unwrap_or("*"), path));
        self.operation.as_ref().is_none_or(|id| request.operation_id() == Some(id.as_str()))
            && self.method.as_ref().is_none_or(|method| method.eq_ignore_ascii_case(&request.method))
            && pattern.is_none_or(|pattern| pattern.matches(request.operation, &request.method, &target(request)))
            && self.status.is_none_or(|status| status == request.status)
            && self.body.as_ref().is_none_or(|wanted| request.json().is_some_and(|sent| holds(&sent, wanted)))
    }
}

fn target(request: &RecordedRequest) -> String {
    if request.query.is_empty() { request.path.clone() } else { format!("{}?{}", request.path, request.query) }
}

/// Whether a value has everything that is wanted of it, and maybe more.
fn holds(sent: &Value, wanted: &Value) -> bool {
    match (sent, wanted) {
        (Value::Object(sent), Value::Object(wanted)) => {
            wanted.iter().all(|(name, wanted)| sent.get(name).is_some_and(|sent| holds(sent, wanted)))
        }
        (Value::Array(sent), Value::Array(wanted)) => {
            sent.len() == wanted.len() && sent.iter().zip(wanted).all(|(sent, wanted)| holds(sent, wanted))
        }
        _ => sent == wanted,
    }
}

pub(super) fn list(shared: &Shared, query: &[(String, String)]) -> Result<Reply, Problem> {
    let mut filter = Filter::default();
    for (name, value) in query {
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
    lock(&shared.log).all().into_iter().filter(|request| filter.lets_through(request)).collect()
}

pub(super) fn clear(shared: &Shared) -> Reply {
    lock(&shared.log).clear();
    Reply::Done
}

/// A request without its credentials.
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
    if request.operation_id() != Some(TOKEN) {
        match std::str::from_utf8(&request.body) {
            Ok(text) => view["body"] = text.into(),
            Err(_) => view["body_base64"] = STANDARD.encode(&request.body).into(),
        }
    }
    view
}
