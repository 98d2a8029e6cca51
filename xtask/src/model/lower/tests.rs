//! Each step on small documents: what comes out for one schema that is sent or received.

use serde_json::{Value, json};

use super::{
    super::{Api, Diagnostic, Kind, Media, Success, Type, TypeId, VariantBy},
    Options, lower,
};
use crate::openapi::Document;

fn lowered(root: &Value) -> (Api, Vec<Diagnostic>) {
    lower(&Document::parse(&root.to_string()).unwrap(), &Options::default())
}

fn document(operation: &Value, schemas: &Value) -> Value {
    json!({"openapi": "3.1.0", "paths": {"/a": {"post": operation}}, "components": {"schemas": schemas}})
}

/// The API in which one operation sends and receives a schema.
fn with(schema: &Value, schemas: &Value) -> Api {
    let content = json!({"application/json": {"schema": schema}});
    let operation = json!({"operationId": "a", "requestBody": {"content": content},
        "responses": {"200": {"content": content}}});
    let (api, diagnostics) = lowered(&document(&operation, schemas));
    assert_eq!(diagnostics, [], "{schema}");
    api
}

fn reference(name: &str) -> Value {
    json!({"$ref": format!("#/components/schemas/{name}")})
}

/// What the schema has become, in short.
fn kind(schema: &Value, schemas: &Value) -> String {
    let api = with(schema, schemas);
    words(&api, api.operations[0].received().unwrap(), 0)
}

fn words(api: &Api, id: TypeId, depth: usize) -> String {
    let ty: &Type = &api[id];
    let inner = |id: TypeId| if depth > 3 { "…".to_owned() } else { words(api, id, depth + 1) };
    let own = match &ty.kind {
        Kind::Alias(target) => inner(*target),
        Kind::Integer(format) => format!("integer{}", format.name()),
        Kind::Number(format) => format!("number{}", format.name()),
        Kind::String(format) => format!("string{}", format.name()),
        Kind::StringEnum { values, open } => {
            let values: Vec<&str> = values.iter().map(|value| value.wire.as_str()).collect();
            format!("{}{}", values.join("|"), if *open { "|…" } else { "" })
        }
        Kind::List(item) => format!("[{}]", inner(*item)),
        Kind::Tuple { leading, rest } => {
            let leading: Vec<String> = leading.iter().map(|item| inner(*item)).collect();
            format!("({}; {})", leading.join(", "), inner(*rest))
        }
        Kind::Map(values) => format!("map {}", inner(*values)),
        Kind::Struct { members, .. } => {
            let members: Vec<String> = members
                .iter()
                .map(|member| {
                    format!("{}{}: {}", member.wire, if member.required { "!" } else { "" }, inner(member.ty))
                })
                .collect();
            format!("{{{}}}", members.join(", "))
        }
        Kind::Union { variants, by, open } => {
            let by = match by {
                VariantBy::Tag { property } => format!("by {property}"),
                VariantBy::JsonType => "by type".to_owned(),
                VariantBy::BestFit => "by fit".to_owned(),
            };
            let variants = variants.iter().map(|variant| {
                let tags: Vec<String> = variant.tags.iter().map(ToString::to_string).collect();
                format!("{} {}{}", variant.rust, tags.join("+"), inner(variant.ty))
            });
            format!("<{by}{}: {}>", if *open { ", open" } else { "" }, variants.collect::<Vec<_>>().join(" / "))
        }
        Kind::Any => "any".to_owned(),
        Kind::Never => "never".to_owned(),
        Kind::Null => "null".to_owned(),
        Kind::Boolean => "boolean".to_owned(),
    };
    let values = ty.values.as_ref().map(|values| format!(" of {}", json!(values))).unwrap_or_default();
    format!("{own}{values}{}", if ty.nullable { "?" } else { "" })
}

#[track_caller]
fn check(cases: &[(Value, &str)], schemas: &Value) {
    for (schema, expected) in cases {
        assert_eq!(kind(schema, schemas), *expected, "{schema}");
    }
}

