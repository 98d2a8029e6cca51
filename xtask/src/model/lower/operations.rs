//! Operations: what stands outside of schemas.

use std::collections::BTreeMap;

use super::{
    super::{
        Body, Content, Diagnostic, Header, Media, Operation, Options, Parameter, Response, Security, Status, Success,
        Template, Type, TypeId, identifiers::Names, parameter::Place as Location,
    },
    compose::Types,
    draft::{Branch, Draft},
    parameters::{self, is_json, lifecycle},
    servers_of,
};
use crate::openapi::{
    Document, Place, Problem,
    operation::{Site, essence, sites_at},
    path_template::PathTemplate,
    security::Security as Stated,
};

/// Reads the operations of a document in its order.
pub(super) fn read<'d>(
    document: &'d Document,
    options: &Options,
    types: &mut Types<'d>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Operation> {
    let mut methods = Names::of_methods();
    let mut found = Vec::new();
    let items = Place::root(document).entries_of("paths").unwrap_or_default();
    for (path, item) in items.into_iter().filter(|(path, _)| !path.starts_with("x-")) {
        let sites = sites_at(path, item).unwrap_or_else(|problem| {
            diagnostics.push(Diagnostic::of_operation(path, &problem));
            Vec::new()
        });
        for site in sites {
            let id = site.name().id.unwrap_or_else(|| site.made_id());
            let rust = methods.take(&id);
            let tags = strings(&site.operation, "tags");
            if !options.takes(&id, &tags) {
                continue;
            }
            let mut reader = Reader { site: &site, id: &id, types, diagnostics };
            match reader.operation(rust, tags) {
                Ok(operation) => found.push(operation),
                Err(problem) => diagnostics.push(Diagnostic::of_operation(&id, &problem)),
            }
        }
    }
    found
}

fn strings(owner: &Place<'_>, key: &str) -> Vec<String> {
    let elements = owner.elements_of(key).unwrap_or_default().into_iter();
    elements.filter_map(|element| element.value.as_str().map(str::to_owned)).collect()
}

fn text(owner: &Place<'_>, key: &str) -> Option<String> {
    owner.get(key)?.value.as_str().map(str::to_owned)
}

struct Reader<'r, 'd> {
    site: &'r Site<'d>,
    id: &'r str,
    types: &'r mut Types<'d>,
    diagnostics: &'r mut Vec<Diagnostic>,
}

