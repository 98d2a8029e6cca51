//! Measures what the client adds to a program, compared with reqwest with the same TLS, serde and tokio.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::Instant,
};

use super::{Row, succeed, text_of};
use crate::{openapi::Problem, project};

const REQWEST: &str = r#"reqwest = { version = "0.13", default-features = false, features = ["http2", "json", "query", "rustls", "system-proxy"] }
serde = { version = "1", features = ["derive"] }
"#;

const WITH_REQWEST: &str = r#"
#[derive(serde::Deserialize)]
struct Configuration { connection_name: String }

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let url = "https://tenant.eu.auth0.com/api/v2/connections/con_0123456789abcdef/directory-provisioning";
    let response = reqwest::Client::new().get(url).bearer_auth("token").send().await?.error_for_status()?;
    println!("{}", response.json::<Configuration>().await?.connection_name);
    Ok(())
}
"#;

const WITH_THE_CLIENT: &str = r#"
#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = auth0_provisioning::Client::builder("tenant.eu.auth0.com")?.bearer_token("token").build()?;
    let connection = "con_0123456789abcdef".parse()?;
    println!("{}", client.directory_provisioning(&connection).get().await?.connection_name);
    Ok(())
}
"#;

/// Measures the crates, the time of a check and of a build, and the size of the program.
pub(super) fn rows() -> Result<Vec<Row>, Problem> {
    let client = project::workspace().join("crates").join("auth0-provisioning");
    let client = format!("auth0-provisioning = {{ path = '{}' }}\n", client.display());
    let (bare, ours) =
        (Program::write("bare", REQWEST, WITH_REQWEST)?, Program::write("ours", &client, WITH_THE_CLIENT)?);
    let mut rows = Vec::new();
    for (what, unit, measure) in [
        ("crates", "", Program::crates as fn(&Program) -> Result<f64, Problem>),
        ("`cargo check` from nothing", "s", Program::check),
        ("`cargo build --release` from nothing", "s", Program::build),
        ("size of the program", "MB", Program::size),
    ] {
        let (other, ours) = (measure(&bare)?, measure(&ours)?);
        rows.push(Row { what: what.into(), beside: "a program with reqwest".into(), unit: unit.into(), other, ours });
    }
    Ok(rows)
}

struct Program(PathBuf);

impl Program {
    fn write(name: &str, dependencies: &str, main: &str) -> Result<Self, Problem> {
        let directory = project::target().join("bench").join(name);
        let problem = |error: std::io::Error| Problem::new(error.to_string()).in_file(directory.clone());
        // Each build starts from nothing.
        match fs::remove_dir_all(&directory) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(problem(error)),
            _ => {}
        }
        fs::create_dir_all(directory.join("src")).map_err(problem)?;
        let manifest = format!(
            "[package]\nname = \"{name}\"\nedition = \"2024\"\n\n[workspace]\n\n[dependencies]\n{dependencies}\
             tokio = {{ version = \"1\", features = [\"macros\", \"rt-multi-thread\"] }}\n\n[profile.release]\nstrip = true\n"
        );
        fs::write(directory.join("Cargo.toml"), manifest).map_err(problem)?;
        fs::write(directory.join("src").join("main.rs"), main).map_err(problem)?;
        // The same versions of shared dependencies.
        fs::copy(project::workspace().join("Cargo.lock"), directory.join("Cargo.lock")).map_err(problem)?;
        Ok(Self(directory))
    }

    fn cargo(&self, arguments: &[&str]) -> Command {
        let mut cargo = Command::new("cargo");
        cargo.args(arguments).arg("--manifest-path").arg(self.0.join("Cargo.toml"));
        cargo.env("CARGO_TARGET_DIR", self.0.join("target"));
        cargo
    }

    #[expect(clippy::cast_precision_loss, reason = "a few hundred crates")]
    fn crates(&self) -> Result<f64, Problem> {
        let tree = text_of(&mut self.cargo(&["tree", "--edges", "normal", "--prefix", "none", "--no-dedupe"]))?;
        let names: std::collections::BTreeSet<_> = tree.lines().filter(|line| !line.is_empty()).collect();
        // Does not count the program itself.
        Ok((names.len() - 1) as f64)
    }

    fn check(&self) -> Result<f64, Problem> {
        self.timed(&["check", "--quiet"])
    }

    fn build(&self) -> Result<f64, Problem> {
        self.timed(&["build", "--release", "--quiet"])
    }

    fn timed(&self, arguments: &[&str]) -> Result<f64, Problem> {
        let start = Instant::now();
        succeed(&mut self.cargo(arguments))?;
        Ok(start.elapsed().as_secs_f64())
    }

    #[expect(clippy::cast_precision_loss, reason = "a few megabytes")]
    fn size(&self) -> Result<f64, Problem> {
        let name = self.0.file_name().unwrap_or_default();
        let program: &Path = &self.0.join("target").join("release").join(name);
        let size = fs::metadata(program).map_err(|error| Problem::new(error.to_string()).in_file(program))?.len();
        Ok(size as f64 / 1e6)
    }
}
