//! Credentials of profiles and of the environment, and stored tokens.

use std::{
    collections::BTreeMap,
    path::Path,
    process::Command,
    sync::{Arc, Mutex},
};

use crate::support::{CONNECTION, Ran, a0p_with, google, input};
use a0p::{Keyring, KeyringError};
use auth0_provisioning::{ExposeSecret as _, SecretString};
use auth0_provisioning_mock::{Application, Fault, MockTenant, RequestPattern};

async fn tenant() -> MockTenant {
    // The clock runs: the program requests a token.
    let connection = google(CONNECTION, "acme").configured();
    MockTenant::builder().connection(connection).start().await.unwrap()
}

async fn in_folder(folder: &Path, line: &str, stdin: &str) -> Ran {
    a0p_with(line, |host| {
        host.config_dir = Some(folder.to_owned());
        host.cache_dir = Some(folder.join("cache"));
        input(host, stdin);
    })
    .await
}

#[tokio::test]
async fn stores_uses_and_removes_a_profile() {
    let (tenant, folder) = (tenant().await, tempfile::tempdir().unwrap());
    let folder = folder.path();
    let login = format!(
        "a0p login work --domain acme.eu.auth0.com --client-id {} --base-url {} --audience {}",
        tenant.client_id(),
        tenant.base_url(),
        tenant.audience(),
    );
    let secret = tenant.client_secret().to_owned();
    let wrong = in_folder(folder, &login, "wrong\n").await;
    assert_eq!(wrong.code, 4, "{wrong}");
    assert!(wrong.err.contains("not stored"), "{wrong}");
    let stored = in_folder(folder, &login, &format!("{secret}\n")).await;
    assert_eq!((stored.code, stored.out.as_str()), (0, ""), "{stored}");
    assert!(stored.err.contains("profile `work`") && !stored.err.contains(&secret));

    let listed = in_folder(folder, "a0p profiles --fields name,chosen,domain", "").await;
    assert_eq!(listed.out, "{\"name\":\"work\",\"chosen\":true,\"domain\":\"acme.eu.auth0.com\"}\n");
    let profiles = std::fs::read_to_string(folder.join("profiles.json")).unwrap();
    assert!(!profiles.contains(&secret), "the secret is in a file of its own");

    // The token is stored between calls.
    tenant.clear_requests();
    for _ in 0..2 {
        let list = in_folder(folder, "a0p list --fields connection_name", "").await;
        assert_eq!(list.out, "{\"connection_name\":\"acme\"}\n", "{list}");
    }
    let tokens = |tenant: &MockTenant| tenant.requests().iter().filter(|it| it.path == "/oauth/token").count();
    assert_eq!(tokens(&tenant), 1);
    assert_eq!(in_folder(folder, "a0p list --new-token", "").await.code, 0);
    assert_eq!(tokens(&tenant), 2);

    assert_eq!(in_folder(folder, "a0p profiles use other", "").await.code, 3);
    assert_eq!(in_folder(folder, "a0p profiles remove work", "").await.code, 0);
    assert!(!folder.join("secrets/work.json").exists());
    assert_eq!(in_folder(folder, "a0p list", "").await.code, 4);
}

#[tokio::test]
async fn incomplete_environment_is_a_warning() {
    let tenant = tenant().await;
    let setup = crate::support::Setup::of(&tenant);
    let with = |name: &'static str, value: &'static str| {
        move |host: &mut a0p::Host| {
            host.env = Box::new(move |asked| (asked == name).then(|| value.to_owned()));
        }
    };
    let warned = setup.a0p_with("a0p list --fields connection_name", with("AUTH0_CLIENT_ID", "id-1")).await;
    assert_eq!(warned.code, 0, "{warned}");
    assert!(warned.err.contains("AUTH0_CLIENT_ID is set and AUTH0_DOMAIN is not"), "{warned}");
    let unset = setup.a0p_with("a0p list", with("A0P_PROFILE", "")).await;
    assert_eq!((unset.code, unset.err.as_str()), (0, ""), "{unset}");
    assert_eq!(setup.a0p_with("a0p list", with("A0P_PROFILE", "other")).await.code, 3);
    assert_eq!(setup.a0p_with("a0p list --profile test", with("A0P_PROFILE", "other")).await.code, 0);
}

