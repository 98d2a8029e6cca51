//! Locks that outlive a panic.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// Nothing under the tenant's locks is left half changed by a panic: what a panicking thread held is as good as before.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
