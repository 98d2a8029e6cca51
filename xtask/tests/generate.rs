//! Documents that nobody would write on purpose, and what comes of them: code, or an error that names the place.

#![allow(clippy::unwrap_used)] // a test fails by panicking

use std::{fs, path::PathBuf};

use serde_json::{Value, json};
use tempfile::TempDir;
use xtask::generate::{Generated, Readers, generate, select::Selection};

/// A document with these operations and schemas.
fn document(paths: &Value, schemas: &Value) -> Value {
    json!({
        "openapi": "3.1.0",
        "info": {"title": "test", "version": "1"},
        "paths": paths,
        "components": {"schemas": schemas},
    })
}

/// An operation that sends and gets a schema.
fn operation(id: &str, schema: &Value) -> Value {
    let content = json!({"application/json": {"schema": schema}});
    json!({
        "operationId": id,
        "requestBody": {"content": content},
        "responses": {"200": {"description": "fine", "content": content}},
    })
}

fn reference(name: &str) -> Value {
    json!({"$ref": format!("#/components/schemas/{name}")})
}

struct Place(TempDir);

impl Place {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn generate(&self, document: &Value) -> Result<Generated, String> {
        let file: PathBuf = self.0.path().join("document.json");
        fs::write(&file, document.to_string()).unwrap();
        let folder = format!("{}/", self.0.path().display());
        generate(&file, &Selection::All, &Readers::Tolerant).map_err(|problem| problem.to_string().replace(&folder, ""))
    }
}

fn generated(document: &Value) -> Generated {
    Place::new().generate(document).unwrap()
}

fn refusal(document: &Value) -> String {
    Place::new().generate(document).map(|generated| generated.noted.skipped).unwrap_err()
}

#[test]
fn schemas_that_hold_themselves_are_boxed() {
    let schemas = json!({
        "Tree": {"type": "object", "properties": {"left": reference("Tree"), "right": reference("Tree")}},
        "Ping": {"type": "object", "properties": {"pong": reference("Pong")}},
        "Pong": {"type": "object", "required": ["ping"], "properties": {"ping": reference("Ping")}},
    });
    let paths = json!({
        "/tree": {"put": operation("put_tree", &reference("Tree"))},
        "/ping": {"put": operation("put_ping", &reference("Ping"))},
    });
    let files = generated(&document(&paths, &schemas)).files;
    assert!(files.mention("Option<Box<Tree>>"));
}

/// The reason for which the operation of this id is left out, while another one stays.
fn left_out(id: &str, paths: &Value, schemas: &Value) -> String {
    let mut paths = paths.clone();
    paths["/stays"] = json!({"get": operation("stays", &json!({"type": "string"}))});
    let generated = generated(&document(&paths, schemas));
    assert_eq!(generated.client.operations, 1);
    let skipped = generated.noted.skipped.into_iter().find(|skipped| skipped.operation == id);
    skipped.map(|skipped| skipped.reason).unwrap()
}

#[test]
fn a_schema_that_is_nothing_but_itself_leaves_its_operation_out() {
    let paths = json!({"/a": {"put": operation("put_a", &reference("A"))}});
    let reason = left_out("put_a", &paths, &json!({"A": reference("A")}));
    assert!(reason.contains("defined by itself"), "{reason}");
}

#[test]
fn schemas_that_hold_themselves_by_composition_end() {
    let schemas = json!({
        "A": {"allOf": [reference("A")], "properties": {"a": {"allOf": [reference("A"), {"properties": {"b": {"type": "string"}}}]}}},
        "B": {"oneOf": [reference("B"), {"type": "string"}]},
        "C": {"allOf": [reference("D")]}, "D": {"allOf": [reference("C")]},
        "E": {"anyOf": [{"allOf": [reference("E")]}, {"items": reference("E")}]},
    });
    let paths = ["A", "B", "C", "E"]
        .map(|name| (format!("/{name}"), json!({"put": operation(&format!("put_{name}"), &reference(name))})));
    let paths: Value = serde_json::Map::from_iter(paths).into();
    assert_eq!(generated(&document(&paths, &schemas)).client.operations, 4);
}

#[test]
fn a_chain_of_a_thousand_schemas_is_no_trouble() {
    let name = |number: usize| format!("S{number}");
    let link = |number: usize| json!({"type": "object", "properties": {"next": reference(&name(number + 1))}});
    let mut schemas: serde_json::Map<String, Value> = (0..1_000).map(|number| (name(number), link(number))).collect();
    schemas.insert(name(1_000), json!({"type": "string"}));
    let paths = json!({"/a": {"put": operation("put_a", &reference("S0"))}});
    assert_eq!(generated(&document(&paths, &schemas.into())).client.operations, 1);
}

