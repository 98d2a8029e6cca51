//! What has to be done at Google and on the connection before a directory can be read.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::cause::Cause;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Requirement {
    Setup,
    UsersApi,
    GroupsApi,
    GroupsAttribute,
}

impl Requirement {
    fn cause(self) -> Cause {
        match self {
            Self::Setup => Cause::SetupIncomplete,
            Self::UsersApi => Cause::UsersApiDisabled,
            Self::GroupsApi => Cause::GroupsApiDisabled,
            Self::GroupsAttribute => Cause::GroupsAttributeDisabled,
        }
    }
}

/// What a connection's setup lacks.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Setup {
    lacking: BTreeSet<Requirement>,
}

impl Setup {
    pub(crate) fn lack(&mut self, requirement: Requirement) {
        self.lacking.insert(requirement);
    }

    pub(crate) fn require(&self, requirements: &[Requirement]) -> Result<(), Cause> {
        match requirements.iter().find(|requirement| self.lacking.contains(requirement)) {
            Some(requirement) => Err(requirement.cause()),
            None => Ok(()),
        }
    }
}
