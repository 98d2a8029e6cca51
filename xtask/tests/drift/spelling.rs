//! What is written differently and means the same is not told; what is told of it breaks nobody.

use serde_json::{Value, json};

use super::documents::{findings, response};

/// A document whose response is `schema`, with `components` to refer to.
fn with(schema: &Value, components: &Value) -> Value {
    let mut document = response(schema);
    document["components"] = json!({ "schemas": components });
    document
}

fn plain(schema: &Value) -> Value {
    with(schema, &json!({}))
}

#[test]
fn spellings_of_the_same_schema_are_equal() {
    let cases = [
        (json!({"type":["string","null"]}), json!({"anyOf":[{"type":"string"},{"type":"null"}]})),
        (json!({"type":["string","null"]}), json!({"oneOf":[{"type":"null"},{"type":"string"}]})),
        (json!({"type":["string","null"]}), json!({"type":"string","nullable":true})),
        (json!({"type":["string","integer"]}), json!({"anyOf":[{"type":"integer"},{"type":"string"}]})),
        (
            json!({"type":["string","array"],"maxLength":3,"items":{"type":"string"}}),
            json!({"oneOf":[{"type":"string","maxLength":3},{"type":"array","items":{"type":"string"}}]}),
        ),
        (json!({"type":"string","enum":["a"]}), json!({"const":"a"})),
        (json!({"type":"string","enum":["a","b"]}), json!({"type":"string","enum":["b","a"]})),
        (
            json!({"type":["string","null"],"enum":["a",null]}),
            json!({"anyOf":[{"type":"string","enum":["a"]},{"type":"null"}]}),
        ),
        (json!({"type":"number","exclusiveMinimum":1}), json!({"type":"number","minimum":1,"exclusiveMinimum":true})),
        (json!({"type":"string","minLength":0}), json!({"type":"string"})),
        (json!({"type":"integer","minimum":0,"exclusiveMinimum":true}), json!({"type":"integer","minimum":1})),
        (json!({"type":"integer","exclusiveMinimum":-0.0}), json!({"type":"integer","minimum":1})),
        (json!({"type":"integer","exclusiveMaximum":1e2}), json!({"type":"integer","maximum":99})),
        (json!({"type":"integer","minimum":0.5,"maximum":9.5}), json!({"type":"integer","minimum":1,"maximum":9})),
        (json!({"type":["integer","null"],"exclusiveMinimum":-3}), json!({"type":["integer","null"],"minimum":-2})),
        (json!({"type":"integer","minimum":3,"exclusiveMinimum":1}), json!({"type":"integer","minimum":3})),
        (json!({"type":"number","minimum":3,"exclusiveMinimum":1}), json!({"type":"number","minimum":3})),
        (json!({"type":"number","minimum":1,"exclusiveMinimum":1}), json!({"type":"number","exclusiveMinimum":1})),
        (json!({"type":"number","minimum":0}), json!({"type":"number","minimum":-0.0})),
        (json!({"type":"integer","multipleOf":1}), json!({"type":"integer"})),
        (json!({"type":"integer","enum":[1,2]}), json!({"type":"integer","enum":[2.0,1.0]})),
        (json!({"const":{"a":1,"b":2}}), json!({"const":{"b":2,"a":1.0}})),
        (json!({"type":"integer","default":1}), json!({"type":"integer","default":1.0})),
        (json!({"type":"string","nullable":true,"enum":["a"]}), json!({"type":["string","null"],"enum":["a"]})),
        (
            json!({"type":"string","nullable":true,"enum":["a",null]}),
            json!({"type":["string","null"],"enum":["a",null]}),
        ),
        (json!({"nullable":true,"enum":["a"]}), json!({"enum":["a"]})),
        (json!({"type":"string","format":"byte"}), json!({"type":"string","contentEncoding":"base64"})),
        (
            json!({"type":"string","format":"byte"}),
            json!({"type":"string","contentEncoding":"BASE64","contentMediaType":"application/octet-stream"}),
        ),
        (
            json!({"type":"string","format":"binary"}),
            json!({"type":"string","contentMediaType":"application/octet-stream"}),
        ),
        (
            json!({"type":"object","dependentRequired":{"title":["a","b"]},"not":{"required":["c","d"]}}),
            json!({"type":"object","dependentRequired":{"title":["b","a"]},"not":{"title":"T","required":["d","c"]}}),
        ),
        (json!({"type":"number","minimum":1}), json!({"type":"number","minimum":1.0})),
        (json!({"type":"object"}), json!({"type":"object","additionalProperties":true})),
        (json!({"type":"object"}), json!({"type":"object","additionalProperties":{}})),
        (json!({}), json!(true)),
        (
            json!({"type":"object","required":["a","b"],"properties":{"a":{"type":"string"},"b":{"type":"string"}}}),
            json!({"allOf":[
                {"type":"object","required":["a"],"properties":{"a":{"type":"string"}}},
                {"type":"object","required":["b"],"properties":{"b":{"type":"string"}}}
            ]}),
        ),
        (
            json!({"type":"string","maxLength":3,"pattern":"^a"}),
            json!({"allOf":[{"type":"string","maxLength":5},{"maxLength":3},{"pattern":"^a"}]}),
        ),
        (
            json!({"type":"string"}),
            json!({"type":"string","title":"T","description":"D","examples":["x"],"example":"x","x-description-1":"y"}),
        ),
    ];
    for (one, other) in cases {
        assert_eq!(findings(&plain(&one), &plain(&other)), Vec::<String>::new(), "{one} {other}");
        assert_eq!(findings(&plain(&other), &plain(&one)), Vec::<String>::new(), "{other} {one}");
    }
}

