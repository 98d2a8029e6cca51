//! Secrets: runs every command with known secrets, and searches its output and files for them.

use std::{
    fs,
    io::Write as _,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use crate::support::{CONNECTION, Ran, a0p_with, google, input};
use a0p::definition;
use auth0_provisioning_mock::{Application, Connection, Fault, MockTenant};

const CLIENT_SECRET: &str = "marked-client-secret-4f1c";
const OKTA: &str = "con_okta000000000000";
/// The start of a response that repeats the request.
const ECHO: &str = "marked-token-in-a-response";

/// Every command that calls a tenant. Some fail.
const LINES: &[&str] = &[
    "list",
    "list --output json",
    "get acme",
    "get acme-nowhere",
    "runs",
    "runs acme --failed",
    "default-mapping acme",
    "doctor",
    "doctor acme",
    "update acme --automatic true",
    "sync acme",
    "sync acme --wait",
    "groups list acme",
    "groups add acme 01",
    "groups remove acme 01",
    "groups reconcile acme 01 --allow-empty",
    "scim list",
    "scim token list okta",
    "scim token create okta --to TOKEN1",
    "scim token rotate okta --to TOKEN2 --yes",
    "export --format deploy-cli",
    "export --format terraform",
    "export --format json",
    "report --html REPORT --force",
    "plan -f -",
    "apply -f - --yes",
    "delete acme --yes",
    "create acme",
    "profiles",
    "list --nonsense",
];

const FILE: &str =
    "connections: [{name: acme, directory_provisioning_configuration: {synchronize_automatically: true}}]";

async fn tenant() -> MockTenant {
    let application = Application::new("sweep").secret(CLIENT_SECRET);
    let okta = Connection::with_strategy(OKTA, "okta").name("okta").scim_configured();
    let builder = MockTenant::builder().application(application).connection(google(CONNECTION, "acme").configured());
    builder.connection(okta).start().await.unwrap()
}

async fn in_folder(folder: &Path, line: &str, stdin: &str) -> Ran {
    let line = line.replace("TOKEN", folder.join("secrets/token").to_str().unwrap());
    let line = line.replace("REPORT", folder.join("report.html").to_str().unwrap());
    a0p_with(&format!("a0p {line} --verbose"), |host| {
        host.config_dir = Some(folder.to_owned());
        host.cache_dir = Some(folder.join("cache"));
        input(host, stdin);
    })
    .await
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

/// Returns the tokens in the requests to the tenant.
fn tokens_in_use(tenant: &MockTenant) -> Vec<String> {
    let requests = tenant.requests();
    let headers = requests.iter().filter_map(|request| request.header("authorization"));
    let mut tokens: Vec<_> = headers.map(|header| header.trim_start_matches("Bearer ").to_owned()).collect();
    tokens.sort();
    tokens.dedup();
    tokens
}

#[tokio::test]
async fn commands_write_secrets_only_into_private_files() {
    let situations: [fn() -> Fault; 6] = [
        Fault::none,
        || Fault::status(401).always(),
        || Fault::status(403).always(),
        || Fault::not_json().always(),
        || Fault::body(format!("{{\"message\":\"{ECHO} {CLIENT_SECRET}\",\"access_token\":7}}")).always(),
        || Fault::token_revoked(),
    ];
    let mut written = String::new();
    for (situation, is_in_order) in situations.into_iter().zip([true, false, false, false, false, false]) {
        let (tenant, folder) = (tenant().await, tempfile::tempdir().unwrap());
        let folder = folder.path();
        let login = format!(
            "login --domain acme.eu.auth0.com --client-id sweep --base-url {} --audience {}",
            tenant.base_url(),
            tenant.audience()
        );
        let stored = in_folder(folder, &login, &format!("{CLIENT_SECRET}\n")).await;
        assert_eq!(stored.code, 0, "{stored}");
        written += &stored.to_string();
        for line in LINES {
            tenant.clear_faults();
            tenant.fault(situation());
            written += &in_folder(folder, line, FILE).await.to_string();
        }
        let tokens = tokens_in_use(&tenant);
        assert!(!tokens.is_empty(), "no token was used");
        let scim_tokens: Vec<_> = ["token1", "token2"]
            .iter()
            .filter_map(|name| fs::read_to_string(folder.join("secrets").join(name)).ok())
            .map(|text| text.trim().to_owned())
            .filter(|token| !token.is_empty())
            .collect();
        assert!(scim_tokens.len() == 2 || !is_in_order, "no token was issued");
        let secrets: Vec<&str> = tokens.iter().chain(&scim_tokens).map(String::as_str).chain([CLIENT_SECRET]).collect();
        for secret in &secrets {
            let at = written.find(secret);
            assert!(at.is_none(), "shown: …{}", &written[at.unwrap_or(0).saturating_sub(300)..]);
        }
        for file in files(folder) {
            let text = String::from_utf8_lossy(&fs::read(&file).unwrap()).into_owned();
            if secrets.iter().any(|secret| text.contains(secret)) {
                assert_private(folder, &file);
            }
        }
        written.clear();
    }
}

/// Fails unless a file with a secret is in a folder for secrets, and only its owner can read it.
fn assert_private(folder: &Path, file: &Path) {
    let relative = file.strip_prefix(folder).unwrap();
    assert!(relative.starts_with("secrets") || relative.starts_with("cache"), "a secret in {}", relative.display());
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = fs::metadata(file).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o600, "{}", relative.display());
    }
}

/// Arguments are in the list of processes and in the history of the shell.
#[test]
fn no_argument_takes_a_secret() {
    fn check(command: &clap::Command, takes: &mut Vec<String>) {
        for argument in command.get_arguments() {
            let name = argument.get_id().as_str().to_lowercase();
            let sounds_secret = ["secret", "token", "password", "key"].iter().any(|word| name.contains(word));
            if sounds_secret && argument.get_action().takes_values() {
                takes.push(format!("{} {name}", command.get_name()));
            }
        }
        command.get_subcommands().for_each(|command| check(command, takes));
    }
    let mut takes = Vec::new();
    check(&definition(), &mut takes);
    // The id of a token is no secret.
    assert_eq!(takes, ["rotate token_id", "revoke token_id"], "arguments that seem to take a secret");
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn process_list_shows_no_secret() {
    let (tenant, folder) = (tenant().await, tempfile::tempdir().unwrap());
    let mut command = Command::new(env!("CARGO_BIN_EXE_a0p"));
    command
        .args(["login", "--domain", "acme.eu.auth0.com", "--client-id", "sweep", "--base-url", tenant.base_url()])
        .args(["--audience", tenant.audience()])
        .env_clear()
        .env("HOME", folder.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let shown = tokio::task::spawn_blocking(move || {
        let mut child = command.spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        stdin.write_all(CLIENT_SECRET.as_bytes()).unwrap();
        // The program waits for the end of the line.
        let process = PathBuf::from(format!("/proc/{}", child.id()));
        while fs::read(process.join("cmdline")).unwrap().is_empty() {
            std::thread::yield_now();
        }
        let mut shown = ["cmdline", "environ"].map(|file| fs::read(process.join(file)).unwrap()).concat();
        drop(stdin);
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "{output:?}");
        shown.extend([output.stdout, output.stderr].concat());
        String::from_utf8_lossy(&shown).into_owned()
    });
    let shown = shown.await.unwrap();
    assert!(shown.contains("login") && !shown.contains(CLIENT_SECRET), "{shown}");
}
