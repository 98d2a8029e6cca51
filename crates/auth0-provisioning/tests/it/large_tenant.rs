//! Listing a very large tenant. `FULL=1` lists more, and measures the memory of the process.

use crate::support::{client, is_full, standing};
use auth0_provisioning_mock::Connection;
use futures_util::TryStreamExt;

/// All of them at once would take more than twice as much.
const MEBIBYTES: usize = 24;

/// The resident memory of the process in KiB; `None` where the system does not report it.
fn resident() -> Option<usize> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.trim().strip_suffix("kB")?.trim().parse().ok()
}

#[tokio::test]
async fn listing_100_000_configurations_takes_constant_memory() {
    let number = if is_full() { 100_000 } else { 10_000 };
    let mapping = [("email", "primaryEmail"), ("blocked", "suspended")];
    let connections = Connection::fleet(number).map(|connection| connection.mapping(&mapping));
    let tenant = standing().connections(connections).request_log(0).start().await.unwrap();
    let mut items = client(&tenant).directory_provisionings().prefetch().items();
    let (mut count, mut after_a_while) = (0, None);
    while items.try_next().await.unwrap().is_some() {
        count += 1;
        if count == number / 10 {
            after_a_while = resident();
        }
    }
    assert_eq!(count, number);
    if is_full()
        && let (Some(before), Some(after)) = (after_a_while, resident())
    {
        let grown = after.saturating_sub(before);
        assert!(grown < MEBIBYTES * 1024, "memory grew by {grown} KiB");
    }
}
