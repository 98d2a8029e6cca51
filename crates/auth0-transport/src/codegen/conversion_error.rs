//! The error for a value that its type does not allow.

use std::{borrow::Cow, fmt};

/// A value that its type does not allow.
pub struct ConversionError(Cow<'static, str>);

impl std::error::Error for ConversionError {}

impl fmt::Display for ConversionError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, formatter)
    }
}

impl fmt::Debug for ConversionError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, formatter)
    }
}

impl From<&'static str> for ConversionError {
    fn from(reason: &'static str) -> Self {
        Self(reason.into())
    }
}

impl From<String> for ConversionError {
    fn from(reason: String) -> Self {
        Self(reason.into())
    }
}
