//! The program from its arguments to its exit code.

use std::ffi::OsString;

use clap::{FromArgMatches as _, error::ErrorKind};

use crate::{
    arguments::{Arguments, Command, definition},
    commands,
    context::Context,
    exit_code::ExitCode,
    failure::Failure,
    host::Host,
    interrupt::Interrupt,
};

/// The widest help: longer lines are hard to read.
const WIDEST_HELP: usize = 100;

/// Runs the program and returns its exit code: see [`ExitCode`]. The first argument is the program's name.
pub async fn run(arguments: impl IntoIterator<Item = impl Into<OsString> + Clone>, mut host: Host) -> u8 {
    let arguments = match parse(arguments, host.width) {
        Ok(arguments) => arguments,
        Err(error) => return tell(&error, &mut host) as u8,
    };
    let interrupt = std::mem::replace(&mut host.interrupt, Interrupt::never());
    let ends_by_interrupt = matches!(arguments.command, Command::Mock(_));
    let mut context = Context::new(arguments.global, host);
    let result = tokio::select! {
        // First: when a command writes that it works, signals are handled already.
        biased;
        () = interrupt.requested() => None,
        result = commands::run(arguments.command, &mut context) => Some(result),
    };
    match result {
        None => interrupted(&mut context, ends_by_interrupt) as u8,
        Some(Ok(code)) => code as u8,
        Some(Err(Failure { is_closed_pipe: true, .. })) => ExitCode::Done as u8,
        Some(Err(failure)) => {
            let account = context.report_the_rest(false);
            context.messages.error(&failure.what, failure.remedy.as_deref());
            if let Some(account) = account {
                context.messages.note(&account);
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
    let account = context.report_the_rest(true);
    let remedy = account.map(|account| format!("run it again: it does what is left ({account})"));
    context.messages.error("interrupted", remedy.as_deref());
    ExitCode::Failed
}

fn parse(
    arguments: impl IntoIterator<Item = impl Into<OsString> + Clone>,
    width: usize,
) -> Result<Arguments, clap::Error> {
    let command = definition().term_width(width.min(WIDEST_HELP));
    Arguments::from_arg_matches(&command.try_get_matches_from(arguments)?)
}

/// Help and version are results, everything else that clap says is an error of usage.
fn tell(error: &clap::Error, host: &mut Host) -> ExitCode {
    let text = error.render();
    let is_result = matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion);
    let (out, is_terminal) = if is_result {
        (&mut host.stdout, host.stdout_is_terminal)
    } else {
        (&mut host.stderr, host.stderr_is_terminal)
    };
    let colour = is_terminal && (host.env)("NO_COLOR").is_none_or(|value| value.is_empty());
    let text = if colour { text.ansi().to_string() } else { text.to_string() };
    // Whoever closed the pipe has read enough.
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    if is_result { ExitCode::Done } else { ExitCode::Usage }
}
