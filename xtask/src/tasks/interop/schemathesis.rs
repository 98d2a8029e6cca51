//! schemathesis: valid and invalid requests, generated from the contract.

use std::process::Command;

use super::tenant::Tenant;
use super::{Arguments, Place, succeed};
use crate::openapi::Problem;
use crate::project;

/// Checks that do not hold for this API, even for a correct tenant.
const EXCLUDED: [&str; 3] = [
    // A request can match the contract and still fail: a cursor is any string there, and a run may be too soon.
    "positive_data_acceptance",
    // It expects that DELETE deletes what its path names. For groups and roles, DELETE removes members of a list that stays.
    "use_after_free",
    // It expects no 404 below a created resource. A new connection has no configuration yet.
    "ensure_resource_availability",
];

/// Checks that do not hold for the control API.
const EXCLUDED_OF_CONTROL: [&str; 4] = [
    // Its bodies have rules that JSON Schema cannot express, such as which connections exist.
    "positive_data_acceptance",
    // Null means absent, because programs in some languages send it.
    "negative_data_rejection",
    "use_after_free",
    "ensure_resource_availability",
];

pub(super) fn run(place: &Place, arguments: &Arguments) -> Result<(), Problem> {
    run_control(place, arguments)?;
    // Generated ids rarely name a connection, so the second run uses an existing one.
    run_once(place, arguments, false)?;
    run_once(place, arguments, true)
}

/// Tests the control API by the document that the tenant serves.
fn run_control(place: &Place, arguments: &Arguments) -> Result<(), Problem> {
    let tenant = Tenant::start_without_tls(place)?;
    let mut command = Command::new(place.python("schemathesis"));
    command
        .current_dir(&place.folder)
        .arg("run")
        .arg(format!("{}/_mock/openapi.json", tenant.base_url))
        .args(["--exclude-checks", &EXCLUDED_OF_CONTROL.join(",")])
        .args(["--max-examples", &arguments.cases.to_string(), "--seed", &arguments.seed.to_string()])
        .args(["--warnings", "off", "--no-color"]);
    succeed("schemathesis, on the control API", &mut command)
}

fn run_once(place: &Place, arguments: &Arguments, known_connection: bool) -> Result<(), Problem> {
    let tenant = Tenant::start(place)?;
    let text = if known_connection {
        format!("[parameters]\n\"path.id\" = \"{}\"\n", tenant.connection)
    } else {
        String::new()
    };
    let config = place.write("schemathesis.toml", &text)?;
    let mut command = Command::new(place.python("schemathesis"));
    command
        .current_dir(&place.folder)
        .arg("--config-file")
        .arg(&config)
        .arg("run")
        .arg(project::contract())
        .args(["--url", &format!("https://{}/api/v2", tenant.domain)])
        .arg("--tls-verify")
        .arg(&tenant.authority)
        .args(["--header", &format!("Authorization: Bearer {}", tenant.access_token)])
        .args(["--exclude-checks", &EXCLUDED.join(",")])
        .args(["--max-examples", &arguments.cases.to_string(), "--seed", &arguments.seed.to_string()])
        .args(["--warnings", "off", "--no-color"]);
    succeed("schemathesis", &mut command)
}
