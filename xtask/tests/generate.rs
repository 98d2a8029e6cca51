//! Documents that nobody would write on purpose, and what comes of them: code, or an error that names the place.

#![allow(clippy::unwrap_used)] // a test fails by panicking

use std::{fs, path::PathBuf};

use serde_json::{Value, json};
use tempfile::TempDir;
use xtask::generate::{Generated, generate, selection::Selection};

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
        generate(&file, &Selection::All).map_err(|problem| problem.to_string().replace(&folder, ""))
    }
}

fn generated(document: &Value) -> Generated {
    Place::new().generate(document).unwrap()
}

fn refusal(document: &Value) -> String {
    Place::new().generate(document).map(|generated| generated.skipped).unwrap_err()
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
    assert!(files.mention("::std::boxed::Box<Tree>"));
}

#[test]
fn a_schema_that_is_nothing_but_itself_is_refused() {
    let paths = json!({"/a": {"put": operation("put_a", &reference("A"))}});
    let refusal = refusal(&document(&paths, &json!({"A": reference("A")})));
    assert!(refusal.starts_with("document.json#/"), "{refusal}");
    assert!(refusal.contains("leads round in a circle"), "{refusal}");
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
fn values_that_cannot_be_told_apart_in_rust_are_refused() {
    let paths = json!({"/a": {"put": operation("put_a", &json!({"type": "string", "enum": ["self", "Self"]}))}});
    let refusal = refusal(&document(&paths, &json!({})));
    assert!(refusal.contains("unique variant names for [self,Self]"), "{refusal}");
}

#[test]
fn an_operation_id_that_is_taken_is_refused() {
    let paths = json!({
        "/a": {"get": operation("same", &json!({}))},
        "/b": {"get": operation("same", &json!({}))},
    });
    let refusal = refusal(&document(&paths, &json!({})));
    assert!(refusal.starts_with("document.json#/paths/~1b/get: the operation id \"same\""), "{refusal}");
}

#[test]
fn ids_that_become_one_name_in_rust_are_refused() {
    let paths = json!({
        "/a": {"get": operation("get-thing", &json!({"type": "string"}))},
        "/b": {"get": operation("get_thing", &json!({"type": "string"}))},
    });
    let refusal = refusal(&document(&paths, &json!({})));
    assert!(refusal.contains("\"get_thing\" and \"get-thing\" would both be the method get_thing"), "{refusal}");
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
        "parameters": [{"in": "cookie", "name": "c", "schema": {"type": "string"}}],
        "responses": {"204": {"description": "fine"}},
    });
    let paths = json!({
        "/a": {"post": upload, "get": operation("get_a", &json!({"type": "string"}))},
        "/b": {"get": cookie},
    });
    let generated = generated(&document(&paths, &json!({})));
    let skipped: Vec<_> = generated.skipped.iter().map(|skipped| skipped.operation.as_str()).collect();
    assert_eq!((generated.client.operations, skipped), (1, vec!["upload", "cookie"]));
    assert!(generated.skipped[0].reason.contains("multipart/form-data"), "{}", generated.skipped[0].reason);
}

#[test]
fn an_empty_enumeration_is_a_text_or_an_error() {
    let schema = json!({"type": "object", "properties": {"a": {"type": "string", "enum": []}}});
    let paths = json!({"/a": {"put": operation("put_a", &schema)}});
    assert_eq!(generated(&document(&paths, &json!({}))).client.operations, 1);
}

#[test]
fn a_reference_to_nothing_is_named_wherever_it_stands() {
    let paths = json!({"/a": {"get": operation("get_a", &json!({"type": "string"}))}});
    let mut of_schema = document(&paths, &json!({"Unused": {"items": reference("Gone")}}));
    let text = refusal(&of_schema);
    assert!(text.starts_with("document.json#/components/schemas/Unused/items/$ref: `$ref` names"), "{text}");

    of_schema["components"]["schemas"] = json!({"Unused": {"example": reference("Gone")}});
    assert_eq!(generated(&of_schema).client.operations, 1);

    let mut of_header = document(&paths, &json!({}));
    of_header["paths"]["/a"]["get"]["responses"]["200"]["headers"] =
        json!({"h": {"$ref": "#/components/headers/Gone"}});
    let text = refusal(&of_header);
    assert!(text.starts_with("document.json#/paths/~1a/get/responses/200/headers/h/$ref: `$ref` names"), "{text}");
}

#[test]
fn parts_that_are_of_another_kind_are_named() {
    let refused = |paths: &Value| refusal(&document(paths, &json!({})));
    assert_eq!(refused(&json!({"/a": {"get": 1}})), "document.json#/paths/~1a/get: is not an object");
    assert_eq!(
        refused(&json!({"/a": {"get": {"operationId": "a", "parameters": {}, "responses": {}}}})),
        "document.json#/paths/~1a/get/parameters: is not an array"
    );
    let text = refused(&json!({"/a": {"get": {"operationId": "a", "responses": {"200": {"description": 1}}}}}));
    assert!(text.starts_with("document.json#/"), "{text}");
    assert_eq!(refused(&json!({})), "document.json: has no operations");
}
