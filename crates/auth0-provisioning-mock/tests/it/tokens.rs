use std::time::Duration;

use auth0_provisioning_mock::{Application, Fault, MockTenant};
use serde_json::{Map, Value, json};

use crate::caller::{Caller, Outcome, google, outcome, path};

/// Asks for a token with these parameters, and whatever else the grant needs.
async fn ask(caller: &Caller, parameters: Value) -> Outcome {
    let mut body: Map<String, Value> = Map::from_iter([
        ("grant_type".to_owned(), "client_credentials".into()),
        ("audience".to_owned(), caller.tenant.audience().into()),
    ]);
    body.extend(parameters.as_object().unwrap().clone());
    let url = format!("{}/oauth/token", caller.tenant.base_url());
    outcome(caller.http.post(url).json(&body).send().await.unwrap()).await
}

fn own(caller: &Caller) -> Value {
    json!({ "client_id": caller.tenant.client_id(), "client_secret": caller.tenant.client_secret() })
}

fn with(mut parameters: Value, name: &str, value: &str) -> Value {
    parameters[name] = value.into();
    parameters
}

#[tokio::test]
async fn token_request_is_form_or_json() {
    let mut caller = Caller::configured().await;
    let form = with(own(&caller), "grant_type", "client_credentials");
    let form = with(form, "audience", "https://acme.test/api/v2/");
    let url = format!("{}/oauth/token", caller.tenant.base_url());
    let from_form = outcome(caller.http.post(url).form(&form).send().await.unwrap()).await;
    for (status, response) in [from_form, ask(&caller, own(&caller)).await] {
        assert_eq!((status, &response["token_type"]), (200, &json!("Bearer")));
        assert_eq!(response["expires_in"], 86_400);
        let scopes = response["scope"].as_str().unwrap();
        assert!(scopes.contains("read:logs") && scopes.contains("update:directory_provisionings"), "{scopes}");
        caller.token = response["access_token"].as_str().unwrap().to_owned();
        assert_eq!(caller.get(&path()).await.0, 200);
    }
}

#[tokio::test]
async fn token_endpoint_has_oauth_errors() {
    let quiet = Application::new("quiet").secret("s").without_grant();
    let caller = Caller::start(MockTenant::builder().application(quiet)).await;
    let rejected = [
        (with(own(&caller), "client_secret", "wrong"), 401, "access_denied"),
        (with(own(&caller), "client_id", "unknown"), 401, "access_denied"),
        (json!({ "client_id": caller.tenant.client_id() }), 401, "access_denied"),
        (json!({}), 401, "access_denied"),
        (with(own(&caller), "audience", "https://acme.test/api/v2"), 403, "access_denied"),
        (with(own(&caller), "grant_type", "password"), 403, "unsupported_grant_type"),
        (json!({ "client_id": "quiet", "client_secret": "s" }), 403, "unauthorized_client"),
    ];
    for (parameters, status, error) in rejected {
        let (received, body) = ask(&caller, parameters.clone()).await;
        assert_eq!((received, &body["error"]), (status, &json!(error)), "{parameters}");
        assert!(body["error_description"].is_string());
    }
    let url = format!("{}/oauth/token", caller.tenant.base_url());
    let (status, body) = outcome(caller.http.post(url).body("?").send().await.unwrap()).await;
    assert_eq!((status, &body["error"]), (400, &json!("invalid_request")));
}

#[tokio::test]
async fn token_has_granted_and_requested_scopes() {
    let reader = Application::new("reader").secret("s").scopes(&["read:directory_provisionings", "read:connections"]);
    let mut caller = Caller::start(MockTenant::builder().connection(google().configured()).application(reader)).await;
    let reader = json!({ "client_id": "reader", "client_secret": "s" });
    let (_, response) = ask(&caller, reader.clone()).await;
    assert_eq!(response["scope"], "read:directory_provisionings read:connections");
    caller.token = response["access_token"].as_str().unwrap().to_owned();
    assert_eq!(caller.provisioning("GET", "", None).await.0, 200);
    let (status, body) = caller.provisioning("DELETE", "", None).await;
    assert_eq!((status, &body["errorCode"]), (403, &json!("insufficient_scope")));
    assert!(body["message"].as_str().unwrap().ends_with("delete:directory_provisionings"), "{body}");

    let (_, response) = ask(&caller, with(reader, "scope", "read:connections update:users")).await;
    assert_eq!(response["scope"], "read:connections");
}

