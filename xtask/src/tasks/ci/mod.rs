//! `cargo xtask ci`: runs the gates of a change one after the other, and prints how to fix a failure.

mod every_change;
mod gate;
mod release;

use std::process::ExitCode;

use clap::Args;

use gate::{Gate, Stopped};

/// Which gates to run.
#[derive(Debug, Args)]
pub struct Arguments {
    /// Skip the tests, because they ran already.
    #[arg(long)]
    after_tests: bool,
    /// Also run the gates of a release, which need more tools. Prints how to install a missing one.
    #[arg(long)]
    full: bool,
    /// With --full: run only the gates whose tools are installed, and print the others.
    #[arg(long, requires = "full")]
    skip_missing: bool,
}

/// Runs the gates and stops at the first failure: 0 all passed, 1 one failed, 2 one could not be run.
#[must_use]
pub fn run(arguments: &Arguments) -> ExitCode {
    let tests = (!arguments.after_tests).then_some(&every_change::TESTS);
    let of_release = if arguments.full { release::GATES } else { &[] };
    let (missing, ready): (Vec<_>, Vec<_>) = of_release.iter().partition(|gate| gate.lacks().is_some());
    for gate in &missing {
        eprintln!("skipped `{}`\ntry: {}", gate.name(), gate.lacks().unwrap_or_default());
    }
    if !missing.is_empty() && !arguments.skip_missing {
        return ExitCode::from(2);
    }
    match run_all(tests.into_iter().chain(every_change::GATES).chain(ready)) {
        Ok(()) if missing.is_empty() => println!("every gate passed"),
        Ok(()) => println!("every gate passed, except {} that did not run", missing.len()),
        Err(Stopped::Failed) => return ExitCode::FAILURE,
        Err(Stopped::NotStarted) => return ExitCode::from(2),
    }
    ExitCode::SUCCESS
}

fn run_all<'a>(mut gates: impl Iterator<Item = &'a Gate>) -> Result<(), Stopped> {
    gates.try_for_each(Gate::run)
}
