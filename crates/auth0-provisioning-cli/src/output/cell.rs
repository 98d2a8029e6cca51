//! Text with a tone.

use anstyle::{AnsiColor, Style};

/// The meaning of a text, which its colour shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Tone {
    #[default]
    Plain,
    Strong,
    Dim,
    Good,
    Warning,
    Bad,
}

impl Tone {
    /// Returns the text in this tone, or as it is without colour.
    pub(crate) fn paint(self, text: &str, colour: bool) -> String {
        let style = match self {
            Self::Plain => Style::new(),
            Self::Strong => Style::new().bold(),
            Self::Dim => Style::new().dimmed(),
            Self::Good => AnsiColor::Green.on_default(),
            Self::Warning => AnsiColor::Yellow.on_default(),
            Self::Bad => AnsiColor::Red.on_default(),
        };
        if colour && self != Self::Plain { format!("{style}{text}{style:#}") } else { text.to_owned() }
    }
}

/// A cell of a table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Cell {
    pub(crate) text: String,
    pub(crate) tone: Tone,
}

impl Cell {
    pub(crate) fn new(text: impl Into<String>, tone: Tone) -> Self {
        Self { text: one_line(&text.into()), tone }
    }

    pub(crate) fn plain(text: impl Into<String>) -> Self {
        Self::new(text, Tone::Plain)
    }

    /// The text, or a dash if there is none.
    pub(crate) fn optional(text: Option<impl Into<String>>, tone: Tone) -> Self {
        text.map_or_else(Self::none, |text| Self::new(text, tone))
    }

    pub(crate) fn none() -> Self {
        Self::new("–", Tone::Dim)
    }
}

/// Replaces control characters: text of the tenant must not move the cursor, or start a line that looks like ours.
pub(crate) fn one_line(text: &str) -> String {
    text.replace(char::is_control, " ")
}