#[tokio::test]
async fn tokens_expire_by_the_clock() {
    let builder = MockTenant::builder().connection(google().configured()).token_lifetime(Duration::from_secs(60));
    let mut caller = Caller::start(builder).await;
    caller.tenant.clock().freeze();
    let (_, response) = ask(&caller, own(&caller)).await;
    assert_eq!(response["expires_in"], 60);
    caller.token = response["access_token"].as_str().unwrap().to_owned();
    caller.tenant.clock().advance(Duration::from_secs(59));
    assert_eq!(caller.get(&path()).await.0, 200);
    caller.tenant.clock().advance(Duration::from_secs(1));
    assert_eq!(caller.get(&path()).await.0, 401);
}

#[tokio::test]
async fn token_can_expire_early() {
    let mut caller = Caller::configured().await;
    caller.tenant.clock().freeze();
    caller.tenant.fault(Fault::token_expires_early(Duration::from_secs(5)));
    let (_, response) = ask(&caller, own(&caller)).await;
    assert_eq!(response["expires_in"], 86_400);
    caller.token = response["access_token"].as_str().unwrap().to_owned();
    assert_eq!(caller.get(&path()).await.0, 200);
    caller.tenant.clock().advance(Duration::from_secs(5));
    assert_eq!(caller.get(&path()).await.0, 401);
}

#[tokio::test]
async fn tokens_are_revoked_singly_or_all() {
    let caller = Caller::configured().await;
    let (first, second) = (caller.tenant.token_with_scopes(&["read:connections"]), caller.token.clone());
    let url = format!("{}/api/v2/connections", caller.tenant.base_url());
    let status = async |token: &str| caller.http.get(&url).bearer_auth(token).send().await.unwrap().status().as_u16();
    assert_eq!([status(&first).await, status(&second).await], [200, 200]);
    caller.tenant.revoke_token(&first);
    assert_eq!([status(&first).await, status(&second).await], [401, 200]);
    caller.tenant.revoke_all_tokens();
    assert_eq!(status(&second).await, 401);
    assert_eq!(status(&caller.tenant.token_with_scopes(&["read:connections"])).await, 200);
}

#[tokio::test]
async fn authorization_must_be_a_bearer_token() {
    let caller = Caller::configured().await;
    let url = format!("{}/api/v2{}", caller.tenant.base_url(), path());
    for header in [None, Some("Basic YTpi"), Some("Bearer"), Some("Bearer a.b.c")] {
        let request = caller.http.get(&url);
        let request = match header {
            Some(header) => request.header("authorization", header),
            None => request,
        };
        assert_eq!(request.send().await.unwrap().status(), 401, "{header:?}");
    }
}

#[tokio::test]
async fn token_quota_is_reported_with_wait() {
    let metered = Application::new("metered").secret("s").token_quota(2);
    let caller = Caller::start(MockTenant::builder().application(metered)).await;
    caller.tenant.clock().freeze();
    let asked = async || {
        let form = json!({
            "grant_type": "client_credentials",
            "client_id": "metered",
            "client_secret": "s",
            "audience": caller.tenant.audience(),
        });
        let url = format!("{}/oauth/token", caller.tenant.base_url());
        let response = caller.http.post(url).form(&form).send().await.unwrap();
        let header = |name: &str| response.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
        (response.status().as_u16(), header("auth0-client-quota-limit").unwrap(), header("retry-after"))
    };
    assert_eq!(asked().await, (200, "b=per_hour;q=2;r=1;t=3600".to_owned(), None));
    caller.tenant.clock().advance(Duration::from_secs(600));
    assert_eq!(asked().await, (200, "b=per_hour;q=2;r=0;t=3000".to_owned(), None));
    assert_eq!(asked().await, (429, "b=per_hour;q=2;r=0;t=3000".to_owned(), Some("3000".to_owned())));
    caller.tenant.clock().advance(Duration::from_secs(3000));
    assert_eq!(asked().await, (200, "b=per_hour;q=2;r=1;t=3600".to_owned(), None));
}

