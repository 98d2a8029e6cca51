//! Responses of the token endpoint.

use std::time::Duration;

use auth0_provisioning::{CallOptions, Client, Credentials, RetryPolicy, Timeouts};

use crate::{Reader, assert_has_reason, runtime::block_on, scripted::Scripted};

/// The bytes are the response.
pub const READER: Reader = Reader {
    name: "token_responses",
    reads: "responses of the token endpoint",
    run,
    samples: &[
        "HTTP/1.1 200 OK\r\n\r\n{\"access_token\":\"abc\",\"token_type\":\"Bearer\",\"expires_in\":86400,\"scope\":\"a b\"}",
        "HTTP/1.1 401 Unauthorized\r\n\r\n{\"error\":\"access_denied\",\"error_description\":\"Unauthorized\"}",
        "HTTP/1.1 307 Moved\r\nlocation: http://127.0.0.1:1/\r\n\r\n",
        "HTTP/1.1 429 Too Many\r\nx-quota-client-limit: b=per_day;q=10;r=0;t=60\r\nretry-after: 60\r\n\r\n",
    ],
};

fn run(data: &[u8]) {
    block_on(async {
        let server = Scripted::start(data.to_vec()).await;
        let client = Client::builder("tenant.example.com")
            .expect("a domain")
            .base_url(&server.origin)
            .credentials(Credentials::client_secret("client", "secret-of-the-test"))
            .retry(RetryPolicy::never())
            .timeouts(Timeouts::default().attempt(Duration::from_millis(40)))
            .build()
            .expect("a client")
            .with_options(CallOptions::new().timeout(Duration::from_millis(50)));
        let id = "con_0123456789abcdef".parse().expect("an id");
        if let Err(error) = client.directory_provisioning(&id).get().await {
            assert_has_reason(&error.to_string());
            assert!(!format!("{error} {error:?}").contains("secret-of-the-test"), "{error:?}");
        }
    });
}
