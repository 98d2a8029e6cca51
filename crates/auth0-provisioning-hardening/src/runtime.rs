//! One runtime for each thread, because starting one for each run is slow.

use std::{cell::RefCell, time::Duration};

use tokio::{runtime::Runtime, time::timeout};

/// The time limit of a reader.
const LONGEST: Duration = Duration::from_secs(20);

thread_local! {
    static RUNTIME: RefCell<Runtime> = RefCell::new(
        tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime can be built"),
    );
}

/// Runs a future to its end, and panics after the time limit.
pub(crate) fn block_on<T>(future: impl Future<Output = T>) -> T {
    RUNTIME.with_borrow(|runtime| runtime.block_on(async { timeout(LONGEST, future).await.expect("it hangs") }))
}
