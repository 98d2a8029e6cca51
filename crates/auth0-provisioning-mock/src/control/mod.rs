//! The control API: how a test in any language seeds, breaks, advances and asks a tenant, under a path of its own.

pub(crate) mod access;
mod clock;
mod connections;
mod expectations;
mod fault_view;
mod faults;
mod features;
mod operations;
mod overview;
mod pattern;
mod rate_limits;
mod reply;
mod requests;
mod state;
mod stubs;
mod tokens;

use bytes::Bytes;
use http::request::Parts;
use http::{Method, StatusCode};
use percent_encoding::percent_decode_str;
use serde_json::Value;

use crate::answer::Answer;
use crate::seed::Seed;
use crate::shared::Shared;
use reply::{Problem, Reply};

/// Where the control API lies. No path of a tenant starts so.
const PREFIX: &str = "/_mock/";

/// Describes the control API; the tenant serves it.
const DOCUMENT: &str = include_str!("../../assets/control-openapi.json");

/// Shows what happens in the tenant, by what the control API tells.
const PAGE: &str = include_str!("../../assets/page.html");

/// Answers a request to the control API; `None` for any other, and where the tenant has none.
pub(crate) fn answer(shared: &Shared, parts: &Parts, body: &Bytes) -> Option<Answer> {
    let control = shared.control.as_ref()?;
    let path = parts.uri.path();
    if parts.method == Method::GET && path == PREFIX.trim_end_matches('/') {
        return Some(Reply::Moved(PREFIX).into());
    }
    let path = path.strip_prefix(PREFIX)?;
    if let Err(problem) = control.is_meant(parts) {
        return Some(problem.into());
    }
    if path.is_empty() && parts.method == Method::GET {
        // It holds nothing of the tenant; what it shows, it asks for with the key.
        return Some(Reply::Page(PAGE).into());
    }
    if !control.allows(&parts.headers) {
        return Some(
            Problem::new(StatusCode::UNAUTHORIZED, "send the key that was announced as a bearer token").into(),
        );
    }
    let segments: Option<Vec<String>> =
        path.split('/').map(|segment| percent_decode_str(segment).decode_utf8().ok().map(Into::into)).collect();
    let segments = segments.unwrap_or_default();
    let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
    let query = crate::query::parameters(parts.uri.query().unwrap_or_default()).unwrap_or_default();
    let request = Request { method: parts.method.as_str(), query, body };
    Some(route(shared, &segments, &request).map_or_else(Answer::from, Reply::into))
}

/// A request to the control API.
struct Request<'a> {
    method: &'a str,
    query: Vec<(String, String)>,
    body: &'a Bytes,
}

fn route(shared: &Shared, path: &[&str], request: &Request<'_>) -> Result<Reply, Problem> {
    let body = request.body;
    match (request.method, path) {
        ("GET", ["openapi.json"]) => Ok(Reply::Text(DOCUMENT)),
        ("GET", ["seed-schema.json"]) => Ok(Reply::Json(Seed::schema())),
        ("POST", ["reset"]) => state::reset(shared),
        ("POST", ["seed"]) => state::seed(shared, body),
        ("GET", ["state"]) => state::save(shared),
        ("PUT", ["state"]) => state::load(shared, body),
        ("GET", ["clock"]) => Ok(clock::read_clock(shared)),
        ("POST", ["clock"]) => clock::change(shared, body),
        ("GET", ["faults"]) => Ok(faults::list(shared)),
        ("POST", ["faults"]) => faults::add(shared, body),
        ("DELETE", ["faults"]) => Ok(faults::clear(shared)),
        ("GET", ["features"]) => Ok(features::show(shared)),
        ("PATCH", ["features"]) => features::change(shared, body),
        ("GET", ["rate-limits"]) => Ok(rate_limits::show(shared)),
        ("PUT", ["rate-limits"]) => rate_limits::replace(shared, body),
        ("GET", ["stubs"]) => Ok(stubs::count(shared)),
        ("POST", ["stubs"]) => stubs::add(shared, body),
        ("DELETE", ["stubs"]) => Ok(stubs::clear(shared)),
        ("GET", ["operations"]) => Ok(operations::list()),
        ("GET", ["overview"]) => overview::show(shared, &request.query),
        ("POST", ["tokens", "revoke"]) => tokens::revoke(shared, body),
        ("POST", ["tokens"]) => tokens::issue(shared, body),
        ("DELETE", ["tokens"]) => Ok(tokens::revoke_all(shared)),
        ("GET", ["requests"]) => requests::list(shared, &request.query),
        ("DELETE", ["requests"]) => Ok(requests::clear(shared)),
        ("POST", ["expectations"]) => expectations::check(shared, body),
        ("PATCH", ["connections", id, "setup"]) => connections::set_up(shared, id, body),
        ("PUT", ["connections", id, "next-synchronization"]) => connections::next_run(shared, id, body),
        ("POST", ["connections", id, "synchronizations"]) => connections::synchronize(shared, id),
        ("GET", ["connections", id, "directory"]) => connections::directory(shared, id),
        ("PUT", ["connections", id, "directory"]) => connections::replace_directory(shared, id, body),
        ("PUT", ["connections", id, "directory", "users", user]) => connections::put_user(shared, id, user, body),
        ("DELETE", ["connections", id, "directory", "users", user]) => connections::delete_user(shared, id, user),
        ("PUT", ["connections", id, "directory", "groups", group]) => connections::put_group(shared, id, group, body),
        ("DELETE", ["connections", id, "directory", "groups", group]) => connections::delete_group(shared, id, group),
        (method, path) => {
            let what = format!("there is no `{method} {PREFIX}{}`; see {PREFIX}openapi.json", path.join("/"));
            let problem = Problem::new(StatusCode::NOT_FOUND, what);
            let methods = methods_of(path);
            Err(if methods.is_empty() { problem } else { problem.other_methods(&methods) })
        }
    }
}

/// The methods that the document has for a path.
fn methods_of(path: &[&str]) -> Vec<String> {
    let document: Value = serde_json::from_str(DOCUMENT).unwrap_or_default();
    let is_meant = |template: &str| {
        let template: Vec<&str> = template.split('/').skip(1).collect();
        let fits = |(known, given): (&&str, &&str)| known.starts_with('{') || known == given;
        template.len() == path.len() && template.iter().zip(path).all(fits)
    };
    let items = document["paths"].as_object().into_iter().flatten().filter(|(template, _)| is_meant(template));
    items
        .filter_map(|(_, item)| item.as_object())
        .flat_map(|item| item.keys())
        .map(|name| name.to_uppercase())
        .collect()
}
