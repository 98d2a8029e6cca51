//! HTTP/2 over TLS. Calls and the token request share a connection.

use auth0_provisioning_mock::{MockTenant, Tls};
use auth0_transport::{Method, Transport, reqwest};
use futures_util::future::try_join_all;

const PATH: &str = "/connections/con_0123456789abcdef/directory-provisioning";

#[tokio::test]
async fn calls_work_with_http_2_and_http_1() {
    for only_http_2 in [true, false] {
        let tls = Tls::for_loopback_and(&[]).unwrap();
        let root = reqwest::Certificate::from_pem(tls.authority_pem().as_bytes()).unwrap();
        let tenant = MockTenant::builder().tls(tls).start().await.unwrap();
        let transport = Transport::builder("tenant.example.com".parse().unwrap())
            .base_url(tenant.base_url())
            .audience(tenant.audience())
            .client_credentials(tenant.client_id(), tenant.client_secret().to_owned())
            .configure_http(move |http| {
                let http = http.tls_certs_only([root]);
                // A server with only HTTP/1.1 would not accept it.
                if only_http_2 { http.http2_prior_knowledge() } else { http }
            })
            .build()
            .unwrap();
        let responses = try_join_all((0..40).map(|_| transport.request(Method::GET, PATH).send())).await.unwrap();
        assert!(responses.iter().all(|response| response.status() == 200));
        let error = transport.request(Method::GET, "/connections/con_none/directory-provisioning").send().await;
        assert!(error.unwrap_err().is_not_found());
    }
}
