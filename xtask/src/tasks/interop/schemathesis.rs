//! schemathesis: requests made up from the contract, in order and out of order.

use std::process::Command;

use super::tenant::Tenant;
use super::{Arguments, Place, succeed};
use crate::openapi::Problem;
use crate::project;

/// The checks that do not hold for this API, even of a tenant that does everything right.
const EXCLUDED: [&str; 3] = [
    // A request may fit the contract and still be refused: a cursor is any text there, and a run may be too soon.
    "positive_data_acceptance",
    // It takes each DELETE for the deletion of what its path names. Those of groups and roles take members out of a list; the
    // list is still there, and has to be.
    "use_after_free",
    // It takes each 404 after a creation for a loss of what was created. A new connection has no configuration yet, and paths
    // below it say so.
    "ensure_resource_availability",
];

/// Those of the control API.
const EXCLUDED_OF_CONTROL: [&str; 4] = [
    // Its bodies say more than JSON Schema can, such as which connections there are.
    "positive_data_acceptance",
    // Null counts as left out, which programs in some languages send for it.
    "negative_data_rejection",
    "use_after_free",
    "ensure_resource_availability",
];

pub(super) fn run(place: &Place, arguments: &Arguments) -> Result<(), Problem> {
    run_control(place, arguments)?;
    // Ids that are made up rarely name a connection; the second run keeps to one that is there.
    run_once(place, arguments, false)?;
    run_once(place, arguments, true)
}

/// The control API, by the document that the tenant serves.
fn run_control(place: &Place, arguments: &Arguments) -> Result<(), Problem> {
    let tenant = Tenant::start_in_the_clear(place)?;
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
