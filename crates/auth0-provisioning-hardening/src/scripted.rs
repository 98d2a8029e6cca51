//! A server that sends the same bytes for every request, and closes the connection.

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
    task::JoinHandle,
};

/// A server on a free port of loopback, until it is dropped.
pub(crate) struct Scripted {
    pub(crate) origin: String,
    serving: JoinHandle<()>,
}

impl Scripted {
    /// Starts a server that sends these bytes, valid or not.
    pub(crate) async fn start(response: Vec<u8>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let origin = format!("http://{}", listener.local_addr().expect("a bound listener has an address"));
        let serving = tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let mut request = [0; 16 << 10];
                // The requests are small, so one read is enough. A response to a partial request is a useful test, too.
                let _ = stream.read(&mut request).await;
                let _ = stream.write_all(&response).await;
                let _ = stream.shutdown().await;
            }
        });
        Self { origin, serving }
    }
}

impl Drop for Scripted {
    fn drop(&mut self) {
        self.serving.abort();
    }
}
