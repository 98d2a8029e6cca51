//! Limits and tokens shared through Redis, against a server that the tests start.

#![allow(clippy::unwrap_used)] // a test fails by panicking

mod budget;
mod secrets;
mod support;
mod tokens;
mod topologies;
