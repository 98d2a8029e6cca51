//! Checks of domain, token, scopes, clock and features.

mod probe;
mod verb;

use std::{collections::BTreeMap, fmt};

use serde::Serialize;

pub use self::verb::Verb;

/// The result of [`Client::diagnose`](crate::Client::diagnose). Its `Display` has a line for each check.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Diagnosis {
    /// The checks, in their order.
    pub checks: Vec<Check>,
    /// Scopes, and whether the token has them. Scopes that could not be checked are missing here. The scopes of directory
    /// provisioning are checked by calls. The others are known if the tenant returns the granted scopes, as it does for
    /// client credentials.
    pub scopes: BTreeMap<&'static str, bool>,
    /// By how many seconds this machine's clock is ahead of the tenant's, negative if behind; `None` if the tenant could not
    /// be asked. The tenant's time has a resolution of one second.
    pub clock_offset_seconds: Option<i64>,
}

/// One check.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Check {
    /// The name of the check.
    pub name: &'static str,
    /// The result.
    pub result: CheckResult,
}

/// The result of a check.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum CheckResult {
    /// The check passed.
    Passed,
    /// The check failed, and the state that was found.
    Failed(String),
    /// The check was skipped, and the reason.
    Skipped(String),
}

/// By how many seconds the clocks may differ before the check of the clock fails.
const CLOCK_TOLERANCE: i64 = 5;

impl Diagnosis {
    /// Whether no check failed.
    #[must_use]
    pub fn is_ok(&self) -> bool {
        !self.checks.iter().any(|check| matches!(check.result, CheckResult::Failed(_)))
    }

    /// The result of the check with this name.
    #[must_use]
    pub fn check(&self, name: &str) -> Option<&CheckResult> {
        self.checks.iter().find(|check| check.name == name).map(|check| &check.result)
    }

    /// The scopes that the token is known to lack for a verb.
    #[must_use]
    pub fn missing_scopes(&self, verb: Verb) -> Vec<&'static str> {
        // Either of the two suffices to read the log.
        let has_other = |scope: &str| scope == "read:logs" && self.scopes.get("read:logs_users") == Some(&true);
        let lacks = |scope: &&&str| self.scopes.get(**scope) == Some(&false) && !has_other(scope);
        verb.scopes().iter().filter(lacks).copied().collect()
    }

    fn add(&mut self, name: &'static str, result: CheckResult) {
        self.checks.push(Check { name, result });
    }

    fn add_clock(&mut self) {
        let result = match self.clock_offset_seconds {
            None => CheckResult::Skipped("the tenant's time is not known".to_owned()),
            Some(offset) if offset.abs() <= CLOCK_TOLERANCE => CheckResult::Passed,
            Some(offset) => {
                let side = if offset > 0 { "ahead of" } else { "behind" };
                CheckResult::Failed(format!("{} s {side} the tenant's clock", offset.abs()))
            }
        };
        self.add("clock", result);
    }
}

impl fmt::Display for CheckResult {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Passed => formatter.write_str("ok"),
            Self::Failed(reason) => write!(formatter, "FAILED: {reason}"),
            Self::Skipped(reason) => write!(formatter, "skipped: {reason}"),
        }
    }
}

impl fmt::Display for Diagnosis {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for Check { name, result } in &self.checks {
            writeln!(formatter, "{name:<38} {result}")?;
        }
        for verb in Verb::ALL {
            let missing = self.missing_scopes(*verb);
            if !missing.is_empty() {
                writeln!(formatter, "{verb} needs {}", missing.join(" "))?;
            }
        }
        Ok(())
    }
}
