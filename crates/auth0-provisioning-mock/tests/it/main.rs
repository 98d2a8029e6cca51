//! The behaviour of the tenant over HTTP.

// A test that cannot go on fails; clippy allows for that only in functions that are marked as tests.
#![allow(clippy::unwrap_used)]

mod arrivals;
mod caller;
mod causes;
mod causes_around;
mod configuration;
mod connection_life;
mod connections;
#[cfg(all(feature = "control", feature = "validation"))]
mod control;
mod error_responses;
mod faults;
mod groups;
mod lists;
#[cfg(feature = "control")]
mod page;
#[cfg(feature = "program")]
mod program;
mod rate_limit;
mod repeatability;
mod request_log;
mod scim;
#[cfg(all(feature = "control", feature = "validation"))]
mod seed;
mod stubs;
mod synchronization;
#[cfg(feature = "tls")]
mod tls;
mod tokens;
