//! Decides what of an operation a client can express: how each parameter, the body and the response are written. What it
//! cannot express is left out by name: an optional parameter, or else the operation.

use std::collections::BTreeSet;

use crate::model::{
    Api, Body, Diagnostic, Kind, Media, Operation, Parameter, Response, Status, Style, Success, TypeId,
    parameter::Place,
};

use super::items::is_file;

/// An operation as a method calls it.
pub(super) struct Call<'a> {
    pub(super) operation: &'a Operation,
    /// In the order of the arguments.
    pub(super) parameters: Vec<(&'a Parameter, Written)>,
    pub(super) body: Option<(&'a Body, TypeId, Sent)>,
    pub(super) returned: Returned,
    /// The statuses of a success; empty for every 2xx status.
    pub(super) statuses: Vec<u16>,
    /// The optional parameters that are left out, in words.
    pub(super) left_out: Vec<String>,
}

/// How a parameter is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Written {
    Segment,
    ExplodedSegment,
    /// Each element or property is a parameter of its own.
    Repeated,
    /// One string with this between its parts.
    Joined(&'static str),
    Deep,
    Json,
    Header,
    ExplodedHeader,
}

/// How a body is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Sent {
    Json(String),
    /// With the encoding of each property that is not written in the usual way, as code.
    Form(Vec<(String, String)>),
    /// With the media type of each part that is a file.
    Parts(Vec<(String, String)>),
    Text(String),
    Bytes(String),
}

/// What a call returns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Returned {
    Nothing,
    Json(TypeId),
    /// JSON, or nothing for these statuses, or for all but these.
    OptionalJson {
        ty: TypeId,
        statuses: Vec<u16>,
        all_but: bool,
    },
    Bytes,
}

/// The operations that can be expressed. Diagnostics about the others, and about parameters, are added.
pub(super) fn calls<'a>(api: &'a Api, diagnostics: &mut Vec<Diagnostic>) -> Vec<Call<'a>> {
    let mut calls = Vec::new();
    for operation in &api.operations {
        match call(api, operation, diagnostics) {
            Ok(call) => calls.push(call),
            Err(diagnostic) => diagnostics.push(diagnostic),
        }
    }
    calls
}

#[expect(clippy::result_large_err, reason = "one for each operation")]
fn call<'a>(api: &'a Api, operation: &'a Operation, diagnostics: &mut Vec<Diagnostic>) -> Result<Call<'a>, Diagnostic> {
    let left_out = |place, reason: String, skips_operation| Diagnostic {
        operation: Some(operation.id.clone()),
        skips_operation,
        place,
        reason,
        remedy: if skips_operation { String::new() } else { "it is optional and left out".to_owned() },
        parameter: None,
    };
    let mut parameters = Vec::new();
    for parameter in &operation.parameters {
        match written(api, parameter) {
            Ok(written) => parameters.push((parameter, written)),
            Err(reason) => {
                let reason = format!("the parameter {:?} {reason}", parameter.wire);
                let diagnostic = left_out(parameter.source.clone(), reason, parameter.required);
                if parameter.required {
                    return Err(diagnostic);
                }
                diagnostics.push(Diagnostic { parameter: Some(parameter.in_words()), ..diagnostic });
            }
        }
    }
    let path = &operation.path.path;
    parameters.sort_by_key(|(parameter, _)| {
        let position = (parameter.place == Place::Path).then(|| path.find(&format!("{{{}}}", parameter.wire)));
        (parameter.place, position.flatten(), parameter.rust.clone())
    });
    let (returned, statuses) =
        returned(operation).map_err(|reason| left_out(operation.source.child("responses"), reason.to_owned(), true))?;
    let body = match &operation.body {
        Some(body) => sent(api, body).map_err(|(place, reason)| left_out(place, reason, true))?,
        None => None,
    };
    let own = diagnostics.iter().filter(|diagnostic| diagnostic.operation.as_ref() == Some(&operation.id));
    let left_out = own.filter_map(|diagnostic| diagnostic.parameter.clone()).collect();
    Ok(Call { operation, parameters, body, returned, statuses, left_out })
}

/// How a parameter is written, or why it cannot be.
fn written(api: &Api, parameter: &Parameter) -> Result<Written, String> {
    let unsupported = |style: &str| Err(format!("has the style {style:?}, which is not supported"));
    match (parameter.place, parameter.style) {
        (Place::Cookie, _) => Err("is a cookie, which is not supported; the transport sends none".to_owned()),
        (_, Style::Label) => unsupported("label"),
        (_, Style::Matrix) => unsupported("matrix"),
        (Place::Query, Style::Json) => Ok(Written::Json),
        (_, Style::Json) => Err("holds JSON outside of the query, which is not supported".to_owned()),
        (Place::Path, _) if parameter.explode => Ok(Written::ExplodedSegment),
        (Place::Path, _) => Ok(Written::Segment),
        (Place::Header, _) if parameter.explode => Ok(Written::ExplodedHeader),
        (Place::Header, _) => Ok(Written::Header),
        (Place::Query, style) => query(api, style, parameter.explode, parameter.ty),
    }
}

/// How a query parameter, or a property of a form, is written.
fn query(api: &Api, style: Style, explode: bool, ty: TypeId) -> Result<Written, String> {
    match style {
        Style::SpaceDelimited => Ok(Written::Joined(" ")),
        Style::PipeDelimited => Ok(Written::Joined("|")),
        Style::DeepObject if holds_list(api, ty) => {
            Err("has a list in the style \"deepObject\", which is defined for objects alone".to_owned())
        }
        Style::DeepObject => Ok(Written::Deep),
        _ if explode => Ok(Written::Repeated),
        _ => Ok(Written::Joined(",")),
    }
}

