//! The name and version of the calling program.

use base64::{Engine, engine::general_purpose::STANDARD};
use http::{HeaderName, HeaderValue};
use serde_json::json;

use crate::Error;

/// The header with the name and version of an Auth0 SDK.
pub(crate) const AUTH0_CLIENT: HeaderName = HeaderName::from_static("auth0-client");

/// The name and version of the calling program or library.
#[derive(Debug, Clone)]
pub(crate) struct ClientInfo {
    pub(crate) name: String,
    pub(crate) version: String,
}

impl Default for ClientInfo {
    fn default() -> Self {
        Self { name: "auth0-provisioning".to_owned(), version: env!("CARGO_PKG_VERSION").to_owned() }
    }
}

impl ClientInfo {
    pub(crate) fn user_agent(&self) -> Result<HeaderValue, Error> {
        HeaderValue::try_from(format!("{}/{}", self.name, self.version))
            .map_err(|_| Error::invalid_configuration("the client's name or version is not allowed in a header"))
    }

    pub(crate) fn auth0_client(&self) -> Result<HeaderValue, Error> {
        let info = json!({
            "name": self.name,
            "version": self.version,
            "env": { "os": std::env::consts::OS, "arch": std::env::consts::ARCH },
        });
        HeaderValue::try_from(STANDARD.encode(info.to_string())).map_err(|error| {
            Error::invalid_configuration("the client's name is not allowed in a header").caused_by(error)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn header_is_base64_of_name_version_and_environment() {
        let header = ClientInfo { name: "x".into(), version: "1.2".into() }.auth0_client().unwrap();
        let info: serde_json::Value = serde_json::from_slice(&STANDARD.decode(header.as_bytes()).unwrap()).unwrap();
        assert_eq!((&info["name"], &info["version"]), (&json!("x"), &json!("1.2")));
        assert!(info["env"].is_object());
    }

    #[test]
    fn name_with_line_breaks_is_an_error() {
        let info = ClientInfo { name: "x\r\nevil: 1".into(), version: "1".into() };
        assert!(info.user_agent().is_err());
    }
}
