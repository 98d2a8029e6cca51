//! The transport against scripted servers, in one program, because linking is what makes tests slow.

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
