//! Installs the clients under `target/interop`, once for each set of versions.

use std::fs;
use std::process::{Command, Stdio};

use super::{Place, succeed};
use crate::openapi::Problem;

const NODE_PACKAGES: [&str; 3] = ["auth0@7.1.0", "auth0-deploy-cli@8.44.0", "typescript@5.9.3"];
const PYTHON_PACKAGES: [&str; 2] = ["auth0-python==6.8.0", "schemathesis==4.32.5"];

pub(super) fn install(place: &Place) -> Result<(), Problem> {
    require("npm", "install the SDK for Node and the Deploy CLI")?;
    require("node", "run the SDK for Node and the Deploy CLI")?;
    require("python3", "install and run the SDK for Python, and schemathesis")?;

    let versions = format!("{}\n", [&NODE_PACKAGES[..], &PYTHON_PACKAGES].concat().join("\n"));
    let stamp = place.folder.join("installed.txt");
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == versions) {
        return Ok(());
    }
    fs::create_dir_all(&place.folder).map_err(|error| Problem::new(error.to_string()).in_file(&place.folder))?;
    println!("installing {}", versions.trim_end().replace('\n', ", "));
    succeed(
        "npm install",
        Command::new(NPM)
            .args(["install", "--no-audit", "--no-fund", "--prefix"])
            .arg(&place.folder)
            .args(NODE_PACKAGES),
    )?;
    succeed("python3 -m venv", Command::new("python3").args(["-m", "venv"]).arg(place.folder.join("venv")))?;
    succeed(
        "pip install",
        Command::new(place.python("python")).args(["-m", "pip", "install", "--quiet"]).args(PYTHON_PACKAGES),
    )?;
    place.write("installed.txt", &versions).map(drop)
}

const NPM: &str = if cfg!(windows) { "npm.cmd" } else { "npm" };

fn require(tool: &str, purpose: &str) -> Result<(), Problem> {
    let program = if tool == "npm" { NPM } else { tool };
    let runs = Command::new(program).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    if runs.is_ok_and(|status| status.success()) {
        Ok(())
    } else {
        Err(Problem::new(format!("`{tool}` is missing or does not run; it is needed to {purpose}")))
    }
}
