//! Ctrl-C, and the signal that stops services.

use std::{fmt, future, pin::Pin};

type Requested = Pin<Box<dyn Future<Output = ()> + Send>>;

/// A request to stop the program.
pub struct Interrupt(Requested);

impl Interrupt {
    /// Waits for Ctrl-C in the terminal of this process, or for the signal that stops services (SIGTERM).
    #[must_use]
    pub fn by_signal() -> Self {
        Self::when(async {
            tokio::select! {
                () = ctrl_c() => {}
                () = terminated() => {}
            }
        })
    }

    /// Never interrupts.
    #[must_use]
    pub fn never() -> Self {
        Self::when(future::pending())
    }

    /// Interrupts when this future is ready.
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

// A system without the signal never sends it.
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
