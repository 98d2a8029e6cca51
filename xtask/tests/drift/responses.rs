//! What changes in responses mean for those who read them.

use serde_json::{Value, json};

use super::documents::{findings, response};

fn object(properties: &Value, required: &Value) -> Value {
    json!({ "type": "object", "additionalProperties": false, "properties": properties, "required": required })
}

/// How a response whose field `a` has one schema differs from one where it has the other.
fn field(old: &Value, new: &Value) -> Vec<String> {
    findings(
        &response(&object(&json!({ "a": old }), &json!(["a"]))),
        &response(&object(&json!({ "a": new }), &json!(["a"]))),
    )
}

#[test]
fn a_field_that_comes_breaks_strict_readers_only() {
    let old = object(&json!({}), &json!([]));
    let new = object(&json!({ "a": { "type": "string" } }), &json!([]));
    assert_eq!(findings(&response(&old), &response(&new)), ["a | field-added | - -> optional, string | readers"]);

    let open = json!({ "type": "object" });
    let new = json!({ "type": "object", "properties": { "a": { "type": "string" } } });
    assert_eq!(findings(&response(&open), &response(&new)), ["a | field-added | - -> optional, string | "]);
}

#[test]
fn a_field_that_goes_is_survived_only_if_it_was_optional() {
    let new = object(&json!({}), &json!([]));
    for (required, expected) in [
        (json!([]), "a | field-removed | optional, string -> - | readers"),
        (json!(["a"]), "a | field-removed | required, string -> - | readers!"),
    ] {
        let old = object(&json!({ "a": { "type": "string" } }), &required);
        assert_eq!(findings(&response(&old), &response(&new)), [expected]);
    }
}

#[test]
fn a_field_that_the_facade_reads_is_missed_although_the_rest_decodes() {
    let page = |cursor: &str| object(&json!({ "groups": {}, cursor: { "type": "string" } }), &json!(["groups"]));
    assert_eq!(
        findings(&response(&page("next")), &response(&page("next_cursor"))),
        [
            "next | field-removed | optional, string -> - | readers~",
            "next_cursor | field-added | - -> optional, string | readers",
        ]
    );
}

#[test]
fn a_field_that_may_be_missing_now_is_not_survived() {
    let fields = json!({ "a": { "type": "string" } });
    let (optional, required) = (object(&fields, &json!([])), object(&fields, &json!(["a"])));
    assert_eq!(
        findings(&response(&required), &response(&optional)),
        ["a | field-optional | required -> optional | readers!"]
    );
    assert_eq!(findings(&response(&optional), &response(&required)), ["a | field-required | optional -> required | "]);
}

#[test]
fn types_may_narrow_but_not_widen() {
    let (integer, number, text) = (json!({"type":"integer"}), json!({"type":"number"}), json!({"type":"string"}));
    assert_eq!(field(&integer, &number), ["a | type-changed | integer -> number | readers!"]);
    assert_eq!(field(&number, &integer), ["a | type-changed | number -> integer | "]);
    assert_eq!(field(&integer, &text), ["a | type-changed | integer -> string | readers!"]);
    assert_eq!(field(&text, &json!({})), ["a | type-changed | string -> any | readers!"]);
}

#[test]
fn null_is_survived_where_the_field_is_optional() {
    let (plain, nullable) = (json!({"type":"string"}), json!({"type":["string","null"]}));
    assert_eq!(field(&plain, &nullable), ["a | null-added | string -> string or null | readers!"]);
    assert_eq!(field(&nullable, &plain), ["a | null-removed | string or null -> string | "]);

    let optional = |schema: &Value| response(&object(&json!({ "a": schema }), &json!([])));
    assert_eq!(
        findings(&optional(&plain), &optional(&nullable)),
        ["a | null-added | string -> string or null | readers"]
    );
}

