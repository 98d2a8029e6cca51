//! The program from its arguments to its exit code.

use std::ffi::OsString;

use clap::{FromArgMatches as _, error::ErrorKind};

use crate::{
    arguments::{Arguments, Command},
    commands,
    context::Context,
    definition::definition,
    exit_code::ExitCode,
    failure::Failure,
    host::Host,
    interrupt::Interrupt,
    output::Messages,
};

/// The widest help: longer lines are hard to read.
const WIDEST_HELP: usize = 100;

/// Runs the program and returns its exit code: see [`ExitCode`]. The first argument is the program's name.
pub async fn run(arguments: impl IntoIterator<Item = impl Into<OsString> + Clone>, mut host: Host) -> u8 {
    let command = definition().term_width(host.width.min(WIDEST_HELP));
    let matches = command.try_get_matches_from(arguments);
    let arguments = match matches.and_then(|matches| Arguments::from_arg_matches(&matches)) {
        Ok(arguments) => arguments,
        Err(error) => return print(&error, host) as u8,
    };
    let interrupt = std::mem::replace(&mut host.interrupt, Interrupt::never());
    let ends_by_interrupt = matches!(arguments.command, Command::Mock(_));
    let mut context = Context::new(arguments.global, host);
    let result = tokio::select! {
        // Signal handlers are installed before the command writes anything.
        biased;
        () = interrupt.requested() => None,
        result = Box::pin(commands::run(arguments.command, definition, &mut context)) => Some(result),
    };
    match result {
        None => interrupted(&mut context, ends_by_interrupt) as u8,
        Some(Ok(code)) => code as u8,
        Some(Err(Failure { is_closed_pipe: true, .. })) => ExitCode::Done as u8,
        Some(Err(failure)) => {
            let summary = context.report_unfinished(false);
            context.messages.error(&failure);
            if let Some(summary) = summary {
                context.messages.note(summary);
            }
            failure.exit as u8
        }
    }
}

fn interrupted(context: &mut Context, is_end: bool) -> ExitCode {
    context.messages.new_line();
    if is_end {
        return ExitCode::Done;
    }
    let summary = context.report_unfinished(true);
    let remedy = summary.map(|summary| format!("run it again: it does what is left ({summary})"));
    context.messages.error(&Failure { remedy, ..Failure::failed("interrupted") });
    ExitCode::Failed
}

/// Prints what clap reports instead of arguments. Help and version are results, the rest are errors of usage.
fn print(error: &clap::Error, mut host: Host) -> ExitCode {
    let is_result = matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion);
    let is_terminal = if is_result { host.stdout_is_terminal } else { host.stderr_is_terminal };
    let colour = is_terminal && (host.env)("NO_COLOR").is_none_or(|value| value.is_empty());
    let text = error.render();
    let text = if colour { text.ansi().to_string() } else { text.to_string() };
    let out = if is_result { &mut host.stdout } else { &mut host.stderr };
    let written = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    match written.map_err(Failure::from) {
        _ if !is_result => ExitCode::Usage,
        Err(failure) if !failure.is_closed_pipe => {
            Messages::new(host.stderr, false, colour, false).error(&failure);
            failure.exit
        }
        _ => ExitCode::Done,
    }
}
