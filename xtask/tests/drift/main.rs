//! `cargo xtask drift`, by what it says of small documents.

// What the tests share unwraps as the tests do; clippy allows it only inside of test functions by itself.
#![allow(clippy::unwrap_used)]

mod accepted;
mod command;
mod documents;
mod hostile;
mod operations;
mod releases;
mod reports;
mod requests;
mod responses;
mod spelling;