#[test]
fn enum_values_that_come_are_survived() {
    let two = json!({ "type": "string", "enum": ["all", "off"] });
    let three = json!({ "type": "string", "enum": ["all", "off", "selected"] });
    let any = json!({ "type": "string" });
    assert_eq!(field(&two, &three), [r#"a | enum-value-added | - -> "selected" | readers"#]);
    assert_eq!(field(&three, &two), [r#"a | enum-value-removed | "selected" -> - | "#]);
    assert_eq!(field(&two, &any), [r#"a | enum-removed | "all", "off" -> - | readers"#]);
    assert_eq!(field(&any, &two), [r#"a | enum-added | - -> "all", "off" | "#]);

    let (one, more) = (json!({ "type": "integer", "enum": [1] }), json!({ "type": "integer", "enum": [1, 2] }));
    assert_eq!(field(&one, &more), ["a | enum-value-added | - -> 2 | readers!"]);
}

#[test]
fn a_format_that_the_client_decodes_is_missed() {
    let (plain, time) = (json!({"type":"string"}), json!({"type":"string","format":"date-time"}));
    let email = json!({"type":"string","format":"email"});
    assert_eq!(field(&time, &plain), ["a | format-changed | date-time -> - | readers!"]);
    assert_eq!(field(&time, &email), ["a | format-changed | date-time -> email | readers!"]);
    assert_eq!(field(&email, &plain), ["a | format-changed | email -> - | readers"]);
    let uuid = json!({"type":"string","format":"uuid"});
    assert_eq!(field(&uuid, &plain), ["a | format-changed | uuid -> - | readers"]);
    assert_eq!(field(&plain, &time), ["a | format-changed | - -> date-time | "]);
}

#[test]
fn looser_constraints_break_strict_readers_only() {
    for (constraint, loose, tight) in [
        ("minLength", json!(1), json!(2)),
        ("maxLength", json!(2), json!(1)),
        ("minItems", json!(1), json!(2)),
        ("maxItems", json!(2), json!(1)),
        ("minimum", json!(1), json!(2)),
        ("maximum", json!(2), json!(1)),
        ("exclusiveMinimum", json!(1), json!(2)),
        ("exclusiveMaximum", json!(2), json!(1)),
        ("minProperties", json!(1), json!(2)),
        ("maxProperties", json!(2), json!(1)),
    ] {
        let (loose_words, tight_words) = (format!("{constraint} {loose}"), format!("{constraint} {tight}"));
        let (loose, tight) = (json!({ constraint: loose }), json!({ constraint: tight }));
        assert_eq!(
            field(&tight, &loose),
            [format!("a | constraint-loosened | {tight_words} -> {loose_words} | readers")]
        );
        assert_eq!(field(&loose, &tight), [format!("a | constraint-tightened | {loose_words} -> {tight_words} | ")]);
        assert_eq!(field(&tight, &json!({})), [format!("a | constraint-loosened | {tight_words} -> - | readers")]);
    }
    let long = |maximum: u64| json!({ "type": "integer", "maximum": maximum });
    let changed = field(&long(9_007_199_254_740_993), &long(9_007_199_254_740_992));
    assert!(changed[0].starts_with("a | constraint-tightened"), "no digit is too many: {changed:?}");
    assert_eq!(
        field(&json!({ "pattern": "^a" }), &json!({ "pattern": "^b" })),
        [r#"a | constraint-changed | pattern "^a" -> pattern "^b" | readers"#]
    );
    assert_eq!(
        field(&json!({ "uniqueItems": true }), &json!({ "uniqueItems": false })),
        ["a | constraint-loosened | uniqueItems true -> - | readers"]
    );
}

#[test]
fn objects_may_open_and_close() {
    let closed = json!({ "type": "object", "additionalProperties": false });
    let open = json!({ "type": "object" });
    assert_eq!(field(&closed, &open), ["a | object-opened | - -> - | readers"]);
    assert_eq!(field(&open, &closed), ["a | object-closed | - -> - | "]);
}

#[test]
fn items_values_of_maps_and_tuples_are_looked_into() {
    let (text, number) = (json!({ "type": "string" }), json!({ "type": "number" }));
    let array = |items: &Value| json!({ "type": "array", "items": items });
    let map = |values: &Value| json!({ "type": "object", "additionalProperties": values });
    let pattern = |values: &Value| json!({ "type": "object", "patternProperties": { "^x": values } });
    let tuple = |first: &Value| json!({ "type": "array", "prefixItems": [first] });
    let changed = |path: &str| format!("{path} | type-changed | string -> number | readers!");
    assert_eq!(field(&array(&text), &array(&number)), [changed("a[]")]);
    assert_eq!(field(&map(&text), &map(&number)), [changed("a.*")]);
    assert_eq!(field(&pattern(&text), &pattern(&number)), [changed("a./^x/")]);
    assert_eq!(field(&tuple(&text), &tuple(&number)), [changed("a[0]")]);
}

#[test]
fn variants_come_go_and_change() {
    let circle =
        json!({ "type": "object", "properties": { "kind": { "const": "circle" }, "r": { "type": "number" } } });
    let square =
        json!({ "type": "object", "properties": { "kind": { "const": "square" }, "w": { "type": "number" } } });
    let whole =
        json!({ "type": "object", "properties": { "kind": { "const": "circle" }, "r": { "type": "integer" } } });
    let one = json!({ "oneOf": [circle] });
    let both = json!({ "oneOf": [circle, square] });
    let moved = json!({ "oneOf": [square, whole] });
    assert!(field(&one, &both).contains(&"a<variant 1> | variant-added | - -> object | readers!".to_owned()));
    assert!(field(&both, &one).contains(&"a<variant 1> | variant-removed | object -> - | ".to_owned()));
    assert_eq!(field(&both, &moved), ["a<variant 1>.r | type-changed | number -> integer | "]);
    assert_eq!(field(&both, &json!({ "anyOf": [square, circle] })), Vec::<String>::new());
    let plain = json!({ "type": "object", "properties": { "a": { "type": "string" }, "b": { "type": "string" } } });
    let beside = json!({ "type": "object", "properties": { "a": { "type": "number" }, "b": { "type": "string" } }, "oneOf": [circle, square] });
    let found = field(&plain, &beside);
    assert!(found.contains(&"a.a | type-changed | string -> number | readers!".to_owned()), "{found:?}");
    assert!(found.iter().all(|found| !found.starts_with("a.b |")), "{found:?}");
    let two_unions = json!({ "oneOf": [circle, square], "anyOf": [circle, square] });
    assert!(field(&both, &two_unions)[0].contains("composition-changed"));
}

#[test]
fn lifecycle_deprecation_and_defaults_break_nobody() {
    let plain = json!({ "type": "string" });
    let early = json!({ "type": "string", "x-release-lifecycle": "EA" });
    let general = json!({ "type": "string", "x-release-lifecycle": "GA" });
    assert_eq!(field(&early, &general), ["a | lifecycle-changed | EA -> GA | "]);
    assert_eq!(field(&plain, &early), ["a | lifecycle-changed | GA -> EA | "]);
    assert_eq!(field(&plain, &general), Vec::<String>::new());
    let deprecated = json!({ "type": "string", "deprecated": true });
    assert_eq!(field(&plain, &deprecated), ["a | deprecation-changed | in use -> deprecated | "]);
    let default = json!({ "type": "string", "default": "x" });
    assert_eq!(field(&plain, &default), [r#"a | default-changed | - -> "x" | "#]);
}

#[test]
fn what_is_only_written_is_not_in_responses() {
    let secret = json!({ "type": "string", "writeOnly": true });
    assert_eq!(field(&json!({ "type": "string" }), &secret), ["a | field-removed | required, string -> - | readers!"]);
}
