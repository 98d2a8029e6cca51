//! The shortest way through the tenant: a token, and a configuration fetched with it.

use auth0_provisioning_mock::{Connection, MockTenant, Operation};
use serde_json::{Value, json};

#[tokio::test]
async fn a_token_from_the_token_endpoint_reads_a_configuration() {
    let connection = Connection::google_apps("con_0123456789abcdef").name("acme-workspace").configured();
    let tenant = MockTenant::builder().connection(connection).start().await.unwrap();
    let http = reqwest::Client::new();

    for json in [false, true] {
        let credentials = json!({
            "grant_type": "client_credentials",
            "client_id": tenant.client_id(),
            "client_secret": tenant.client_secret(),
            "audience": tenant.audience(),
        });
        let request = http.post(format!("{}/oauth/token", tenant.base_url()));
        let request = if json { request.json(&credentials) } else { request.form(&credentials) };
        let answer: Value = request.send().await.unwrap().json().await.unwrap();
        assert_eq!(answer["token_type"], "Bearer");
        assert_eq!(answer["expires_in"], 86_400);

        let url = format!("{}/api/v2/connections/con_0123456789abcdef/directory-provisioning", tenant.base_url());
        let answer = http.get(url).bearer_auth(answer["access_token"].as_str().unwrap()).send().await.unwrap();
        assert_eq!(answer.status(), 200);
        assert_eq!(answer.headers()["x-ratelimit-limit"], "10000");
        let configuration: Value = answer.json().await.unwrap();
        assert_eq!(configuration["connection_name"], "acme-workspace");
        assert_eq!(configuration["mapping"].as_array().unwrap().len(), 51);
    }

    let requests = tenant.requests();
    assert_eq!(requests.len(), 4);
    assert_eq!(requests[1].operation, Some(Operation::GetConfiguration));
    assert!(requests[1].header("authorization").unwrap().starts_with("Bearer "));
}
