//! The sides of a comparison: the same call with hyper, with reqwest, and with the client.

use auth0_provisioning::{Client, ClientBuilder, ConnectionId, DirectoryProvisioning};
use bytes::Bytes;
use http_body_util::{BodyExt, Empty};
use hyper_util::{
    client::legacy::{Client as HyperClient, connect::HttpConnector},
    rt::TokioExecutor,
};

use crate::Failure;

/// Names a side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Which {
    /// hyper and serde.
    Hyper,
    /// reqwest and serde.
    Reqwest,
    /// This project's client.
    Client,
}

/// A program that reads a configuration.
#[derive(Clone, Debug)]
pub enum Side {
    /// hyper and serde.
    Hyper(Box<HyperClient<HttpConnector, Empty<Bytes>>>, String),
    /// reqwest and serde.
    Reqwest(reqwest::Client, String),
    /// This project's client.
    Client(Client, ConnectionId),
}

impl Side {
    /// Creates a side that calls this server.
    ///
    /// # Errors
    ///
    /// Fails if a client cannot be built.
    pub fn new(which: Which, origin: &str) -> Result<Self, Failure> {
        let url = format!("{origin}/api/v2/connections/con_0123456789abcdef/directory-provisioning");
        Ok(match which {
            Which::Hyper => Self::Hyper(Box::new(HyperClient::builder(TokioExecutor::new()).build_http()), url),
            Which::Reqwest => Self::Reqwest(reqwest::Client::builder().no_proxy().build()?, url),
            Which::Client => Self::Client(client(origin)?.build()?, "con_0123456789abcdef".parse()?),
        })
    }

    /// Reads the configuration.
    ///
    /// # Errors
    ///
    /// Fails if the call fails.
    pub async fn call(&self) -> Result<DirectoryProvisioning, Failure> {
        match self {
            Self::Hyper(client, url) => {
                let request = hyper::Request::get(url)
                    .header("authorization", "Bearer a-token")
                    .header("accept", "application/json")
                    .body(Empty::new())?;
                let response = client.request(request).await?;
                if !response.status().is_success() {
                    return Err(response.status().to_string().into());
                }
                Ok(serde_json::from_slice(&response.into_body().collect().await?.to_bytes())?)
            }
            Self::Reqwest(client, url) => {
                let request = client.get(url).bearer_auth("a-token").header("accept", "application/json");
                let response = request.send().await?.error_for_status()?;
                Ok(serde_json::from_slice(&response.bytes().await?)?)
            }
            Self::Client(client, connection) => Ok(client.directory_provisioning(connection).get().await?),
        }
    }
}

/// Returns the builder of a client with everything on: a fetched token, pacing by the server's headers, retries.
///
/// # Errors
///
/// Fails if the domain is invalid.
pub fn client(origin: &str) -> Result<ClientBuilder, Failure> {
    Ok(Client::builder("tenant.example.com")?.base_url(origin).client_credentials("id", "secret"))
}
