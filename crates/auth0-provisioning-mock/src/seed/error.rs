//! Errors of seed files.

use thiserror::Error;

/// A seed file is not acceptable.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum SeedError {
    /// The file does not match the schema.
    #[error("the seed is not acceptable: {0}")]
    Shape(String),
    /// A value is not acceptable.
    #[error("`{place}` is not acceptable: {what}")]
    Value {
        /// The place, such as `connections[0].directory_provisioning`.
        place: String,
        /// The reason.
        what: String,
    },
}

impl SeedError {
    pub(super) fn at(place: impl Into<String>, what: impl Into<String>) -> Self {
        Self::Value { place: place.into(), what: what.into() }
    }
}
