//! The operations of a client as Rust code: a method and a constant for each.

use std::collections::BTreeSet;

use super::{
    docs::{code, comment, literal},
    expressible::{Call, Returned, Sent, Written, accepted},
    items::signature,
    rust_types::{Rust, RustTypes},
    structs::{Field, Presence, setter},
};
use crate::model::{
    Api, Operation, Parameter, TypeId,
    identifiers::{Names, snake},
    parameter::Place,
};

/// Where the transport's URLs of paths begin.
pub(super) const MANAGEMENT_API: &str = "/api/v2";

/// How many optional arguments a method takes one by one.
pub(crate) const MOST_ARGUMENTS: usize = 3;

/// A method as code.
pub(super) struct Method {
    pub(super) code: String,
    /// The struct of its optional parameters, if there are many: its name and its items.
    pub(super) parameters: Option<(String, Vec<String>)>,
    /// A call of it with arguments that a reader understands, if it has no others.
    pub(super) example: Option<String>,
}

fn in_types(name: &str) -> String {
    format!("types::{name}")
}

/// Writes the method of an operation. `names` has those of all types.
pub(super) fn method(api: &Api, rust: &RustTypes, call: &Call<'_>, names: &mut Names) -> Method {
    let operation = call.operation;
    let (required, optional): (Vec<_>, Vec<_>) =
        call.parameters.iter().map(|(parameter, _)| *parameter).partition(|parameter| parameter.required);
    let is_gathered = optional.len() > MOST_ARGUMENTS;
    let mut arguments: Vec<(String, String)> =
        required.iter().map(|parameter| (parameter.rust.clone(), argument(api, rust, parameter))).collect();
    if !is_gathered {
        let optional = optional.iter();
        arguments.extend(
            optional.map(|parameter| (parameter.rust.clone(), format!("Option<{}>", borrowed(rust, parameter.ty)))),
        );
    }
    if let Some((body, ty, sent)) = &call.body {
        let ty = match sent {
            Sent::Text(_) => "&str".to_owned(),
            Sent::Bytes(_) => "Bytes".to_owned(),
            _ if *rust.used(*ty) == Rust::String => "&str".to_owned(),
            _ => format!("&{}", rust.used(*ty).code(&in_types)),
        };
        let ty = if body.required { ty } else { format!("impl Into<Option<{ty}>>") };
        arguments.push(("body".to_owned(), ty));
    }
    let parameters = is_gathered.then(|| {
        let name = names.take(&format!("{}-Parameters", operation.rust));
        arguments.push(("parameters".to_owned(), format!("&types::{name}")));
        let items = gathered(rust, &name, operation, &optional);
        (name, items)
    });
    let shown = arguments.iter().map(|(_, ty)| match ty.as_str() {
        "&str" => Some("\"…\""),
        ty if ty.starts_with("Option<") => Some("None"),
        ty if ty.ends_with("Parameters") => Some("&Default::default()"),
        _ => None,
    });
    let shown: Option<Vec<_>> = shown.collect();
    let example = shown.map(|arguments| format!("{}({})", operation.rust, arguments.join(", ")));
    let returned = match &call.returned {
        Returned::Nothing => "()".to_owned(),
        Returned::Json(ty) => returned_type(api, rust, *ty, &in_types),
        Returned::OptionalJson { ty, .. } => format!("Option<{}>", returned_type(api, rust, *ty, &in_types)),
        Returned::Bytes => "Bytes".to_owned(),
    };
    let inputs = arguments.iter().map(|(name, ty)| format!("{name}: {ty}"));
    let inputs: Vec<String> = std::iter::once("&self".to_owned()).chain(inputs).collect();
    let head = signature(
        &format!("    pub async fn {}", operation.rust),
        &inputs,
        &format!("Result<Response<{returned}>, Error>"),
    );
    let code = comment(&docs(call), "    ") + &head + &chain(&links(rust, call, is_gathered)) + "    }\n";
    Method { code, parameters, example }
}

/// The type of a response's body.
pub(super) fn returned_type(api: &Api, rust: &RustTypes, ty: TypeId, place: &dyn Fn(&str) -> String) -> String {
    let code = rust.used(ty).code(place);
    if api.nullable(ty) { format!("Option<{code}>") } else { code }
}

fn argument(api: &Api, rust: &RustTypes, parameter: &Parameter) -> String {
    let ty = borrowed(rust, parameter.ty);
    if api.nullable(parameter.ty) { format!("Option<{ty}>") } else { ty }
}

fn borrowed(rust: &RustTypes, ty: TypeId) -> String {
    match rust.used(ty) {
        Rust::String => "&str".to_owned(),
        used if rust.is_by_reference(ty) => format!("&{}", used.code(&in_types)),
        used => used.code(&in_types),
    }
}

