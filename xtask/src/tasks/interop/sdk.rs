//! The official SDKs, each with a driver that calls every operation.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Command, Stdio};

use super::Place;
use super::tenant::Tenant;
use crate::openapi::operation::operations;
use crate::openapi::{Document, Problem};
use crate::{project, tasks::contract};

/// Fails if the types of the SDK for Node have something that the contract lacks.
pub(super) fn compare(place: &Place) -> Result<(), Problem> {
    let additions = contract::beyond(&place.folder)?;
    if !additions.is_empty() {
        return Err(Problem::new(format!(
            "the contract lacks, compared with the SDK for Node:\n{}",
            additions.join("\n")
        )));
    }
    println!("the contract lacks nothing of the SDK for Node");
    Ok(())
}

pub(super) fn drive_node(place: &Place) -> Result<(), Problem> {
    // Node looks for packages beside the script, not in the working directory.
    let driver = place.write("drive-node.mjs", include_str!("drive-node.mjs"))?;
    drive(place, "the SDK for Node", Path::new("node"), &driver, &["NODE_EXTRA_CA_CERTS"])
}

pub(super) fn drive_python(place: &Place) -> Result<(), Problem> {
    let driver = place.write("drive_python.py", include_str!("drive_python.py"))?;
    let trusting = ["SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"];
    drive(place, "the SDK for Python", &place.python("python"), &driver, &trusting)
}

/// Runs a driver, and checks that it called every operation of the contract.
fn drive(place: &Place, client: &str, program: &Path, driver: &Path, trusting: &[&str]) -> Result<(), Problem> {
    let tenant = Tenant::start(place)?;
    let mut command = Command::new(program);
    command
        .arg(driver)
        .args([&tenant.domain, &tenant.client_id, &tenant.client_secret, &tenant.connection])
        .envs(trusting.iter().map(|name| (name, &tenant.authority)))
        .stderr(Stdio::inherit());
    let failed = |what: String| Problem::new(format!("{client} {what}"));
    let output = command.output().map_err(|error| failed(format!("did not start: {error}")))?;
    let text = String::from_utf8_lossy(&output.stdout);
    let done: BTreeSet<&str> = text.lines().filter_map(|line| line.strip_prefix("did ")).collect();
    let contract = Document::read(&project::contract())?;
    let expected: Vec<String> = operations(&contract)?.iter().filter_map(|site| site.name().id).collect();
    let missing: Vec<&str> = expected.iter().map(String::as_str).filter(|id| !done.contains(id)).collect();
    if !missing.is_empty() {
        return Err(failed(format!("did not call {}", missing.join(", "))));
    }
    if !output.status.success() {
        return Err(failed(format!("failed: {}", output.status)));
    }
    println!("{client} called all {} operations", expected.len());
    Ok(())
}