#[test]
fn names_that_rust_keeps_for_itself_are_changed() {
    let schema = json!({"type": "object", "properties": {
        "type": {"type": "string", "enum": ["self", "fn", "1st", ""]}, "async": {"type": "boolean"},
        "größe": {"type": "integer"}, "$ref-like": {"type": "string"}, "crate": {"type": "string"},
    }});
    let paths = json!({"/a": {"put": operation("match", &schema)}});
    assert_eq!(generated(&document(&paths, &json!({}))).client.operations, 1);
}

#[test]
fn deep_nesting_is_no_trouble() {
    let mut schema = json!({"type": "string"});
    for _ in 0..50 {
        schema = json!({"type": "object", "properties": {"in": schema}});
    }
    let paths = json!({"/a": {"put": operation("put_a", &schema)}});
    assert_eq!(generated(&document(&paths, &json!({}))).client.operations, 1);
    for _ in 0..50 {
        schema = json!({"type": "object", "properties": {"in": schema}});
    }
    let paths = json!({"/a": {"put": operation("put_a", &schema)}});
    assert!(refusal(&document(&paths, &json!({}))).contains("nested too deep"));
}

#[test]
fn names_that_meet_in_rust_are_told_apart_and_listed() {
    let schema = json!({"type": "object", "properties": {
        "a": {"type": "string", "enum": ["self", "Self"]}, "fooBar": {"type": "string"}, "foo_bar": {"type": "string"},
    }});
    let paths = json!({"/a": {"put": operation("get-thing", &schema)}, "/b": {"put": operation("get_thing", &schema)}});
    let generated = generated(&document(&paths, &json!({})));
    assert_eq!(generated.client.operations, 2);
    let renamed = generated.noted.renamed.join("\n");
    for sentence in [
        "the operation \"get_thing\" at /paths/~1b/put is the method get_thing_operation",
        "the member \"foo_bar\" is the field foo_bar_value",
        "the value \"Self\" is the variant",
    ] {
        assert!(renamed.contains(sentence), "{renamed}");
    }
}

#[test]
fn what_a_document_requires_is_insisted_on_where_an_older_one_agrees() {
    let schema = |required: Value| {
        json!({"R": {"type": "object", "required": required, "properties": {
        "old": {"type": "string"}, "new": {"type": "string"}}}})
    };
    let paths = json!({"/a": {"get": operation("get_a", &json!({"type": "array", "items": reference("R")}))}});
    let newer = document(&paths, &schema(json!(["old", "new"])));
    let older = document(&paths, &schema(json!(["old"])));
    let place = Place::new();
    let file = place.0.path().join("newer.json");
    fs::write(&file, newer.to_string()).unwrap();
    let older = xtask::openapi::Document { root: older };
    let files = generate(&file, &Selection::All, &Readers::Since(older)).unwrap().files;
    assert!(files.mention("required old \"old\"") && files.mention("expected new"));
    assert!(generated(&newer).files.mention("expected old"));
}

#[test]
fn schemas_that_become_one_name_in_rust_are_refused() {
    let schema = json!({"type": "object", "properties": {"a": {"type": "string"}}});
    let other = json!({"type": "object", "properties": {"b": {"type": "string"}}});
    let schemas = json!({"SomeThing": schema, "some-thing": other});
    let paths = json!({
        "/a": {"put": operation("put_a", &reference("SomeThing"))},
        "/b": {"put": operation("put_b", &reference("some-thing"))},
    });
    match Place::new().generate(&document(&paths, &schemas)) {
        Ok(generated) => assert!(generated.files.mention("pub b:") && generated.files.mention("pub a:")),
        Err(refusal) => assert!(refusal.contains("SomeThing"), "{refusal}"),
    }
}

#[test]
fn what_cannot_be_expressed_is_left_out_by_name_and_the_rest_is_there() {
    let upload = json!({
        "operationId": "upload",
        "requestBody": {"content": {"multipart/form-data": {"schema": {"type": "object"}}}},
        "responses": {"204": {"description": "fine"}},
    });
    let cookie = json!({
        "operationId": "cookie",
        "parameters": [{"in": "cookie", "name": "c", "required": true, "schema": {"type": "string"}}],
        "responses": {"204": {"description": "fine"}},
    });
    let paths = json!({
        "/a": {"post": upload, "get": operation("get_a", &json!({"type": "string"}))},
        "/b": {"get": cookie},
    });
    let generated = generated(&document(&paths, &json!({})));
    let skipped: Vec<_> = generated.noted.skipped.iter().map(|skipped| skipped.operation.as_str()).collect();
    assert_eq!((generated.client.operations, skipped), (1, vec!["upload", "cookie"]));
    assert!(generated.noted.skipped[0].reason.contains("multipart/form-data"), "{}", generated.noted.skipped[0].reason);
}

