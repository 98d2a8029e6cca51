//! The result of a change of options.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The changes that were made, or in a dry run would be made. Contains only the names of options, because some values are
/// secrets.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct OptionsChanged {
    /// The options that got another value.
    pub set: Vec<String>,
    /// The options that were removed.
    pub removed: Vec<String>,
    /// Options that the tenant changed by itself along with them, and those that it gave a default again after they were
    /// removed; also `display_name` and `realms` of the connection, where they are not as before. None in a dry run.
    pub also_changed: Vec<String>,
    /// Whether the write was accepted and could not be verified, because the tenant showed no options afterwards.
    pub unverified: bool,
    /// What the change does to the consent of the administrator.
    pub warnings: Vec<OptionsWarning>,
}

/// What a change does to the consent of the administrator of the other side (`google-apps`).
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub struct OptionsWarning {
    /// What happens to the consent.
    pub consent: Consent,
    /// The options that hold it, that it depends on, or that are turned on.
    pub options: Vec<String>,
    /// Where an administrator consents again, if the tenant says so.
    pub consent_url: Option<String>,
}

/// What a change of options does to a consent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Consent {
    /// The tokens that hold it are removed, by the change or by the tenant.
    Removed,
    /// It was given to another application or domain.
    Outdated,
    /// It does not cover what the options that are turned on need.
    TooNarrow,
}

impl OptionsChanged {
    /// Whether the options were as wanted, so that nothing was written.
    #[must_use]
    pub fn is_unchanged(&self) -> bool {
        self.set.is_empty() && self.removed.is_empty()
    }
}

impl OptionsWarning {
    /// Returns whether the present consent becomes useless.
    #[must_use]
    pub fn drops_consent(&self) -> bool {
        self.consent != Consent::TooNarrow
    }
}

impl fmt::Display for OptionsWarning {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self.consent {
            Consent::Removed => "removing it drops the administrator's consent",
            Consent::Outdated => "the administrator's consent was given for another value",
            Consent::TooNarrow => "it needs more than the administrator consented to so far",
        };
        write!(formatter, "{}: {what}; an administrator has to consent again", self.options.join(", "))?;
        self.consent_url.as_ref().map_or(Ok(()), |url| write!(formatter, " at {url}"))
    }
}

/// Prints one line for each kind of change, then the warnings.
impl fmt::Display for OptionsChanged {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut lines = Vec::new();
        if self.is_unchanged() {
            lines.push("unchanged".to_owned());
        }
        for (what, names) in [("set", &self.set), ("removed", &self.removed), ("also changed", &self.also_changed)] {
            if !names.is_empty() {
                lines.push(format!("{what}: {}", names.join(", ")));
            }
        }
        if self.unverified {
            lines.push("not verified: the tenant showed no options after the write".to_owned());
        }
        lines.extend(self.warnings.iter().map(|warning| format!("warning: {warning}")));
        formatter.write_str(&lines.join("\n"))
    }
}
