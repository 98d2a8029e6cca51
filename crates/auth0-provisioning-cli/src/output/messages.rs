//! Messages for people, on stderr.

use std::{
    io::Write,
    sync::{Arc, Mutex, PoisonError},
};

use super::{Tone, cell::one_line};

/// Where messages go. Clones share it.
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

    /// A note, which `--quiet` leaves out.
    pub(crate) fn note(&self, text: &str) {
        self.unless_quiet(&clean(text));
    }

    fn unless_quiet(&self, text: &str) {
        if !self.quiet {
            self.write(&format!("{text}\n"));
        }
    }

    /// A note in a tone.
    pub(crate) fn line(&self, text: &str, tone: Tone) {
        self.unless_quiet(&tone.paint(&one_line(text), self.colour));
    }

    pub(crate) fn warning(&self, text: &str) {
        self.unless_quiet(&format!("{} {}", Tone::Warning.paint("warning:", self.colour), one_line(text)));
    }

    /// A line of what, and a line of what to do.
    pub(crate) fn error(&self, what: &str, remedy: Option<&str>) {
        self.write(&format!("{} {}\n", Tone::Bad.paint("error:", self.colour), one_line(what)));
        if let Some(remedy) = remedy {
            self.write(&format!("  {} {}\n", Tone::Dim.paint("try:", self.colour), one_line(remedy)));
        }
    }

    /// A line of the story that `--verbose` tells.
    pub(crate) fn story(&self, text: &str) {
        self.write(&format!("{}\n", Tone::Dim.paint(&one_line(text), self.colour)));
    }

    /// Text that an answer is typed behind.
    pub(crate) fn question(&self, text: &str) {
        self.write(&clean(text));
    }

    /// Leaves the line where a terminal shows a question, or that Ctrl-C was typed.
    pub(crate) fn new_line(&self) {
        if self.is_terminal {
            self.write("\n");
        }
    }

    /// Nobody can be told that messages cannot be written.
    fn write(&self, text: &str) {
        let mut out = self.out.lock().unwrap_or_else(PoisonError::into_inner);
        let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    }
}

/// Without what a terminal would obey: names and texts come from the tenant.
fn clean(text: &str) -> String {
    text.split('\n').map(one_line).collect::<Vec<_>>().join("\n")
}
