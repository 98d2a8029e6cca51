//! Tests of the transport with scripted servers. One program links faster than several.

#![allow(clippy::unwrap_used)] // a test fails by panicking

mod http2;
mod limits;
mod one_call;
mod proxies;
mod requests;
mod retries;
mod scripted;
mod secrets;
mod stalls;
mod tokens;