/// Many optional parameters are one struct with setters instead of a row of `None`.
fn gathered(rust: &RustTypes, name: &str, operation: &Operation, optional: &[&Parameter]) -> Vec<String> {
    let fields: Vec<Field> = optional
        .iter()
        .map(|parameter| Field {
            name: parameter.rust.clone(),
            wire: parameter.wire.clone(),
            presence: Presence::Optional,
            ty: rust.used(parameter.ty).code(&ToOwned::to_owned),
            docs: parameter.docs.clone().filter(|docs| !docs.is_empty()),
            secret: false,
        })
        .collect();
    let mut text = comment(&format!("The optional parameters of `{}`.", operation.rust), "");
    text += &format!("#[derive(Clone, Debug, Default, PartialEq)]\n#[non_exhaustive]\npub struct {name} {{\n");
    for field in &fields {
        text += &comment(field.docs.as_deref().unwrap_or("Not described by the document."), "    ");
        text += &format!("    pub {}: Option<{}>,\n", field.name, field.ty);
    }
    text += "}\n";
    let setters: Vec<String> = fields.iter().map(setter).collect();
    vec![text, format!("impl {name} {{\n{}}}\n", setters.join("\n"))]
}

/// The calls that build and send the request.
fn links(rust: &RustTypes, call: &Call<'_>, is_gathered: bool) -> Vec<String> {
    let operation = call.operation;
    let mut links = vec![format!("call(&operations::{})", constant_name(operation))];
    if !operation.path.fixed_query.is_empty() {
        links.push(format!("fixed_query({})", literal(&operation.path.fixed_query.join("&"))));
    }
    let value = |parameter: &Parameter| {
        if is_gathered && !parameter.required {
            format!("parameters.{}", parameter.rust)
        } else {
            parameter.rust.clone()
        }
    };
    // The path may have a parameter twice.
    for name in operation.path.path.split('{').skip(1).filter_map(|rest| rest.split('}').next()) {
        let found =
            call.parameters.iter().find(|(parameter, _)| parameter.place == Place::Path && parameter.wire == name);
        links.extend(found.map(|(parameter, written)| match written {
            Written::ExplodedSegment => format!("exploded_segment(&{})?", parameter.rust),
            _ if *rust.used(parameter.ty) == Rust::String => format!("segment({})?", parameter.rust),
            _ => format!("segment_of(&{})?", parameter.rust),
        }));
    }
    links.extend(accepted(operation).map(|accept| format!("accept({})", literal(&accept))));
    for (parameter, written) in &call.parameters {
        let (name, value) = (literal(&parameter.wire), value(parameter));
        links.push(match written {
            Written::Segment | Written::ExplodedSegment => continue,
            Written::Repeated => format!("parameter({name}, &{value})"),
            Written::Joined(separator) => format!("joined_parameter({name}, &{value}, {})", literal(separator)),
            Written::Deep => format!("deep_parameter({name}, &{value})"),
            Written::Json => format!("json_parameter({name}, &{value})"),
            Written::Header => format!("header_parameter({name}, &{value})"),
            Written::ExplodedHeader => format!("exploded_header({name}, &{value})"),
        });
    }
    if let Some((body, _, sent)) = &call.body {
        let typed = |media_type: &str, link: &str| match media_type {
            "application/json" => vec![link.to_owned()],
            other => vec![format!("content_type({})", literal(other)), link.to_owned()],
        };
        let listed = |pairs: &[(String, String)], quoted: bool| {
            let pairs = pairs.iter().map(|(name, value)| {
                format!("({}, {})", literal(name), if quoted { literal(value) } else { value.clone() })
            });
            pairs.collect::<Vec<_>>().join(", ")
        };
        let sending = match sent {
            Sent::Json(media_type) => typed(media_type, "json(body)"),
            Sent::Text(media_type) => typed(media_type, "body(body.to_owned())"),
            Sent::Bytes(media_type) => typed(media_type, "body(body)"),
            Sent::Form(encoding) => vec![format!("form(body, &[{}])", listed(encoding, false))],
            Sent::Parts(media_types) => vec![format!("multipart(body, &[{}])", listed(media_types, true))],
        };
        if body.required {
            links.extend(sending);
        } else {
            links.push(format!("optional(body.into(), |request, body| request.{})", sending.join(".")));
        }
    }
    links.push(match &call.returned {
        Returned::Nothing => "send_empty()".to_owned(),
        Returned::Json(_) => "send_json()".to_owned(),
        Returned::Bytes => "send()".to_owned(),
        Returned::OptionalJson { statuses, all_but, .. } => {
            let statuses: Vec<String> = statuses.iter().map(ToString::to_string).collect();
            let not = if *all_but { "!" } else { "" };
            format!("send_optional_json(|status| {not}matches!(status, {}))", statuses.join(" | "))
        }
    });
    links
}

