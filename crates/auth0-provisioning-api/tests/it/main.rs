//! The generated client: its requests, what it decodes, and its inventory.

#![allow(clippy::unwrap_used)] // a test fails by panicking

mod decoding;
mod inventory;
mod json_schema;
mod requests;
mod successes;
mod wire;
