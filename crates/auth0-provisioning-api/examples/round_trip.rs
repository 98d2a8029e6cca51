// Written by `cargo xtask generate`. Do not edit.

//! Decodes recorded responses by the types of their operations, encodes them again, and prints what was lost:
//! `round_trip FILE…`. A file holds JSON lines with `method`, `path`, `status` and `response`.

#![cfg_attr(rustfmt, rustfmt_skip)]
#![allow(clippy::all, clippy::pedantic)]

use auth0_provisioning_api as client;
use std::{env, fs, process::ExitCode};

use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

fn main() -> ExitCode {
    let mut found = Found::default();
    for file in env::args().skip(1) {
        if let Err(reason) = check(&file, &mut found) {
            eprintln!("{file}: {reason}");
            return ExitCode::from(2);
        }
    }
    println!("{} responses read and written back, {} lost something, {} unreadable, {} of no operation", found.equal, found.lossy, found.unreadable, found.foreign);
    if found.lossy + found.unreadable + found.foreign == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

#[derive(Default)]
struct Found {
    equal: usize,
    lossy: usize,
    unreadable: usize,
    foreign: usize,
}

fn check(file: &str, found: &mut Found) -> Result<(), String> {
    let text = fs::read_to_string(file).map_err(|error| error.to_string())?;
    for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let call: Value = serde_json::from_str(line).map_err(|error| format!("line {}: {error}", number + 1))?;
        let body = match &call["response"] {
            Value::String(text) => serde_json::from_str(text).unwrap_or(Value::Null),
            body => body.clone(),
        };
        let is_success = call["status"].as_u64().is_none_or(|status| (200..300).contains(&status));
        if !is_success || body.is_null() {
            continue;
        }
        let (method, path) = (call["method"].as_str().unwrap_or_default(), call["path"].as_str().unwrap_or_default());
        let lines: Vec<String> = match round_trip(method, path, &body) {
            None => {
                found.foreign += 1;
                vec!["no operation of this client returns a body there".to_owned()]
            }
            Some(Err(error)) => {
                found.unreadable += 1;
                vec![format!("unreadable | {error}")]
            }
            Some(Ok(after)) => {
                let mut differences = Vec::new();
                compare("", &body, &after, &mut differences);
                *(if differences.is_empty() { &mut found.equal } else { &mut found.lossy }) += 1;
                differences
            }
        };
        lines.iter().for_each(|line| println!("{method:<6} {path} | {line}"));
    }
    Ok(())
}

/// Decodes a body by the type of its operation, and encodes it again. `None` if there is no such operation.
fn round_trip(method: &str, path: &str, body: &Value) -> Option<Result<Value, String>> {
    let path = path.split('?').next().unwrap_or_default();
    // The longest first.
    let path = BASE_PATHS.iter().rev().find_map(|base| path.strip_prefix(base)).unwrap_or(path);
    let fits = |template: &str| {
        let (template, path): (Vec<_>, Vec<_>) = (template.split('/').collect(), path.split('/').collect());
        template.len() == path.len()
            && template.iter().zip(&path).all(|(one, other)| one == other || one.contains('{') && !other.is_empty())
    };
    let same_verb = |verb: &str| verb.eq_ignore_ascii_case(method);
    let mut fitting: Vec<_> =
        OPERATIONS.iter().filter(|(verb, template, _)| same_verb(verb) && fits(template)).collect();
    // Where several templates fit, the one with the fewest parameters is meant.
    fitting.sort_by_key(|(_, template, _)| template.matches('{').count());
    fitting.first().map(|(_, _, through)| through(body))
}

fn through<T: DeserializeOwned + Serialize>(body: &Value) -> Result<Value, String> {
    let typed: T = serde_json::from_str(&body.to_string()).map_err(|error| error.to_string())?;
    serde_json::to_value(typed).map_err(|error| error.to_string())
}

