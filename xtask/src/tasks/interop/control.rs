//! The control API of the mock tenant, driven by Node and by Python without packages.

use std::path::PathBuf;
use std::process::Command;

use super::tenant::Tenant;
use super::{Place, succeed};
use crate::openapi::Problem;
use crate::project;

pub(super) fn drive_node(place: &Place) -> Result<(), Problem> {
    let tenant = Tenant::start(place)?;
    let mut command = Command::new("node");
    command
        .arg(scripts().join("control.mjs"))
        .arg(format!("https://{}", tenant.domain))
        .env("NODE_EXTRA_CA_CERTS", &tenant.authority);
    succeed("the control API from Node", &mut command)
}

pub(super) fn drive_python(place: &Place) -> Result<(), Problem> {
    let tenant = Tenant::start(place)?;
    let mut command = Command::new(place.python("python"));
    command
        .arg(scripts().join("control_test.py"))
        .env("MOCK_TENANT", format!("https://{}", tenant.domain))
        .env("SSL_CERT_FILE", &tenant.authority);
    succeed("the control API from Python", &mut command)
}

fn scripts() -> PathBuf {
    project::workspace().join("crates/auth0-provisioning-mock/examples/control")
}
