//! Properties of strategies.

use serde_json::{Map, Value, json};

/// The only strategy with directory provisioning.
pub(crate) const GOOGLE_APPS: &str = "google-apps";

/// Adds the default options of a strategy.
pub(crate) fn add_defaults(strategy: &str, options: &mut Map<String, Value>) {
    let common_endpoint = options.get("useCommonEndpoint").cloned().unwrap_or_else(|| false.into());
    let defaults = match strategy {
        GOOGLE_APPS => json!({
            "email": true,
            "profile": true,
            "scope": ["email", "profile"],
            "handle_login_from_social": true,
        }),
        "okta" => json!({
            "type": "back_channel",
            "schema_version": "oidc-V4",
            "attribute_map": { "mapping_mode": "basic_profile" },
            "connection_settings": { "pkce": "auto" },
        }),
        "oidc" => json!({
            "type": "front_channel",
            "schema_version": "oidc-V4",
            "attribute_map": { "mapping_mode": "bind_all" },
            "connection_settings": { "pkce": "auto" },
        }),
        "waad" => json!({ "waad_common_endpoint": common_endpoint }),
        "auth0" => json!({
            "mfa": { "active": true, "return_enroll_settings": true },
            "passwordPolicy": "good",
            "strategy_version": 2,
            "authentication_methods": { "password": { "enabled": true }, "passkey": { "enabled": false } },
            "passkey_options": {
                "challenge_ui": "both",
                "progressive_enrollment_enabled": true,
                "local_enrollment_enabled": true,
            },
            "brute_force_protection": true,
        }),
        _ => json!({}),
    };
    fill(options, defaults);
}

/// Adds absent options, also within nested objects.
pub(crate) fn fill(options: &mut Map<String, Value>, defaults: Value) {
    let Value::Object(defaults) = defaults else { return };
    for (name, default) in defaults {
        match options.get_mut(&name) {
            Some(Value::Object(known)) => fill(known, default),
            Some(_) => {}
            None => {
                options.insert(name, default);
            }
        }
    }
}

/// Whether an administrator completes the setup at a URL of the tenant.
pub(crate) fn has_provisioning_ticket(strategy: &str) -> bool {
    matches!(strategy, "ad" | "adfs" | GOOGLE_APPS | "pingfederate" | "samlp")
}

/// Whether the login page can show a button for a connection.
pub(crate) fn has_button(strategy: &str) -> bool {
    class(strategy) == "enterprise"
}

/// Returns the class of the strategy in log events.
pub(crate) fn class(strategy: &str) -> &'static str {
    match strategy {
        "auth0" | "custom" => "database",
        "email" | "sms" => "passwordless",
        "ad" | "adfs" | "auth0-adldap" | "auth0-oidc" | GOOGLE_APPS | "ip" | "office365" | "oidc" | "okta"
        | "pingfederate" | "samlp" | "sharepoint" | "waad" => "enterprise",
        _ => "social",
    }
}

pub(crate) fn supports_scim(strategy: &str) -> bool {
    matches!(strategy, "okta" | "oidc" | "samlp" | "waad")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn given_options_win_over_nested_defaults() {
        let given = json!({ "type": "front_channel", "attribute_map": { "userinfo_scope": "openid" } });
        let mut options = given.as_object().unwrap().clone();
        add_defaults("okta", &mut options);
        assert_eq!(options["type"], "front_channel");
        assert_eq!(options["attribute_map"], json!({ "userinfo_scope": "openid", "mapping_mode": "basic_profile" }));
        assert_eq!(options["connection_settings"], json!({ "pkce": "auto" }));
    }
}
