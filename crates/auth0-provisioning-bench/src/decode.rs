//! Measures how a page of configurations is decoded, compared with plain JSON values.

use std::{hint::black_box, time::Instant};

use auth0_provisioning::DirectoryProvisioning;

use crate::{
    Failure,
    row::{Row, median},
    server::{CONFIGURATION, PAGE},
};

const ROUNDS: usize = 201;

/// Measures the decoding of a page.
///
/// # Errors
///
/// Fails if a page cannot be decoded.
pub fn measure() -> Result<(), Failure> {
    let page = format!("[{}]", vec![CONFIGURATION; PAGE].join(","));
    let (mut values, mut typed) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let start = Instant::now();
        black_box(serde_json::from_str::<Vec<serde_json::Value>>(black_box(&page))?);
        values.push(start.elapsed().as_secs_f64() * 1e6);
        let start = Instant::now();
        black_box(serde_json::from_str::<Vec<DirectoryProvisioning>>(black_box(&page))?);
        typed.push(start.elapsed().as_secs_f64() * 1e6);
    }
    let what = format!("decoding {PAGE} configurations of {} bytes", CONFIGURATION.len());
    Row::new(what, "`serde_json::Value`", "µs", median(values), median(typed)).print()
}
