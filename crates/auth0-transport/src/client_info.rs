//! Who calls, for the tenant's statistics.

use base64::{Engine, engine::general_purpose::STANDARD};
use http::{HeaderName, HeaderValue};
use serde_json::json;

use crate::Error;

/// The header that Auth0's SDKs introduce themselves with.
pub(crate) const AUTH0_CLIENT: HeaderName = HeaderName::from_static("auth0-client");

/// Name and version of the program or library that calls.
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
            .map_err(|_| Error::invalid_configuration("the client's name or version does not fit into a header"))
    }

    pub(crate) fn auth0_client(&self) -> Result<HeaderValue, Error> {
        let info = json!({
            "name": self.name,
            "version": self.version,
            "env": { "os": std::env::consts::OS, "arch": std::env::consts::ARCH },
        });
        HeaderValue::try_from(STANDARD.encode(info.to_string()))
            .map_err(|error| Error::invalid_configuration("the client's name makes no header").caused_by(error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_header_is_base64_of_name_version_and_environment() {
        let header = ClientInfo { name: "x".into(), version: "1.2".into() }.auth0_client().unwrap();
        let info: serde_json::Value = serde_json::from_slice(&STANDARD.decode(header.as_bytes()).unwrap()).unwrap();
        assert_eq!((&info["name"], &info["version"]), (&json!("x"), &json!("1.2")));
        assert!(info["env"].is_object());
    }

    #[test]
    fn names_that_break_out_of_a_header_are_refused() {
        let info = ClientInfo { name: "x\r\nevil: 1".into(), version: "1".into() };
        assert!(info.user_agent().is_err());
    }
}
