//! How the process gets along with signals.

#![cfg(unix)]
#![allow(clippy::unwrap_used)] // a test fails by panicking

use std::{
    fs::File,
    io::{BufRead as _, BufReader},
    os::fd::AsFd,
    process::{Child, Command, Stdio},
    time::Duration,
};

use rustix::{
    fs::{Mode, OFlags},
    process::{Pid, Signal, kill_process},
    pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt},
    termios::{LocalModes, tcgetattr},
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
fn a_mock_tenant_is_stopped_by_ctrl_c_and_by_services_without_an_error() {
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

/// Both ends of a terminal: what the person has, and what the program has.
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
fn a_terminal_shows_again_what_is_typed_after_ctrl_c_at_a_secret() {
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
