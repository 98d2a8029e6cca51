//! `cargo xtask ci`: the gates that a change must pass, one after the other, with what to do where one fails.

mod every_change;
mod gate;
mod release;

use std::process::ExitCode;

use clap::Args;

use gate::{Gate, Stopped};

/// Which gates to run.
#[derive(Debug, Args)]
pub struct Arguments {
    /// Leave the tests out, because they ran already.
    #[arg(long)]
    after_tests: bool,
    /// Also run the gates of a release, which need tools beyond Rust: says how to get those that are not there.
    #[arg(long)]
    full: bool,
    /// With --full: run the gates whose tools are there, and tell which ones did not run.
    #[arg(long, requires = "full")]
    skip_missing: bool,
}

/// Runs the gates and stops at the first that fails: 0 all passed, 1 one failed, 2 one could not be run.
#[must_use]
pub fn run(arguments: &Arguments) -> ExitCode {
    let tests = (!arguments.after_tests).then_some(&every_change::TESTS);
    let of_release = if arguments.full { release::GATES } else { &[] };
    let (missing, ready): (Vec<_>, Vec<_>) = of_release.iter().partition(|gate| gate.lacks().is_some());
    for gate in &missing {
        eprintln!("`{}` is not run; first: {}", gate.name(), gate.lacks().unwrap_or_default());
    }
    if !missing.is_empty() && !arguments.skip_missing {
        return ExitCode::from(2);
    }
    match run_all(tests.into_iter().chain(every_change::GATES).chain(ready)) {
        Ok(()) if missing.is_empty() => println!("every gate passed"),
        Ok(()) => println!("every gate passed but {} that did not run", missing.len()),
        Err(Stopped::Failed) => return ExitCode::FAILURE,
        Err(Stopped::NotStarted) => return ExitCode::from(2),
    }
    ExitCode::SUCCESS
}

fn run_all<'a>(mut gates: impl Iterator<Item = &'a Gate>) -> Result<(), Stopped> {
    gates.try_for_each(Gate::run)
}
