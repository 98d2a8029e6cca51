//! The control API: tests in any language seed a tenant, inject faults, move the clock and read the requests.

pub(crate) mod access;
mod clock;
mod connections;
mod expectations;
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

use crate::query::Query;
use crate::response::Response;
use crate::seed::Seed;
use crate::shared::Shared;
use reply::{Problem, Reply};

/// The path of the control API. No path of the Management API starts with it.
const PREFIX: &str = "/_mock/";

/// Describes the control API; the tenant serves it.
const DOCUMENT: &str = include_str!("../../assets/control-openapi.json");

/// Shows the state of the tenant, with the control API.
const PAGE: &str = include_str!("../../assets/page.html");

/// Responds to a request to the control API. Returns `None` for any other request, and if the tenant has no control API.
pub(crate) fn respond(shared: &Shared, parts: &Parts, query: &Query, body: &Bytes) -> Option<Response> {
    let control = shared.control.as_ref()?;
    let path = parts.uri.path();
    if parts.method == Method::GET && path == PREFIX.trim_end_matches('/') {
        return Some(Reply::Moved(PREFIX).into());
    }
    let path = path.strip_prefix(PREFIX)?;
    if let Err(problem) = control.check_origin(parts) {
        return Some(problem.into());
    }
    if path.is_empty() && parts.method == Method::GET {
        // The page contains no data of the tenant. It requests the data with the key.
        return Some(Reply::Page(PAGE).into());
    }
    if !control.allows(&parts.headers) {
        return Some(Problem::new(StatusCode::UNAUTHORIZED, "send the control key as a bearer token").into());
    }
    let segments: Option<Vec<String>> =
        path.split('/').map(|segment| percent_decode_str(segment).decode_utf8().ok().map(Into::into)).collect();
    let segments = segments.unwrap_or_default();
    let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
    Some(route(shared, parts.method.as_str(), &segments, query, body).map_or_else(Response::from, Reply::into))
}

fn route(shared: &Shared, method: &str, path: &[&str], query: &Query, body: &Bytes) -> Result<Reply, Problem> {
    match (method, path) {
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
        ("GET", ["overview"]) => overview::show(shared, query),
        ("POST", ["tokens", "revoke"]) => tokens::revoke(shared, body),
        ("POST", ["tokens"]) => tokens::issue(shared, body),
        ("DELETE", ["tokens"]) => Ok(tokens::revoke_all(shared)),
        ("GET", ["requests"]) => requests::list(shared, query),
        ("DELETE", ["requests"]) => Ok(requests::clear(shared)),
        ("POST", ["expectations"]) => expectations::check(shared, body),
        ("PATCH", ["connections", id, "setup"]) => connections::set_up(shared, id, body),
        ("PUT", ["connections", id, "next-synchronization"]) => connections::next_run(shared, id, body),
        ("POST", ["connections", id, "synchronizations"]) => connections::synchronize(shared, id),
        ("GET", ["connections", id, "directory"]) => connections::directory(shared, id),
        ("PUT", ["connections", id, "directory"]) => connections::replace_directory(shared, id, body),
        ("PUT", ["connections", id, "scim-groups", group]) => connections::put_scim_group(shared, id, group, body),
        ("PUT", ["connections", id, "directory", "users", user]) => connections::put_user(shared, id, user, body),
        ("DELETE", ["connections", id, "directory", "users", user]) => connections::delete_user(shared, id, user),
        ("PUT", ["connections", id, "directory", "groups", group]) => connections::put_group(shared, id, group, body),
        ("DELETE", ["connections", id, "directory", "groups", group]) => connections::delete_group(shared, id, group),
        _ => {
            let what = format!("there is no `{method} {PREFIX}{}`; see {PREFIX}openapi.json", path.join("/"));
            let problem = Problem::new(StatusCode::NOT_FOUND, what);
            let methods = methods_of(path);
            Err(if methods.is_empty() { problem } else { problem.other_methods(&methods) })
        }
    }
}

/// Returns the methods of a path in the document.
fn methods_of(path: &[&str]) -> Vec<String> {
    let document: Value = serde_json::from_str(DOCUMENT).unwrap_or_default();
    let matches = |template: &str| {
        let template: Vec<&str> = template.split('/').skip(1).collect();
        let fits = |(known, given): (&&str, &&str)| known.starts_with('{') || known == given;
        template.len() == path.len() && template.iter().zip(path).all(fits)
    };
    let items = document["paths"].as_object().into_iter().flatten().filter(|(template, _)| matches(template));
    items
        .filter_map(|(_, item)| item.as_object())
        .flat_map(|item| item.keys())
        .map(|name| name.to_uppercase())
        .collect()
}
