//! A row of the result.

use serde::{Deserialize, Serialize};

/// A figure of the client, and the same figure of the side that it is compared with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// The figure that was measured.
    pub what: String,
    /// The side that the client is compared with.
    pub beside: String,
    /// The unit of both figures.
    pub unit: String,
    /// The figure of that side.
    pub other: f64,
    /// The figure of the client.
    pub ours: f64,
}

impl Row {
    /// Creates a row.
    #[must_use]
    pub fn new(what: impl Into<String>, beside: &str, unit: &str, other: f64, ours: f64) -> Self {
        Self { what: what.into(), beside: beside.into(), unit: unit.into(), other, ours }
    }

    /// Prints the row as a line of JSON.
    ///
    /// # Errors
    ///
    /// Fails if JSON cannot represent a figure.
    pub fn print(&self) -> Result<(), crate::Failure> {
        println!("{}", serde_json::to_string(self)?);
        Ok(())
    }
}

/// Returns the median, or NaN if there are no figures.
#[must_use]
pub fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied().unwrap_or(f64::NAN)
}
