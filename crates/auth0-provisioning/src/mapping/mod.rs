//! Mappings: which directory attribute feeds which user field.

mod difference;

pub use difference::{MappingChange, MappingDifference};
