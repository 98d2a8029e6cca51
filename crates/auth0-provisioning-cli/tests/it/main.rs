//! The program `a0p` against the mock tenant.

#![allow(clippy::unwrap_used)] // a test fails by panicking

mod changing;
mod credentials;
mod files;
mod help;
mod operations;
mod reading;
mod secrets;
#[cfg(unix)]
mod signals;
mod support;
mod terminal;
