//! The types of requests and responses, those of each area behind its feature.

#[cfg(feature = "connections")]
pub use auth0_provisioning_api::connections::types::*;
pub use auth0_provisioning_api::directory_provisioning::types::*;
#[cfg(feature = "groups")]
pub use auth0_provisioning_api::groups::types::*;
#[cfg(feature = "logs")]
pub use auth0_provisioning_api::logs::types::*;
#[cfg(feature = "scim")]
pub use auth0_provisioning_api::scim::types::*;
