//! The official SDKs, each with a driver of ours that goes through every operation.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

use super::tenant::Tenant;
use super::{Place, Trouble};

pub(super) fn drive_node(place: &Place) -> Result<(), Trouble> {
    // Node looks for packages beside the script, not in the working directory.
    let driver = place.folder.join("drive-node.mjs");
    fs::write(&driver, include_str!("drive-node.mjs"))
        .map_err(|source| Trouble::File { file: driver.clone(), source })?;
    drive(place, "the SDK for Node", Path::new("node"), &driver, &["NODE_EXTRA_CA_CERTS"])
}

pub(super) fn drive_python(place: &Place) -> Result<(), Trouble> {
    let driver = place.folder.join("drive_python.py");
    let text = include_str!("drive_python.py");
    fs::write(&driver, text).map_err(|source| Trouble::File { file: driver.clone(), source })?;
    let trusting = ["SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"];
    drive(place, "the SDK for Python", &place.python("python"), &driver, &trusting)
}

/// Runs a driver, and looks that it got through every operation of the contract.
fn drive(place: &Place, client: &'static str, program: &Path, driver: &Path, trusting: &[&str]) -> Result<(), Trouble> {
    let tenant = Tenant::start(place)?;
    let mut command = Command::new(program);
    command
        .arg(driver)
        .args([&tenant.domain, &tenant.client_id, &tenant.client_secret, &tenant.connection])
        .envs(trusting.iter().map(|name| (name, &tenant.authority)))
        .stderr(Stdio::inherit());
    let output = command.output().map_err(|source| Trouble::Start { what: client, source })?;
    let text = String::from_utf8_lossy(&output.stdout);
    let done: BTreeSet<&str> = text.lines().filter_map(|line| line.strip_prefix("did ")).collect();
    let expected = operations(place)?;
    let missing: Vec<_> = expected.iter().filter(|id| !done.contains(id.as_str())).cloned().collect();
    if !missing.is_empty() {
        return Err(Trouble::Operations { client, operations: missing });
    }
    if !output.status.success() {
        return Err(Trouble::Failed { what: client, status: output.status });
    }
    println!("{client} got through all {} operations", expected.len());
    Ok(())
}

/// The operation ids of the contract.
fn operations(place: &Place) -> Result<Vec<String>, Trouble> {
    let file = place.contract();
    let trouble = |source| Trouble::File { file: file.clone(), source };
    let text = fs::read_to_string(&file).map_err(trouble)?;
    let contract: Value = serde_json::from_str(&text).map_err(|error| trouble(error.into()))?;
    let items = contract["paths"].as_object().into_iter().flatten();
    let operations = items.flat_map(|(_, item)| item.as_object().into_iter().flatten());
    Ok(operations.filter_map(|(_, operation)| operation["operationId"].as_str()).map(String::from).collect())
}
