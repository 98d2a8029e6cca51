//! How the tenant behaves towards whoever calls it over HTTP.

// A test that cannot go on fails; clippy allows for that only in functions that are marked as tests.
#![allow(clippy::unwrap_used)]

mod caller;
mod causes;
mod configuration;
mod connections;
mod faults;
mod groups;
mod lists;
#[cfg(feature = "program")]
mod program;
mod rate_limit;
mod repeatability;
mod request_log;
mod stubs;
mod synchronization;
#[cfg(feature = "tls")]
mod tls;
mod tokens;
