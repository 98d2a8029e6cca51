//! Arguments of every command.

use clap::{Args, ValueEnum, builder::NonEmptyStringValueParser};

/// Arguments of every command.
// Each is a flag of its own.
#[allow(clippy::struct_excessive_bools)]
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Options of every command")]
pub(crate) struct Global {
    /// Use this profile in place of the environment and the chosen profile [env: A0P_PROFILE]
    // By hand: clap takes a variable that is empty for a name.
    #[arg(long, global = true, value_name = "NAME", value_parser = NonEmptyStringValueParser::new(), display_order = 101)]
    pub(crate) profile: Option<String>,
    /// Use a demonstration tenant inside of the program; nothing is kept
    #[arg(long, global = true, display_order = 102)]
    pub(crate) demo: bool,
    /// How results are written [default: table on a terminal, ndjson otherwise]
    #[arg(long, short, global = true, value_enum, value_name = "FORMAT", display_order = 103)]
    pub(crate) output: Option<Format>,
    /// Which fields are written, separated by commas; an unknown name lists all
    #[arg(long, global = true, value_delimiter = ',', value_name = "FIELDS", display_order = 104)]
    pub(crate) fields: Vec<String>,
    /// When to use colour; NO_COLOR turns it off, too
    #[arg(long, global = true, value_enum, default_value_t, value_name = "WHEN", display_order = 105)]
    pub(crate) color: ColorChoice,
    /// Ask no questions; fail where one is needed
    #[arg(long, global = true, display_order = 106)]
    pub(crate) no_input: bool,
    /// Ask for a new token instead of the stored one, for example after scopes were granted
    #[arg(long, global = true, display_order = 107)]
    pub(crate) new_token: bool,
    /// Write no messages besides errors
    #[arg(long, short, global = true, conflicts_with = "verbose", display_order = 108)]
    pub(crate) quiet: bool,
    /// Show each request, with its duration, retries and waits
    #[arg(long, short, global = true, display_order = 109)]
    pub(crate) verbose: bool,
}

/// How results are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    // Aligned columns, for people.
    Table,
    // One JSON document.
    Json,
    // A JSON object in each line.
    Ndjson,
    // Comma-separated values with a header.
    Csv,
}

/// When to use colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum ColorChoice {
    // On a terminal.
    #[default]
    Auto,
    Always,
    Never,
}
