//! Whether a terminal shows what is typed.

/// Brings the terminal of stdin back to how it is now, when it is dropped: whoever reads a secret turns its echo off, and may
/// be interrupted before it is on again.
pub(crate) struct Restored {
    #[cfg(unix)]
    settings: Option<rustix::termios::Termios>,
}

impl Restored {
    pub(crate) fn later() -> Self {
        Self {
            #[cfg(unix)]
            settings: rustix::termios::tcgetattr(rustix::stdio::stdin()).ok(),
        }
    }
}

impl Drop for Restored {
    fn drop(&mut self) {
        #[cfg(unix)]
        if let Some(settings) = &self.settings {
            let stdin = rustix::stdio::stdin();
            // Nobody could do anything about a terminal that is gone.
            let _ = rustix::termios::tcsetattr(stdin, rustix::termios::OptionalActions::Now, settings);
        }
    }
}
