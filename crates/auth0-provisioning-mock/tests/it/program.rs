use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use serde_json::{Value, json};

fn program() -> Command {
    Command::new(env!("CARGO_BIN_EXE_auth0-provisioning-mock"))
}

/// Starts the program and reads what it announces, by label.
fn start(arguments: &[&str]) -> (Child, Vec<(String, String)>) {
    let mut child = program().args(["--listen", "127.0.0.1:0"]).args(arguments).stdout(Stdio::piped()).spawn().unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
    let announced = lines.take_while(|line| !line.starts_with("Stop")).map(|line| {
        let (label, value) = line.split_once(": ").unwrap();
        (label.to_owned(), value.to_owned())
    });
    let announced = announced.collect();
    (child, announced)
}

fn announced_value<'a>(announced: &'a [(String, String)], label: &str) -> &'a str {
    announced.iter().find(|(known, _)| known == label).map(|(_, value)| value.as_str()).unwrap()
}

#[cfg(unix)]
fn stop(mut child: Child, signal: &str) {
    assert!(Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap().success());
    assert!(child.wait().unwrap().success());
}

#[cfg(unix)]
#[tokio::test]
async fn program_announces_credentials_and_keeps_state() {
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().join("state.json");
    let arguments = ["--state", state.to_str().unwrap(), "--connections", "3", "--seed", "9"];
    let http = reqwest::Client::new();
    let mut seen = Vec::new();
    for signal in ["-TERM", "-INT"] {
        let (child, announced) = start(&arguments);
        let base_url = announced_value(&announced, "base URL");
        let credentials = json!({
            "grant_type": "client_credentials",
            "client_id": announced_value(&announced, "client id"),
            "client_secret": announced_value(&announced, "client secret"),
            "audience": announced_value(&announced, "audience"),
        });
        let token: Value =
            http.post(format!("{base_url}/oauth/token")).json(&credentials).send().await.unwrap().json().await.unwrap();
        let token = token["access_token"].as_str().unwrap();
        let connection = announced_value(&announced, "first connection");
        let url = format!("{base_url}/api/v2/connections/{connection}/directory-provisioning");
        seen.push(http.get(&url).bearer_auth(token).send().await.unwrap().status().as_u16());
        http.delete(&url).bearer_auth(token).send().await.unwrap();
        stop(child, signal);
    }
    assert_eq!(seen, [200, 404]);
}

#[cfg(unix)]
#[test]
fn program_with_tls_writes_the_authority() {
    let folder = tempfile::tempdir().unwrap();
    let authority = folder.path().join("authority.pem");
    let (child, announced) = start(&["--tls", "--authority", authority.to_str().unwrap()]);
    assert!(announced_value(&announced, "base URL").starts_with("https://"));
    assert_eq!(announced_value(&announced, "certificate authority"), authority.to_str().unwrap());
    assert!(fs::read_to_string(&authority).unwrap().starts_with("-----BEGIN CERTIFICATE-----"));
    stop(child, "-TERM");
}

