//! Every error response of connections, SCIM, groups and logs in the contract can be produced.

use std::time::Duration;

use auth0_provisioning_mock::{Connection, DirectoryGroup, DirectoryUser, Fault, Feature, MockTenant, RateLimit};
use serde_json::{Value, json};

use crate::caller::{Caller, ID, Outcome, google};
use crate::causes::{Listed, listed};

fn role(number: u32) -> String {
    format!("rol_{number}")
}

impl Listed {
    fn around_connection(&self) -> Connection {
        if self.path.starts_with("/groups") || self.path.starts_with("/users") {
            let user = DirectoryUser::new("kim@acme.test");
            let group = DirectoryGroup::new("Engineering").members(["u1"]);
            return google().synchronizes_all_groups().directory_user("u1", user).directory_group("g1", group);
        }
        let okta = Connection::with_strategy(ID, "okta").name("acme-okta");
        match self.cause.as_str() {
            "scim_unsupported" => google(),
            "users_api_in_use" => google().configured(),
            "common_endpoint_with_scim" => Connection::with_strategy(ID, "waad").scim_configured(),
            "cross_app_access_unsupported" => Connection::with_strategy(ID, "oidc"),
            "realm_taken" => okta.name("acme-example"),
            "connection_not_ready" => google().setup_incomplete(),
            "scim_configuration_not_found" => okta,
            _ if self.operation == "post_scim-configuration" && self.cause != "scim_already_configured" => okta,
            _ => okta.scim_configured(),
        }
    }

    async fn around_caller(&self) -> Caller {
        let builder = MockTenant::builder().connection(self.around_connection());
        let builder = match self.cause.as_str() {
            "rate_limited" => builder.rate_limit(RateLimit::new(1, 1)),
            "cross_app_access_unavailable" => builder.without_feature(Feature::CrossAppAccess),
            "entity_limit_reached" => (0..11).fold(builder, |builder, number| builder.role(role(number), "Role", "")),
            _ => builder,
        };
        self.caller_of(builder).await
    }

    fn around_body(&self) -> Option<Value> {
        let invalid = self.cause == "invalid_body";
        let requests_access = json!({ "active": true });
        match self.operation.as_str() {
            "post_connections" if self.cause == "realm_taken" => {
                Some(json!({ "name": "acme-oidc", "strategy": "oidc", "realms": ["acme-example"] }))
            }
            "post_connections" if self.cause.starts_with("cross_app_access") => Some(json!({
                "name": "acme-oidc", "strategy": "oidc", "cross_app_access_requesting_app": requests_access,
            })),
            "patch_connections_by_id" if self.cause.starts_with("cross_app_access") => {
                Some(json!({ "cross_app_access_requesting_app": requests_access }))
            }
            "patch_connections_by_id" if self.cause == "users_api_in_use" => Some(json!({ "options": {} })),
            "patch_connections_by_id" if self.cause == "common_endpoint_with_scim" => {
                Some(json!({ "options": { "useCommonEndpoint": true } }))
            }
            "post_group_roles" if self.cause == "entity_limit_reached" => {
                Some(json!({ "roles": (0..11).map(role).collect::<Vec<_>>() }))
            }
            "post_connections" if invalid => Some(json!({ "name": "no spaces", "strategy": "okta" })),
            "post_connections" => Some(json!({ "name": "acme-okta", "strategy": "okta" })),
            "patch_connections_by_id" if invalid => Some(json!({})),
            "patch_connections_by_id" => Some(json!({ "show_as_button": true })),
            "patch_clients" if invalid => Some(json!([])),
            "patch_clients" => Some(json!([{ "client_id": "app", "status": true }])),
            "post_scim-configuration" | "patch_scim-configuration" => {
                let row = if self.cause == "invalid_scim_mapping" {
                    json!({ "scim": "" })
                } else {
                    json!({ "scim": "a", "auth0": "b" })
                };
                let attribute = if invalid { json!(7) } else { json!("externalId") };
                Some(json!({ "user_id_attribute": attribute, "mapping": [row] }))
            }
            "post_scim_token" if invalid => Some(json!({ "scopes": [] })),
            "post_scim_token" => Some(json!({ "scopes": ["get:users"] })),
            "post_group_roles" | "delete_group_roles" if invalid => Some(json!({ "roles": [] })),
            "post_group_roles" | "delete_group_roles" => Some(json!({ "roles": ["rol_absent"] })),
            _ => None,
        }
    }

    /// The path with the ids that bring the cause about.
    async fn around_path(&self, caller: &Caller) -> String {
        let absent = ["connection_not_found", "group_not_found", "user_not_found"].contains(&self.cause.as_str());
        let id = match self.path.split('/').nth(1) {
            _ if self.cause == "invalid_path" => "short".to_owned(),
            Some("groups") if absent => "grp_aaaaaaaaaaaaaaaa".to_owned(),
            Some("groups") if self.reaches_state() => {
                caller.provisioning("POST", "/synchronizations", None).await;
                caller.tenant.clock().advance(Duration::from_secs(2));
                let (_, groups) = caller.get("/groups").await;
                groups[0]["id"].as_str().map_or_else(|| "grp_aaaaaaaaaaaaaaaa".to_owned(), String::from)
            }
            Some("groups") => "grp_aaaaaaaaaaaaaaaa".to_owned(),
            Some("users") => "google-apps|unknown".to_owned(),
            _ if absent => "con_absent".to_owned(),
            _ => ID.to_owned(),
        };
        let query = match self.cause.as_str() {
            "invalid_query" => "?unheard_of=1",
            "invalid_paging" if self.operation == "get_logs" => "?take=many",
            "invalid_paging" => "?take=0",
            _ => "",
        };
        format!("{}{query}", self.path.replace("{id}", &id).replace("{tokenId}", "tok_absent"))
    }

    /// Whether the request gets past token and limit.
    fn reaches_state(&self) -> bool {
        self.cause == "role_not_found" || self.cause == "entity_limit_reached"
    }

    async fn bring_about_around(&self) -> Outcome {
        let caller = self.around_caller().await;
        let path = self.around_path(&caller).await;
        let before = match self.cause.as_str() {
            "rate_limited" => 1,
            "too_many_scim_tokens" => 2,
            _ => 0,
        };
        caller.tenant.clock().freeze();
        let is_of_circumstances = match self.cause.as_str() {
            "connection_being_deleted" | "connection_client_taken" => true,
            "entity_limit_reached" => self.operation == "post_connections",
            _ => false,
        };
        if is_of_circumstances {
            caller.tenant.fault(Fault::error_response(&self.cause));
        }
        for _ in 0..before {
            caller.send(&self.method, &path, self.around_body()).await;
        }
        caller.send(&self.method, &path, self.around_body()).await
    }
}

#[tokio::test]
async fn every_cause_of_other_areas_can_be_produced() {
    let listed = listed(false);
    assert!(listed.len() > 150, "{}", listed.len());
    for listed in listed {
        let outcome = listed.bring_about_around().await;
        listed.assert(outcome);
    }
}
