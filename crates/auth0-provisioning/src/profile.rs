//! Settings of a client from a file.

use std::fmt;

use auth0_transport::{Credentials, Error, SecretString, TenantDomain, Transport};
use serde::Deserialize;

use crate::ClientBuilder;

/// Settings of a client, as a program reads them from a section of its own configuration file. Unknown fields are errors.
///
/// ```
/// use auth0_provisioning::{ClientBuilder, Profile};
///
/// let profile: Profile = serde_json::from_str(r#"{
///     "domain": "acme.eu.auth0.com",
///     "client_id": "aBc123",
///     "client_secret": "not a real one"
/// }"#)?;
/// let client = ClientBuilder::from_profile(&profile)?.build()?;
/// # drop(client);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// An empty field counts as not set. `api_token` takes precedence over the client secret, as in
/// [`ClientBuilder::from_env`]; `base_url` and `audience` are optional.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Profile {
    /// The tenant's domain.
    pub domain: String,
    /// The application's client id.
    #[serde(default)]
    pub client_id: Option<String>,
    /// The application's client secret.
    #[serde(default, deserialize_with = "secret")]
    pub client_secret: Option<SecretString>,
    /// An access token, instead of an application.
    #[serde(default, deserialize_with = "secret")]
    pub api_token: Option<SecretString>,
    /// The audience of the token, if it is not `https://DOMAIN/api/v2/`.
    #[serde(default)]
    pub audience: Option<String>,
    /// The origin of the API, if it is not `https://DOMAIN`.
    #[serde(default)]
    pub base_url: Option<String>,
}

fn secret<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<SecretString>, D::Error> {
    let secret = Option::<String>::deserialize(deserializer)?;
    Ok(secret.filter(|secret| !secret.is_empty()).map(SecretString::from))
}

impl Profile {
    /// A profile without credentials.
    #[must_use]
    pub fn new(domain: impl Into<String>) -> Self {
        Self {
            domain: domain.into(),
            client_id: None,
            client_secret: None,
            api_token: None,
            audience: None,
            base_url: None,
        }
    }

    fn credentials(&self) -> Result<Credentials, Error> {
        match (&self.api_token, set(self.client_id.as_ref()), &self.client_secret) {
            (Some(token), ..) => Ok(Credentials::bearer(token.clone())),
            (None, Some(id), Some(secret)) => Ok(Credentials::client_secret(id, secret.clone())),
            _ => Err(Error::invalid_request("the profile needs `api_token`, or `client_id` and `client_secret`")),
        }
    }
}

fn set(field: Option<&String>) -> Option<&str> {
    field.map(String::as_str).filter(|value| !value.is_empty())
}

impl ClientBuilder {
    /// Returns a builder with the settings of a profile.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidRequest`](crate::ErrorKind::InvalidRequest): the domain is not one, or credentials are missing.
    pub fn from_profile(profile: &Profile) -> Result<Self, Error> {
        let domain: TenantDomain = profile.domain.parse().map_err(Error::invalid_request)?;
        let credentials = profile.credentials()?;
        let mut builder = Self::new(Transport::builder(domain)).credentials(credentials);
        if let Some(audience) = set(profile.audience.as_ref()) {
            builder = builder.audience(audience);
        }
        if let Some(origin) = set(profile.base_url.as_ref()) {
            builder = builder.base_url(origin);
        }
        Ok(builder)
    }
}

/// Without the secrets.
impl fmt::Debug for Profile {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Profile")
            .field("domain", &self.domain)
            .field("client_id", &self.client_id)
            .field("audience", &self.audience)
            .field("base_url", &self.base_url)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn build(profile: &str) -> Result<(), String> {
        let profile: Profile = serde_json::from_str(profile).map_err(|error| error.to_string())?;
        assert!(!format!("{profile:?}").contains("s3cret"));
        let builder = ClientBuilder::from_profile(&profile).map_err(|error| error.to_string())?;
        builder.build().map(drop).map_err(|error| error.to_string())
    }

    #[test]
    fn names_missing_and_misspelled_fields() {
        for (profile, expected) in [
            (r#"{ "domain": "a.auth0.com", "api_token": "s3cret" }"#, None),
            (r#"{ "domain": "a.auth0.com", "client_id": "id", "client_secret": "s3cret" }"#, None),
            (r#"{ "domain": "a.auth0.com", "api_token": "s3cret", "base_url": "http://127.0.0.1:1" }"#, None),
            (r#"{ "domain": "a.auth0.com", "client_id": "id" }"#, Some("needs `api_token`")),
            (r#"{ "domain": "a.auth0.com", "api_token": "" }"#, Some("needs `api_token`")),
            (r#"{ "domain": "https://a.auth0.com", "api_token": "s3cret" }"#, Some("scheme")),
            (r#"{ "domain": "a.auth0.com", "api_tokn": "s3cret" }"#, Some("unknown field `api_tokn`")),
            (r#"{ "api_token": "s3cret" }"#, Some("missing field `domain`")),
        ] {
            match (build(profile), expected) {
                (Ok(()), None) => {}
                (Err(error), Some(expected)) => {
                    assert!(error.contains(expected) && !error.contains("s3cret"), "{error}");
                }
                (built, _) => panic!("{profile}: {built:?}"),
            }
        }
    }
}
