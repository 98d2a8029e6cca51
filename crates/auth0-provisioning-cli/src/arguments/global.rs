//! Arguments of every command.

use clap::{Args, ValueEnum, builder::NonEmptyStringValueParser};

use crate::output::Format;

// Each is a flag of its own.
#[allow(clippy::struct_excessive_bools)]
#[derive(Debug, Args)]
#[command(next_help_heading = "Options of every command")]
pub(crate) struct Global {
    /// Use this profile instead of the environment and the chosen profile [env: A0P_PROFILE]
    // The context reads the variable: clap would take an empty one for a name.
    #[arg(long, global = true, value_name = "NAME", value_parser = NonEmptyStringValueParser::new(), display_order = 101)]
    pub(crate) profile: Option<String>,
    /// Use a demo tenant inside the program, without an account. Changes are not stored
    #[arg(long, global = true, display_order = 102)]
    pub(crate) demo: bool,
    /// The format of results [default: table on a terminal, otherwise ndjson]
    #[arg(long, short, global = true, value_enum, value_name = "FORMAT", display_order = 103)]
    pub(crate) output: Option<Format>,
    /// The fields of results, separated by commas. The help of a command lists its fields
    #[arg(long, global = true, value_delimiter = ',', value_name = "FIELDS", display_order = 104)]
    pub(crate) fields: Vec<String>,
    /// When to use colour. NO_COLOR turns it off, too
    #[arg(long, global = true, value_enum, default_value_t, value_name = "WHEN", display_order = 105)]
    pub(crate) color: ColorChoice,
    /// Ask no questions. A command that needs one fails
    #[arg(long, global = true, display_order = 106)]
    pub(crate) no_input: bool,
    /// Request a new token instead of using the stored one, for example after you granted scopes
    #[arg(long, global = true, display_order = 107)]
    pub(crate) new_token: bool,
    /// Print no messages except errors
    #[arg(long, short, global = true, conflicts_with = "verbose", display_order = 108)]
    pub(crate) quiet: bool,
    /// Print each request, with its duration, retries and waits
    #[arg(long, short, global = true, display_order = 109)]
    pub(crate) verbose: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum ColorChoice {
    // On a terminal. A doc comment would become a part of the help.
    #[default]
    Auto,
    Always,
    Never,
}