#[test]
fn null_is_one_in_all_its_spellings() {
    let schemas =
        json!({"T": {"type": "object", "properties": {"a": {"type": "boolean"}}}, "N": {"type": ["string", "null"]}});
    check(
        &[
            (json!({"type": "string", "nullable": true}), "string?"),
            (json!({"type": ["null", "string"]}), "string?"),
            (json!({"anyOf": [{"type": "string"}, {"type": "null"}]}), "string?"),
            (json!({"oneOf": [{"enum": ["a", null]}, {"const": "b"}]}), "a|b?"),
            (json!({"enum": ["a", null]}), "a?"),
            (json!({"type": "null"}), "null"),
            (json!({"oneOf": [reference("T"), {"type": "null"}]}), "{a: boolean}?"),
            (json!({"allOf": [reference("T")], "nullable": true}), "{a: boolean}?"),
            (json!({"$ref": "#/components/schemas/T", "nullable": true}), "{a: boolean}?"),
            (reference("N"), "string?"),
            (json!({"type": ["object", "null"], "oneOf": [reference("T")]}), "{a: boolean}?"),
        ],
        &schemas,
    );
}

#[test]
fn types_and_values_decide_on_kinds() {
    check(
        &[
            (json!(true), "any"),
            (json!({}), "any"),
            (json!(false), "never"),
            (json!({"enum": ["a", "b", "a"]}), "a|b"),
            (json!({"type": "string", "enum": ["NO", false]}), "NO|…"),
            (json!({"type": "string", "enum": []}), "string"),
            (json!({"type": "integer", "enum": [1.0, 2]}), "integer of [1,2]"),
            (json!({"enum": [1, "a"]}), "any of [1,\"a\"]"),
            (json!({"const": 3}), "integer of [3]"),
            (json!({"const": 1.5}), "number of [1.5]"),
            (json!({"type": ["integer", "number"]}), "number"),
            (json!({"type": ["string", "integer"], "enum": ["a", 1]}), "<by type: Known a / Integer integer of [1]>"),
            (json!({"type": "integer", "format": "int64"}), "integerint64"),
            (json!({"properties": {"a": {}}, "required": ["a", "b"]}), "{a!: any, b!: any}"),
            (json!({"type": "object"}), "map any"),
            (json!({"type": "object", "additionalProperties": {"type": "integer"}}), "map integer"),
            (json!({"type": "object", "additionalProperties": false}), "map never"),
            (json!({"items": {"type": "string"}}), "[string]"),
            (json!({"type": "array", "prefixItems": [{"type": "string"}]}), "(string; any)"),
        ],
        &json!({}),
    );
}

#[test]
fn schemas_that_hold_at_once_are_one() {
    let schemas = json!({
        "A": {"type": "object", "required": ["a"], "properties": {"a": {"type": "number"}}},
        "Self": {"properties": {"next": {"allOf": [reference("Self"), {"properties": {"b": {"type": "string"}}}]}}},
    });
    check(
        &[
            (json!({"allOf": [reference("A"), {"properties": {"b": {"type": "string"}}}]}), "{a!: number, b: string}"),
            (json!({"$ref": "#/components/schemas/A", "properties": {"a": {"type": "integer"}}}), "{a!: integer}"),
            (json!({"allOf": [{"type": "string"}, {"type": "integer"}]}), "never"),
            (
                json!({"allOf": [reference("A")], "oneOf": [{"properties": {"x": {"type": "string"}}}, {"properties": {"y": {"type": "boolean"}}}]}),
                "<by fit: Object {a!: number, x: string} / ObjectValue {a!: number, y: boolean}>",
            ),
            (
                json!({"properties": {"a": {}, "b": {}}, "anyOf": [{"required": ["a"]}, {"required": ["b"]}]}),
                "{a: any, b: any}",
            ),
        ],
        &schemas,
    );
    assert!(kind(&reference("Self"), &schemas).starts_with("{next: {next: {next: {next: "));
}

