//! What changes in requests mean for those who send them.

use serde_json::{Value, json};

use super::documents::{findings, operation, request};

fn object(properties: &Value, required: &Value) -> Value {
    json!({ "type": "object", "additionalProperties": false, "properties": properties, "required": required })
}

fn field(old: &Value, new: &Value) -> Vec<String> {
    findings(&request(&object(&json!({ "a": old }), &json!([]))), &request(&object(&json!({ "a": new }), &json!([]))))
}

#[test]
fn fields_may_come_unless_they_are_required() {
    let old = object(&json!({}), &json!([]));
    let fields = json!({ "a": { "type": "string" } });
    for (required, expected) in [
        (json!([]), "a | field-added | - -> optional, string | "),
        (json!(["a"]), "a | field-added | - -> required, string | writers!"),
    ] {
        assert_eq!(findings(&request(&old), &request(&object(&fields, &required))), [expected]);
    }
}

#[test]
fn a_field_that_goes_is_survived_where_the_server_takes_any() {
    let old = object(&json!({ "a": { "type": "string" } }), &json!([]));
    assert_eq!(
        findings(&request(&old), &request(&object(&json!({}), &json!([])))),
        ["a | field-removed | optional, string -> - | writers!"]
    );
    assert_eq!(
        findings(&request(&old), &request(&json!({ "type": "object" }))),
        [
            "request body application/json | object-opened | - -> - | ",
            "a | field-removed | optional, string -> - | writers"
        ]
    );
}

#[test]
fn a_field_may_become_optional_but_not_required() {
    let fields = json!({ "a": { "type": "string" } });
    let (optional, required) = (object(&fields, &json!([])), object(&fields, &json!(["a"])));
    assert_eq!(
        findings(&request(&optional), &request(&required)),
        ["a | field-required | optional -> required | writers!"]
    );
    assert_eq!(findings(&request(&required), &request(&optional)), ["a | field-optional | required -> optional | "]);
}

#[test]
fn what_is_accepted_may_grow_but_not_shrink() {
    for (wide, narrow, kinds) in [
        (json!({"type":"number"}), json!({"type":"integer"}), ["type-changed", "type-changed"]),
        (json!({"type":"string"}), json!({"type":"string","format":"email"}), ["format-changed", "format-changed"]),
        (json!({"enum":["a","b"]}), json!({"enum":["a"]}), ["enum-value-removed", "enum-value-added"]),
        (json!({"type":"string"}), json!({"type":"string","enum":["a"]}), ["enum-added", "enum-removed"]),
        (json!({"maxLength":2}), json!({"maxLength":1}), ["constraint-tightened", "constraint-loosened"]),
        (json!({}), json!({"pattern":"^a"}), ["constraint-tightened", "constraint-loosened"]),
    ] {
        let shrunk = field(&wide, &narrow);
        assert_eq!(shrunk.len(), 1, "{shrunk:?}");
        assert!(shrunk[0].contains(kinds[0]) && shrunk[0].ends_with("| writers!"), "{shrunk:?}");
        let grown = field(&narrow, &wide);
        assert_eq!(grown.len(), 1, "{grown:?}");
        assert!(grown[0].contains(kinds[1]) && grown[0].ends_with("| "), "{grown:?}");
    }
}

#[test]
fn null_is_never_sent_for_something_optional() {
    let (plain, nullable) = (json!({"type":"string"}), json!({"type":["string","null"]}));
    assert_eq!(field(&nullable, &plain), ["a | null-removed | string or null -> string | writers"]);
    assert_eq!(field(&plain, &nullable), ["a | null-added | string -> string or null | "]);
}

#[test]
fn variants_may_come_but_not_go() {
    let text = json!({ "type": "object", "required": ["text"], "properties": { "text": {} } });
    let link = json!({ "type": "object", "required": ["link"], "properties": { "link": {} } });
    let file = json!({ "type": "object", "required": ["file"], "properties": { "file": {} } });
    let two = json!({ "oneOf": [text, link] });
    let three = json!({ "oneOf": [text, link, file] });
    assert_eq!(field(&two, &three), ["a<variant 2> | variant-added | - -> object | "]);
    assert_eq!(field(&three, &two), ["a<variant 2> | variant-removed | object -> - | writers!"]);
}

