//! One runtime for each thread, so that a run costs no start.

use std::{cell::RefCell, time::Duration};

use tokio::{runtime::Runtime, time::timeout};

/// No reader takes so long.
const LONGEST: Duration = Duration::from_secs(20);

thread_local! {
    static RUNTIME: RefCell<Runtime> = RefCell::new(
        tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime can be had"),
    );
}

/// Runs a future to its end, which has to come.
pub(crate) fn block_on<T>(future: impl Future<Output = T>) -> T {
    RUNTIME.with_borrow(|runtime| runtime.block_on(async { timeout(LONGEST, future).await.expect("it hangs") }))
}