#[test]
fn tag_is_the_discriminator_then_a_property_then_the_type() {
    let variant = |kind: Value| json!({"type": "object", "properties": {"kind": kind}});
    let schemas = json!({
        "One": variant(json!({"const": 1})), "Two": variant(json!({"enum": [2, 3]})),
        "Cat": variant(json!({"type": "string"})), "Dog": variant(json!({"type": "string"})),
    });
    let either = |one: &str, other: &str| json!([reference(one), reference(other)]);
    let animal = |mapping: Value| json!({"oneOf": either("Cat", "Dog"), "discriminator": {"propertyName": "kind", "mapping": mapping}});
    check(
        &[
            (
                json!({"oneOf": either("One", "Two")}),
                "<by kind: One 1{kind: integer of [1]} / Two 2+3{kind: integer of [2,3]}>",
            ),
            (animal(json!({})), "<by kind: Cat \"Cat\"{kind: string} / Dog \"Dog\"{kind: string}>"),
            (
                animal(json!({"felis": "#/components/schemas/Cat"})),
                "<by kind: Cat \"felis\"{kind: string} / Dog \"Dog\"{kind: string}>",
            ),
            (json!({"oneOf": either("Cat", "Dog")}), "<by fit: Cat {kind: string} / Dog {kind: string}>"),
            (json!({"oneOf": [{"type": "string"}, {"type": "array"}]}), "<by type: OtherList [any] / String string>"),
            (
                json!({"oneOf": [{"type": "string", "format": "ipv4"}, {"type": "string", "format": "ipv6"}]}),
                "stringipv4",
            ),
            (json!({"anyOf": [{"enum": ["a"]}, {"type": "string"}]}), "a|…"),
            (json!({"anyOf": [{"type": "integer"}, {"type": "number"}]}), "number"),
            (json!({"anyOf": [reference("One"), {}]}), "<by kind, open: One 1{kind: integer of [1]}>"),
        ],
        &schemas,
    );
}

#[test]
fn base_is_the_union_of_its_subtypes() {
    let extends =
        |property: &str| json!({"allOf": [reference("Base"), {"properties": {property: {"type": "string"}}}]});
    let schemas = json!({
        "Base": {"type": "object", "required": ["kind"], "properties": {"kind": {"type": "string"}},
            "discriminator": {"propertyName": "kind", "mapping": {"a": "#/components/schemas/A", "c": "#/components/schemas/C"}}},
        "A": extends("a"), "B": extends("b"), "C": {"properties": {"c": {"type": "string"}}},
    });
    let expected = "<by kind: A \"a\"{kind!: string, a: string} / C \"c\"{c: string, kind!: string} / B \"B\"{kind!: string, b: string}>";
    check(&[(reference("Base"), expected)], &schemas);
}

#[test]
fn schemas_that_hold_themselves_end() {
    let schemas = json!({
        "A": {"anyOf": [reference("A"), {"type": "string"}]}, "B": {"anyOf": [reference("C"), {"type": "null"}]},
        "C": {"anyOf": [reference("B"), {"type": "null"}]}, "List": {"type": "array", "items": reference("List")},
        "Only": {"oneOf": [reference("Only"), reference("Only")]},
    });
    let cases = [("A", "<by type, open: String string>"), ("B", "any?"), ("List", "[[[[[…]]]]]"), ("Only", "any")];
    for (name, expected) in cases {
        assert_eq!(kind(&reference(name), &schemas), expected, "{name}");
    }
    let round = json!({"A": {"allOf": [reference("B")]}, "B": {"allOf": [reference("A")]}});
    let operation = json!({"responses": {"200": {"content": {"application/json": {"schema": reference("A")}}}}});
    let (api, diagnostics) = lowered(&document(&operation, &round));
    assert!(api.operations.len() == 1 && diagnostics[0].reason.contains("defined by itself"), "{diagnostics:?}");
}