#[test]
fn wrong_address_is_reported() {
    let output = program().args(["--listen", "127.0.0.1:notaport"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("cannot listen on 127.0.0.1:notaport"));
}

fn call(method: &str, path: &str, request: Option<Value>, status: u16, response: &Value) -> String {
    let response = if response.is_null() { String::new() } else { response.to_string() };
    let request = request.map(|request| request.to_string());
    let path = format!("/api/v2{path}");
    json!({ "method": method, "path": path, "request": request, "status": status, "response": response }).to_string()
}

fn replay(folder: &Path, calls: &[String]) -> (Output, String) {
    let file = folder.join("calls.jsonl");
    fs::write(&file, calls.join("\n")).unwrap();
    let output = program().arg("replay").arg(file).output().unwrap();
    let text = String::from_utf8(output.stdout.clone()).unwrap();
    (output, text)
}

fn configuration(groups: &str, last_run: Option<&str>) -> Value {
    let mut configuration = json!({
        "connection_id": "con_recorded",
        "connection_name": "recorded",
        "strategy": "google-apps",
        "mapping": [{ "auth0": "email", "idp": "primaryEmail" }],
        "synchronize_automatically": false,
        "synchronize_groups": groups,
        "created_at": "2026-01-01T00:00:00.000Z",
        "updated_at": "2026-01-02T00:00:00.000Z",
    });
    if let Some(status) = last_run {
        configuration["last_synchronization_at"] = json!("2026-01-03T00:00:00.000Z");
        configuration["last_synchronization_status"] = json!(status);
    }
    configuration
}

#[test]
fn partial_recordings_are_replayed() {
    let folder = tempfile::tempdir().unwrap();
    let here = "/connections/con_recorded/directory-provisioning";
    let groups = format!("{here}/synchronized-groups");
    let run = |id: &str| json!({ "connection_id": "con_recorded", "synchronization_id": id, "status": "pending" });
    let calls = [
        call("GET", here, None, 200, &configuration("selected", Some("completed"))),
        call("GET", &format!("{groups}?take=1"), None, 200, &json!({ "groups": [{ "id": "a" }], "next": "recorded" })),
        call("GET", &format!("{groups}?take=1&from=recorded"), None, 200, &json!({ "groups": [{ "id": "b" }] })),
        call(
            "PATCH",
            here,
            Some(json!({ "synchronize_groups": "all" })),
            200,
            &configuration("all", Some("completed")),
        ),
        call("POST", &format!("{here}/synchronizations"), None, 201, &run("sync_1")),
        call("GET", here, None, 200, &configuration("all", Some("partly"))),
        call("POST", &format!("{here}/synchronizations"), None, 201, &run("sync_2")),
        call(
            "GET",
            "/connections/con_absent/directory-provisioning",
            None,
            404,
            &json!({
                "statusCode": 404,
                "error": "Not Found",
                "message": "The connection does not exist",
                "errorCode": "inexistent_connection",
            }),
        ),
        call("DELETE", here, None, 204, &Value::Null),
        call("POST", "/users", Some(json!({})), 201, &json!({})),
    ];
    let (output, text) = replay(folder.path(), &calls);
    assert!(output.status.success(), "{text}");
    assert!(text.ends_with("9 equal, 0 different, 1 skipped\n"), "{text}");
}

#[test]
fn difference_has_place_and_fails_replay() {
    let folder = tempfile::tempdir().unwrap();
    let here = "/connections/con_recorded/directory-provisioning";
    let mut later = configuration("off", None);
    later["mapping"][0]["auth0"] = json!("nickname");
    let calls = [call("GET", here, None, 200, &configuration("off", None)), call("GET", here, None, 200, &later)];
    let (output, text) = replay(folder.path(), &calls);
    assert_eq!(output.status.code(), Some(1));
    assert!(text.contains(r#"/mapping/0/auth0: recorded "nickname", received "email""#), "{text}");
    assert!(text.ends_with("1 equal, 1 different, 0 skipped\n"), "{text}");
}

#[test]
fn file_without_recordings_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let (output, _) = replay(folder.path(), &["no call".to_owned()]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("line 1 is not a recorded call"));
}

/// Returns the response of a recorded tenant with these options.
fn recorded_connection(id: &str, options: &Value) -> Value {
    json!({
        "id": id,
        "name": "acme-okta",
        "display_name": "acme-okta",
        "strategy": "okta",
        "options": options,
        "enabled_clients": [],
        "is_domain_connection": false,
        "show_as_button": false,
        "realms": ["acme-okta"],
    })
}

fn okta_options() -> Value {
    json!({
        "client_id": "c",
        "type": "back_channel",
        "schema_version": "oidc-V4",
        "attribute_map": { "mapping_mode": "basic_profile" },
        "connection_settings": { "pkce": "auto" },
    })
}

#[test]
fn replay_uses_generated_ids() {
    let folder = tempfile::tempdir().unwrap();
    let connection = recorded_connection("con_theirs", &okta_options());
    let mapping = json!([{ "scim": "userName", "auth0": "nickname" }]);
    let scim = "/connections/con_theirs/scim-configuration";
    let configuration = json!({
        "tenant_name": "umbrella",
        "connection_id": "con_theirs",
        "connection_name": "acme-okta",
        "strategy": "okta",
        "mapping": mapping,
        "user_id_attribute": "userName",
        "created_at": "2026-01-01T00:00:00.000Z",
        "updated_on": "2026-01-01T00:00:00.000Z",
    });
    let token = json!({ "token_id": "tok_theirs", "scopes": ["get:users"], "created_at": "2026-01-01T00:00:00.000Z" });
    let mut with_secret = token.clone();
    with_secret["token"] = json!("tok_theirs.secret");
    let new = json!({ "name": "acme-okta", "strategy": "okta", "options": { "client_id": "c" } });
    let change = json!({ "user_id_attribute": "userName", "mapping": mapping });
    let tokens = format!("{scim}/tokens");
    let calls = [
        call("POST", "/connections", Some(new), 201, &connection),
        call("GET", "/connections/con_theirs", None, 200, &connection),
        call("POST", scim, Some(change), 201, &configuration),
        call("GET", scim, None, 200, &configuration),
        call("POST", &tokens, Some(json!({ "scopes": ["get:users"] })), 201, &with_secret),
        call("GET", &tokens, None, 200, &json!([token])),
        call("DELETE", &format!("{tokens}/tok_theirs"), None, 204, &Value::Null),
        call("DELETE", scim, None, 204, &Value::Null),
        call("DELETE", "/connections/con_theirs", None, 202, &json!({ "deleted_at": "2026-01-02T00:00:00.000Z" })),
    ];
    let (output, text) = replay(folder.path(), &calls);
    assert!(output.status.success(), "{text}");
    assert!(text.ends_with("9 equal, 0 different, 0 skipped\n") && !text.contains("learned"), "{text}");
}

#[test]
fn replay_without_enabled_clients() {
    let folder = tempfile::tempdir().unwrap();
    let mut connection = recorded_connection("con_theirs", &okta_options());
    connection.as_object_mut().unwrap().remove("enabled_clients");
    let new = json!({ "name": "acme-okta", "strategy": "okta", "options": { "client_id": "c" } });
    let calls = [
        call("POST", "/connections", Some(new), 201, &connection),
        call("GET", "/connections/con_theirs", None, 200, &connection),
        call("PATCH", "/connections/con_theirs", Some(json!({ "show_as_button": false })), 200, &connection),
    ];
    let (output, text) = replay(folder.path(), &calls);
    assert!(output.status.success(), "{text}");
    assert!(text.contains("200 GET /api/v2/connections/con_theirs (learned enabled_clients)"), "{text}");
}

#[test]
fn learned_options_are_listed() {
    let folder = tempfile::tempdir().unwrap();
    let mut options = okta_options();
    options["strange"] = json!(true);
    let connection = recorded_connection("con_theirs", &options);
    let new = json!({ "name": "acme-okta", "strategy": "okta", "options": { "client_id": "c" } });
    let calls = [
        call("POST", "/connections", Some(new), 201, &connection),
        call("GET", "/connections/con_theirs", None, 200, &connection),
    ];
    let (output, text) = replay(folder.path(), &calls);
    assert!(output.status.success(), "{text}");
    assert!(text.contains("201 POST /api/v2/connections (learned options.strange)"), "{text}");
    assert!(text.contains("\n1 of the equal calls"), "{text}");
}

#[test]
fn wrong_seed_file_is_reported_with_place() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("seed.yaml");
    fs::write(&file, "connectoins: []").unwrap();
    let output = program().args(["--seed-file", file.to_str().unwrap()]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(error.contains("seed.yaml") && error.contains("unknown field `connectoins`"), "{error}");
}