#[test]
fn names_of_schemas_do_not_matter() {
    let item = json!({ "type": "object", "properties": { "a": { "type": "string" } } });
    let inline = plain(&json!({ "type": "array", "items": item }));
    let named = with(
        &json!({ "$ref": "#/components/schemas/List" }),
        &json!({ "List": { "type": "array", "items": { "$ref": "#/components/schemas/Item" } }, "Item": item }),
    );
    let renamed = with(
        &json!({ "allOf": [{ "$ref": "#/components/schemas/Page" }], "description": "A page" }),
        &json!({ "Page": { "type": "array", "items": { "$ref": "#/components/schemas/Row" } }, "Row": item }),
    );
    assert_eq!(findings(&inline, &named), Vec::<String>::new());
    assert_eq!(findings(&named, &renamed), Vec::<String>::new());
}

#[test]
fn what_is_referred_to_may_be_null_in_a_document_of_3_0() {
    let nullable = |schema: Value| with(&schema, &json!({ "Text": { "type": "string", "enum": ["a"] } }));
    let reference = json!({ "$ref": "#/components/schemas/Text" });
    let old = nullable(json!({ "allOf": [reference] }));
    let new = nullable(json!({ "allOf": [reference], "nullable": true }));
    assert_eq!(
        findings(&old, &new),
        ["response 200 application/json | null-added | string -> string or null | readers!"]
    );
    let spelled_out = nullable(json!({ "type": ["string", "null"], "enum": ["a", null] }));
    assert_eq!(findings(&new, &spelled_out), Vec::<String>::new());
}

#[test]
fn siblings_of_a_reference_count() {
    let referring = |siblings: Value| {
        let mut schema = siblings;
        schema["$ref"] = json!("#/components/schemas/Text");
        with(&schema, &json!({ "Text": { "type": "string", "x-release-lifecycle": "EA" } }))
    };
    assert_eq!(
        findings(&referring(json!({})), &referring(json!({ "x-release-lifecycle": "GA", "maxLength": 3 }))),
        [
            "response 200 application/json | lifecycle-changed | EA -> GA | ",
            "response 200 application/json | constraint-tightened | - -> maxLength 3 | ",
        ]
    );
}

#[test]
fn a_union_around_an_enum_that_becomes_the_enum_is_told_and_breaks_nobody() {
    let union = with(
        &json!({ "type": "string", "anyOf": [{ "$ref": "#/components/schemas/Early" }] }),
        &json!({ "Early": { "type": "string", "enum": ["all", "off"] } }),
    );
    let plain = plain(&json!({ "type": "string", "enum": ["all", "off"] }));
    assert_eq!(
        findings(&union, &plain),
        ["response 200 application/json | respelled-schema | a union that is none -> a plain schema | "]
    );
    let two = with(&json!({ "anyOf": [{ "enum": ["all"] }, { "enum": ["off"] }] }), &json!({}));
    assert_eq!(findings(&union, &two), Vec::<String>::new());
}

#[test]
fn a_schema_that_contains_itself_is_compared_once() {
    let tree = |leaf: &str| {
        with(
            &json!({ "$ref": "#/components/schemas/Tree" }),
            &json!({ "Tree": { "type": "object", "properties": {
                "value": { "type": leaf },
                "children": { "type": "array", "items": { "$ref": "#/components/schemas/Tree" } }
            } } }),
        )
    };
    assert_eq!(findings(&tree("string"), &tree("string")), Vec::<String>::new());
    assert_eq!(findings(&tree("string"), &tree("number")), ["value | type-changed | string -> number | readers!"]);
}

