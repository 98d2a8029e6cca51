//! Ctrl-C, and what services are stopped with.

use std::{fmt, future, pin::Pin};

type Requested = Pin<Box<dyn Future<Output = ()> + Send>>;

/// A request to stop, such as Ctrl-C.
pub struct Interrupt(Requested);

impl Interrupt {
    /// Ctrl-C in the terminal of this process, or the signal that ends services (SIGTERM).
    #[must_use]
    pub fn by_signal() -> Self {
        Self::when(async {
            tokio::select! {
                () = ctrl_c() => {}
                () = terminated() => {}
            }
        })
    }

    /// Nobody interrupts.
    #[must_use]
    pub fn never() -> Self {
        Self::when(future::pending())
    }

    /// When this future is ready.
    pub fn when(requested: impl Future<Output = ()> + Send + 'static) -> Self {
        Self(Box::pin(requested))
    }

    pub(crate) async fn requested(self) {
        self.0.await;
    }
}

impl fmt::Debug for Interrupt {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Interrupt")
    }
}

/// Where the system has no such signal, nobody can send it.
async fn ctrl_c() {
    if tokio::signal::ctrl_c().await.is_err() {
        future::pending::<()>().await;
    }
}

async fn terminated() {
    #[cfg(unix)]
    if let Ok(mut signal) = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())
        && signal.recv().await.is_some()
    {
        return;
    }
    future::pending::<()>().await;
}
