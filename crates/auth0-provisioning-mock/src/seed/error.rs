//! What is wrong with a seed file.

use thiserror::Error;

/// What is wrong with a seed file.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum SeedError {
    /// It is not of the shape of a seed file.
    #[error("the seed is not acceptable: {0}")]
    Shape(String),
    /// A value in it means nothing.
    #[error("`{place}` is not acceptable: {what}")]
    Value {
        /// Where, such as `connections[0].directory_provisioning`.
        place: String,
        /// What is wrong there.
        what: String,
    },
}

impl SeedError {
    pub(super) fn at(place: impl Into<String>, what: impl Into<String>) -> Self {
        Self::Value { place: place.into(), what: what.into() }
    }
}