fn compare(place: &str, before: &Value, after: &Value, differences: &mut Vec<String>) {
    match (before, after) {
        (Value::Object(one), Value::Object(two)) => {
            for (name, value) in one {
                let place = format!("{place}/{name}");
                match two.get(name) {
                    Some(other) => compare(&place, value, other, differences),
                    None => differences.push(format!("lost | {place}")),
                }
            }
            let new = two.keys().filter(|name| !one.contains_key(*name));
            differences.extend(new.map(|name| format!("made up | {place}/{name}")));
        }
        (Value::Array(one), Value::Array(two)) if one.len() == two.len() => {
            for (number, (value, other)) in one.iter().zip(two).enumerate() {
                compare(&format!("{place}/{number}"), value, other, differences);
            }
        }
        (Value::String(one), Value::String(two)) if !EXACT && is_same_instant(one, two) => {}
        (one, two) if one == two => {}
        (one, two) => differences.push(format!("changed | {place}: {one} became {two}")),
    }
}

fn is_same_instant(one: &str, two: &str) -> bool {
    let instant = |text: &str| text.parse::<chrono::DateTime<chrono::Utc>>().ok();
    instant(one).is_some_and(|one| Some(one) == instant(two))
}

const EXACT: bool = false;

const BASE_PATHS: &[&str] = &["/api/v2"];

const OPERATIONS: &[(&str, &str, fn(&Value) -> Result<Value, String>)] = &[
    ("get", "/connections/{id}/directory-provisioning", through::<client::directory_provisioning::types::DirectoryProvisioning>),
    ("post", "/connections/{id}/directory-provisioning", through::<client::directory_provisioning::types::DirectoryProvisioning>),
    ("patch", "/connections/{id}/directory-provisioning", through::<client::directory_provisioning::types::DirectoryProvisioning>),
    ("get", "/connections/{id}/directory-provisioning/default-mapping", through::<client::directory_provisioning::types::DirectoryProvisioningDefaultMapping>),
    ("post", "/connections/{id}/directory-provisioning/synchronizations", through::<client::directory_provisioning::types::DirectorySynchronization>),
    ("get", "/connections/{id}/directory-provisioning/synchronized-groups", through::<client::directory_provisioning::types::SynchronizedGroupPage>),
    ("get", "/connections-directory-provisionings", through::<client::directory_provisioning::types::DirectoryProvisioningPage>),
    ("get", "/connections", through::<client::connections::types::ConnectionList>),
    ("post", "/connections", through::<client::connections::types::Connection>),
    ("get", "/connections/{id}", through::<client::connections::types::Connection>),
    ("delete", "/connections/{id}", through::<Option<client::connections::types::ConnectionDeletion>>),
    ("patch", "/connections/{id}", through::<client::connections::types::Connection>),
    ("get", "/connections/{id}/clients", through::<client::connections::types::ConnectionClientPage>),
    ("get", "/connections/{id}/scim-configuration", through::<client::scim::types::ScimConfiguration>),
    ("post", "/connections/{id}/scim-configuration", through::<client::scim::types::ScimConfiguration>),
    ("patch", "/connections/{id}/scim-configuration", through::<client::scim::types::ScimConfiguration>),
    ("get", "/connections/{id}/scim-configuration/default-mapping", through::<client::scim::types::ScimDefaultMapping>),
    ("get", "/connections/{id}/scim-configuration/tokens", through::<client::scim::types::ScimTokenList>),
    ("post", "/connections/{id}/scim-configuration/tokens", through::<client::scim::types::CreatedScimToken>),
    ("get", "/connections-scim-configurations", through::<client::scim::types::ScimConfigurationPage>),
    ("get", "/groups", through::<client::groups::types::GroupList>),
    ("get", "/groups/{id}", through::<client::groups::types::Group>),
    ("get", "/groups/{id}/members", through::<client::groups::types::GroupMemberPage>),
    ("get", "/groups/{id}/roles", through::<client::groups::types::GroupRolePage>),
    ("get", "/users/{id}/groups", through::<client::groups::types::UserGroupList>),
    ("get", "/logs", through::<client::logs::types::LogEventList>),
    ("get", "/logs/{id}", through::<client::logs::types::LogEvent>),
];
