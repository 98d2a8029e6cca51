//! Development tasks of `auth0-provisioning`: generates the client crate from an `OpenAPI` document, reports how the document
//! changes, and runs gates and measurements.

pub mod bench;
pub mod ci;
pub mod contract;
pub mod drift;
pub mod generate;
pub mod interop;
#[cfg(test)]
mod layers;
pub mod model;
pub mod openapi;
pub mod package;
pub mod project;
pub mod public_api;
pub mod semver;
pub mod words;
