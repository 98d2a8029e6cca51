//! The listening socket, and the connections that come in on it.

use std::io;
use std::pin::pin;
use std::sync::Arc;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio::sync::{Notify, watch};
use tokio::task::JoinSet;

use crate::exchange;
use crate::tenant::Shared;

/// Serves until `stop` turns true, then finishes the answers under way.
pub(crate) async fn serve(listener: TcpListener, shared: Arc<Shared>, stop: watch::Receiver<bool>) {
    let mut connections = JoinSet::new();
    let mut ending = stop.clone();
    loop {
        tokio::select! {
            accepted = listener.accept() => {
                // A connection that failed before it was accepted concerns its client alone.
                let Ok((stream, _)) = accepted else { continue };
                // Answers are small and complete; waiting to fill a packet would only delay them.
                let _ = stream.set_nodelay(true);
                connections.spawn(serve_connection(stream, Arc::clone(&shared), stop.clone()));
            }
            Some(_) = connections.join_next() => {}
            () = stopped(&mut ending) => break,
        }
    }
    while connections.join_next().await.is_some() {}
}

async fn serve_connection<S>(stream: S, shared: Arc<Shared>, mut stop: watch::Receiver<bool>)
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let close = Arc::new(Notify::new());
    let service = service_fn(|request| exchange::respond(Arc::clone(&shared), request, Arc::clone(&close)));
    // The date comes from the tenant's own clock.
    let serving = http1::Builder::new().auto_date_header(false).serve_connection(TokioIo::new(stream), service);
    let mut serving = pin!(serving);
    tokio::select! {
        // How a connection ended is the client's to tell; many of them end on purpose.
        _ = serving.as_mut() => return,
        () = close.notified() => {}
        () = stopped(&mut stop) => {}
    }
    serving.as_mut().graceful_shutdown();
    let _ = serving.await;
}

/// Waits until the tenant is told to stop, or is gone.
async fn stopped(stop: &mut watch::Receiver<bool>) {
    let _ = stop.wait_for(|stop| *stop).await;
}

/// The address that the tenant is reached at.
pub(crate) async fn listen(address: &str) -> io::Result<(TcpListener, std::net::SocketAddr)> {
    let listener = TcpListener::bind(address).await?;
    let address = listener.local_addr()?;
    Ok((listener, address))
}
