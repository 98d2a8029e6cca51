//! Progress of long work, on a terminal.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

/// A progress bar, or nothing without a terminal.
pub(crate) struct Progress(Option<ProgressBar>);

impl Progress {
    /// Draws a bar for a number of pieces.
    pub(crate) fn bar(pieces: usize, shown: bool) -> Self {
        let style = ProgressStyle::with_template("{bar:30} {pos}/{len} {wide_msg}").ok();
        Self::start(ProgressBar::new(pieces as u64), style, shown)
    }

    /// Draws a spinner, for work of unknown size.
    pub(crate) fn spinner(shown: bool) -> Self {
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

    pub(crate) fn show(&self, message: impl Into<String>) {
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

/// Removes the bar from the screen, so that only results remain.
impl Drop for Progress {
    fn drop(&mut self) {
        if let Some(bar) = &self.0 {
            bar.finish_and_clear();
        }
    }
}
