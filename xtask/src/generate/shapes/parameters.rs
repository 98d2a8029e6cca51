//! Parameters get names that are unique in Rust, and each says how it is written. An optional parameter that no step can
//! write is left out by name, a required one takes its operation along.
//!
//! Step 5 of `SHAPES`.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{
    Apply, Noted, Transform,
    schemas::{each_operation_place, retain_parameters},
};
use crate::{
    generate::names::{Names, snake},
    openapi::{Document, Pointer, Problem},
};

pub(super) const TRANSFORM: Transform = Transform { name: "parameters", apply: Apply::Noted(apply) };

/// Where the name of a parameter is noted as it is sent.
pub const WIRE_NAME: &str = "x-wire-name";
/// Where it is noted what a list is joined with; a list without it repeats the parameter.
pub const JOINED_BY: &str = "x-joined-by";
/// Where it is noted that a name and its value, in a path or a header, are joined with `=`.
pub const EXPLODED: &str = "x-exploded";

/// Where it is noted that the members of an object follow its name in brackets.
pub const DEEP: &str = "x-deep";

fn apply(document: &mut Document, noted: &mut Noted) -> usize {
    let original = document.clone();
    let mut places = 0;
    each_operation_place(document, noted, |operation, place, noted| {
        let mut names = Names::of_variables();
        retain_parameters(operation, place, noted, |parameter, place, noted| {
            let Some(name) = parameter["name"].as_str().map(ToOwned::to_owned) else {
                return Err(Problem::at(place, "the parameter has no name"));
            };
            let style = style(parameter, &original)
                .map_err(|reason| Problem::at(place, format!("the parameter {name:?} {reason}")))?;
            match style {
                Style::Repeated => {}
                Style::Deep => parameter[DEEP] = true.into(),
                Style::Joined(separator) => {
                    parameter[JOINED_BY] = separator.into();
                    parameter[EXPLODED] = (parameter["in"] != "query" && parameter["explode"] == true).into();
                }
            }
            let field = names.take(&name);
            if field != snake(&name) {
                noted.renamed.push(format!("the parameter {name:?} of {place} is the argument {field}"));
            }
            parameter["name"] = field.into();
            parameter[WIRE_NAME] = name.into();
            // What is read off by now would stand in progenitor's way.
            for member in ["style", "explode", "allowReserved", "allowEmptyValue"] {
                parameter.as_object_mut().and_then(|parameter| parameter.shift_remove(member));
            }
            if parameter["in"] == "path" {
                parameter["required"] = true.into();
            }
            places += 1;
            Ok(())
        })
    });
    places
}

/// How a list or an object is written in a parameter; other values are the same in each style.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    /// Each element or member is a parameter of its own.
    Repeated,
    /// Elements, or names and values of members, are one text with this between them.
    Joined(&'static str),
    /// Each member is a parameter of its own, its name in brackets behind that of the object.
    Deep,
}

/// How a parameter is written.
fn style(parameter: &mut Value, document: &Document) -> Result<Style, String> {
    if parameter.get("schema").is_none_or(Value::is_null) {
        if parameter.get("content").is_some() {
            return Err(
                "holds a document of a media type of its own, which is not supported; give it a `schema`".to_owned()
            );
        }
        parameter["schema"] = json!({"type": "string"});
    }
    match parameter["in"].as_str().unwrap_or_default() {
        "query" => query_style(parameter, &parameter["schema"], document),
        "path" | "header" => match parameter["style"].as_str().unwrap_or("simple") {
            "simple" => Ok(Style::Joined(",")),
            style => Err(format!("has the style {style:?}, which is not supported")),
        },
        "cookie" => Err("is a cookie, which is not supported; the transport sends none".to_owned()),
        place => Err(format!("is sent in {place:?}, which is no place for one")),
    }
}

/// How a query parameter, or a member of a form, is written. `stated` has its `style` and `explode`.
pub(super) fn query_style(stated: &Value, schema: &Value, document: &Document) -> Result<Style, String> {
    let style = stated["style"].as_str().unwrap_or("form");
    match style {
        "form" if stated["explode"].as_bool().unwrap_or(true) => Ok(Style::Repeated),
        "form" => Ok(Style::Joined(",")),
        "spaceDelimited" => Ok(Style::Joined(" ")),
        "pipeDelimited" => Ok(Style::Joined("|")),
        "deepObject" if holds_list(schema, document, &mut BTreeSet::new()) => {
            Err("has a list in the style \"deepObject\", which is defined for objects alone".to_owned())
        }
        "deepObject" => Ok(Style::Deep),
        style => Err(format!("has the style {style:?}, which is not supported")),
    }
}

/// Whether a schema is a list, or an object with a list among its members. `seen` holds the references that were followed.
fn holds_list<'d>(schema: &'d Value, document: &'d Document, seen: &mut BTreeSet<&'d str>) -> bool {
    if let Some(reference) = schema["$ref"].as_str() {
        let target = document.resolve(reference, &Pointer::root());
        return seen.insert(reference) && target.is_ok_and(|target| holds_list(target, document, seen));
    }
    let is_list =
        schema["type"] == "array" || schema["type"].as_array().is_some_and(|types| types.contains(&json!("array")));
    let members = schema["properties"].as_object().into_iter().flatten().map(|(_, member)| member);
    is_list || members.chain(schema.get("additionalProperties")).any(|member| holds_list(member, document, seen))
}
