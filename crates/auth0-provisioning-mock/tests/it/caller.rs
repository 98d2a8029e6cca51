//! An HTTP client for tests.

use auth0_provisioning_mock::{Connection, MockTenant, MockTenantBuilder};
use serde_json::Value;

/// The connection that most tests are about.
pub(crate) const ID: &str = "con_0123456789abcdef";

pub(crate) struct Caller {
    pub(crate) tenant: MockTenant,
    pub(crate) http: reqwest::Client,
    pub(crate) token: String,
}

/// Status and body of a response; the body is null where there is none.
pub(crate) type Outcome = (u16, Value);

impl Caller {
    pub(crate) async fn start(builder: MockTenantBuilder) -> Self {
        // A response that breaks the contract becomes a 500, and fails the test.
        let tenant = builder.check_responses(true).start().await.unwrap();
        let token = tenant.access_token().to_owned();
        Self { tenant, http: reqwest::Client::new(), token }
    }

    pub(crate) async fn of(connection: Connection) -> Self {
        Self::start(MockTenant::builder().connection(connection)).await
    }

    /// A tenant with [`ID`], configured with the defaults.
    pub(crate) async fn configured() -> Self {
        Self::of(google().configured()).await
    }

    pub(crate) fn request(&self, method: &str, path: &str) -> reqwest::RequestBuilder {
        let url = format!("{}/api/v2{path}", self.tenant.base_url());
        self.http.request(method.parse().unwrap(), url).bearer_auth(&self.token)
    }

    pub(crate) async fn send(&self, method: &str, path: &str, body: Option<Value>) -> Outcome {
        let request = self.request(method, path);
        let request = match body {
            Some(body) => request.json(&body),
            None => request,
        };
        outcome(request.send().await.unwrap()).await
    }

    pub(crate) async fn get(&self, path: &str) -> Outcome {
        self.send("GET", path, None).await
    }

    /// Sends to the configuration of [`ID`], or below it.
    pub(crate) async fn provisioning(&self, method: &str, below: &str, body: Option<Value>) -> Outcome {
        self.send(method, &format!("{}{below}", path()), body).await
    }
}

pub(crate) fn google() -> Connection {
    Connection::google_apps(ID).name("acme-workspace")
}

/// The path of [`ID`]'s configuration.
pub(crate) fn path() -> String {
    format!("/connections/{ID}/directory-provisioning")
}

pub(crate) async fn outcome(response: reqwest::Response) -> Outcome {
    let status = response.status().as_u16();
    let text = response.text().await.unwrap();
    let body = if text.is_empty() { Value::Null } else { serde_json::from_str(&text).unwrap() };
    (status, body)
}