/// Whether a type is a list, or an object with a list inside.
fn holds_list(api: &Api, start: TypeId) -> bool {
    let (mut seen, mut waiting) = (BTreeSet::from([start]), vec![start]);
    while let Some(id) = waiting.pop() {
        if matches!(api[id].kind, Kind::List(_) | Kind::Tuple { .. }) {
            return true;
        }
        waiting.extend(api[id].inner().into_iter().filter(|inner| seen.insert(*inner)));
    }
    false
}

type Refused = (crate::openapi::Pointer, String);

/// How a body is sent; nothing where it has no form.
fn sent<'a>(api: &Api, body: &'a Body) -> Result<Option<(&'a Body, TypeId, Sent)>, Refused> {
    let Some(content) = body.chosen.and_then(|chosen| body.contents.get(chosen)) else { return Ok(None) };
    let media_type = content.media_type.clone();
    let place = || body.source.child("content").child(&content.media_type);
    let target = &api[api.followed(content.ty)].kind;
    let sent = match content.media {
        Media::Json if media_type.contains("json") => Sent::Json(media_type),
        Media::Json => Sent::Json("application/json".to_owned()),
        Media::Form => Sent::Form(form(api, content).map_err(|(name, reason)| {
            (place().child("encoding").child(&name), format!("the member {name:?} {reason}"))
        })?),
        Media::Multipart => {
            let Kind::Struct { members, .. } = target else {
                let what = format!("is a {media_type} body whose parts the document does not describe; describe them");
                return Err((place(), what));
            };
            let files = members.iter().filter(|member| is_file(api, member.ty)).map(|member| {
                let stated = content.encoding.get(&member.wire).and_then(|encoding| encoding.content_type.clone());
                let stated = stated.filter(|stated| !stated.contains([',', '*']));
                (member.wire.clone(), stated.unwrap_or_else(|| "application/octet-stream".to_owned()))
            });
            Sent::Parts(files.collect())
        }
        Media::Text | Media::EventStream => Sent::Text(media_type),
        Media::Binary => Sent::Bytes(media_type),
    };
    Ok(Some((body, content.ty, sent)))
}

/// The encodings of a form that are not the usual one, as code.
fn form(api: &Api, content: &crate::model::Content) -> Result<Vec<(String, String)>, (String, String)> {
    let members = match &api[api.followed(content.ty)].kind {
        Kind::Struct { members, .. } => members.as_slice(),
        _ => &[],
    };
    let mut written = Vec::new();
    for (name, encoding) in &content.encoding {
        let refused = |reason: String| (name.clone(), reason);
        let member = members.iter().find(|member| member.wire == *name);
        let code = match (encoding.style, encoding.content_type.as_deref()) {
            (Some(style), _) => {
                let query = match member {
                    Some(member) => query(api, style, encoding.explode, member.ty),
                    None => query(api, style, encoding.explode, content.ty),
                };
                match query.map_err(refused)? {
                    Written::Deep => "Encoding::Deep".to_owned(),
                    Written::Joined(separator) => format!("Encoding::Joined({separator:?})"),
                    _ => "Encoding::Exploded".to_owned(),
                }
            }
            (None, Some(json)) if json.contains("json") => "Encoding::Json".to_owned(),
            (None, None | Some("text/plain")) => continue,
            (None, Some(other)) => return Err(refused(format!("is {other} within a form, which is not supported"))),
        };
        written.push((name.clone(), code));
    }
    Ok(written)
}

/// What a call returns, and the statuses of a success.
fn returned(operation: &Operation) -> Result<(Returned, Vec<u16>), &'static str> {
    let is_success = |response: &&Response| matches!(response.status, Status::Code(200..=299) | Status::Range(2));
    let mut successes: Vec<&Response> = operation.responses.iter().filter(is_success).collect();
    if successes.is_empty() {
        successes.extend(operation.responses.iter().filter(|response| response.status == Status::Default));
    }
    let code = |response: &&&Response| match response.status {
        Status::Code(code) => Some(code),
        _ => None,
    };
    let codes: Vec<u16> = successes.iter().filter_map(|response| code(&response)).collect();
    let statuses = if codes.len() == successes.len() { codes } else { Vec::new() };
    let returned = match &operation.success {
        Success::Nothing => Returned::Nothing,
        Success::Body { media: Media::Json, ty, optional: false, .. } => Returned::Json(*ty),
        Success::Body { media: Media::Json, ty, optional: true, .. } => {
            let is_empty = |response: &&&Response| response.contents.is_empty();
            let other_is_empty =
                successes.iter().any(|response| code(&response).is_none() && response.contents.is_empty());
            let listed = successes.iter().filter(|response| is_empty(response) != other_is_empty);
            let statuses = listed.filter_map(|response| code(&response)).collect();
            Returned::OptionalJson { ty: *ty, statuses, all_but: other_is_empty }
        }
        Success::Body { .. } | Success::Unread(_) => Returned::Bytes,
        Success::Several => {
            return Err("returns JSON with one status and something else with another, which no single type can hold");
        }
    };
    Ok((returned, statuses))
}

/// The media type that a call accepts, if it is not JSON.
pub(super) fn accepted(operation: &Operation) -> Option<String> {
    match &operation.success {
        Success::Nothing | Success::Several => None,
        Success::Unread(_) => {
            let contents = operation.responses.iter().flat_map(|response| &response.contents);
            contents.map(|content| content.media_type.clone()).find(|media_type| !media_type.contains("json"))
        }
        Success::Body { accept, .. } => Some(accept.join(", ")).filter(|accept| accept != "application/json"),
    }
}
