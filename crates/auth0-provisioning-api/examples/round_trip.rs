//! Decodes recorded answers through the types and encodes them again: `round_trip FILE…`.
//!
//! A recording is a file of JSON lines with `method`, `path`, `status` and `response`, the body as text. Every 2xx
//! answer of an operation with a body must come back equal, points in time compared as instants.

use std::{env, error::Error, fs, process::ExitCode};

use auth0_provisioning_api::types;
use chrono::{DateTime, Utc};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

fn main() -> ExitCode {
    let mut failures = 0;
    for file in env::args().skip(1) {
        match check(&file) {
            Ok((checked, failed)) => {
                println!("{file}: {checked} bodies, {failed} differ");
                failures += failed;
            }
            Err(error) => {
                eprintln!("{file}: {error}");
                failures += 1;
            }
        }
    }
    if failures == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn check(file: &str) -> Result<(usize, usize), Box<dyn Error>> {
    let (mut checked, mut failed) = (0, 0);
    for (number, line) in fs::read_to_string(file)?.lines().enumerate().filter(|(_, line)| !line.is_empty()) {
        let call: Value = serde_json::from_str(line).map_err(|error| format!("line {}: {error}", number + 1))?;
        let body = call["response"].as_str().unwrap_or_default();
        if !(200..300).contains(&call["status"].as_u64().unwrap_or_default()) || body.is_empty() {
            continue;
        }
        checked += 1;
        let path = call["path"].as_str().unwrap_or_default();
        if let Err(error) = round_trip(call["method"].as_str().unwrap_or_default(), path, body) {
            println!("{file}:{}: {path}: {error}", number + 1);
            failed += 1;
        }
    }
    Ok((checked, failed))
}

fn round_trip(method: &str, path: &str, body: &str) -> Result<(), String> {
    let path = path.split('?').next().unwrap_or_default();
    let last = path.rsplit('/').next().unwrap_or_default();
    match (method, last) {
        (_, "directory-provisioning") => equal::<types::DirectoryProvisioning>(body),
        ("GET", "default-mapping") => equal::<types::DirectoryProvisioningDefaultMapping>(body),
        ("GET", "synchronized-groups") => equal::<types::SynchronizedGroupPage>(body),
        ("GET", "connections-directory-provisionings") => equal::<types::DirectoryProvisioningPage>(body),
        ("POST", "synchronizations") => equal::<types::DirectorySynchronization>(body),
        _ => Err(format!("{method} is no operation with a body")),
    }
}

fn equal<T: DeserializeOwned + Serialize>(body: &str) -> Result<(), String> {
    let typed: T = serde_json::from_str(body).map_err(|error| error.to_string())?;
    let mut before: Value = serde_json::from_str(body).map_err(|error| error.to_string())?;
    let mut after = serde_json::to_value(&typed).map_err(|error| error.to_string())?;
    instants(&mut before);
    instants(&mut after);
    if before == after { Ok(()) } else { Err(format!("{before} came back as {after}")) }
}

/// Writes every point in time in one form.
fn instants(value: &mut Value) {
    match value {
        Value::String(text) => {
            if let Ok(instant) = text.parse::<DateTime<Utc>>() {
                *text = instant.to_rfc3339();
            }
        }
        Value::Array(elements) => elements.iter_mut().for_each(instants),
        Value::Object(members) => members.values_mut().for_each(instants),
        _ => {}
    }
}
