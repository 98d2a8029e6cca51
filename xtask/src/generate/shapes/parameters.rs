//! Parameters get names that are unique in Rust, and each says how it is written. What no step can write is left out by
//! name.
//!
//! Step 5 of `SHAPES`.

use serde_json::{Value, json};

use super::{Apply, Noted, Transform, schemas::each_operation_place};
use crate::{
    generate::names::{Names, snake},
    openapi::{Document, Problem},
};

pub(super) const TRANSFORM: Transform = Transform { name: "parameters", apply: Apply::Noted(apply) };

/// Where the name of a parameter is noted as it is sent.
pub const WIRE_NAME: &str = "x-wire-name";
/// Where it is noted what a list is joined with; a list without it repeats the parameter.
pub const JOINED_BY: &str = "x-joined-by";
/// Where it is noted that a name and its value, in a path or a header, are joined with `=`.
pub const EXPLODED: &str = "x-exploded";

fn apply(document: &mut Document, noted: &mut Noted) -> usize {
    let mut places = 0;
    each_operation_place(document, noted, |operation, place, renamed| {
        let mut names = Names::of_variables();
        for (index, parameter) in
            operation.get_mut("parameters").and_then(Value::as_array_mut).into_iter().flatten().enumerate()
        {
            let place = place.child("parameters").child(index);
            let Some(name) = parameter["name"].as_str().map(ToOwned::to_owned) else {
                return Err(Problem::at(&place, "the parameter has no name"));
            };
            let separator = separator(parameter)
                .map_err(|reason| Problem::at(&place, format!("the parameter {name:?} {reason}")))?;
            if let Some(separator) = separator {
                parameter[JOINED_BY] = separator.into();
                parameter[EXPLODED] = (parameter["in"] != "query" && parameter["explode"] == true).into();
            }
            let field = names.take(&name);
            if field != snake(&name) {
                renamed.push(format!("the parameter {name:?} of {place} is the argument {field}"));
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
        }
        Ok(())
    });
    places
}

/// What the elements of a list are joined with, if they are not sent one by one.
fn separator(parameter: &mut Value) -> Result<Option<&'static str>, String> {
    if parameter.get("schema").is_none() {
        if parameter.get("content").is_some() {
            return Err(
                "holds a document of a media type of its own, which is not supported; give it a `schema`".to_owned()
            );
        }
        parameter["schema"] = json!({"type": "string"});
    }
    let place = parameter["in"].as_str().unwrap_or_default();
    let style = parameter["style"].as_str().unwrap_or(if place == "query" { "form" } else { "simple" });
    let explode = parameter["explode"].as_bool().unwrap_or(style == "form");
    match (place, style) {
        ("query", "form") if explode => Ok(None),
        ("query", "form") | ("path" | "header", "simple") => Ok(Some(",")),
        ("query", "spaceDelimited") => Ok(Some(" ")),
        ("query", "pipeDelimited") => Ok(Some("|")),
        ("cookie", _) => Err("is a cookie, which is not supported; the transport sends none".to_owned()),
        ("query" | "path" | "header", style) => Err(format!("has the style {style:?}, which is not supported")),
        _ => Err(format!("is sent in {place:?}, which is no place for one")),
    }
}
