//! A server that answers every request with the same bytes, and closes the connection.

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
    task::JoinHandle,
};

/// On loopback, on a free port, until it is dropped.
pub(crate) struct Scripted {
    pub(crate) origin: String,
    serving: JoinHandle<()>,
}

impl Scripted {
    /// Answers with these bytes, whatever they are.
    pub(crate) async fn answering(answer: Vec<u8>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let origin = format!("http://{}", listener.local_addr().expect("a bound listener has an address"));
        let serving = tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let mut request = [0; 16 << 10];
                // One read suffices: the requests are small, and what comes of a cut one is of interest too.
                let _ = stream.read(&mut request).await;
                let _ = stream.write_all(&answer).await;
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
