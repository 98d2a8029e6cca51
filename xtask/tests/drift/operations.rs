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
fn every_method_is_compared() {
    let with = |id: &str| {
        let methods = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];
        let operation = json!({ "operationId": id, "responses": {} });
        let item: serde_json::Map<_, _> =
            methods.map(|method| (method.to_owned(), operation.clone())).into_iter().collect();
        document(&json!({ "/a": item }))
    };
    assert_eq!(findings(&with("one"), &with("two")).len(), 8);
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
    let text = json!({ "schema": { "type": "string" } });
    let content = with_parameters(
        &json!([{ "name": "f", "in": "query", "explode": true, "content": { "application/json": text } }]),
    );
    assert_eq!(
        findings(&styled("string", true), &content),
        ["query parameter f | parameter-style-changed | form, exploded -> application/json | writers!"]
    );
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

fn failing(status: &str, schema: &Value) -> Value {
    let content = json!({ "application/json": { "schema": schema } });
    operation(&json!({ "responses": { status: { "content": content } } }))
}

#[test]
fn bodies_of_failures_are_survived_but_for_what_the_client_reads() {
    assert_eq!(
        findings(&failing("400", &json!({ "type": "object" })), &failing("400", &json!({ "type": "string" }))),
        ["response 400 application/json | type-changed | object -> string | readers"]
    );
    let body = |fields: Value| json!({ "type": "object", "properties": fields });
    let text = json!({ "type": "string" });
    let full = failing("400", &body(json!({ "errorCode": text, "hint": text })));
    assert_eq!(
        findings(&full, &failing("400", &body(json!({})))),
        [
            "errorCode | field-removed | optional, string -> - | readers~",
            "hint | field-removed | optional, string -> - | readers",
        ]
    );
    let number = json!({ "type": "number" });
    assert_eq!(
        findings(&full, &failing("400", &body(json!({ "errorCode": number, "hint": text })))),
        ["errorCode | type-changed | string -> number | readers~"]
    );
}

#[test]
fn the_body_of_a_failure_is_compared_with_that_of_its_range_or_of_the_default() {
    let (text, number) = (json!({ "type": "string" }), json!({ "type": "number" }));
    for status in ["4XX", "4xx", "default"] {
        let found = findings(&failing("404", &text), &failing(status, &number));
        assert!(
            found.contains(&"response 404 application/json | type-changed | string -> number | readers".to_owned())
        );
        assert_eq!(found.len(), 3, "{found:?}");
    }
}

#[test]
fn a_range_of_statuses_holds_each_of_them() {
    let with = |status: &str| operation(&json!({ "responses": { status: { "description": "x" } } }));
    assert_eq!(
        findings(&with("200"), &with("2XX")),
        ["response 200 | status-removed | 200 -> - | readers", "response 2XX | status-added | - -> 2XX | readers"]
    );
}

#[test]
fn headers_of_responses_come_and_go() {
    let with = |headers: Value| operation(&json!({ "responses": { "200": { "headers": headers } } }));
    let number = json!({ "schema": { "type": "integer" } });
    let none_there = with(json!({}));
    let old = with(json!({ "X-RateLimit-Limit": number, "X-Note": { "required": true } }));
    assert_eq!(
        findings(&old, &none_there),
        [
            "response 200 header x-note | header-removed | required -> - | readers",
            "response 200 header x-ratelimit-limit | header-removed | optional -> - | readers!",
        ]
    );
    assert_eq!(
        findings(&none_there, &with(json!({ "x-note": {} }))),
        ["response 200 header x-note | header-added | - -> optional | "]
    );
    let without_promise = with(json!({ "X-RateLimit-Limit": number, "X-Note": {} }));
    assert_eq!(
        findings(&old, &without_promise),
        ["response 200 header x-note | header-optional | required -> optional | readers"]
    );
    assert_eq!(
        findings(&without_promise, &old),
        ["response 200 header x-note | header-required | optional -> required | "]
    );
    let text = with(json!({ "x-ratelimit-limit": { "schema": { "type": "string" } }, "x-note": { "required": true } }));
    assert_eq!(
        findings(&old, &text),
        ["response 200 header x-ratelimit-limit | type-changed | integer -> string | readers"]
    );
}

#[test]
fn the_body_of_a_success_is_compared_under_its_new_status() {
    let with = |status: &str, schema: Value| {
        operation(&json!({ "responses": { status: { "content": { "application/json": { "schema": schema } } } } }))
    };
    let found = findings(&with("200", json!({ "type": "string" })), &with("201", json!({ "type": "number" })));
    assert!(
        found.contains(&"response 200 application/json | type-changed | string -> number | readers!".to_owned()),
        "{found:?}"
    );
}

fn secured(security: impl Into<Value>) -> Value {
    let security: Value = security.into();
    operation(&json!({ "security": security, "responses": {} }))
}

