//! Responses of the API: status, headers, body, and bytes that are not HTTP.

use std::time::Duration;

use auth0_provisioning::{CallOptions, Client, ConnectionId, Error, Pacing, RetryPolicy, Timeouts};
use futures_util::TryStreamExt;

use crate::{Reader, assert_has_reason, runtime::block_on, scripted::Scripted};

/// The first byte selects the operation, the rest is the response.
pub const READER: Reader = Reader {
    name: "responses",
    reads: "responses: status, headers, success and error bodies, pages",
    run,
    samples: &[
        "\u{0}HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nx-ratelimit-limit: 50\r\nx-ratelimit-remaining: 0\r\n\
         x-ratelimit-reset: 1790000000\r\ndate: Mon, 21 Sep 2026 14:13:20 GMT\r\n\r\n{\"connection_id\":\"con_1\",\
         \"connection_name\":\"a\",\"strategy\":\"google-apps\",\"mapping\":[{\"auth0\":\"email\",\"idp\":\"mail\"}],\
         \"synchronize_automatically\":true,\"created_at\":\"2026-05-05T12:00:00Z\",\"updated_at\":\"2026-05-05T12:00:00Z\"}",
        "\u{1}HTTP/1.1 429 Too Many Requests\r\nretry-after: 1\r\n\r\n{\"statusCode\":429,\"error\":\"Too Many \
         Requests\",\"message\":\"Global limit has been reached\",\"errorCode\":\"too_many_requests\"}",
        "\u{2}HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n15\r\n{\"groups\":[{\"id\":\"g\"}]}\r\n0\r\n\r\n",
        "\u{3}HTTP/1.1 301 Moved\r\nlocation: /\r\n\r\n",
        "\u{4}HTTP/1.1 200 OK\r\n\r\n[{\"log_id\":\"1\",\"type\":\"directory_sync_failed\",\"date\":\"2026-05-05T12:00:00Z\"}]",
    ],
};

fn run(data: &[u8]) {
    let (operation, response) = data.split_first().unwrap_or((&0, &[]));
    block_on(async {
        let server = Scripted::start(response.to_vec()).await;
        let builder = Client::builder("tenant.example.com").expect("a domain").base_url(&server.origin);
        let client = builder
            .bearer_token("token-of-the-test")
            .pacing(Pacing::Adaptive)
            .retry(RetryPolicy::never())
            .timeouts(Timeouts::default().attempt(Duration::from_millis(40)))
            .build()
            .expect("a client");
        let client = client.with_options(CallOptions::new().timeout(Duration::from_millis(50)));
        for _ in 0..2 {
            if let Err(error) = call(&client, *operation).await {
                let text = error.to_string();
                assert_has_reason(&text);
                assert_has_reason(&format!("{error:?}"));
                assert!(!text.contains("token-of-the-test") && !format!("{error:?}").contains("token-of-the-test"));
            }
            if let Some(quota) = client.quota() {
                assert!(quota.remaining <= quota.limit, "{quota:?}");
                assert!(quota.per_second.is_none_or(|rate| rate.is_finite() && rate > 0.0), "{quota:?}");
            }
        }
    });
}

async fn call(client: &Client, operation: u8) -> Result<(), Error> {
    let id: ConnectionId = "con_0123456789abcdef".parse().expect("an id");
    let directory = client.directory_provisioning(&id);
    match operation % 16 {
        0 => directory.get().await.map(drop),
        1 => directory.default_mapping().await.map(drop),
        2 => directory.groups().list().items().try_for_each(|_| async { Ok(()) }).await,
        3 => directory.synchronize().await.map(drop),
        4 => client.logs().latest().items().try_for_each(|_| async { Ok(()) }).await,
        5 => client.directory_provisionings().items().try_for_each(|_| async { Ok(()) }).await,
        6 => client.connection(&id).get().await.map(drop),
        7 => client.connections().items().try_for_each(|_| async { Ok(()) }).await,
        8 => client.connection(&id).status().await.map(drop),
        9 => client.scim(&id).get().await.map(drop),
        10 => client.scim(&id).tokens().await.map(drop),
        11 => client.group("grp_1").members().items().try_for_each(|_| async { Ok(()) }).await,
        12 => directory.run_history().try_for_each(|_| async { Ok(()) }).await,
        13 => client.connection(&id).readiness().await.map(drop),
        14 => directory.groups().arrival().await.map(drop),
        _ => {
            let _ = client.diagnose().await.to_string();
            Ok(())
        }
    }
}