#[tokio::test]
async fn doctor_requests_a_new_token() {
    let (tenant, folder) = (tenant().await, tempfile::tempdir().unwrap());
    let login = format!(
        "a0p login --domain acme.eu.auth0.com --client-id {} --base-url {} --audience {} --no-check",
        tenant.client_id(),
        tenant.base_url(),
        tenant.audience(),
    );
    in_folder(folder.path(), &login, tenant.client_secret()).await;
    assert_eq!(in_folder(folder.path(), "a0p list", "").await.code, 0);
    in_folder(folder.path(), &login, "wrong").await;
    let wrong = in_folder(folder.path(), "a0p doctor --fields check,result", "").await;
    assert!(wrong.code == 1 && wrong.out.contains(r#"{"check":"token granted","result":"failed"}"#), "{wrong}");
}

#[cfg(unix)]
#[tokio::test]
async fn readable_secret_file_is_rejected() {
    use std::os::unix::fs::PermissionsExt as _;

    let (tenant, folder) = (tenant().await, tempfile::tempdir().unwrap());
    let folder = folder.path();
    let login = format!("a0p login --domain acme.eu.auth0.com --api-token --base-url {}", tenant.base_url());
    let stored = in_folder(folder, &login, tenant.access_token()).await;
    assert_eq!(stored.code, 0, "{stored}");
    let secret = folder.join("secrets/default.json");
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&secret), 0o600);
    std::fs::set_permissions(&secret, std::fs::Permissions::from_mode(0o644)).unwrap();
    let refused = in_folder(folder, "a0p list", "").await;
    assert_eq!(refused.code, 4);
    assert!(refused.err.contains("chmod 600"), "{refused}");
}

/// A keyring in memory, which can be locked.
#[derive(Default)]
struct InMemory {
    secrets: Mutex<BTreeMap<String, String>>,
    is_locked: Mutex<bool>,
}

impl InMemory {
    fn open(&self) -> Result<std::sync::MutexGuard<'_, BTreeMap<String, String>>, KeyringError> {
        if *self.is_locked.lock().unwrap() { Err("it is locked".into()) } else { Ok(self.secrets.lock().unwrap()) }
    }
}

impl Keyring for InMemory {
    fn read(&self, profile: &str) -> Result<Option<SecretString>, KeyringError> {
        Ok(self.open()?.get(profile).cloned().map(SecretString::from))
    }

    fn write(&self, profile: &str, secret: &SecretString) -> Result<(), KeyringError> {
        self.open()?.insert(profile.to_owned(), secret.expose_secret().to_owned());
        Ok(())
    }

    fn remove(&self, profile: &str) -> Result<(), KeyringError> {
        self.open()?.remove(profile);
        Ok(())
    }
}

#[tokio::test]
async fn keyring_replaces_the_secret_file() {
    let (tenant, folder, keyring) = (tenant().await, tempfile::tempdir().unwrap(), Arc::new(InMemory::default()));
    let folder = folder.path();
    let secret_file = folder.join("secrets/default.json");
    let run = async |line: &str| {
        a0p_with(line, |host| {
            host.config_dir = Some(folder.to_owned());
            host.keyring = Some(keyring.clone());
            input(host, tenant.client_secret());
        })
        .await
    };
    let login = format!(
        "a0p login --domain acme.eu.auth0.com --client-id {} --base-url {} --audience {}",
        tenant.client_id(),
        tenant.base_url(),
        tenant.audience()
    );
    assert_eq!(run(&login).await.code, 0);
    assert!(secret_file.exists());
    // The secret moves into the keyring, is read from there, and moves back.
    assert_eq!(run(&format!("{login} --keyring")).await.code, 0);
    assert!(!secret_file.exists());
    assert_eq!(keyring.open().unwrap().get("default").map(String::as_str), Some(tenant.client_secret()));
    assert_eq!(run("a0p list --fields connection_name").await.out, "{\"connection_name\":\"acme\"}\n");

    *keyring.is_locked.lock().unwrap() = true;
    let locked = run("a0p list").await;
    assert_eq!(locked.code, 4, "{locked}");
    assert!(locked.err.contains("it is locked") && locked.err.contains("unlock"), "{locked}");
    *keyring.is_locked.lock().unwrap() = false;

    assert_eq!(run(&login).await.code, 0);
    assert!(secret_file.exists() && keyring.open().unwrap().is_empty());
    assert_eq!(run(&format!("{login} --keyring")).await.code, 0);
    assert_eq!(run("a0p profiles remove default").await.code, 0);
    assert!(keyring.open().unwrap().is_empty());

    let without = in_folder(folder, &format!("{login} --keyring"), "s3cret").await;
    assert_eq!(without.code, 4, "{without}");
    assert!(without.err.contains("--features keyring"), "{without}");
}

