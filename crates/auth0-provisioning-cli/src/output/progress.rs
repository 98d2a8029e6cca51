//! Progress of long work, on a terminal.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

/// A bar, or nothing where nobody looks.
pub(crate) struct Progress(Option<ProgressBar>);

impl Progress {
    /// A bar for this many pieces of work.
    pub(crate) fn of(pieces: usize, shown: bool) -> Self {
        // The template is a constant, which the tests draw.
        let style = ProgressStyle::with_template("{bar:30} {pos}/{len} {wide_msg}").ok();
        Self::start(ProgressBar::new(pieces as u64), style, shown)
    }

    /// A sign of life for work of which nobody knows the size.
    pub(crate) fn endless(shown: bool) -> Self {
        let style = ProgressStyle::with_template("{spinner} {elapsed} {wide_msg}").ok();
        Self::start(ProgressBar::new_spinner(), style, shown)
    }

    fn start(bar: ProgressBar, style: Option<ProgressStyle>, shown: bool) -> Self {
        let bar = match style {
            Some(style) if shown => bar.with_style(style),
            _ => return Self(None),
        };
        bar.enable_steady_tick(Duration::from_millis(200));
        Self(Some(bar))
    }

    pub(crate) fn tell(&self, message: impl Into<String>) {
        if let Some(bar) = &self.0 {
            bar.set_message(message.into());
        }
    }

    pub(crate) fn advance(&self) {
        if let Some(bar) = &self.0 {
            bar.inc(1);
        }
    }
}

/// What remains on the screen is the result, not the way there.
impl Drop for Progress {
    fn drop(&mut self) {
        if let Some(bar) = &self.0 {
            bar.finish_and_clear();
        }
    }
}
