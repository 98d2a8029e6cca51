//! The release that drift suggests is the one that the generated client needs: both documents are turned into a
//! client, and what the clients offer is compared.

use std::{collections::BTreeSet, fs, path::Path};

use quote::ToTokens as _;
use serde_json::{Value, json};
use syn::{Fields, ImplItem, Item, Visibility};
use xtask::generate::{Readers, generate, select::Selection};

use super::documents::{Folder, compare, document};

/// What callers can name: methods with their signatures, traits, fields, variants.
fn inventory(document: &Value) -> BTreeSet<String> {
    let folder = Folder::new();
    folder.write("document.json", document.to_string());
    let file = folder.path("document.json");
    let generated = generate(&file, &Selection::All, &Readers::Insisting).unwrap();
    generated.files.write(&folder.path("")).unwrap();
    let sources = fs::read_dir(folder.path("src/generated")).unwrap();
    let mut lines = BTreeSet::new();
    for source in sources {
        items(&source.unwrap().path(), &mut lines);
    }
    lines
}

fn items(source: &Path, lines: &mut BTreeSet<String>) {
    for item in syn::parse_file(&fs::read_to_string(source).unwrap()).unwrap().items {
        match item {
            Item::Impl(block) if block.trait_.is_none() => {
                for method in block.items {
                    if let ImplItem::Fn(method) = method
                        && matches!(method.vis, Visibility::Public(_))
                    {
                        let (owner, signature) = (block.self_ty.to_token_stream(), method.sig.to_token_stream());
                        lines.insert(format!("{owner} {signature}"));
                    }
                }
            }
            Item::Impl(block) => {
                let made = block.trait_.map(|(path, _)| path.to_token_stream().to_string());
                lines.insert(format!("{} : {}", block.self_ty.to_token_stream(), made.unwrap_or_default()));
            }
            Item::Struct(structure) => {
                let derived = structure.attrs.iter().filter(|attribute| attribute.path().is_ident("derive"));
                for derived in derived.map(|attribute| attribute.meta.to_token_stream().to_string()) {
                    lines.extend(derived.split(',').map(|name| format!("{} {}", structure.ident, name.trim())));
                }
                if let Fields::Named(fields) = &structure.fields {
                    for field in fields.named.iter().filter(|field| matches!(field.vis, Visibility::Public(_))) {
                        let (name, kind) = (field.ident.to_token_stream(), field.ty.to_token_stream());
                        lines.insert(format!("{} . {name} : {kind}", structure.ident));
                    }
                }
            }
            Item::Enum(enumeration) => {
                lines.extend(
                    enumeration.variants.iter().map(|variant| format!("{} :: {}", enumeration.ident, variant.ident)),
                );
            }
            _ => {}
        }
    }
}

/// Major where something is gone, minor where something is new.
fn needed(old: &Value, new: &Value) -> &'static str {
    let (before, after) = (inventory(old), inventory(new));
    match (before.is_subset(&after), after.is_subset(&before)) {
        (false, _) => "major",
        (true, false) => "minor",
        (true, true) => "patch",
    }
}

/// The suggested release; that of what is said in another way, which needs none, counts as a patch.
fn suggested(old: &Value, new: &Value) -> String {
    let report: Value = serde_json::from_str(&compare(old, new).unwrap().report).unwrap();
    report["suggestion"]["release"].as_str().unwrap().replace("none", "patch")
}

fn body(schema: &Value) -> Value {
    json!({ "content": { "application/json": { "schema": schema } } })
}

fn operation(parameters: &Value, request: &Value, status: &str, response: &Value) -> Value {
    let mut response = response.clone();
    response["description"] = json!("fine");
    json!({
        "operationId": "put_thing", "parameters": parameters, "requestBody": request, "responses": { status: response },
    })
}

fn with(operation: &Value) -> Value {
    document(&json!({ "/things": { "put": operation } }))
}

/// A document whose operation sends and gets objects with these fields.
fn exchanging(sent: &Value, got: &Value) -> Value {
    let mut request = body(&json!({ "$ref": "#/components/schemas/Sent" }));
    request["required"] = json!(true);
    let mut document =
        with(&operation(&json!([]), &request, "200", &body(&json!({ "$ref": "#/components/schemas/Got" }))));
    document["components"] = json!({ "schemas": { "Sent": sent, "Got": got } });
    document
}

fn object(fields: &Value, required: &Value) -> Value {
    json!({ "type": "object", "properties": fields, "required": required })
}

