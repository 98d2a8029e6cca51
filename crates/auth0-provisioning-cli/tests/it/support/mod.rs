//! Running the program in memory, with a mock tenant and a profile.

#![allow(dead_code, clippy::unwrap_used)]

use std::{fmt, io::Cursor, path::Path};

use a0p::{Host, run};
use auth0_provisioning_mock::{Connection, MockTenant, MockTenantBuilder};

pub(crate) const CONNECTION: &str = "con_0123456789abcdef";

/// The output and the exit code of the program.
pub(crate) struct Ran {
    command: String,
    pub(crate) code: u8,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl fmt::Display for Ran {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(formatter, "$ {}", self.command)?;
        formatter.write_str(&self.out)?;
        if !self.err.is_empty() {
            writeln!(formatter, "--- stderr")?;
            formatter.write_str(&self.err)?;
        }
        writeln!(formatter, "--- exit {}", self.code)
    }
}

/// Runs a command line in memory.
pub(crate) async fn a0p_with(line: &str, adjust: impl FnOnce(&mut Host)) -> Ran {
    let (mut host, out, err) = Host::in_memory();
    adjust(&mut host);
    let code = run(line.split_whitespace(), host).await;
    Ran { command: line.to_owned(), code, out: out.text(), err: err.text() }
}

pub(crate) async fn a0p(line: &str) -> Ran {
    a0p_with(line, |_| {}).await
}

/// Runs several command lines, each with a demo tenant of its own.
pub(crate) async fn session(lines: &[&str], adjust: impl Fn(&mut Host)) -> String {
    let mut text = String::new();
    for line in lines {
        text += &without_port(&a0p_with(line, &adjust).await.to_string());
        text.push('\n');
    }
    text
}

/// Replaces the port of the mock tenant, which is another one in each run. Columns keep their width: such a port has five digits.
fn without_port(text: &str) -> String {
    let mut parts = text.split("http://127.0.0.1:");
    let mut result = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let rest = part.trim_start_matches(|digit: char| digit.is_ascii_digit());
        result += "http://127.0.0.1:55555";
        result += rest;
    }
    result
}

/// Sets a terminal of this width, without colour.
pub(crate) fn terminal(width: usize) -> impl Fn(&mut Host) {
    move |host| {
        host.stdout_is_terminal = true;
        host.width = width;
        host.env = Box::new(|name| (name == "NO_COLOR").then(|| "1".to_owned()));
    }
}

pub(crate) fn input(host: &mut Host, text: &str) {
    host.stdin = Box::new(Cursor::new(text.to_owned().into_bytes()));
}

/// Returns a tenant whose clock is frozen.
pub(crate) fn frozen() -> MockTenantBuilder {
    MockTenant::builder().frozen_at("2026-05-05T12:00:00Z".parse().unwrap())
}

pub(crate) fn google(id: &str, name: &str) -> Connection {
    Connection::google_apps(id).name(name)
}

/// A folder with a profile for a mock tenant.
pub(crate) struct Setup {
    pub(crate) folder: tempfile::TempDir,
}

impl Setup {
    pub(crate) fn of(tenant: &MockTenant) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let profiles = serde_json::json!({
            "chosen": "test",
            "profiles": { "test": { "domain": "acme.eu.auth0.com", "base_url": tenant.base_url() } }
        });
        let secret = folder.path().join("secrets/test.json");
        std::fs::create_dir_all(secret.parent().unwrap()).unwrap();
        std::fs::write(folder.path().join("profiles.json"), profiles.to_string()).unwrap();
        private(&secret, &serde_json::json!({ "secret": tenant.access_token() }).to_string());
        Self { folder }
    }

    pub(crate) async fn a0p_with(&self, line: &str, adjust: impl FnOnce(&mut Host)) -> Ran {
        let folder = self.folder.path().to_owned();
        a0p_with(line, |host| {
            host.config_dir = Some(folder);
            adjust(host);
        })
        .await
    }

    pub(crate) async fn a0p(&self, line: &str) -> Ran {
        self.a0p_with(line, |_| {}).await
    }

    /// Writes a file beside the profile, and returns its path.
    pub(crate) fn file(&self, name: &str, text: &str) -> String {
        let path = self.folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    }
}

fn private(path: &Path, text: &str) {
    std::fs::write(path, text).unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600)).unwrap();
    }
}

/// Returns the calls that changed something since the last call of this function.
pub(crate) fn writes(tenant: &MockTenant) -> Vec<String> {
    let requests = tenant.requests();
    tenant.clear_requests();
    let written = requests.iter().filter(|request| request.method != "GET");
    written.map(|request| format!("{} {}", request.status, request.operation_id().unwrap())).collect()
}
