//! Locks, atomics, tasks and time for state that several tasks share. The model checker replaces them; see `model`.

#[cfg(shuttle)]
mod modelled;

use tokio::task::JoinError;
#[cfg(not(shuttle))]
pub(crate) use {
    std::sync::{
        Mutex, MutexGuard, RwLock, RwLockReadGuard, RwLockWriteGuard,
        atomic::{AtomicBool, AtomicU32, AtomicUsize},
    },
    tokio::{
        spawn,
        time::{sleep, timeout, timeout_at},
    },
};

#[cfg(shuttle)]
pub(crate) use {
    modelled::{now, sleep, spawn, timeout, timeout_at},
    shuttle::sync::{
        Mutex, MutexGuard, RwLock, RwLockReadGuard, RwLockWriteGuard,
        atomic::{AtomicBool, AtomicU32, AtomicUsize},
    },
};

#[cfg(all(test, shuttle))]
pub(crate) use modelled::{advance, restart};

#[cfg(not(shuttle))]
pub(crate) fn now() -> tokio::time::Instant {
    tokio::time::Instant::now()
}

/// Runs a function on a thread that may block.
#[cfg(not(shuttle))]
pub(crate) async fn run_blocking<T: Send + 'static>(run: impl FnOnce() -> T + Send + 'static) -> Result<T, JoinError> {
    tokio::task::spawn_blocking(run).await
}

/// Runs a function. Other tasks may run before and after it.
#[cfg(shuttle)]
pub(crate) async fn run_blocking<T: Send + 'static>(run: impl FnOnce() -> T + Send + 'static) -> Result<T, JoinError> {
    shuttle::future::yield_now().await;
    let result = run();
    shuttle::future::yield_now().await;
    Ok(result)
}