#[cfg(feature = "tls")]
mod assertions {
    use jsonwebtoken::{Algorithm, EncodingKey, Header};
    use rcgen::{KeyPair, PKCS_ECDSA_P256_SHA256, PKCS_ED25519, PKCS_RSA_SHA256};

    use super::*;

    fn assertion(algorithm: Algorithm, key: &EncodingKey, claims: &Value) -> String {
        jsonwebtoken::encode(&Header::new(algorithm), claims, key).unwrap()
    }

    async fn ask_with(caller: &Caller, assertion: &str) -> Outcome {
        let parameters = json!({
            "client_id": "signer",
            "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            "client_assertion": assertion,
        });
        ask(caller, parameters).await
    }

    async fn caller(keys: &[&KeyPair]) -> Caller {
        let signer = keys
            .iter()
            .fold(Application::new("signer"), |signer, key| signer.public_key_pem(&key.public_key_pem()).unwrap());
        Caller::start(MockTenant::builder().connection(google().configured()).application(signer)).await
    }

    fn claims(caller: &Caller) -> Value {
        let now = caller.tenant.clock().now().timestamp();
        let audience = format!("{}/", caller.tenant.base_url());
        json!({ "iss": "signer", "sub": "signer", "aud": audience, "jti": "1", "iat": now, "exp": now + 120 })
    }

    #[tokio::test]
    async fn keys_of_each_family_prove_who_the_application_is() {
        let ec = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).unwrap();
        let ed = KeyPair::generate_for(&PKCS_ED25519).unwrap();
        let rsa = KeyPair::generate_for(&PKCS_RSA_SHA256).unwrap();
        let mut caller = caller(&[&ec, &ed, &rsa]).await;
        let ec = EncodingKey::from_ec_pem(ec.serialize_pem().as_bytes()).unwrap();
        let ed = EncodingKey::from_ed_pem(ed.serialize_pem().as_bytes()).unwrap();
        let rsa = EncodingKey::from_rsa_pem(rsa.serialize_pem().as_bytes()).unwrap();
        let signed = [
            (Algorithm::ES256, &ec),
            (Algorithm::EdDSA, &ed),
            (Algorithm::RS256, &rsa),
            (Algorithm::RS384, &rsa),
            (Algorithm::PS256, &rsa),
        ];
        for (algorithm, key) in signed {
            let (status, response) = ask_with(&caller, &assertion(algorithm, key, &claims(&caller))).await;
            assert_eq!(status, 200, "{algorithm:?}: {response}");
            caller.token = response["access_token"].as_str().unwrap().to_owned();
            assert_eq!(caller.get(&path()).await.0, 200);
        }
    }

    #[tokio::test]
    async fn assertions_that_prove_nothing_are_refused() {
        let known = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).unwrap();
        let other = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).unwrap();
        let caller = caller(&[&known]).await;
        let pem = known.public_key_pem();
        let [known, other] =
            [&known, &other].map(|key| EncodingKey::from_ec_pem(key.serialize_pem().as_bytes()).unwrap());
        let changed = |name: &str, value: Value| {
            let mut claims = claims(&caller);
            claims[name] = value;
            assertion(Algorithm::ES256, &known, &claims)
        };
        let past = caller.tenant.clock().now().timestamp() - 1;
        let rejected = [
            assertion(Algorithm::ES256, &other, &claims(&caller)),
            assertion(Algorithm::HS256, &EncodingKey::from_secret(pem.as_bytes()), &claims(&caller)),
            changed("iss", "other".into()),
            changed("sub", "other".into()),
            changed("aud", "https://elsewhere.test/".into()),
            changed("aud", json!([format!("{}/", caller.tenant.base_url())])),
            changed("aud", caller.tenant.base_url().into()),
            changed("exp", past.into()),
            changed("iat", (past + 3600).into()),
            changed("jti", Value::Null),
            "no.jwt.atall".to_owned(),
        ];
        for assertion in rejected {
            let (status, response) = ask_with(&caller, &assertion).await;
            assert_eq!((status, &response["error"]), (401, &json!("access_denied")), "{assertion}");
        }
        assert!(Application::new("x").public_key_pem("no key").is_err());
    }
}
