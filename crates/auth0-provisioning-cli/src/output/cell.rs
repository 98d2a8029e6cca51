//! A piece of text with a tone.

use anstyle::{AnsiColor, Style};

/// What a text means, which colour shows.
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
    pub(crate) fn style(self) -> Style {
        match self {
            Self::Plain => Style::new(),
            Self::Strong => Style::new().bold(),
            Self::Dim => Style::new().dimmed(),
            Self::Good => AnsiColor::Green.on_default(),
            Self::Warning => AnsiColor::Yellow.on_default(),
            Self::Bad => AnsiColor::Red.on_default(),
        }
    }

    /// The text in this tone, or as it is without colour.
    pub(crate) fn paint(self, text: &str, colour: bool) -> String {
        let style = self.style();
        if colour && self != Self::Plain { format!("{style}{text}{style:#}") } else { text.to_owned() }
    }
}

/// What stands in a table.
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

    /// The text, or a dash where there is none.
    pub(crate) fn optional(text: Option<impl Into<String>>) -> Self {
        text.map_or_else(Self::none, Self::plain)
    }

    pub(crate) fn none() -> Self {
        Self::new("–", Tone::Dim)
    }
}

/// What the server says must not move the cursor, or begin a line that looks like ours.
pub(crate) fn one_line(text: &str) -> String {
    text.chars().map(|character| if character.is_control() { ' ' } else { character }).collect()
}