/// Both ways, between two spellings of the field `a`, in a request or a response, required or not.
fn check_field(case: &str, one: &Value, other: &Value) {
    let plain = object(&json!({ "z": { "type": "string" } }), &json!([]));
    for required in [json!([]), json!(["a"])] {
        let of = |schema: &Value| object(&json!({ "a": schema }), &required);
        for (old, new) in [(one, other), (other, one)] {
            let sent = (exchanging(&of(old), &plain), exchanging(&of(new), &plain));
            assert_eq!(
                suggested(&sent.0, &sent.1),
                needed(&sent.0, &sent.1),
                "{case}, sent, {required}, {old} -> {new}"
            );
            let got = (exchanging(&plain, &of(old)), exchanging(&plain, &of(new)));
            assert_eq!(suggested(&got.0, &got.1), needed(&got.0, &got.1), "{case}, got, {required}, {old} -> {new}");
        }
    }
}

fn check(case: &str, old: &Value, new: &Value, expected: &str) {
    assert_eq!((suggested(old, new).as_str(), needed(old, new)), (expected, expected), "{case}");
}

#[test]
fn types_of_fields_are_types_in_rust() {
    let text = json!({ "type": "string" });
    check_field("number", &json!({ "type": "number" }), &json!({ "type": "integer" }));
    check_field("enumeration", &text, &json!({ "type": "string", "enum": ["x", "y"] }));
    check_field("a point in time", &text, &json!({ "type": "string", "format": "date-time" }));
    check_field("a format without a type", &text, &json!({ "type": "string", "format": "uuid" }));
    check_field(
        "another length",
        &json!({ "type": "string", "maxLength": 5 }),
        &json!({ "type": "string", "maxLength": 6 }),
    );
    check_field("a length", &text, &json!({ "type": "string", "maxLength": 6 }));
    check_field(
        "a value more",
        &json!({ "type": "string", "enum": ["x", "y"] }),
        &json!({ "type": "string", "enum": ["x", "y", "z"] }),
    );
    check_field("a default", &text, &json!({ "type": "string", "default": "x" }));
    check_field("null", &text, &json!({ "anyOf": [{ "type": "string" }, { "type": "null" }] }));
    check_field(
        "a flag that is always set",
        &json!({ "type": "boolean" }),
        &json!({ "type": "boolean", "enum": [true] }),
    );
}

#[test]
fn bounds_and_formats_make_other_numbers_only_where_rust_has_them() {
    let integer = |bounds: Value| {
        let mut schema = bounds;
        schema["type"] = json!("integer");
        schema
    };
    let plain = integer(json!({}));
    check_field("a bound without a type", &plain, &integer(json!({ "minimum": 2, "maximum": 9 })));
    check_field("never below zero", &plain, &integer(json!({ "minimum": 0 })));
    check_field("never zero", &integer(json!({ "minimum": 0 })), &integer(json!({ "exclusiveMinimum": 0 })));
    check_field("said in another way", &integer(json!({ "minimum": 1 })), &integer(json!({ "exclusiveMinimum": 0 })));
    check_field("a byte", &integer(json!({ "minimum": 0 })), &integer(json!({ "minimum": 0, "maximum": 255 })));
    check_field("unsigned", &plain, &integer(json!({ "format": "uint64" })));
    check_field("shorter", &plain, &integer(json!({ "format": "int32", "minimum": 1 })));
    check_field("enumerated", &integer(json!({ "enum": [1, 2] })), &integer(json!({ "enum": [1, 3] })));
    check_field("no longer enumerated", &plain, &integer(json!({ "enum": [1, 2] })));
    check_field("a bound of fractions", &json!({ "type": "number" }), &json!({ "type": "number", "minimum": 0 }));
}

#[test]
fn what_objects_and_lists_hold_beside_what_is_named_has_no_type() {
    let object = |keywords: Value| {
        let mut schema = keywords;
        schema["type"] = json!("object");
        schema
    };
    let fields = json!({ "b": { "type": "string" } });
    let (map, anything) = (object(json!({ "additionalProperties": { "type": "string" } })), object(json!({})));
    let known = object(json!({ "properties": fields }));
    check_field("a map of texts", &map, &object(json!({ "additionalProperties": false })));
    check_field("a map becomes a struct", &anything, &known);
    check_field(
        "a rest",
        &known,
        &object(json!({ "properties": fields, "additionalProperties": { "type": "integer" } })),
    );
    check_field("patterns", &anything, &object(json!({ "patternProperties": { "^x": { "type": "string" } } })));
    check_field(
        "a tuple",
        &json!({ "type": "array" }),
        &json!({ "type": "array", "prefixItems": [{ "type": "string" }] }),
    );
    let branches =
        json!([{ "properties": { "c": { "type": "string" } } }, { "properties": { "d": { "type": "string" } } }]);
    check_field("branches beside fields", &known, &object(json!({ "properties": fields, "oneOf": branches })));
}

