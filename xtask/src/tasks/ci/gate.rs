//! A gate: a command, and how to fix its failure.

use std::{
    process::{Command, Stdio},
    time::Instant,
};

use crate::project;

/// A command that has to succeed.
pub(super) struct Gate {
    /// The arguments of cargo.
    pub(super) cargo: &'static [&'static str],
    /// The toolchain, if it is not the toolchain of this run.
    pub(super) toolchain: Option<&'static str>,
    pub(super) environment: Option<(&'static str, &'static str)>,
    /// Tools that must be installed first.
    pub(super) tools: &'static [Tool],
    pub(super) remedy: &'static str,
}

/// A tool beyond Rust itself.
pub(super) struct Tool {
    /// A command that succeeds if the tool is installed.
    pub(super) probe: &'static [&'static str],
    /// The command that installs the tool.
    pub(super) install: &'static str,
}

/// The reason why a run of gates ends early.
pub(super) enum Stopped {
    Failed,
    NotStarted,
}

pub(super) const fn gate(cargo: &'static [&'static str], remedy: &'static str) -> Gate {
    Gate { cargo, toolchain: None, environment: None, tools: &[], remedy }
}

impl Gate {
    pub(super) const fn under(mut self, variable: &'static str, value: &'static str) -> Self {
        self.environment = Some((variable, value));
        self
    }

    pub(super) const fn with(mut self, tools: &'static [Tool]) -> Self {
        self.tools = tools;
        self
    }

    pub(super) const fn on(mut self, toolchain: &'static str) -> Self {
        self.toolchain = Some(toolchain);
        self
    }

    pub(super) fn name(&self) -> String {
        let toolchain = self.toolchain.map(|name| format!("+{name} ")).unwrap_or_default();
        format!("cargo {toolchain}{}", self.cargo.join(" "))
    }

    /// Returns how to install the first missing tool.
    pub(super) fn lacks(&self) -> Option<&'static str> {
        self.tools.iter().find(|tool| !tool.is_installed()).map(|tool| tool.install)
    }

    pub(super) fn run(&self) -> Result<(), Stopped> {
        let name = self.name();
        println!("── {name}");
        let start = Instant::now();
        let mut command = match self.toolchain {
            // An inherited RUSTUP_TOOLCHAIN would override `+nightly`.
            Some(toolchain) => {
                let mut rustup = Command::new("rustup");
                rustup.args(["run", toolchain, "cargo"]);
                rustup
            }
            None => Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into())),
        };
        command.args(self.cargo).envs(self.environment).current_dir(project::workspace());
        match command.status() {
            Ok(status) if status.success() => {
                println!("   passed in {:.1} s", start.elapsed().as_secs_f32());
                Ok(())
            }
            Ok(_) => {
                eprintln!("`{name}` failed: {}", self.remedy);
                Err(Stopped::Failed)
            }
            Err(error) => {
                eprintln!("cannot start `{name}`: {error}");
                Err(Stopped::NotStarted)
            }
        }
    }
}

impl Tool {
    fn is_installed(&self) -> bool {
        let Some((program, arguments)) = self.probe.split_first() else { return true };
        let status = Command::new(program).args(arguments).stdout(Stdio::null()).stderr(Stdio::null()).status();
        status.is_ok_and(|status| status.success())
    }
}
