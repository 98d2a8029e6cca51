//! Applications in seed files.

use schemars::JsonSchema;
use serde::Deserialize;

use super::error::SeedError;
use crate::application::Application;

#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SeedApplication {
    client_id: String,
    client_secret: Option<String>,
    /// A public key in PEM, for applications that authenticate with a JWT.
    public_key_pem: Option<String>,
    /// Defaults to all scopes.
    scopes: Option<Vec<String>>,
    /// Tokens per hour.
    token_quota: Option<u32>,
}

impl SeedApplication {
    /// Returns the application. `place` is its place in the seed file.
    pub(super) fn application(&self, place: &str) -> Result<Application, SeedError> {
        let mut application = Application::new(self.client_id.clone());
        if let Some(secret) = &self.client_secret {
            application = application.secret(secret.clone());
        }
        if let Some(pem) = &self.public_key_pem {
            let read = application.public_key_pem(pem);
            application = read.map_err(|error| SeedError::at(format!("{place}.public_key_pem"), error.to_string()))?;
        }
        if let Some(scopes) = &self.scopes {
            application = application.scopes(&scopes.iter().map(String::as_str).collect::<Vec<_>>());
        }
        if let Some(quota) = self.token_quota {
            application = application.token_quota(quota);
        }
        Ok(application)
    }
}
