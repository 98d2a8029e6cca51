//! The official Deploy CLI: imports connections with their directory provisioning and SCIM configurations, exports them
//! again, and reads and writes the files of `a0p`.

use std::process::Command;

use super::tenant::Tenant;
use super::{Place, succeed};
use crate::{openapi::Problem, project};

pub(super) fn run(place: &Place) -> Result<(), Problem> {
    let tenant = Tenant::start(place)?;
    // Node looks for packages beside the script, not in the working directory.
    let driver = place.write("deploy-cli.mjs", include_str!("deploy-cli.mjs"))?;
    let mut command = Command::new("node");
    command
        .arg(driver)
        .arg(format!("https://{}", tenant.domain))
        .args([&tenant.client_id, &tenant.client_secret])
        .arg(place.folder.join("deploy-cli"))
        .arg(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .arg(project::workspace())
        .env("NODE_EXTRA_CA_CERTS", &tenant.authority);
    succeed("the Deploy CLI", &mut command)
}
