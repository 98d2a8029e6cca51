//! How far a release has to go.

use std::fmt;

use serde::Serialize;

/// How far a release has to go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Release {
    /// Nothing to release.
    None,
    /// Documentation, and what the server does by itself.
    Patch,
    /// Something new.
    Minor,
    /// Something that callers have to follow.
    Major,
}

impl Release {
    /// The version after this one. Before 1.0, a minor release may break and a patch release may add.
    pub(super) fn after(self, version: &str) -> Option<String> {
        let mut numbers = version.split('.').map(|part| part.parse::<u64>().ok());
        let (major, minor, patch) = (numbers.next()??, numbers.next()??, numbers.next()??);
        let next = match (major, self) {
            (_, Self::None) => return None,
            (0, Self::Major) => (0, minor + 1, 0),
            (0, _) | (_, Self::Patch) => (major, minor, patch + 1),
            (_, Self::Minor) => (major, minor + 1, 0),
            (_, Self::Major) => (major + 1, 0, 0),
        };
        Some(format!("{}.{}.{}", next.0, next.1, next.2))
    }
}

impl fmt::Display for Release {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&format!("{self:?}").to_lowercase())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn before_1_0_a_breaking_change_raises_the_minor_version() {
        assert_eq!(Release::Major.after("0.1.4").as_deref(), Some("0.2.0"));
        assert_eq!(Release::Minor.after("0.1.4").as_deref(), Some("0.1.5"));
        assert_eq!(Release::Major.after("1.2.3").as_deref(), Some("2.0.0"));
        assert_eq!(Release::Minor.after("1.2.3").as_deref(), Some("1.3.0"));
        assert_eq!(Release::Patch.after("1.2.3").as_deref(), Some("1.2.4"));
        assert_eq!(Release::None.after("1.2.3"), None);
    }
}
