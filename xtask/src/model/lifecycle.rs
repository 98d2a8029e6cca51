//! Deprecation and early access.

/// Deprecation and early access.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lifecycle {
    /// `deprecated`.
    pub deprecated: bool,
    /// `x-release-lifecycle`, such as `EA` or `beta`.
    pub stage: Option<String>,
}