#[tokio::test]
async fn login_names_missing_arguments() {
    let folder = tempfile::tempdir().unwrap();
    for (line, named) in [
        ("a0p login", "--domain"),
        ("a0p login --domain acme.eu.auth0.com", "--client-id"),
        ("a0p login --domain acme.eu.auth0.com --client-id a", "the client secret is empty"),
        ("a0p login a/b --domain acme.eu.auth0.com --client-id a --no-check", "cannot be the name"),
        ("a0p login --domain https://acme.auth0.com --client-id a", "scheme"),
    ] {
        let stdin = if named.contains("empty") { "" } else { "s3cret\n" };
        let ran = in_folder(folder.path(), line, stdin).await;
        assert_eq!(ran.code, 64, "{ran}");
        assert!(ran.err.contains(named) && !ran.err.contains("s3cret"), "{ran}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn program_reads_credentials_from_environment() {
    let (tenant, home) = (tenant().await, tempfile::tempdir().unwrap());
    let mut command = Command::new(env!("CARGO_BIN_EXE_a0p"));
    command
        .args(["list", "--fields", "connection_name", "--verbose"])
        .env_clear()
        .env("HOME", home.path())
        .env("AUTH0_DOMAIN", "acme.eu.auth0.com")
        .env("AUTH0_CLIENT_ID", tenant.client_id())
        .env("AUTH0_CLIENT_SECRET", tenant.client_secret())
        .env("AUTH0_AUDIENCE", tenant.audience())
        .env("AUTH0_BASE_URL", tenant.base_url());
    let output = tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap();
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert_eq!(out, "{\"connection_name\":\"acme\"}\n", "{err}");
    assert!(err.contains("> GET get_connections-directory-provisionings: 200"), "{err}");
    assert!(!err.contains(tenant.client_secret()));
}

#[tokio::test]
async fn incomplete_credentials_have_their_exit_code() {
    let folder = tempfile::tempdir().unwrap();
    let mut program = Command::new(env!("CARGO_BIN_EXE_a0p"));
    program.arg("list").env_clear().env("HOME", folder.path()).env("AUTH0_DOMAIN", "acme.eu.auth0.com");
    let ran = tokio::task::spawn_blocking(move || program.output().unwrap()).await.unwrap();
    assert_eq!(ran.status.code(), Some(4), "{}", String::from_utf8_lossy(&ran.stderr));
}

/// Logs in, with the secret on stdin.
async fn log_in(folder: &Path, tenant: &MockTenant, client_id: &str, audience: &str, secret: &str) {
    let login = format!(
        "a0p login --domain acme.eu.auth0.com --client-id {client_id} --base-url {} --audience {audience} --no-check",
        tenant.base_url(),
    );
    assert_eq!(in_folder(folder, &login, secret).await.code, 0);
}

#[tokio::test]
async fn quota_and_audience_errors_have_own_remedies() {
    let google = google(CONNECTION, "acme").configured();
    let application = Application::new("metered").secret("sesame").token_quota(0);
    let tenant = MockTenant::builder().connection(google).application(application).start().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    log_in(folder.path(), &tenant, "metered", tenant.audience(), "sesame").await;
    let metered = in_folder(folder.path(), "a0p list", "").await;
    assert_eq!(metered.code, 5, "{metered}");
    assert!(metered.err.contains("the quota of tokens is used up: run it again in"), "{metered}");
    log_in(folder.path(), &tenant, tenant.client_id(), "https://acme.example/other", tenant.client_secret()).await;
    let audience = in_folder(folder.path(), "a0p list", "").await;
    assert!(audience.code == 4 && audience.err.contains("check the audience"), "{audience}");
    for ran in [metered, audience] {
        assert!(!ran.err.contains("client id and secret"), "{ran}");
    }
}

#[tokio::test]
async fn wrong_secret_fails_despite_stored_token() {
    let (tenant, folder) = (tenant().await, tempfile::tempdir().unwrap());
    let folder = folder.path();
    for (secret, code) in [(tenant.client_secret(), 0), ("wrong", 4), (tenant.client_secret(), 0)] {
        log_in(folder, &tenant, tenant.client_id(), tenant.audience(), secret).await;
        let listed = in_folder(folder, "a0p list", "").await;
        assert_eq!(listed.code, code, "{listed}");
    }
    let asked = tenant.requests().iter().filter(|it| it.path == "/oauth/token").count();
    assert_eq!(asked, 2, "the token of the right secret is stored");
}

#[tokio::test]
async fn unwritable_token_folder_is_a_warning() {
    let (tenant, folder) = (tenant().await, tempfile::tempdir().unwrap());
    let folder = folder.path();
    log_in(folder, &tenant, tenant.client_id(), tenant.audience(), tenant.client_secret()).await;
    std::fs::write(folder.join("file"), "").unwrap();
    for line in ["a0p list --fields connection_name", "a0p list --fields connection_name --new-token"] {
        let listed = a0p_with(line, |host| {
            host.config_dir = Some(folder.to_owned());
            host.cache_dir = Some(folder.join("file"));
        })
        .await;
        assert_eq!((listed.code, listed.out.as_str()), (0, "{\"connection_name\":\"acme\"}\n"), "{listed}");
        assert_eq!(listed.err.matches("cannot store the token for the next call").count(), 1, "{listed}");
    }
    let none = a0p_with("a0p list --verbose", |host| host.config_dir = Some(folder.to_owned())).await;
    assert!(
        none.code == 0 && none.err.contains("tokens are not stored: neither XDG_CACHE_HOME nor HOME is set"),
        "{none}"
    );
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn without_home_no_token_is_stored() {
    let tenant = tenant().await;
    for number in 1..=2 {
        let mut program = Command::new(env!("CARGO_BIN_EXE_a0p"));
        program
            .args(["list", "--fields", "connection_name", "--verbose"])
            .env_clear()
            .env("AUTH0_DOMAIN", "acme.eu.auth0.com")
            .env("AUTH0_CLIENT_ID", tenant.client_id())
            .env("AUTH0_CLIENT_SECRET", tenant.client_secret())
            .env("AUTH0_AUDIENCE", tenant.audience())
            .env("AUTH0_BASE_URL", tenant.base_url());
        let output = tokio::task::spawn_blocking(move || program.output().unwrap()).await.unwrap();
        let err = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success() && err.contains("tokens are not stored"), "{err}");
        assert_eq!(tenant.requests().iter().filter(|it| it.path == "/oauth/token").count(), number);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn concurrent_processes_share_one_token() {
    for rate_limits in [0, 2] {
        let (tenant, home) = (tenant().await, tempfile::tempdir().unwrap());
        for _ in 0..rate_limits {
            tenant.fault(Fault::rate_limited().on(RequestPattern::new("POST", "/oauth/token")));
        }
        let programs: Vec<_> = (0..25)
            .map(|_| {
                let mut program = Command::new(env!("CARGO_BIN_EXE_a0p"));
                program
                    .args(["get", "acme", "--quiet"])
                    .env_clear()
                    .env("XDG_CACHE_HOME", home.path())
                    .env("AUTH0_DOMAIN", "acme.eu.auth0.com")
                    .env("AUTH0_CLIENT_ID", tenant.client_id())
                    .env("AUTH0_CLIENT_SECRET", tenant.client_secret())
                    .env("AUTH0_AUDIENCE", tenant.audience())
                    .env("AUTH0_BASE_URL", tenant.base_url());
                tokio::task::spawn_blocking(move || program.output().unwrap())
            })
            .collect();
        for program in programs {
            let output = program.await.unwrap();
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        }
        let asked = tenant.requests().iter().filter(|it| it.path == "/oauth/token").count();
        assert_eq!(asked, rate_limits + 1);
        let mut kept = Vec::new();
        for folder in std::fs::read_dir(home.path().join("a0p/tokens")).unwrap() {
            kept.extend(std::fs::read_dir(folder.unwrap().path()).unwrap().map(|file| file.unwrap().path()));
        }
        kept.retain(|path| path.extension().unwrap() != "lock");
        assert_eq!(kept.len(), 1, "only the token: {kept:?}");
    }
}
