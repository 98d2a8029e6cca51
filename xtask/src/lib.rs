//! Development tasks of `auth0-provisioning`: generates the client crate from an `OpenAPI` document, reports how the document
//! changes, and runs gates and measurements.

pub mod drift;
pub mod generate;
pub mod model;
pub mod openapi;
pub mod project;
pub mod tasks;