#[test]
fn nothing_is_written_where_an_operation_would_be_left_out_unless_that_is_accepted() {
    let cookie = json!({"operationId": "cookie", "parameters": [{"in": "cookie", "name": "c", "required": true}], "responses": {}});
    let paths = json!({"/a": {"get": operation("get_a", &json!({"type": "string"})), "put": cookie}});
    let folder = tempfile::tempdir().unwrap();
    let (file, out) = (folder.path().join("document.json"), folder.path().join("client"));
    fs::write(&file, document(&paths, &json!({})).to_string()).unwrap();
    let run = |more: &[&str]| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_xtask"));
        command.args(["generate", "--all", "--spec"]).arg(&file).arg("--out").arg(&out).args(more);
        command.output().unwrap()
    };
    let refused = run(&[]);
    assert!(!refused.status.success() && !out.exists());
    assert!(String::from_utf8_lossy(&refused.stderr).contains("skipped cookie: "));
    assert!(run(&["--allow-skips"]).status.success() && out.join("src/lib.rs").exists());
}

#[test]
fn optional_parameter_is_left_out_and_its_operation_is_there() {
    let parameters = json!([
        {"in": "cookie", "name": "session", "schema": {"type": "string"}},
        {"in": "query", "name": "filter", "content": {"application/json": {"schema": {"type": "object"}}}},
        {"in": "query", "name": "sorting", "style": "matrix", "schema": {"type": "string"}},
        {"in": "query", "name": "lost", "schema": reference("Gone")},
        {"in": "query", "name": "list", "style": "deepObject", "schema": {"type": "array"}},
        {"in": "query", "name": "verbose", "schema": {"type": "boolean"}},
    ]);
    let paths = json!({"/a": {"get": {"operationId": "get_a", "parameters": parameters, "responses": {}}}});
    let generated = generated(&document(&paths, &json!({})));
    assert_eq!((generated.client.operations, generated.noted.skipped.len()), (1, 0));
    let filter = "filter: Option<&::serde_json::Map<String, ::serde_json::Value>>,";
    assert!(generated.files.mention(filter) && generated.files.mention("json_parameter(\"filter\", &filter)"));
    assert!(generated.files.mention("verbose: Option<bool>,"));
    for name in ["session", "sorting", "lost", "list"] {
        let warned =
            generated.noted.warnings.iter().filter(|warning| warning.ends_with("; it is optional and left out"));
        assert!(warned.into_iter().count() == 4, "{:?}", generated.noted.warnings);
        assert!(generated.files.mention(&format!("parameter `{name}`.")), "{name}");
    }
}

#[test]
fn document_of_which_nothing_can_be_expressed_is_refused_with_an_operation_and_a_short_reason() {
    let schema = json!({"type": "object", "properties": {"a": {"type": "strange"}}});
    let refusal = refusal(&document(&json!({"/a": {"put": operation("put_a", &schema)}}), &json!({})));
    assert!(refusal.contains("no operation can be expressed; put_a: #/paths/~1a/put"), "{refusal}");
    assert!(refusal.len() < 500 && !refusal.contains('\n'), "{refusal}");
}

#[test]
fn parameter_and_tag_of_schemas_that_hold_themselves_often_come_to_an_end() {
    let members: serde_json::Map<String, Value> =
        (0..40).map(|number| (format!("m{number}"), reference("Deep"))).collect();
    let branches: Vec<Value> = (0..40).map(|_| reference("Kind")).collect();
    let variant =
        |name: &str| json!({"type": "object", "properties": {"kind": reference("Kind"), name: {"type": "string"}}});
    let schemas = json!({
        "Deep": {"type": "object", "properties": members}, "Kind": {"oneOf": branches},
        "Either": {"oneOf": [variant("a"), variant("b")]},
    });
    let mut operation = operation("put_a", &reference("Either"));
    operation["parameters"] = json!([{"in": "query", "name": "q", "style": "deepObject", "schema": reference("Deep")}]);
    assert_eq!(generated(&document(&json!({"/a": {"put": operation}}), &schemas)).client.operations, 1);
}

#[test]
fn form_that_no_encoding_can_write_leaves_its_operation_out() {
    for (encoding, reason) in [
        (json!({"style": "tree"}), "has the style \"tree\", which is not supported"),
        (json!({"contentType": "application/xml"}), "is application/xml within a form, which is not supported"),
    ] {
        let media =
            json!({"schema": {"type": "object", "properties": {"a": {"type": "object"}}}, "encoding": {"a": encoding}});
        let body = json!({"content": {"application/x-www-form-urlencoded": media}});
        let operation = json!({"operationId": "send", "requestBody": body, "responses": {}});
        let told = left_out("send", &json!({"/a": {"post": operation}}), &json!({}));
        assert!(told.starts_with("#/paths/~1a/post/requestBody/content/") && told.ends_with(reason), "{told}");
    }
}

