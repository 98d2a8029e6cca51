//! The workshop of `auth0-provisioning`: it turns an `OpenAPI` document into a client crate, and watches how the
//! document moves.

pub mod bench;
pub mod ci;
pub mod contract;
pub mod drift;
pub mod generate;
pub mod interop;
#[cfg(test)]
mod layers;
pub mod openapi;
pub mod package;
pub mod project;
pub mod public_api;
pub mod semver;
