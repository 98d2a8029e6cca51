//! Documents that are broken, or built to break us, give an error with its place, or an answer.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::documents::{Folder, compare, document, findings, operation, response};
use xtask::drift::assess;

/// The error for a document, which has to say where it is.
fn error(broken: &Value) -> String {
    let sound = operation(&json!({ "responses": {} }));
    let error = compare(&sound, broken).unwrap_err().to_string();
    assert!(error.contains("new.json#"), "{error}");
    error
}

fn with_schemas(schema: &Value, schemas: &Value) -> Value {
    let mut document = response(schema);
    document["components"] = json!({ "schemas": schemas });
    document
}

#[test]
fn what_is_malformed_is_named_with_its_pointer() {
    let at = "/paths/~1things~1{id}/get/responses/200/content/application~1json/schema";
    for (schema, place) in [
        (json!(5), at.to_owned()),
        (json!({ "type": "text" }), format!("{at}/type")),
        (json!({ "type": 7 }), format!("{at}/type")),
        (json!({ "properties": [] }), format!("{at}/properties")),
        (json!({ "required": "a" }), format!("{at}/required")),
        (json!({ "enum": {} }), format!("{at}/enum")),
        (json!({ "anyOf": {} }), format!("{at}/anyOf")),
        (json!({ "allOf": [3] }), format!("{at}/allOf/0")),
        (json!({ "maxLength": "long" }), format!("{at}/maxLength")),
        (json!({ "$ref": 1 }), format!("{at}/$ref")),
        (json!({ "$ref": "#/components/schemas/Missing" }), format!("{at}/$ref")),
        (json!({ "$ref": "other.json#/X" }), format!("{at}/$ref")),
        (json!({ "$dynamicRef": "#x" }), format!("{at}/$dynamicRef")),
    ] {
        let same = compare(&response(&json!({})), &response(&schema)).unwrap_err().to_string();
        assert!(same.contains(&format!("new.json#{place}: ")), "{same}");
    }
    for (broken, place) in [
        (document(&json!([])), "/paths"),
        (document(&json!({ "/things/{id}": [] })), "/paths/~1things~1{id}"),
        (document(&json!({ "/things/{id}": { "get": 1 } })), "/paths/~1things~1{id}/get"),
        (operation(&json!({ "responses": [] })), "/paths/~1things~1{id}/get/responses"),
        (operation(&json!({ "parameters": {} })), "/paths/~1things~1{id}/get/parameters"),
        (operation(&json!({ "parameters": [{ "in": "query" }] })), "/paths/~1things~1{id}/get/parameters/0"),
        (operation(&json!({ "security": [[]] })), "/paths/~1things~1{id}/get/security/0"),
        (operation(&json!({ "tags": [1] })), "/paths/~1things~1{id}/get/tags/0"),
        (operation(&json!({ "servers": [{ "url": 1 }] })), "/paths/~1things~1{id}/get/servers/0/url"),
        (
            operation(&json!({ "responses": { "200": { "headers": [] } } })),
            "/paths/~1things~1{id}/get/responses/200/headers",
        ),
        (operation(&json!({ "requestBody": { "$ref": "#/nowhere" } })), "/paths/~1things~1{id}/get/requestBody/$ref"),
    ] {
        let error = error(&broken);
        assert!(error.contains(&format!("new.json#{place}: ")), "{error}");
    }
}

#[test]
fn references_that_go_round_in_circles_end() {
    let circle = json!({ "A": { "$ref": "#/components/schemas/B" }, "B": { "$ref": "#/components/schemas/A" } });
    let itself = json!({ "A": { "allOf": [{ "$ref": "#/components/schemas/A" }] } });
    let to_a = json!({ "$ref": "#/components/schemas/A" });
    for schemas in [circle, itself] {
        let error = compare(&response(&json!({})), &with_schemas(&to_a, &schemas)).unwrap_err().to_string();
        assert!(error.contains("defined by itself"), "{error}");
    }
    let union = json!({ "A": { "anyOf": [{ "$ref": "#/components/schemas/A" }, { "type": "string" }] } });
    assert_eq!(findings(&with_schemas(&to_a, &union), &with_schemas(&to_a, &union)), Vec::<String>::new());
    let path_items = document(&json!({ "/a": { "$ref": "#/paths/~1b" }, "/b": { "$ref": "#/paths/~1a" } }));
    assert!(error(&path_items).contains("leads round in a circle"));
}

#[test]
fn references_may_be_percent_encoded_and_lead_anywhere() {
    let referring = |reference: &str| {
        let mut document = with_schemas(&json!({ "$ref": reference }), &json!({ "a b": { "type": "string" } }));
        document["paths"]["/x"] = json!({ "trace": { "responses": {
            "200": { "content": { "application/json": { "schema": { "anyOf": [{ "type": "string" }] } } } } } } });
        document
    };
    let plain = referring("#/components/schemas/a b");
    for reference in
        ["#/components/schemas/a%20b", "#/paths/~1x/trace/responses/200/content/application~1json/schema/anyOf/0"]
    {
        assert_eq!(findings(&plain, &referring(reference)), Vec::<String>::new(), "{reference}");
    }
    let nowhere = compare(&plain, &referring("#/components/schemas/%ff")).unwrap_err().to_string();
    assert!(nowhere.contains("which is not in the document"), "{nowhere}");
}

