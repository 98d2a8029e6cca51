//! The program `a0p`: Auth0's inbound provisioning in a terminal and in a pipeline. Unofficial; not an Auth0 product.
//!
//! [`run`] is the whole program. A [`Host`] gives it streams, environment and folders, so that tests can run it in their own
//! process. [`definition`] returns its commands and arguments; help, completions and manual pages are generated from it.
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
mod definition;
mod demo;
mod duration;
mod environment;
mod exit_code;
mod failure;
mod groups_mode;
mod host;
mod input;
mod interrupt;
mod keyring;
mod operations;
mod output;
mod program;
mod request_log;
mod resolve;
mod selection;
mod work;

pub use crate::{
    definition::definition,
    exit_code::ExitCode,
    host::{Host, Written},
    interrupt::Interrupt,
    keyring::{Keyring, KeyringError},
    operations::{OPERATIONS, Place},
    program::run,
};
