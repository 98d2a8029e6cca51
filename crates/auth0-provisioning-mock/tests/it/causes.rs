//! Every error response of directory provisioning in the contract can be produced.

use std::time::Duration;

use auth0_provisioning_mock::{Application, Connection, Fault, Feature, MockTenant, MockTenantBuilder, RateLimit};
use serde_json::{Value, json};

use crate::caller::{Caller, ID, Outcome, google, outcome};

const CONTRACT: &str = include_str!("../../assets/contract.json");

/// One operation of the contract, and one cause that it lists.
pub(crate) struct Listed {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) operation: String,
    pub(crate) cause: String,
    pub(crate) example: Value,
}

/// What the contract lists for the operations of directory provisioning, or for those around it.
pub(crate) fn listed(of_directory_provisioning: bool) -> Vec<Listed> {
    let contract: Value = serde_json::from_str(CONTRACT).unwrap();
    let resolve = |value: &Value| match value["$ref"].as_str() {
        Some(reference) => contract.pointer(&reference[1..]).unwrap().clone(),
        None => value.clone(),
    };
    let mut listed = Vec::new();
    for (path, item) in contract["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap().iter().filter(|(name, _)| *name != "parameters") {
            if (operation["tags"][0] == "directory provisioning") != of_directory_provisioning {
                continue;
            }
            for response in operation["responses"].as_object().unwrap().values() {
                let examples = resolve(response)["content"]["application/json"]["examples"].take();
                for (cause, example) in examples.as_object().into_iter().flatten() {
                    listed.push(Listed {
                        method: method.to_uppercase(),
                        path: path.clone(),
                        operation: operation["operationId"].as_str().unwrap().to_owned(),
                        cause: cause.clone(),
                        example: resolve(example)["value"].take(),
                    });
                }
            }
        }
    }
    listed
}

impl Listed {
    fn connection(&self) -> Connection {
        let connection = match self.cause.as_str() {
            "unsupported_strategy" => Connection::with_strategy(ID, "okta"),
            "setup_incomplete" => google().setup_incomplete(),
            "users_api_disabled" => google().without_users_api(),
            "groups_api_disabled" => google().without_groups_api(),
            _ => google(),
        };
        let creates = self.operation == "post_directory-provisioning" && self.cause != "already_configured";
        match self.cause.as_str() {
            "configuration_not_found" => connection,
            _ if creates => connection,
            "expired_cursor" => connection.synchronizes_groups(["a", "b"]),
            "synchronized_recently" => connection.synchronized_at(chrono::Utc::now()),
            _ => connection.configured(),
        }
    }

    async fn caller(&self) -> Caller {
        let mut builder = MockTenant::builder().connection(self.connection());
        builder = match self.cause.as_str() {
            "rate_limited" => builder.rate_limit(RateLimit::new(1, 1)),
            "provisioning_disabled" => builder.without_feature(Feature::DirectoryProvisioning),
            "group_synchronization_disabled" => builder.without_feature(Feature::GroupSynchronization),
            "group_metadata_disabled" => builder.without_feature(Feature::GroupMetadata),
            "group_removal_unavailable" => builder.without_feature(Feature::GroupRemoval),
            _ => builder,
        };
        self.caller_of(builder).await
    }

    /// A caller of this tenant whose token brings the cause about, if a token does.
    pub(crate) async fn caller_of(&self, builder: MockTenantBuilder) -> Caller {
        let mut caller = Caller::start(builder.application(Application::new("foreign").secret("s").not_global())).await;
        match self.cause.as_str() {
            "invalid_token" => "nonsense".clone_into(&mut caller.token),
            "invalid_signature" => {
                let other = MockTenant::builder().seed(1).start().await.unwrap();
                other.access_token().clone_into(&mut caller.token);
            }
            "client_not_global" => caller.token = foreign_token(&caller).await,
            "insufficient_scope" => caller.token = caller.tenant.token_with_scopes(&["read:users"]),
            _ => {}
        }
        caller
    }

    fn path(&self) -> String {
        let id = match self.cause.as_str() {
            "invalid_path" => "nonsense",
            "connection_not_found" => "con_absent",
            _ => ID,
        };
        let query = match self.cause.as_str() {
            "invalid_query" => "?unheard_of=1",
            "invalid_paging" => "?take=0",
            _ => "",
        };
        format!("{}{query}", self.path.replace("{id}", id))
    }

    fn body(&self) -> Option<Value> {
        let of_groups = self.path.ends_with("synchronized-groups");
        match (self.method.as_str(), self.cause.as_str()) {
            ("GET" | "DELETE", _) if !of_groups || self.method == "GET" => None,
            _ if self.path.ends_with("synchronizations") => None,
            (_, "invalid_body") => Some(json!({ "unheard_of": 1 })),
            (_, "invalid_mapping") => {
                let row = json!({ "auth0": "email", "idp": "primaryEmail" });
                Some(json!({ "mapping": [row, row] }))
            }
            (_, "group_metadata_disabled") => Some(json!({ "groups": [{ "id": "g1", "name": "Engineering" }] })),
            _ if of_groups => Some(json!({ "groups": [{ "id": "g1" }] })),
            _ => Some(json!({ "synchronize_groups": "all" })),
        }
    }

    /// Brings the cause about, as far as a first request has to.
    async fn prepare(&self, caller: &Caller) -> String {
        let path = self.path();
        match self.cause.as_str() {
            "rate_limited" | "already_running" => {
                caller.tenant.clock().freeze();
                caller.send(&self.method, &path, self.body()).await;
            }
            "conflicting_change" => caller.tenant.fault(Fault::error_response("conflicting_change")),
            "expired_cursor" => {
                let (_, page) = caller.get(&format!("{path}?take=1")).await;
                caller.tenant.clock().advance(Duration::from_secs(3600));
                return format!("{path}?from={}", page["next"].as_str().unwrap());
            }
            _ => {}
        }
        path
    }

    async fn bring_about(&self) -> Outcome {
        let caller = self.caller().await;
        let path = self.prepare(&caller).await;
        caller.send(&self.method, &path, self.body()).await
    }
}

/// Causes whose message names what was wrong with the one request.
const NAMING: [&str; 7] = [
    "entity_limit_reached",
    "invalid_body",
    "insufficient_scope",
    "invalid_path",
    "invalid_query",
    "invalid_paging",
    "role_not_found",
];

impl Listed {
    pub(crate) fn assert(&self, (status, mut body): Outcome) {
        let name = format!("{} of {}: {body}", self.cause, self.operation);
        assert_eq!(json!(status), self.example["statusCode"], "{name}");
        if NAMING.contains(&&*self.cause) {
            assert!(body["message"].is_string(), "{name}");
            body["message"] = self.example["message"].clone();
        }
        assert_eq!(body, self.example, "{name}");
    }
}

async fn foreign_token(caller: &Caller) -> String {
    let credentials = json!({
        "grant_type": "client_credentials",
        "client_id": "foreign",
        "client_secret": "s",
        "audience": caller.tenant.audience(),
    });
    let url = format!("{}/oauth/token", caller.tenant.base_url());
    let (_, response) = outcome(caller.http.post(url).json(&credentials).send().await.unwrap()).await;
    response["access_token"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn every_listed_cause_can_be_produced() {
    let listed = listed(true);
    assert!(listed.len() > 100, "{}", listed.len());
    for listed in listed {
        let outcome = listed.bring_about().await;
        listed.assert(outcome);
    }
}