#[test]
fn files_are_sent_in_parts_and_events_are_received() {
    let parts = json!({"type": "object", "required": ["users"], "properties": {
        "users": {"type": "string", "format": "binary"}, "more": {"type": "array", "items": {"type": "string", "format": "binary"}},
        "upsert": {"type": "boolean"}}});
    let body = json!({"required": true, "content": {"multipart/form-data": {"schema": parts, "encoding": {"users": {"contentType": "text/json"}}}}});
    let events =
        json!({"200": {"description": "events", "content": {"text/event-stream": {"schema": {"type": "object"}}}}});
    let paths = json!({
        "/import": {"post": {"operationId": "import", "requestBody": body, "responses": {"204": {"description": "fine"}}}},
        "/events": {"get": {"operationId": "events", "responses": events}},
    });
    let generated = generated(&document(&paths, &json!({})));
    assert_eq!((generated.client.operations, generated.noted.skipped.len()), (2, 0));
    for text in [
        "pub users: crate::values::File,",
        "pub more: Option<Vec<crate::values::File>>,",
        "multipart(body, &[(\"users\", \"text/json\"), (\"more\", \"application/octet-stream\")])",
        "accept(\"text/event-stream\")",
        "pub async fn events(&self) -> Result<Response<Bytes>, Error> {",
    ] {
        assert!(generated.files.mention(text), "{text}");
    }
}

#[test]
fn every_tag_is_a_module_and_shared_types_stand_once() {
    let tagged = |id: &str, tag: &str, schema: &Value| {
        let mut operation = operation(id, schema);
        operation["tags"] = json!([tag]);
        operation["security"] = json!([{"oauth": ["update:a", "create:a"]}]);
        operation
    };
    let schemas = json!({
        "Both": {"type": "object", "required": ["new"], "properties": {"new": {"type": "boolean"}}},
        "One": {"type": "object", "required": ["both"], "properties": {
            "both": reference("Both"), "type": {"type": "string"}, "token": {"type": "string", "x-secret": true}}},
    });
    let paths = json!({
        "/a": {"put": tagged("put_a", "first tag", &reference("One"))},
        "/b": {"put": tagged("put_b", "type", &reference("Both"))},
        "/c": {"post": tagged("post-c", "3rd", &json!({"type": "string"}))},
    });
    let client = generated(&document(&paths, &schemas)).client;
    let files = client.files.iter().map(|(name, code)| format!("// {name}.rs\n{code}"));
    insta::assert_snapshot!(files.collect::<Vec<_>>().join("\n"));
}

#[test]
fn an_empty_enumeration_is_a_text_or_an_error() {
    let schema = json!({"type": "object", "properties": {"a": {"type": "string", "enum": []}}});
    let paths = json!({"/a": {"put": operation("put_a", &schema)}});
    assert_eq!(generated(&document(&paths, &json!({}))).client.operations, 1);
}

#[test]
fn a_reference_to_nothing_leaves_out_what_needs_it() {
    let schemas = json!({"Bad": {"properties": {"value": {"items": reference("Gone")}}}, "Unused": reference("Gone")});
    let paths = json!({"/a": {"get": operation("get_a", &reference("Bad"))}});
    let reason = left_out("get_a", &paths, &schemas);
    assert!(reason.contains("#/components/schemas/Bad/properties/value/items/$ref: `$ref` names"), "{reason}");
}

#[test]
fn data_that_looks_like_a_reference_is_data() {
    let schema = json!({"type": "object", "example": reference("Gone"), "default": reference("Gone"),
        "properties": {"$ref": {"type": "string"}, "allOf": {"type": "integer"}, "x-rust-type": {"type": "string"}}});
    let paths = json!({"/a": {"get": operation("get_a", &schema)}});
    assert_eq!(generated(&document(&paths, &json!({}))).client.operations, 1);
}

#[test]
fn parts_that_are_of_another_kind_are_named() {
    let reason = |operation: &Value| left_out("a", &json!({"/a": {"get": operation}}), &json!({}));
    assert!(
        reason(&json!({"operationId": "a", "parameters": {}, "responses": {}}))
            .starts_with("#/paths/~1a/get/parameters")
    );
    assert!(
        reason(&json!({"operationId": "a", "requestBody": 1, "responses": {}}))
            .starts_with("#/paths/~1a/get/requestBody")
    );
    assert!(
        reason(&json!({"operationId": "a", "security": 1, "responses": {}})).starts_with("#/paths/~1a/get/security")
    );
    assert_eq!(refusal(&document(&json!({}), &json!({}))), "document.json: has no operations");
}
