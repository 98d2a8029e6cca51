//! `cargo xtask ci`: the gates that a change must pass, one after the other, with what to do where one fails.

use std::{
    process::{Command, ExitCode},
    time::Instant,
};

use clap::Args;

/// Which gates to run.
#[derive(Debug, Args)]
pub struct Arguments {
    /// Leave the tests out, because they ran already.
    #[arg(long)]
    after_tests: bool,
}

/// One gate: a cargo command and what mends its failure.
struct Gate {
    cargo: &'static [&'static str],
    environment: Option<(&'static str, &'static str)>,
    remedy: &'static str,
}

const fn gate(cargo: &'static [&'static str], remedy: &'static str) -> Gate {
    Gate { cargo, environment: None, remedy }
}

/// The arguments that build the facade with one area.
macro_rules! facade_with {
    ($area:literal) => {
        ["clippy", "--package", "auth0-provisioning", "--features", $area, "--quiet", "--", "--deny", "warnings"]
    };
}

const fn of_area(cargo: &'static [&'static str]) -> Gate {
    gate(cargo, "each area must build without the others")
}

const TESTS: Gate = gate(&["test", "--workspace"], "read the failures above");

const GATES: &[Gate] = &[
    gate(&["fmt", "--all", "--check"], "run `cargo fmt --all`"),
    gate(
        &["clippy", "--workspace", "--all-targets", "--quiet", "--", "--deny", "warnings"],
        "mend what clippy says; an `expect` needs a reason",
    ),
    gate(
        &["clippy", "--package", "auth0-transport", "--no-default-features", "--quiet", "--", "--deny", "warnings"],
        "the transport must build without its default features",
    ),
    gate(
        &["clippy", "--package", "auth0-provisioning", "--quiet", "--", "--deny", "warnings"],
        "the facade must build without the areas around directory provisioning",
    ),
    of_area(&facade_with!("connections")),
    of_area(&facade_with!("scim")),
    of_area(&facade_with!("groups")),
    of_area(&facade_with!("logs")),
    gate(
        &["xtask", "contract"],
        "see which line of the contract slipped; what is meant needs a line in CHANGELOG.md and a new record",
    ),
    gate(&["xtask", "generate", "--check"], "run `cargo xtask generate` and review what changed"),
    Gate {
        cargo: &["doc", "--workspace", "--no-deps", "--quiet"],
        environment: Some(("RUSTDOCFLAGS", "--deny warnings")),
        remedy: "mend the docs",
    },
];

/// Runs the gates and stops at the first that fails.
#[must_use]
pub fn run(arguments: &Arguments) -> ExitCode {
    let tests = (!arguments.after_tests).then_some(&TESTS);
    for gate in tests.into_iter().chain(GATES) {
        let name = format!("cargo {}", gate.cargo.join(" "));
        println!("── {name}");
        let start = Instant::now();
        let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        command.args(gate.cargo).envs(gate.environment);
        match command.status() {
            Ok(status) if status.success() => println!("   passed in {:.1} s", start.elapsed().as_secs_f32()),
            Ok(_) => {
                eprintln!("`{name}` failed: {}", gate.remedy);
                return ExitCode::FAILURE;
            }
            Err(error) => {
                eprintln!("`{name}` could not be started: {error}");
                return ExitCode::from(2);
            }
        }
    }
    println!("every gate passed");
    ExitCode::SUCCESS
}
