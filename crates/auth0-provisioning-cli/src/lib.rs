//! The program `a0p`: Auth0's inbound provisioning in a terminal and in a pipeline. Unofficial; not an Auth0 product.
//!
//! [`run`] is the whole program with everything that it touches given by a [`Host`], so that tests run it in their own
//! process. [`definition`] is what it accepts; help, completions and man page are made from it.
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() {
//! let (host, out, _) = a0p::Host::in_memory();
//! let code = a0p::run(["a0p", "--demo", "list", "--output", "csv", "--fields", "connection_name"], host).await;
//! assert_eq!(code, 0);
//! assert!(out.text().starts_with("connection_name\n"));
//! # }
//! ```

mod arguments;
mod commands;
mod context;
mod credentials;
mod declaration;
mod demo;
mod duration;
mod echo;
mod exit_code;
mod failure;
mod host;
mod interrupt;
mod operations;
mod output;
mod program;
mod resolve;
mod selection;
mod story;
mod work;

pub use crate::{
    arguments::definition,
    credentials::{Keyring, KeyringError},
    exit_code::ExitCode,
    host::{Host, Written},
    interrupt::Interrupt,
    operations::{OPERATIONS, Place},
    program::run,
};
