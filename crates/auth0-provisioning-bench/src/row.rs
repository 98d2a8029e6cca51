//! One row of a result.

use serde::{Deserialize, Serialize};

/// What was measured, on the side of the client and on the side that it is compared with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// What was measured.
    pub what: String,
    /// What it is compared with.
    pub beside: String,
    /// The unit of both figures.
    pub unit: String,
    /// The figure of what it is compared with.
    pub other: f64,
    /// The figure of the client.
    pub ours: f64,
}

impl Row {
    /// A row.
    #[must_use]
    pub fn new(what: impl Into<String>, beside: &str, unit: &str, other: f64, ours: f64) -> Self {
        Self { what: what.into(), beside: beside.into(), unit: unit.into(), other, ours }
    }

    /// Prints it as a line of JSON.
    ///
    /// # Errors
    ///
    /// A figure that JSON cannot represent.
    pub fn print(&self) -> Result<(), crate::Failure> {
        println!("{}", serde_json::to_string(self)?);
        Ok(())
    }
}

/// The median.
#[must_use]
pub fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied().unwrap_or(f64::NAN)
}
