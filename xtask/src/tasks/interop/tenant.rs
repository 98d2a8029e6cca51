//! The mock tenant as a child process, under TLS.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use super::Place;
use crate::openapi::Problem;
use crate::project;

/// A running mock tenant. Dropping it ends the process.
pub(super) struct Tenant {
    process: Child,
    /// Host and port, by a name that its certificate has.
    pub(super) domain: String,
    pub(super) base_url: String,
    pub(super) client_id: String,
    pub(super) client_secret: String,
    pub(super) access_token: String,
    pub(super) connection: String,
    /// The certificate that clients have to trust.
    pub(super) authority: PathBuf,
}

impl Tenant {
    pub(super) fn start(place: &Place) -> Result<Self, Problem> {
        let authority = place.folder.join("authority.pem");
        let mut command = program();
        command.arg("--tls").arg("--authority").arg(&authority);
        Self::printed_by(command, authority)
    }

    /// Starts without TLS, and so without a certificate to trust.
    pub(super) fn start_without_tls(place: &Place) -> Result<Self, Problem> {
        Self::printed_by(program(), place.folder.join("none.pem"))
    }

    fn printed_by(mut command: Command, authority: PathBuf) -> Result<Self, Problem> {
        let failed = |what: String| Problem::new(format!("the mock tenant {what}"));
        let mut process = command.spawn().map_err(|error| failed(format!("did not start: {error}")))?;

        let mut printed = Vec::new();
        let lines = process.stdout.take().map(BufReader::new).into_iter().flat_map(BufRead::lines);
        for line in lines.map_while(Result::ok).take_while(|line| !line.starts_with("Stop")) {
            if let Some((label, value)) = line.split_once(": ") {
                printed.push((label.to_owned(), value.to_owned()));
            }
        }
        let value = |label: &str| {
            let found = printed.iter().find(|(known, _)| known == label);
            found.map(|(_, value)| value.clone()).ok_or_else(|| failed(format!("did not print its {label}")))
        };
        let base_url = value("base URL")?;
        let port = base_url.rsplit(':').next().unwrap_or_default().to_owned();
        Ok(Self {
            process,
            domain: format!("localhost:{port}"),
            base_url,
            client_id: value("client id")?,
            client_secret: value("client secret")?,
            access_token: value("access token")?,
            connection: value("first connection")?,
            authority,
        })
    }
}

/// The program on a free port, with the seed `tenant.yaml`.
fn program() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command
        .current_dir(project::workspace())
        .args(["run", "--quiet", "--package", "auth0-provisioning-mock", "--", "--listen", "127.0.0.1:0"])
        .args(["--seed-file", "xtask/src/tasks/interop/tenant.yaml"])
        .stdout(Stdio::piped());
    command
}

impl Drop for Tenant {
    fn drop(&mut self) {
        // The process may have ended already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