/// A chain of calls: in one line where it fits.
fn chain(links: &[String]) -> String {
    const LONGEST: usize = 110;
    let line = format!("        self.transport.{}.await\n", links.join("."));
    if line.len() <= LONGEST {
        return line;
    }
    let links: String = links.iter().map(|link| format!("            .{link}\n")).collect();
    format!("        self.transport\n{links}            .await\n")
}

fn docs(call: &Call<'_>) -> String {
    let Call { operation, parameters, body, left_out, .. } = call;
    let mut parts = Vec::new();
    parts.extend(operation.summary.as_ref().map(|summary| summary.trim_end_matches(['.', ',']).to_owned()));
    parts.extend(operation.docs.clone());
    parts.extend(left_out.iter().map(|parameter| format!("Left out: the optional {parameter}.")));
    parts.push(format!("Sends a `{}` request to {}", operation.method, code(&target(operation))));
    parts.extend(operation.lifecycle.deprecated.then(|| "**Deprecated** by the document.".to_owned()));
    parts.extend(scopes_in_words(operation).map(|scopes| format!("Needs the scope {scopes}.")));
    let mut arguments: Vec<(&str, Option<&String>)> =
        parameters.iter().map(|(parameter, _)| (parameter.rust.as_str(), parameter.docs.as_ref())).collect();
    arguments.extend(body.iter().map(|(body, ..)| ("body", body.docs.as_ref())));
    if arguments.iter().any(|(_, docs)| docs.is_some()) {
        let lines = arguments.iter().map(|(name, docs)| match docs {
            Some(docs) => format!("- `{name}`: {docs}"),
            None => format!("- `{name}`"),
        });
        parts.push(format!("Arguments:\n{}", lines.collect::<Vec<_>>().join("\n")));
    }
    parts.push(
        "# Errors\n\nThe request could not be sent, or the response is none of the declared ones: see [`Error`]."
            .to_owned(),
    );
    parts.join("\n\n")
}

/// The path with the query that it always has.
fn target(operation: &Operation) -> String {
    let query = operation.path.fixed_query.join("&");
    if query.is_empty() { operation.path.path.clone() } else { format!("{}?{query}", operation.path.path) }
}

/// The scopes of which a token needs one.
fn scopes(operation: &Operation) -> BTreeSet<&String> {
    operation.security.requirements.iter().flat_map(|requirement| requirement.values().flatten()).collect()
}

/// The scopes as prose: `` `read:a` or `read:b` ``. Nothing where none is needed.
fn scopes_in_words(operation: &Operation) -> Option<String> {
    let words: Vec<_> = scopes(operation).into_iter().map(|scope| code(scope)).collect();
    (!words.is_empty()).then(|| words.join(" or "))
}

/// The name of an operation's constant.
fn constant_name(operation: &Operation) -> String {
    let name = snake(&operation.rust).trim_start_matches("r#").to_uppercase();
    if name.starts_with(char::is_alphabetic) { name } else { format!("OPERATION_{name}") }
}

/// The constants of operations, and a list of them.
pub(super) fn constants(calls: &[&Call<'_>]) -> Vec<String> {
    let mut items = vec!["use auth0_transport::{Idempotency, Method, Operation};\n".to_owned()];
    items.extend(calls.iter().map(|call| constant(call)));
    let names: String = calls.iter().map(|call| format!("    &{},\n", constant_name(call.operation))).collect();
    items.push(format!(
        "/// Every operation of this module, in the order of the document.\npub const ALL: &[&Operation] = &[\n{names}];\n"
    ));
    items
}

fn constant(call: &Call<'_>) -> String {
    let operation = call.operation;
    let idempotency = if operation.method == "POST" { "NotIdempotent" } else { "Idempotent" };
    let scopes: Vec<String> = scopes(operation).into_iter().map(|scope| literal(scope)).collect();
    let needs = scopes_in_words(operation).map(|words| format!(", scope {words}")).unwrap_or_default();
    let mut text = comment(&format!("{}{needs}.", code(&format!("{} {}", operation.method, target(operation)))), "");
    text += &format!(
        "pub const {}: Operation = Operation::new({}, Idempotency::{idempotency}, &[{}])\n",
        constant_name(operation),
        literal(&operation.id),
        scopes.join(", ")
    );
    if operation.base_path != MANAGEMENT_API {
        text += &format!("    .below({})\n", literal(&operation.base_path));
    }
    text += &format!("    .at(&Method::{}, {})", operation.method, literal(&operation.path.path));
    if !call.statuses.is_empty() {
        let statuses: Vec<String> = call.statuses.iter().map(ToString::to_string).collect();
        text += &format!("\n    .succeeds_with(&[{}])", statuses.join(", "));
    }
    text + ";\n"
}
