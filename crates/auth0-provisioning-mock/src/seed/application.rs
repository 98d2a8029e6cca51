//! What a seed file says of an application that may ask for tokens.

use schemars::JsonSchema;
use serde::Deserialize;

use super::error::SeedError;
use crate::application::Application;

#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SeedApplication {
    client_id: String,
    client_secret: Option<String>,
    /// A public key in PEM, for applications that prove who they are with a JWT.
    public_key_pem: Option<String>,
    /// Every scope unless told.
    scopes: Option<Vec<String>>,
    /// Tokens an hour.
    token_quota: Option<u32>,
}

impl SeedApplication {
    /// The application; `place` is where the seed file has it.
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
