//! Readers under bad input.

#![allow(clippy::unwrap_used)] // a test fails by panicking

mod bad_input;
mod checked_in;