impl<'d> Reader<'_, 'd> {
    fn operation(&mut self, rust: String, tags: Vec<String>) -> Result<Operation, Problem> {
        let place = &self.site.operation;
        place.object()?;
        if let Some(id) = place.get("operationId") {
            id.string()?;
        }
        place.elements_of("tags")?.iter().try_for_each(|tag| tag.string().map(drop))?;
        let mut parameters = self.parameters()?;
        let path = self.path(&mut parameters)?;
        let mut names = Names::of_variables();
        for parameter in &mut parameters {
            parameter.rust = names.take(&parameter.wire);
        }
        let body = self.body()?;
        let responses = self.responses()?;
        let success = self.success(&responses);
        let Stated { requirements, pointer: source } = Stated::of(place)?;
        Ok(Operation {
            id: self.id.to_owned(),
            has_own_id: place.get("operationId").is_some(),
            rust,
            method: self.site.method.to_uppercase(),
            path,
            base_path: self.site.base_path()?,
            servers: self.site.servers().as_ref().map(servers_of),
            summary: text(place, "summary"),
            docs: text(place, "description"),
            tags,
            parameters,
            body,
            responses,
            success,
            security: Security { requirements, source },
            lifecycle: lifecycle(place)?,
            source: place.pointer.clone(),
        })
    }

    /// The parameters of the path item, then the operation's own, which win over those of the same name and location.
    fn parameters(&mut self) -> Result<Vec<Parameter>, Problem> {
        let mut parameters: Vec<Parameter> = Vec::new();
        for owner in self.site.item.iter().rev().chain([&self.site.operation]) {
            for written in owner.elements_of("parameters")? {
                let place = written.clone().followed();
                let is_optional = place.as_ref().is_ok_and(|place| {
                    let is_path = place.get("in").is_some_and(|place| place.value == "path");
                    !is_path && place.flag("required") == Ok(false)
                });
                match place.and_then(|place| parameters::read(&place, self.types)) {
                    Ok(None) => {}
                    Ok(Some(parameter)) => {
                        let same = |known: &Parameter| {
                            known.place == parameter.place
                                && (known.wire == parameter.wire
                                    || known.place == Location::Header
                                        && known.wire.eq_ignore_ascii_case(&parameter.wire))
                        };
                        parameters.retain(|known| !same(known));
                        parameters.push(parameter);
                    }
                    Err(problem) if is_optional => {
                        let left_out = Diagnostic::of_part(self.id, &problem, "it is optional and left out");
                        let text = |key: &str| written.clone().followed().ok()?.text(key).ok()?.map(str::to_owned);
                        let in_words = |place, wire| format!("{place} parameter `{wire}`");
                        let parameter = text("in").zip(text("name")).map(|(place, wire)| in_words(place, wire));
                        self.diagnostics.push(Diagnostic { parameter, ..left_out });
                    }
                    Err(problem) => return Err(problem),
                }
            }
        }
        Ok(parameters)
    }

    /// The path. Parameters in the query of its key become parameters of the query, and those that it fixes are left out.
    fn path(&mut self, parameters: &mut Vec<Parameter>) -> Result<Template, Problem> {
        let template = PathTemplate::new(self.site.path);
        let problem = |what: String| self.site.operation.problem(what);
        for (key, name) in &template.parameters {
            let of_this_name = |parameter: &&mut Parameter| {
                parameter.wire == *name && [Location::Path, Location::Query].contains(&parameter.place)
            };
            let parameter = parameters.iter_mut().find(of_this_name).ok_or_else(|| {
                problem(format!("has {{{name}}} in the query of its path, but no such parameter; declare it"))
            })?;
            if parameter.place == Location::Path {
                (parameter.place, parameter.style, parameter.explode) =
                    (Location::Query, super::super::Style::Form, true);
            }
            (*key).clone_into(&mut parameter.wire);
        }
        if let Some(piece) = template.fixed.iter().find(|piece| piece.contains(['{', '}'])) {
            let what = format!("has {piece:?} in the query of its path, of which only a part is a parameter");
            return Err(problem(what));
        }
        let keys: Vec<&str> = template.fixed.iter().filter_map(|piece| piece.split('=').next()).collect();
        parameters.retain(|parameter| {
            let is_fixed = parameter.place == Location::Query && keys.contains(&parameter.wire.as_str());
            if is_fixed {
                let what = format!("the parameter {:?} is left out, for the path says its value", parameter.wire);
                self.diagnostics.push(Diagnostic::of_part(self.id, &self.site.operation.problem(what), ""));
            }
            !is_fixed
        });
        let names = PathTemplate::names(template.path);
        let is_placed = |parameter: &Parameter| parameter.place != Location::Path || names.contains(&&*parameter.wire);
        if let Some(stray) = parameters.iter().find(|parameter| !is_placed(parameter)) {
            return Err(problem(format!("has the path parameter {:?}, which is not in its path", stray.wire)));
        }
        let is_known =
            |name: &str| parameters.iter().any(|parameter| parameter.place == Location::Path && parameter.wire == name);
        if let Some(unknown) = names.iter().find(|name| !is_known(name)) {
            return Err(problem(format!("has {{{unknown}}} in its path, but no such parameter; declare it")));
        }
        Ok(Template {
            written: self.site.path.to_owned(),
            path: template.path.to_owned(),
            nameless: self.site.template(),
            fixed_query: template.fixed.iter().map(|piece| (*piece).to_owned()).collect(),
        })
    }

    fn body(&mut self) -> Result<Option<Body>, Problem> {
        let Some(place) = self.site.body()? else { return Ok(None) };
        let contents = self.contents(&place)?;
        let chosen = chosen(&contents);
        Ok(Some(Body {
            required: place.flag("required")?,
            docs: text(&place, "description"),
            contents,
            chosen,
            source: place.pointer,
        }))
    }

    fn contents(&mut self, owner: &Place<'d>) -> Result<Vec<Content>, Problem> {
        let mut contents: Vec<Content> = Vec::new();
        for (written, place) in owner.entries_of("content")? {
            let place = place.followed()?;
            let media_type = essence(written);
            if contents.iter().any(|known| known.media_type == media_type) {
                continue;
            }
            let media = media(&media_type);
            let schema = place.get("schema").filter(|schema| !schema.value.is_null());
            let schema = schema.unwrap_or_else(|| place.anything());
            let source = schema.pointer.clone();
            let ty = self.types.own(schema);
            let mut encoding = BTreeMap::new();
            if [Media::Form, Media::Multipart].contains(&media) {
                for (property, stated) in place.entries_of("encoding")? {
                    encoding.insert(property.to_owned(), parameters::encoding(&stated)?);
                }
            }
            contents.push(Content { media_type, media, ty, encoding, source });
        }
        Ok(contents)
    }

    fn responses(&mut self) -> Result<Vec<Response>, Problem> {
        let mut responses = Vec::new();
        for (written, place) in self.site.responses()? {
            let Some(status) = status(written) else {
                let what = "is not a status such as 200, 4XX or default";
                let diagnostic = Diagnostic::of_part(self.id, &place.problem(what), "it is left out");
                self.diagnostics.push(diagnostic);
                continue;
            };
            let contents = self.contents(&place)?;
            let headers = self.headers(&place)?;
            let docs = text(&place, "description");
            responses.push(Response { status, docs, headers, contents, source: place.pointer });
        }
        Ok(responses)
    }

    fn headers(&mut self, response: &Place<'d>) -> Result<Vec<Header>, Problem> {
        let mut headers = Vec::new();
        for (name, place) in response.entries_of("headers")? {
            // `OpenAPI` says that a described `Content-Type` has no meaning.
            if name.eq_ignore_ascii_case("content-type") {
                continue;
            }
            let place = place.followed()?;
            let schema = place.get("schema").unwrap_or_else(|| place.anything());
            let ty = self.types.of(schema);
            let required = place.flag("required")?;
            headers.push(Header { name: name.to_lowercase(), required, ty, source: place.pointer });
        }
        Ok(headers)
    }

    /// What a call returns: a `default` counts where no success is declared.
    fn success(&mut self, responses: &[Response]) -> Success {
        let is_success = |status: Status| matches!(status, Status::Code(200..=299) | Status::Range(2));
        let declared: Vec<&Response> = responses.iter().filter(|response| is_success(response.status)).collect();
        let default = responses.iter().filter(|response| response.status == Status::Default);
        let successes = if declared.is_empty() { default.collect() } else { declared };
        let contents: Vec<&Content> =
            successes.iter().filter_map(|response| response.contents.get(chosen(&response.contents)?)).collect();
        let Some(first) = contents.first() else { return Success::Nothing };
        let unread = contents.iter().map(|content| content.media).find(|media| *media >= Media::Multipart);
        if let Some(media) = unread {
            return Success::Unread(media);
        }
        if contents.iter().any(|content| (content.media == Media::Json) != (first.media == Media::Json)) {
            return Success::Several;
        }
        let (mut accept, mut distinct) = (Vec::new(), Vec::new());
        for content in &contents {
            let is_any = content.media == Media::Json && !content.media_type.contains("json");
            let media_type = if is_any { "application/json" } else { &content.media_type };
            if !accept.iter().any(|known| known == media_type) {
                accept.push(media_type.to_owned());
            }
            if !distinct.contains(&content.ty) {
                distinct.push(content.ty);
            }
        }
        let ty = if distinct.len() == 1 || first.media != Media::Json { first.ty } else { self.union(&distinct) };
        Success::Body { accept, media: first.media, ty, optional: contents.len() < successes.len() }
    }

    /// A union of the bodies of several statuses.
    fn union(&mut self, distinct: &[TypeId]) -> TypeId {
        let source = self.site.operation.pointer.child("responses");
        let id = self.types.add(Type::new(super::super::Kind::Any, source));
        let branches = distinct.iter().map(|ty| {
            let component = self.types.made[ty.0].ty.component.clone();
            Branch { ty: *ty, component, title: None }
        });
        let branches = branches.collect();
        self.types.made[id.0].union = Some(Draft { branches, discriminator: None, null: None });
        id
    }
}

/// The index of the preferred content: the first of the best kind.
fn chosen(contents: &[Content]) -> Option<usize> {
    (0..contents.len()).min_by_key(|index| contents[*index].media)
}

/// The kind of a media type without parameters.
fn media(media_type: &str) -> Media {
    match media_type {
        "*/*" | "application/*" => Media::Json,
        json if is_json(json) => Media::Json,
        "application/x-www-form-urlencoded" => Media::Form,
        "text/event-stream" => Media::EventStream,
        text if text.starts_with("text/") => Media::Text,
        parts if parts.starts_with("multipart/") => Media::Multipart,
        _ => Media::Binary,
    }
}

fn status(written: &str) -> Option<Status> {
    if written.eq_ignore_ascii_case("default") {
        return Some(Status::Default);
    }
    let upper = written.to_ascii_uppercase();
    if let Some(digit) = upper.strip_suffix("XX") {
        return digit.parse().ok().filter(|digit| (1..=5).contains(digit)).map(Status::Range);
    }
    (upper.len() == 3).then(|| upper.parse().ok().map(Status::Code)).flatten()
}