/// A union of two components with a discriminator, each by the name that it has and the value that leads to it.
fn discriminated(cat: &str, dog: &str, mapping: Option<[&str; 2]>) -> Value {
    let reference = |name: &str| json!(format!("#/components/schemas/{name}"));
    let kind = |member: &str| json!({ "type": "object", "required": ["kind"], "properties": { "kind": { "type": "string" }, member: { "type": "integer" } } });
    let mut union = json!({ "oneOf": [{ "$ref": reference(cat) }, { "$ref": reference(dog) }], "discriminator": { "propertyName": "kind" } });
    if let Some([of_cat, of_dog]) = mapping {
        union["discriminator"]["mapping"] = json!({ of_cat: reference(cat), of_dog: reference(dog) });
    }
    with(&union, &json!({ cat: kind("lives"), dog: kind("walks") }))
}

#[test]
fn name_of_a_variant_counts_where_it_is_the_tag() {
    let plain = |cat: &str| discriminated(cat, "Dog", None);
    let mapped = |cat: &str, value: &str| discriminated(cat, "Dog", Some([value, "dog"]));
    assert_eq!(findings(&mapped("Cat", "cat"), &mapped("Feline", "cat")), Vec::<String>::new());
    assert_eq!(findings(&plain("Cat"), &discriminated("Feline", "Dog", Some(["Cat", "Dog"]))), Vec::<String>::new());
    for (old, new) in [(plain("Cat"), plain("Feline")), (mapped("Cat", "cat"), mapped("Cat", "felis"))] {
        let found = findings(&old, &new);
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(found.iter().any(|line| line.contains("variant-added") && line.ends_with("readers!")), "{found:?}");
        assert!(found.iter().any(|line| line.contains("variant-removed")), "{found:?}");
    }
}

#[test]
fn values_that_a_mapping_has_too_are_told_at_their_variant() {
    let two = discriminated("Cat", "Dog", Some(["cat", "dog"]));
    let mut three = two.clone();
    let schema = "/paths/~1things~1{id}/get/responses/200/content/application~1json/schema";
    three.pointer_mut(schema).unwrap()["discriminator"]["mapping"]["hound"] = json!("#/components/schemas/Dog");
    assert_eq!(findings(&two, &three), [r#"<variant 1>.kind | enum-value-added | - -> "hound" | readers"#]);
    assert_eq!(findings(&three, &two), [r#"<variant 1>.kind | enum-value-removed | "hound" -> - | "#]);
}

#[test]
fn discriminator_says_nothing_that_constants_do_not() {
    let variant = |value: Value| json!({ "type": "object", "properties": { "kind": { "const": value } } });
    for (one, two) in [(json!("cat"), json!("dog")), (json!(-1), json!(2))] {
        let union = |discriminator: bool, names: [&str; 2]| {
            let reference = |name: &str| json!({ "$ref": format!("#/components/schemas/{name}") });
            let mut union = json!({ "oneOf": [reference(names[0]), reference(names[1])] });
            if discriminator {
                union["discriminator"] = json!({ "propertyName": "kind" });
            }
            with(&union, &json!({ names[0]: variant(one.clone()), names[1]: variant(two.clone()) }))
        };
        let plain = union(false, ["A", "B"]);
        assert_eq!(findings(&plain, &union(true, ["A", "B"])), Vec::<String>::new());
        assert_eq!(findings(&plain, &union(true, ["C", "B"])), Vec::<String>::new());
    }
}

#[test]
fn subtype_that_only_a_mapping_reaches_is_compared() {
    let with_subtype = |name: &str, kind: &str| {
        let reference = |name: &str| format!("#/components/schemas/{name}");
        let base = json!({ "type": "object", "required": ["kind"], "properties": { "kind": { "type": "string" } },
            "discriminator": { "propertyName": "kind", "mapping": { "cat": reference(name) } } });
        let subtype =
            json!({ "allOf": [{ "$ref": reference("Pet") }, { "properties": { "lives": { "type": kind } } }] });
        with(&json!({ "$ref": reference("Pet") }), &json!({ "Pet": base, name: subtype }))
    };
    assert_eq!(findings(&with_subtype("Cat", "integer"), &with_subtype("Feline", "integer")), Vec::<String>::new());
    let found = findings(&with_subtype("Cat", "integer"), &with_subtype("Cat", "string"));
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].contains("lives | type-changed | integer -> string | readers!"), "{found:?}");
}