#[test]
fn fields_that_come_and_are_needed_are_arguments() {
    let (fields, more) =
        (json!({ "a": { "type": "string" } }), json!({ "a": { "type": "string" }, "b": { "type": "string" } }));
    let plain = object(&fields, &json!([]));
    let optional = object(&more, &json!([]));
    let required = object(&more, &json!(["b"]));
    check("a field got", &exchanging(&plain, &plain), &exchanging(&plain, &optional), "minor");
    check("a field sent", &exchanging(&plain, &plain), &exchanging(&optional, &plain), "minor");
    check("a field sent always", &exchanging(&plain, &plain), &exchanging(&required, &plain), "major");
    check("a field gone", &exchanging(&plain, &optional), &exchanging(&plain, &plain), "major");
    check("now always there", &exchanging(&plain, &optional), &exchanging(&plain, &required), "major");
    check("now needed", &exchanging(&optional, &plain), &exchanging(&required, &plain), "major");
    check("no longer needed", &exchanging(&required, &plain), &exchanging(&optional, &plain), "major");
}

#[test]
fn parameters_are_positional() {
    let of = |parameters: Value| with(&operation(&parameters, &body(&json!({ "type": "string" })), "204", &json!({})));
    let parameter = |name: &str, required: bool, schema: Value| json!({ "name": name, "in": "query", "required": required, "schema": schema });
    let text = json!({ "type": "string" });
    let one = of(json!([parameter("a", false, text.clone())]));
    let two = of(json!([parameter("a", false, text.clone()), parameter("b", false, text.clone())]));
    check("a parameter more", &one, &two, "major");
    check("a parameter less", &two, &one, "major");
    check("now required", &one, &of(json!([parameter("a", true, text)])), "major");
    let many = |count: usize| {
        of((0..count).map(|at| parameter(&format!("p{at}"), false, json!({ "type": "string" }))).collect())
    };
    assert_eq!(suggested(&many(3), &many(4)), "major", "from arguments to a struct");
    assert_eq!(suggested(&many(4), &many(5)), "minor", "one more in the struct");
    let (plain, bounded) = (json!({ "type": "integer" }), json!({ "type": "integer", "minimum": 1 }));
    check(
        "never zero",
        &of(json!([parameter("a", false, plain)])),
        &of(json!([parameter("a", false, bounded)])),
        "major",
    );
}

#[test]
fn what_an_operation_returns_and_is_called_is_its_signature() {
    let text = json!({ "type": "string" });
    let nothing = with(&operation(&json!([]), &body(&text), "204", &json!({})));
    let something = with(&operation(&json!([]), &body(&text), "200", &body(&text)));
    let created = with(&operation(&json!([]), &body(&text), "201", &body(&text)));
    let empty = with(&operation(&json!([]), &body(&text), "200", &json!({})));
    check("204 to 200 with a body", &nothing, &something, "major");
    check("a body in the same answer", &empty, &something, "major");
    check("200 to 201", &something, &created, "patch");
    let mut renamed = something.clone();
    renamed["paths"]["/things"]["put"]["operationId"] = json!("replace_thing");
    check("another id", &something, &renamed, "major");
    let mut failing = something.clone();
    failing["paths"]["/things"]["put"]["responses"]["409"] = json!({ "description": "no" });
    check("a failure more", &something, &failing, "patch");
    let mut either = something.clone();
    either["paths"]["/things"]["put"]["responses"]["204"] = json!({ "description": "nothing" });
    check("maybe nothing", &something, &either, "major");
    let mut both = something.clone();
    both["paths"]["/things"]["put"]["responses"]["202"] = body(&json!({ "type": "integer" }));
    both["paths"]["/things"]["put"]["responses"]["202"]["description"] = json!("later");
    check("two bodies", &something, &both, "major");
    let mut same = something.clone();
    same["paths"]["/things"]["put"]["responses"]["202"] =
        something["paths"]["/things"]["put"]["responses"]["200"].clone();
    check("the same with another status", &something, &same, "patch");
    let whatever = |schema: &Value| with(&operation(&json!([]), &body(&text), "default", &body(schema)));
    check("a default that stands in", &whatever(&text), &whatever(&json!({ "type": "integer" })), "major");
    let tagged = |tags: Value| {
        let mut tagged = something.clone();
        tagged["paths"]["/things"]["put"]["tags"] = tags;
        tagged
    };
    assert_eq!(suggested(&tagged(json!(["a"])), &tagged(json!(["b"]))), "major", "another module");
    assert_eq!(suggested(&tagged(json!(["a"])), &tagged(json!(["a", "b"]))), "patch");
    let mut more = something.clone();
    more["paths"]["/others"] = json!({ "get": operation(&json!([]), &body(&text), "204", &json!({})) });
    more["paths"]["/others"]["get"]["operationId"] = json!("get_others");
    check("an operation more", &something, &more, "minor");
}
