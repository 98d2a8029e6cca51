//! An HTTP client with one connection.

use bytes::Bytes;
use http::Request;
use http::header::{AUTHORIZATION, CONTENT_TYPE, HOST};
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use super::error::ReplayError;
use crate::tenant::MockTenant;

pub(super) struct Caller {
    sender: SendRequest<Full<Bytes>>,
    host: String,
}

impl Caller {
    pub(super) async fn connect(tenant: &MockTenant) -> Result<Self, ReplayError> {
        let host = tenant.base_url().trim_start_matches("http://").to_owned();
        let stream = TcpStream::connect(&host).await?;
        let (sender, connection) = handshake(TokioIo::new(stream)).await?;
        // The connection ends with the sender, which returns its errors.
        tokio::spawn(async move { drop(connection.await) });
        Ok(Self { sender, host })
    }

    pub(super) async fn call(
        &mut self,
        method: &str,
        path: &str,
        token: Option<&str>,
        body: Option<&str>,
    ) -> Result<(u16, Bytes), ReplayError> {
        let mut request = Request::builder().method(method).uri(path).header(HOST, &self.host);
        if let Some(token) = token {
            request = request.header(AUTHORIZATION, format!("Bearer {token}"));
        }
        if body.is_some() {
            request = request.header(CONTENT_TYPE, "application/json");
        }
        let body = Bytes::from(body.unwrap_or_default().to_owned());
        self.sender.ready().await?;
        let response = self.sender.send_request(request.body(Full::new(body))?).await?;
        let status = response.status().as_u16();
        Ok((status, response.into_body().collect().await?.to_bytes()))
    }
}
