//! Signals and progress of the process.

use std::{
    fs::File,
    io::{BufRead as _, BufReader, Read as _},
    os::fd::AsFd,
    process::{Child, Command, Stdio},
    time::Duration,
};

use auth0_provisioning_mock::{Connection, Fault, MockTenant, Operation};
use rustix::{
    fs::{Mode, OFlags},
    process::{Pid, Signal, kill_process},
    pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt},
    termios::{LocalModes, Winsize, tcgetattr, tcsetwinsize},
};

fn a0p(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_a0p"));
    command.args(arguments).env_clear();
    command
}

fn send(child: &Child, signal: Signal) {
    kill_process(Pid::from_child(child), signal).unwrap();
}

#[test]
fn signals_stop_the_mock_tenant_without_error() {
    for signal in [Signal::INT, Signal::TERM] {
        let mut mock = a0p(&["mock", "--listen", "127.0.0.1:0", "--quiet"])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(mock.stdout.take().unwrap()).lines();
        assert!(lines.map(Result::unwrap).any(|line| line.starts_with("AUTH0_CLIENT_SECRET=")));
        send(&mock, signal);
        let ended = mock.wait_with_output().unwrap();
        assert_eq!((ended.status.code(), ended.stderr), (Some(0), Vec::new()));
    }
}

#[test]
fn mock_tenant_prints_the_url_of_its_page() {
    let mut mock =
        a0p(&["mock", "--listen", "127.0.0.1:0"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let lines = BufReader::new(mock.stdout.take().unwrap()).lines();
    let base =
        lines.map(Result::unwrap).find_map(|line| line.strip_prefix("AUTH0_BASE_URL=").map(str::to_owned)).unwrap();
    let announced = BufReader::new(mock.stderr.take().unwrap()).lines().next().unwrap().unwrap();
    assert!(announced.contains(&format!("{base}/_mock/;")), "{announced}");
    send(&mock, Signal::TERM);
    assert_eq!(mock.wait().unwrap().code(), Some(0));
}

/// Opens a terminal. Returns the end of the person, and that of the program.
fn terminal() -> (rustix::fd::OwnedFd, File) {
    let person = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    grantpt(&person).unwrap();
    unlockpt(&person).unwrap();
    let name = ptsname(&person, Vec::new()).unwrap();
    let program = rustix::fs::open(name, OFlags::RDWR | OFlags::NOCTTY, Mode::empty()).unwrap();
    (person, program.into())
}

fn echoes(terminal: impl AsFd) -> bool {
    tcgetattr(terminal).unwrap().local_modes.contains(LocalModes::ECHO)
}

#[test]
fn ctrl_c_at_a_secret_restores_echo() {
    let (_person, terminal) = terminal();
    let config = tempfile::tempdir().unwrap();
    let mut login = a0p(&["login", "--domain", "acme.eu.auth0.com", "--client-id", "id-1", "--no-check"])
        .env("HOME", config.path())
        .stdin(terminal.try_clone().unwrap())
        .stderr(terminal.try_clone().unwrap())
        .spawn()
        .unwrap();
    while echoes(&terminal) {
        assert!(login.try_wait().unwrap().is_none(), "it asks for a secret");
        std::thread::sleep(Duration::from_millis(1));
    }
    send(&login, Signal::INT);
    assert_eq!(login.wait().unwrap().code(), Some(1));
    assert!(echoes(&terminal));
}

/// Fails unless a program shows a text on its terminal. Then it is interrupted.
fn shows(tenant: &MockTenant, arguments: &[&str], text: &str) {
    let (person, terminal) = terminal();
    tcsetwinsize(&terminal, Winsize { ws_row: 24, ws_col: 80, ws_xpixel: 0, ws_ypixel: 0 }).unwrap();
    let home = tempfile::tempdir().unwrap();
    let mut program = a0p(arguments)
        .env("HOME", home.path())
        .env("TERM", "xterm")
        .env("AUTH0_DOMAIN", "acme.eu.auth0.com")
        .env("AUTH0_API_TOKEN", tenant.access_token())
        .env("AUTH0_BASE_URL", tenant.base_url())
        .stdout(Stdio::null())
        .stderr(terminal)
        .spawn()
        .unwrap();
    let (mut person, mut shown) = (File::from(person), String::new());
    while !shown.contains(text) {
        let mut bytes = [0; 4096];
        let read = person.read(&mut bytes).unwrap_or_default();
        assert!(read > 0, "it ended after {shown}");
        shown.push_str(&String::from_utf8_lossy(&bytes[..read]));
    }
    send(&program, Signal::INT);
    assert_eq!(program.wait().unwrap().code(), Some(1));
}

#[test]
fn long_commands_show_progress() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let names = ["acme-a", "acme-b"];
    let connections = names.map(|name| Connection::google_apps(format!("con_{}", name.replace('-', ""))).name(name));
    let [done, open] = connections;
    let tenant = MockTenant::builder().connections([done, open.synchronizes_groups(["g1"])]);
    let tenant = runtime.block_on(tenant.start()).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("acme.yaml");
    let of = |name: &str| {
        format!(
            "  - name: {name}\n    directory_provisioning_configuration: {{ synchronize_groups: selected, synchronized_groups: [] }}\n"
        )
    };
    std::fs::write(&file, format!("connections:\n{}{}", of("acme-a"), of("acme-b"))).unwrap();
    let file = file.to_str().unwrap();
    let held = Fault::retry_after(Duration::from_secs(60));
    tenant.fault(held.clone().on(Operation::RemoveSynchronizedGroups).always());
    shows(&tenant, &["apply", "-f", file, "--yes"], "1/2 acme-b");
    tenant.fault(held.clone().on(Operation::ListSynchronizedGroups).always());
    shows(&tenant, &["plan", "-f", file], "reading the groups");
    tenant.fault(held.on(Operation::ListConfigurations).always());
    shows(&tenant, &["plan", "-f", file], "reading the configurations");
}
