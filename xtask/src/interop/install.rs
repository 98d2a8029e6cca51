//! Installs the clients under `target/interop`, once for each set of versions.

use std::fs;
use std::process::{Command, Stdio};

use super::{Place, Trouble, succeed};

const NODE_SDK: &str = "auth0@7.1.0";
const PYTHON_PACKAGES: [&str; 2] = ["auth0-python==6.8.0", "schemathesis==4.32.5"];

pub(super) fn install(place: &Place) -> Result<(), Trouble> {
    require("npm", "install the SDK for Node")?;
    require("node", "run the SDK for Node")?;
    require("python3", "install and run the SDK for Python, and schemathesis")?;

    let versions = format!("{NODE_SDK}\n{}\n", PYTHON_PACKAGES.join("\n"));
    let stamp = place.folder.join("installed.txt");
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == versions) {
        return Ok(());
    }
    let file_trouble = |source| Trouble::File { file: stamp.clone(), source };
    fs::create_dir_all(&place.folder).map_err(file_trouble)?;
    println!("installing {NODE_SDK} {}", PYTHON_PACKAGES.join(" "));
    succeed(
        "npm install",
        Command::new(NPM).args(["install", "--no-audit", "--no-fund", "--prefix"]).arg(&place.folder).arg(NODE_SDK),
    )?;
    succeed("python3 -m venv", Command::new("python3").args(["-m", "venv"]).arg(place.folder.join("venv")))?;
    succeed(
        "pip install",
        Command::new(place.python("python")).args(["-m", "pip", "install", "--quiet"]).args(PYTHON_PACKAGES),
    )?;
    fs::write(&stamp, versions).map_err(file_trouble)
}

const NPM: &str = if cfg!(windows) { "npm.cmd" } else { "npm" };

fn require(tool: &'static str, purpose: &'static str) -> Result<(), Trouble> {
    let program = if tool == "npm" { NPM } else { tool };
    let runs = Command::new(program).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    if runs.is_ok_and(|status| status.success()) { Ok(()) } else { Err(Trouble::MissingTool { tool, purpose }) }
}