#[test]
fn smallest_part_with_a_problem_is_left_out() {
    let lost = json!({"name": "lost", "in": "query", "schema": reference("Gone")});
    let odd = json!({"name": "odd", "in": "query", "style": "label", "schema": {}});
    let fine = json!({"name": "fine", "in": "query", "schema": {}});
    let operation = json!({"operationId": "a", "parameters": [lost, odd, fine], "responses": {
        "400": {"content": {"application/json": {"schema": reference("Gone")}}}}});
    let (api, diagnostics) = lowered(&document(&operation, &json!({})));
    assert_eq!(api.operations[0].parameters.iter().map(|it| it.wire.as_str()).collect::<Vec<_>>(), ["fine"]);
    assert!(diagnostics.iter().all(|it| !it.skips_operation) && diagnostics.len() == 3, "{diagnostics:?}");
    let left_out: Vec<_> = diagnostics.iter().filter_map(|it| it.parameter.clone()).collect();
    assert_eq!(left_out, ["query parameter `odd`", "query parameter `lost`"]);

    let (api, diagnostics) = lowered(&document(
        &json!({"requestBody": {"content": {"application/json": {"schema": reference("Gone")}}}}),
        &json!({}),
    ));
    assert!(api.operations.is_empty() && diagnostics[0].skips_operation);
    assert_eq!(diagnostics[0].place.as_str(), "/paths/~1a/post/requestBody/content/application~1json/schema/$ref");
}

#[test]
fn path_query_and_servers_are_taken_apart() {
    let root = json!({"openapi": "3.0.3", "servers": [{"url": "https://h/v3/"}], "paths": {"/a/{id}?format=csv#x": {
        "parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "string"}}],
        "get": {"responses": {}, "parameters": [{"name": "format", "in": "query", "schema": {"type": "string"}}]}}}});
    let (api, diagnostics) = lowered(&root);
    let operation = &api.operations[0];
    assert_eq!((operation.path.path.as_str(), operation.base_path.as_str()), ("/a/{id}", "/v3"));
    assert_eq!((operation.path.fixed_query.join("&").as_str(), operation.parameters.len()), ("format=csv", 1));
    assert_eq!(diagnostics.len(), 1);
}

#[test]
fn success_is_json_bytes_or_nothing() {
    let content = |media: &str| json!({"content": {media: {"schema": {"type": "string"}}}});
    let success = |responses: Value| {
        let (api, _) = lowered(&document(&json!({"responses": responses}), &json!({})));
        match api.operations[0].success.clone() {
            Success::Body { accept, media, optional, .. } => format!("{} {media:?} {optional}", accept.join(",")),
            other => format!("{other:?}"),
        }
    };
    let (json, csv) = (content("application/json; charset=utf-8"), content("text/csv"));
    assert_eq!(success(json!({"200": json, "204": {}})), "application/json Json true");
    assert_eq!(success(json!({"default": csv, "404": json})), "text/csv Text false");
    assert_eq!(success(json!({"200": json, "201": csv})), "Several");
    assert_eq!(success(json!({"200": content("text/event-stream")})), format!("Unread({:?})", Media::EventStream));
    assert_eq!(success(json!({"404": json})), "Nothing");
}

#[test]
fn members_of_one_direction_are_not_sent_or_known_as_such() {
    let schemas = json!({"Inner": {"type": "string", "enum": ["x"]}});
    let api = with(&json!({"properties": {"r": {"allOf": [reference("Inner")], "readOnly": true}}}), &schemas);
    let Kind::Struct { members, .. } = &api[api.operations[0].received().unwrap()].kind else { panic!() };
    assert!(members[0].read_only);
    let inner = &api[api.followed(members[0].ty)];
    assert!(inner.direction.received && !inner.direction.sent);
}

#[test]
fn equal_types_are_one_and_names_are_kept_as_aliases() {
    let schema = |docs: &str| json!({"type": "object", "description": docs, "properties": {"a": {"enum": ["x"]}}});
    let content = json!({"application/json": {"schema": {"type": "array", "items": {"oneOf": [reference("A"), reference("B")]}}}});
    let operation = json!({"operationId": "a", "responses": {"200": {"content": content}}});
    let root = document(&operation, &json!({"A": schema("one"), "B": schema("two")}));
    let options = Options { merge_equal_types: true, ..Options::default() };
    let (api, _) = lower(&Document::parse(&root.to_string()).unwrap(), &options);
    let aliases: Vec<&str> = api.aliases.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(aliases, ["B", "Ba"]);
}