#[test]
fn one_scope_of_a_requirement_is_enough() {
    let read = secured(json!([{ "oauth": ["read:things"] }]));
    let both = secured(json!([{ "oauth": ["read:things", "read:more"] }]));
    let other = secured(json!([{ "oauth": ["read:more"] }]));
    let none_needed = secured(json!([{ "oauth": [] }]));
    assert_eq!(findings(&read, &both), ["security | scope-added | - -> oauth: read:more | "]);
    assert_eq!(findings(&both, &read), ["security | scope-removed | oauth: read:more -> - | writers!"]);
    assert_eq!(
        findings(&read, &other),
        [
            "security | scope-added | - -> oauth: read:more | ",
            "security | scope-removed | oauth: read:things -> - | writers!",
        ]
    );
    assert_eq!(findings(&none_needed, &read), ["security | scope-added | - -> oauth: read:things | writers!"]);
    assert_eq!(findings(&read, &none_needed), ["security | scope-removed | oauth: read:things -> - | "]);
}

#[test]
fn ways_to_authorize_come_and_go() {
    let read = secured(json!([{ "oauth": ["read:things"] }]));
    let bearer = secured(json!([{ "bearer": [] }]));
    let either = secured(json!([{ "oauth": ["read:things"] }, { "bearer": [] }]));
    let together = secured(json!([{ "oauth": ["read:things"], "bearer": [] }]));
    assert_eq!(
        findings(&read, &bearer),
        [
            "security | security-added | - -> bearer | ",
            "security | security-removed | oauth (read:things) -> - | writers!",
        ]
    );
    assert_eq!(findings(&read, &either), ["security | security-added | - -> bearer | "]);
    assert_eq!(
        findings(&together, &either).last().unwrap(),
        "security | security-removed | bearer and oauth (read:things) -> - | "
    );
}

#[test]
fn how_a_way_to_authorize_works_is_told_once_for_all_operations() {
    let with = |scheme: Value| {
        let mut document = secured(json!([{ "bearer": [] }]));
        document["components"] = json!({ "securitySchemes": { "bearer": scheme, "unused": { "type": "http" } } });
        document
    };
    let http = with(json!({ "type": "http", "scheme": "bearer", "bearerFormat": "JWT", "description": "A token." }));
    assert_eq!(findings(&http, &with(json!({ "type": "http", "scheme": "Bearer", "bearerFormat": "jwt" }))), none());
    assert_eq!(
        findings(&http, &with(json!({ "type": "apiKey", "in": "header", "name": "X-Key" }))),
        ["security scheme bearer | security-scheme-changed | http bearer -> apikey header x-key | writers!"]
    );
    let flow = |url: &str| {
        with(json!({ "type": "oauth2", "flows": { "clientCredentials": { "tokenUrl": url, "scopes": {} } } }))
    };
    assert_eq!(findings(&flow("/oauth/token"), &flow("/oauth/token/")), none());
    assert!(
        findings(&flow("/oauth/token"), &flow("/token"))[0].ends_with("oauth2 clientCredentials /token | writers!")
    );
}

#[test]
fn servers_are_told_for_the_document_or_for_the_operation_that_has_its_own() {
    let at = |url: &str| json!([{ "url": url }]);
    let with = |document_wide: &str, own: Option<&str>| {
        let mut document = operation(&json!({ "responses": {} }));
        document["servers"] = at(document_wide);
        if let Some(own) = own {
            document["paths"]["/things/{id}"]["get"]["servers"] = at(own);
        }
        document
    };
    assert_eq!(findings(&with("/a", None), &with("/a", None)), none());
    assert_eq!(findings(&with("/a", None), &with("/b", None)), ["servers | servers-changed | /a -> /b | writers!"]);
    assert_eq!(
        findings(&with("https://a.example.com/v1", None), &with("https://b.example.com/v1/", None)),
        ["servers | servers-changed | https://a.example.com/v1 -> https://b.example.com/v1/ | writers"]
    );
    assert_eq!(
        findings(&with("/a", None), &with("/a", Some("/b"))),
        ["servers | servers-changed | /a -> /b | writers!"]
    );
    assert_eq!(findings(&with("/a", None), &with("/a", Some("/a"))), none());
}

#[test]
fn tags_are_told() {
    let tagged = |tag: &str| operation(&json!({ "tags": [tag], "responses": {} }));
    assert_eq!(findings(&tagged("a"), &tagged("b")), [" | tags-changed | a -> b | "]);
}

#[test]
fn security_of_the_document_holds_where_an_operation_says_nothing() {
    let own = operation(&json!({ "security": [{ "bearer": [] }], "responses": {} }));
    let mut shared = operation(&json!({ "responses": {} }));
    shared["security"] = json!([{ "bearer": [] }]);
    assert_eq!(findings(&own, &shared), none());
}
