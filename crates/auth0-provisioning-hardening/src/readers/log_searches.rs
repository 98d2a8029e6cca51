//! Searches of the logs of the mock tenant.

use auth0_provisioning_mock::MockTenant;

use crate::{
    Reader,
    exchange::{as_value, exchange, request},
    runtime::block_on,
};

/// The bytes are the search.
pub const READER: Reader = Reader {
    name: "log_searches",
    reads: "searches of the logs",
    run,
    samples: &[
        "type:directory_sync_failed AND details.synchronization_id:\"a\"",
        "(type:a OR type:b) AND NOT date:[2026-01-01 TO *}",
        "connection_id:con_* \\\"",
    ],
};

fn run(data: &[u8]) {
    let search = as_value(data);
    block_on(async {
        let tenant = MockTenant::start().await.expect("it starts");
        let target = format!("/api/v2/logs?q={search}");
        if let Some((status, response)) =
            exchange(tenant.base_url(), &request("GET", &target, tenant.access_token(), b"")).await
        {
            assert!(matches!(status, 200 | 400 | 414 | 431), "{status} {}", String::from_utf8_lossy(&response));
        }
    });
}
