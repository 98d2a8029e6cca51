//! `a0p` as its users run it, against the mock tenant.

#![allow(clippy::unwrap_used)] // a test fails by panicking

mod changing;
mod credentials;
mod declaring;
mod help;
mod looking;
mod operations;
mod secrets;
#[cfg(unix)]
mod signals;
mod support;
mod terminal;
