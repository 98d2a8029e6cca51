//! The page of the mock tenant, in a real browser without a screen.

use std::process::{Command, Stdio};

use super::tenant::Tenant;
use super::{Place, succeed};
use crate::openapi::Problem;

/// The names of Chromium on different systems.
const CHROMIUM: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

pub(super) fn run(place: &Place) -> Result<(), Problem> {
    let runs = |program: &&&str| {
        let tried = Command::new(program).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
        tried.is_ok_and(|status| status.success())
    };
    let chromium = CHROMIUM.iter().find(runs).ok_or_else(|| {
        Problem::new("Chromium is missing; it is needed to test the page; try: `apt-get install chromium`")
    })?;
    // Without TLS, because the browser does not know the certificate authority.
    let tenant = Tenant::start_without_tls(place)?;
    let driver = place.write("browse.mjs", include_str!("browse.mjs"))?;
    let mut command = Command::new("node");
    command.arg(driver).arg(&tenant.base_url).arg(chromium).arg(place.folder.join("page"));
    succeed("the page", &mut command)
}