#[test]
fn the_same_thing_reached_twice_is_no_circle() {
    let schemas = json!({
        "Top": { "allOf": [{ "$ref": "#/components/schemas/L" }, { "$ref": "#/components/schemas/R" }] },
        "L": { "allOf": [{ "$ref": "#/components/schemas/Base" }] },
        "R": { "allOf": [{ "$ref": "#/components/schemas/Base" }] },
        "Base": { "type": "object" }
    });
    let diamond = with_schemas(&json!({ "$ref": "#/components/schemas/Top" }), &schemas);
    assert_eq!(findings(&diamond, &response(&json!({ "type": "object" }))), Vec::<String>::new());
}

#[test]
fn deep_nesting_is_refused_and_long_chains_of_references_too() {
    let folder = Folder::new();
    folder.write("old.json", response(&json!({})).to_string());
    let deep = format!("{{\"openapi\":\"3.1.0\",\"x\":{}1{}}}", "[".repeat(100_000), "]".repeat(100_000));
    folder.write("new.json", deep);
    assert!(assess(&folder.arguments()).unwrap_err().to_string().contains("nested too deep"));

    let mut schemas = serde_json::Map::new();
    for index in 0..5_000 {
        let next = json!({ "$ref": format!("#/components/schemas/S{}", index + 1) });
        schemas.insert(format!("S{index}"), json!({ "properties": { "a": next } }));
    }
    schemas.insert("S5000".to_owned(), json!({}));
    let chain = with_schemas(&json!({ "$ref": "#/components/schemas/S0" }), &Value::Object(schemas));
    let error = compare(&chain, &chain).unwrap_err().to_string();
    assert!(error.contains("levels deep"), "{error}");
}

#[test]
fn unions_of_unions_end() {
    let mut schemas = serde_json::Map::new();
    for index in 0..60 {
        let next = format!("#/components/schemas/S{}", index + 1);
        schemas.insert(
            format!("S{index}"),
            json!({ "anyOf": [{ "$ref": next }, { "$ref": next, "maxLength": index }, { "type": "object" }] }),
        );
    }
    schemas.insert("S60".to_owned(), json!({ "type": "object" }));
    let document = with_schemas(&json!({ "$ref": "#/components/schemas/S0" }), &Value::Object(schemas));
    match compare(&document, &document) {
        Ok(outcome) => assert_eq!(outcome.code, 0),
        Err(problem) => assert!(problem.to_string().contains("too often"), "{problem}"),
    }
}

#[test]
fn wide_unions_and_enums_end_and_reports_stay_readable() {
    let variants = |skip: usize| -> Value {
        let branches: Vec<Value> = (skip..600)
            .map(|index| json!({ "type": "object", "properties": { format!("f{index}"): { "type": "string" } } }))
            .collect();
        response(&json!({ "oneOf": branches }))
    };
    assert!(compare(&variants(0), &variants(1)).unwrap().code == 1);

    let values = |from: u32| response(&json!({ "enum": (from..from + 5_000).collect::<Vec<_>>() }));
    let folder = Folder::new();
    folder.write("old.json", values(0).to_string());
    folder.write("new.json", values(10_000).to_string());
    let mut arguments = folder.arguments();
    arguments.format = xtask::drift::Format::Text;
    let report = assess(&arguments).unwrap().report;
    assert!(report.lines().count() < 2_000, "{}", report.lines().count());
    assert!(report.contains("and 9800 more"), "{report}");
}

#[test]
fn names_cannot_disturb_a_report() {
    let old = response(&json!({ "type": "object" }));
    let new = response(&json!({ "type": "object", "properties": {
        "näme | `x`\n# heading \u{1b}[31m": { "type": "string", "enum": ["a\nb"] }
    } }));
    let folder = Folder::new();
    folder.write("old.json", old.to_string());
    folder.write("new.json", new.to_string());
    for format in [xtask::drift::Format::Text, xtask::drift::Format::Markdown] {
        let mut arguments = folder.arguments();
        arguments.format = format;
        let report = assess(&arguments).unwrap().report;
        assert!(report.contains("näme"), "{report}");
        assert!(!report.contains('\u{1b}') && !report.contains("\n# heading"), "{report}");
    }
}

#[test]
fn paths_that_differ_in_parameter_names_alone_are_both_compared() {
    let twice = |second: &str| {
        document(&json!({
            "/a/{x}": { "get": { "responses": {} } },
            "/a/{y}": { "get": { "operationId": second, "responses": {} } }
        }))
    };
    assert_eq!(findings(&twice("one"), &twice("one")), Vec::<String>::new());
    assert_eq!(findings(&twice("one"), &twice("two")), [" | operation-id-changed | one -> two | "]);
}

#[test]
fn random_damage_never_panics() {
    let sound = with_schemas(
        &json!({ "$ref": "#/components/schemas/A" }),
        &json!({ "A": { "type": "object", "required": ["b"], "properties": { "b": { "anyOf": [
            { "type": "string", "enum": ["x"] }, { "type": "null" } ] } } } }),
    );
    let text = sound.to_string();
    let folder = Folder::new();
    folder.write("old.json", &text);
    let mut outcomes = String::new();
    for position in 0..text.len() {
        for byte in [b'0', b'"', b'['] {
            let mut damaged = text.clone().into_bytes();
            damaged[position] = byte;
            folder.write("new.json", &damaged);
            match assess(&folder.arguments()) {
                Ok(outcome) => write!(outcomes, "{}", outcome.code).unwrap(),
                Err(problem) => assert!(problem.to_string().contains("new.json"), "{problem}"),
            }
        }
    }
    assert!(outcomes.contains('1'), "no damage was compared: {outcomes}");
}