#[test]
fn an_object_that_closes_is_survived_unless_it_was_a_map() {
    let named = json!({ "type": "object", "properties": { "b": {} } });
    let closed = json!({ "type": "object", "properties": { "b": {} }, "additionalProperties": false });
    assert_eq!(field(&named, &closed), ["a | object-closed | - -> - | writers"]);
    let map = json!({ "type": "object", "additionalProperties": { "type": "string" } });
    let empty = json!({ "type": "object", "additionalProperties": false });
    assert_eq!(field(&map, &empty), ["a | object-closed | - -> - | writers!"]);
}

#[test]
fn what_is_only_read_is_not_in_requests() {
    let (plain, set_by_server) = (json!({ "type": "string" }), json!({ "type": "string", "readOnly": true }));
    assert_eq!(field(&plain, &set_by_server), ["a | field-removed | optional, string -> - | writers!"]);
}

#[test]
fn bodies_come_go_and_become_required() {
    let body = |required: bool| {
        let content = json!({ "application/json": { "schema": { "type": "object" } } });
        operation(&json!({ "requestBody": { "required": required, "content": content }, "responses": {} }))
    };
    let none = operation(&json!({ "responses": {} }));
    for (old, new, expected) in [
        (&none, body(false), "request body | request-body-added | - -> optional | "),
        (&none, body(true), "request body | request-body-added | - -> required | writers!"),
        (&body(true), none.clone(), "request body | request-body-removed | required -> - | writers!"),
        (&body(false), body(true), "request body | request-body-required | optional -> required | writers!"),
        (&body(true), body(false), "request body | request-body-optional | required -> optional | "),
    ] {
        assert_eq!(findings(old, &new), [expected]);
    }
}

#[test]
fn media_types_are_missed_by_whoever_sends_them() {
    let body = |types: &[&str]| {
        let content: serde_json::Map<String, Value> =
            types.iter().map(|name| ((*name).to_owned(), json!({ "schema": { "type": "object" } }))).collect();
        operation(&json!({ "requestBody": { "content": content }, "responses": {} }))
    };
    let (json, form) = ("application/json", "application/x-www-form-urlencoded");
    let (one, both) = (body(&[json]), body(&[json, form]));
    assert_eq!(findings(&one, &both), [format!("request body {form} | media-type-added | - -> {form} | ")]);
    assert_eq!(findings(&both, &one), [format!("request body {form} | media-type-removed | {form} -> - | writers")]);
    let without_json = body(&[form]);
    assert_eq!(
        findings(&both, &without_json),
        [format!("request body {json} | media-type-removed | {json} -> - | writers!")]
    );
    assert_eq!(findings(&one, &body(&["Application/JSON; charset=utf-8"])), Vec::<String>::new());
}

#[test]
fn what_a_field_demands_beside_it_counts_whatever_the_field_is_called() {
    for name in ["title", "description", "example", "heading"] {
        let with = |demanded: &[&str]| json!({ "type": "object", "dependentRequired": { name: demanded } });
        let tightened = field(&with(&["locale"]), &with(&["locale", "author"]));
        assert_eq!(tightened.len(), 1, "{name}");
        assert!(tightened[0].contains("constraint-tightened") && tightened[0].ends_with("| writers!"), "{tightened:?}");
        assert!(field(&with(&["locale", "author"]), &with(&["locale"]))[0].contains("constraint-loosened"));
        assert!(field(&with(&["locale"]), &with(&["author"]))[0].contains("constraint-changed"));
        let schemas = |kind: &str| json!({ "type": "object", "dependentSchemas": { name: { "properties": { name: { "type": kind } } } } });
        assert!(field(&schemas("string"), &schemas("integer"))[0].contains("constraint-changed"), "{name}");
    }
}

#[test]
fn bound_of_a_number_is_not_that_of_an_integer() {
    let number = field(&json!({"type":"number","exclusiveMinimum":0}), &json!({"type":"number","minimum":1}));
    assert!(number.iter().any(|line| line.ends_with("writers!")), "{number:?}");
    let integer = field(&json!({"type":"integer","exclusiveMinimum":0}), &json!({"type":"integer","minimum":2}));
    assert_eq!(integer, ["a | constraint-tightened | minimum 1 -> minimum 2 | writers!"]);
}
