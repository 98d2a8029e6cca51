//! The mode of group synchronization, in arguments and in files.

use auth0_provisioning::SynchronizeGroups;
use clap::ValueEnum;
use schemars::JsonSchema;
use serde::Serialize;

/// Which groups are synchronized.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub(crate) enum GroupsMode {
    /// All groups of the directory.
    All,
    /// No groups.
    Off,
    /// The selected groups.
    Selected,
}

impl From<GroupsMode> for SynchronizeGroups {
    fn from(mode: GroupsMode) -> Self {
        match mode {
            GroupsMode::All => Self::All,
            GroupsMode::Off => Self::Off,
            GroupsMode::Selected => Self::Selected,
        }
    }
}
