//! Messages for people, on stderr.

use std::{
    io::Write,
    sync::{Arc, Mutex, PoisonError},
};

use super::{Tone, cell::one_line};
use crate::failure::Failure;

/// Messages on stderr. Clones write to the same stream.
#[derive(Clone)]
pub(crate) struct Messages {
    out: Arc<Mutex<Box<dyn Write + Send>>>,
    is_terminal: bool,
    colour: bool,
    quiet: bool,
}

impl Messages {
    pub(crate) fn new(out: Box<dyn Write + Send>, is_terminal: bool, colour: bool, quiet: bool) -> Self {
        Self { out: Arc::new(Mutex::new(out)), is_terminal, colour, quiet }
    }

    /// Writes a note, which `--quiet` leaves out.
    pub(crate) fn note(&self, text: impl AsRef<str>) {
        self.write_unless_quiet(&clean(text.as_ref()));
    }

    /// Writes a note in a tone.
    pub(crate) fn line(&self, text: &str, tone: Tone) {
        self.write_unless_quiet(&tone.paint(&one_line(text), self.colour));
    }

    pub(crate) fn warning(&self, text: impl AsRef<str>) {
        let warning = Tone::Warning.paint("warning:", self.colour);
        self.write_unless_quiet(&format!("{warning} {}", one_line(text.as_ref())));
    }

    /// Writes a warning about a failure that does not end the command.
    pub(crate) fn warning_of(&self, text: &str, failure: &Failure) {
        self.warning(format!("{text}: {}", failure.reason));
        if let Some(remedy) = &failure.remedy {
            self.note(format!("  try: {remedy}"));
        }
    }

    /// Writes a line with the reason of a failure, and a line with its remedy.
    pub(crate) fn error(&self, failure: &Failure) {
        self.write(&format!("{} {}", Tone::Bad.paint("error:", self.colour), one_line(&failure.reason)));
        if let Some(remedy) = &failure.remedy {
            self.write(&format!("  {} {}", Tone::Dim.paint("try:", self.colour), one_line(remedy)));
        }
    }

    /// Writes a line of `--verbose`.
    pub(crate) fn detail(&self, text: &str) {
        self.write(&Tone::Dim.paint(&one_line(text), self.colour));
    }

    /// Writes a question. The reply is typed in the same line.
    pub(crate) fn question(&self, text: &str) {
        self.write_text(&clean(text));
    }

    /// Ends the line in which a terminal shows a question, or `^C`.
    pub(crate) fn new_line(&self) {
        if self.is_terminal {
            self.write_text("\n");
        }
    }

    fn write_unless_quiet(&self, line: &str) {
        if !self.quiet {
            self.write(line);
        }
    }

    fn write(&self, line: &str) {
        self.write_text(&format!("{line}\n"));
    }

    fn write_text(&self, text: &str) {
        let mut out = self.out.lock().unwrap_or_else(PoisonError::into_inner);
        // There is no other place for a message about a message that cannot be written.
        let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    }
}

/// Replaces control characters except line breaks: names and texts come from the tenant.
fn clean(text: &str) -> String {
    text.split('\n').map(one_line).collect::<Vec<_>>().join("\n")
}
