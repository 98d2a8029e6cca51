//! Operations as wholes: their parameters, status codes, scopes and lifecycle.

use serde_json::{Value, json};

use super::documents::{document, findings, operation};

fn none() -> Vec<String> {
    Vec::new()
}

#[test]
fn operations_come_and_go() {
    let get = json!({ "operationId": "get_thing", "responses": {} });
    let one = document(&json!({ "/a": { "get": get } }));
    let two = document(&json!({ "/a": { "get": get, "post": { "responses": {} } } }));
    assert_eq!(findings(&one, &two), [" | operation-added | - -> post /a | "]);
    assert_eq!(findings(&two, &one), [" | operation-removed | post /a -> - | readers+writers!"]);
    let renamed = document(&json!({ "/a": { "get": { "operationId": "read_thing", "responses": {} } } }));
    assert_eq!(findings(&one, &renamed), [" | operation-id-changed | get_thing -> read_thing | "]);
}

#[test]
fn names_of_path_parameters_do_not_matter() {
    let with = |name: &str| {
        let parameter = json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string" } });
        document(&json!({ format!("/a/{{{name}}}/b"): { "get": { "parameters": [parameter], "responses": {} } } }))
    };
    assert_eq!(findings(&with("id"), &with("thing_id")), none());
}

#[test]
fn lifecycle_and_deprecation_are_told() {
    let early = operation(&json!({ "x-release-lifecycle": "EA", "responses": {} }));
    let general = operation(&json!({ "x-release-lifecycle": "GA", "responses": {} }));
    let unstated = operation(&json!({ "responses": {} }));
    let deprecated = operation(&json!({ "deprecated": true, "responses": {} }));
    assert_eq!(findings(&early, &general), [" | lifecycle-changed | EA -> GA | "]);
    assert_eq!(findings(&general, &unstated), none());
    assert_eq!(findings(&unstated, &deprecated), [" | deprecation-changed | in use -> deprecated | "]);
}

fn with_parameters(parameters: &Value) -> Value {
    operation(&json!({ "parameters": parameters, "responses": {} }))
}

#[test]
fn parameters_come_go_and_become_required() {
    let parameter = |required: bool| {
        with_parameters(&json!([{ "name": "q", "in": "query", "required": required, "schema": { "type": "string" } }]))
    };
    let without = with_parameters(&json!([]));
    for (old, new, expected) in [
        (&without, parameter(false), "query parameter q | parameter-added | - -> optional, string | "),
        (&without, parameter(true), "query parameter q | parameter-added | - -> required, string | writers!"),
        (
            &parameter(false),
            without.clone(),
            "query parameter q | parameter-removed | optional, string -> - | writers!",
        ),
        (
            &parameter(false),
            parameter(true),
            "query parameter q | parameter-required | optional -> required | writers!",
        ),
        (&parameter(true), parameter(false), "query parameter q | parameter-optional | required -> optional | "),
    ] {
        assert_eq!(findings(old, &new), [expected]);
    }
}

#[test]
fn the_schema_and_the_style_of_parameters_matter() {
    let bounded = |maximum: u32| {
        with_parameters(
            &json!([{ "name": "take", "in": "query", "schema": { "type": "integer", "maximum": maximum } }]),
        )
    };
    assert_eq!(
        findings(&bounded(100), &bounded(50)),
        ["query parameter take | constraint-tightened | maximum 100 -> maximum 50 | writers!"]
    );
    let styled = |kind: &str, explode: bool| {
        with_parameters(&json!([{ "name": "f", "in": "query", "explode": explode, "schema": { "type": kind } }]))
    };
    assert_eq!(
        findings(&styled("array", true), &styled("array", false)),
        ["query parameter f | parameter-style-changed | form, exploded -> form | writers!"]
    );
    assert_eq!(findings(&styled("string", true), &styled("string", false)), none());
}

#[test]
fn shared_and_referenced_parameters_count_and_ignored_headers_do_not() {
    let parameter = json!({ "name": "X-Trace", "in": "header", "schema": { "type": "string" } });
    let own = document(&json!({ "/a": { "get": { "parameters": [parameter], "responses": {} } } }));
    let mut shared = document(&json!({
        "/a": { "parameters": [{ "$ref": "#/components/parameters/Trace" }], "get": { "responses": {} } }
    }));
    shared["components"] = json!({ "parameters": { "Trace": {
        "name": "x-trace", "in": "header", "schema": { "type": "string" } } } });
    assert_eq!(findings(&own, &shared), none());
    let ignored = with_parameters(&json!([{ "name": "Authorization", "in": "header", "required": true }]));
    assert_eq!(findings(&with_parameters(&json!([])), &ignored), none());
}

#[test]
fn a_success_under_another_status_is_not_survived() {
    let answers = |statuses: &[&str]| {
        let responses: serde_json::Map<String, Value> =
            statuses.iter().map(|status| ((*status).to_owned(), json!({ "description": "x" }))).collect();
        operation(&json!({ "responses": responses }))
    };
    assert_eq!(
        findings(&answers(&["200"]), &answers(&["202"])),
        ["response 200 | status-removed | 200 -> - | readers!", "response 202 | status-added | - -> 202 | readers!"]
    );
    assert_eq!(
        findings(&answers(&["200", "202"]), &answers(&["200"])),
        ["response 202 | status-removed | 202 -> - | readers"]
    );
    assert_eq!(
        findings(&answers(&["200", "404"]), &answers(&["200", "409"])),
        ["response 404 | status-removed | 404 -> - | ", "response 409 | status-added | - -> 409 | "]
    );
}

#[test]
fn bodies_of_failures_are_survived_whatever_they_are() {
    let failing = |kind: &str| {
        let content = json!({ "application/json": { "schema": { "type": kind } } });
        operation(&json!({ "responses": { "400": { "content": content } } }))
    };
    assert_eq!(
        findings(&failing("object"), &failing("string")),
        ["response 400 application/json | type-changed | object -> string | readers"]
    );
}

#[test]
fn scopes_and_ways_to_authorize_are_told() {
    let secured = |security: Value| operation(&json!({ "security": security, "responses": {} }));
    let read = secured(json!([{ "bearer": [] }, { "oauth": ["read:things"] }]));
    let both = secured(json!([{ "bearer": [] }, { "oauth": ["read:things", "read:more"] }]));
    let other = secured(json!([{ "bearer": [] }, { "oauth": ["read:more"] }]));
    let bearer = secured(json!([{ "bearer": [] }]));
    assert_eq!(findings(&read, &both), ["security | scope-added | - -> oauth: read:more | writers!"]);
    assert_eq!(findings(&both, &read), ["security | scope-removed | oauth: read:more -> - | "]);
    assert_eq!(
        findings(&read, &other),
        [
            "security | scope-removed | oauth: read:things -> - | ",
            "security | scope-added | - -> oauth: read:more | writers!",
        ]
        .map(str::to_owned)
        .into_iter()
        .collect::<std::collections::BTreeSet<_>>()
        .into_iter()
        .collect::<Vec<_>>()
    );
    assert_eq!(findings(&read, &bearer), ["security | security-removed | oauth (read:things) -> - | writers!"]);
    assert_eq!(findings(&bearer, &read), ["security | security-added | - -> oauth (read:things) | "]);
}

#[test]
fn security_of_the_document_holds_where_an_operation_says_nothing() {
    let own = operation(&json!({ "security": [{ "bearer": [] }], "responses": {} }));
    let mut shared = operation(&json!({ "responses": {} }));
    shared["security"] = json!([{ "bearer": [] }]);
    assert_eq!(findings(&own, &shared), none());
}
