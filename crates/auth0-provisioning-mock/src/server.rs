//! The listening socket and its connections.

use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio::sync::{Notify, watch};
use tokio::task::JoinSet;

use crate::exchange;
use crate::shared::Shared;

/// The address of a tenant, and TLS if it is enabled.
pub(crate) struct Endpoint {
    listener: TcpListener,
    address: SocketAddr,
    #[cfg(feature = "tls")]
    tls: Option<tokio_rustls::TlsAcceptor>,
}

impl Endpoint {
    pub(crate) async fn bind(address: &str) -> io::Result<Self> {
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        Ok(Self {
            listener,
            address,
            #[cfg(feature = "tls")]
            tls: None,
        })
    }

    #[cfg(feature = "tls")]
    pub(crate) fn with_tls(self, tls: Option<tokio_rustls::TlsAcceptor>) -> Self {
        Self { tls, ..self }
    }

    #[cfg(feature = "control")]
    pub(crate) fn is_on_loopback(&self) -> bool {
        self.address.ip().is_loopback()
    }

    pub(crate) fn base_url(&self) -> String {
        #[cfg(feature = "tls")]
        let scheme = if self.tls.is_some() { "https" } else { "http" };
        #[cfg(not(feature = "tls"))]
        let scheme = "http";
        format!("{scheme}://{}", self.address)
    }

    /// Serves until `stop` turns true, then finishes the responses under way.
    pub(crate) async fn serve(self, shared: Arc<Shared>, stop: watch::Receiver<bool>) {
        let mut connections = JoinSet::new();
        let mut ending = stop.clone();
        loop {
            tokio::select! {
                accepted = self.listener.accept() => {
                    let Ok((stream, _)) = accepted else {
                        // Most likely no file handle is free. Wait until some are.
                        tokio::time::sleep(Duration::from_millis(10)).await;
                        continue;
                    };
                    // Responses are small and complete. Waiting to fill a packet would only delay them.
                    let _ = stream.set_nodelay(true);
                    let (shared, stop) = (Arc::clone(&shared), stop.clone());
                    #[cfg(feature = "tls")]
                    if let Some(tls) = self.tls.clone() {
                        connections.spawn(async move {
                            // A client that does not trust the certificate closes the connection.
                            if let Ok(stream) = tls.accept(stream).await {
                                serve_connection(stream, shared, stop).await;
                            }
                        });
                        continue;
                    }
                    connections.spawn(serve_connection(stream, shared, stop));
                }
                Some(_) = connections.join_next() => {}
                () = stopped(&mut ending) => break,
            }
        }
        // New connections are rejected at once.
        drop(self);
        while connections.join_next().await.is_some() {}
    }
}

async fn serve_connection<S>(stream: S, shared: Arc<Shared>, mut stop: watch::Receiver<bool>)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let close = Arc::new(Notify::new());
    let service = service_fn(|request| exchange::respond(Arc::clone(&shared), request, Arc::clone(&close)));
    let protocol = protocol();
    let mut serving = pin!(protocol.serve_connection(TokioIo::new(stream), service));
    tokio::select! {
        // Tests end many connections on purpose. The client reports the error.
        _ = serving.as_mut() => return,
        () = close.notified() => {}
        () = stopped(&mut stop) => {}
    }
    serving.as_mut().graceful_shutdown();
    let _ = serving.await;
}

/// Serves HTTP/1.1, or HTTP/2 if the client starts with it. The date comes from the tenant's own clock, and responses to
/// requests of one packet are sent in one.
#[cfg(feature = "tls")]
fn protocol() -> hyper_util::server::conn::auto::Builder<hyper_util::rt::TokioExecutor> {
    let mut builder = hyper_util::server::conn::auto::Builder::new(hyper_util::rt::TokioExecutor::new());
    builder.http1().auto_date_header(false).pipeline_flush(true);
    builder.http2().auto_date_header(false);
    builder
}

/// Serves HTTP/1.1. The date comes from the tenant's own clock, and responses to requests of one packet are sent in one.
#[cfg(not(feature = "tls"))]
fn protocol() -> hyper::server::conn::http1::Builder {
    let mut builder = hyper::server::conn::http1::Builder::new();
    builder.auto_date_header(false).pipeline_flush(true);
    builder
}

/// Waits until the tenant is stopped or dropped.
async fn stopped(stop: &mut watch::Receiver<bool>) {
    let _ = stop.wait_for(|stop| *stop).await;
}
