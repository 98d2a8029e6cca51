//! An operation of a document: what of it is compared, references followed and shared parameters taken in.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    document::{Document, Located},
    finding::OperationName,
    resolve::Node,
    trouble::Trouble,
};

const METHODS: [&str; 9] = ["delete", "get", "head", "options", "patch", "post", "put", "query", "trace"];
/// The header parameters that OpenAPI says have no meaning.
const IGNORED_HEADERS: [&str; 3] = ["accept", "authorization", "content-type"];

/// What makes two operations the same one: the method, and the path with its parameters' names left out.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct OperationKey {
    pub(super) path: String,
    pub(super) method: &'static str,
}

/// An operation that is known to exist but has not been looked into.
#[derive(Clone, Debug)]
pub(super) struct OperationSite<'d> {
    document: &'d Document,
    path: &'d str,
    method: &'static str,
    item: Located<'d>,
    pub(super) operation: Located<'d>,
}

/// What makes two parameters the same one: where it goes, and its name, or its position in the path.
pub(super) type ParameterKey = (String, String);

/// One parameter.
#[derive(Debug)]
pub(super) struct Parameter<'d> {
    pub(super) name: &'d str,
    pub(super) location: &'d str,
    pub(super) required: bool,
    pub(super) style: (&'d str, bool),
    pub(super) lifecycle: Option<&'d str>,
    pub(super) deprecated: bool,
    pub(super) schema: Node<'d>,
    pub(super) pointer: String,
}

/// The schemas of a body by media type.
pub(super) type Content<'d> = BTreeMap<String, Node<'d>>;

/// A request body.
#[derive(Debug)]
pub(super) struct Body<'d> {
    pub(super) required: bool,
    pub(super) content: Content<'d>,
    pub(super) pointer: String,
}

/// The responses to one status code.
#[derive(Debug)]
pub(super) struct Response<'d> {
    pub(super) content: Content<'d>,
    pub(super) pointer: String,
}

/// One way to authorize: scopes by the name of their scheme. Empty for none needed.
pub(super) type Alternative = BTreeMap<String, BTreeSet<String>>;

/// An operation, looked into.
#[derive(Debug)]
pub(super) struct Operation<'d> {
    pub(super) name: OperationName,
    pub(super) pointer: String,
    pub(super) lifecycle: Option<&'d str>,
    pub(super) deprecated: bool,
    pub(super) parameters: BTreeMap<ParameterKey, Parameter<'d>>,
    pub(super) body: Option<Body<'d>>,
    pub(super) responses: BTreeMap<String, Response<'d>>,
    pub(super) security: Vec<Alternative>,
    pub(super) security_pointer: String,
}

/// The operations of a document, by what they are matched by.
pub(super) fn operations(document: &Document) -> Result<BTreeMap<OperationKey, OperationSite<'_>>, Trouble> {
    let mut sites = BTreeMap::new();
    for (path, item) in document.root().entries_of("paths")? {
        if path.starts_with("x-") {
            continue;
        }
        let item = item.followed()?;
        for method in METHODS {
            let Some(operation) = item.get(method) else { continue };
            operation.object()?;
            let site = OperationSite { document, path, method, item: item.clone(), operation };
            let mut key = OperationKey { path: template(path), method };
            if sites.contains_key(&key) {
                // The specification forbids two paths that differ in parameter names alone. By its own name the
                // second one still finds its like in another document that has both.
                path.clone_into(&mut key.path);
            }
            sites.insert(key, site);
        }
    }
    Ok(sites)
}

/// A path with the names of its parameters left out.
fn template(path: &str) -> String {
    let mut template = String::new();
    let mut rest = path;
    while let Some((before, (_, after))) =
        rest.split_once('{').and_then(|(before, rest)| Some((before, rest.split_once('}')?)))
    {
        template.push_str(before);
        template.push_str("{}");
        rest = after;
    }
    template + rest
}

/// The names of a path's parameters, in order.
fn path_parameters(path: &str) -> Vec<&str> {
    path.split('{').skip(1).filter_map(|rest| Some(rest.split_once('}')?.0)).collect()
}

impl<'d> OperationSite<'d> {
    pub(super) fn name(&self) -> OperationName {
        OperationName {
            path: self.path.to_owned(),
            method: self.method.to_owned(),
            id: self.operation.get("operationId").and_then(|id| id.value.as_str()).map(str::to_owned),
        }
    }

    pub(super) fn look_into(&self) -> Result<Operation<'d>, Trouble> {
        let operation = &self.operation;
        let mut parameters = BTreeMap::new();
        for place in self.item.elements_of("parameters")?.into_iter().chain(operation.elements_of("parameters")?) {
            if let Some((key, parameter)) = self.parameter(place)? {
                parameters.insert(key, parameter);
            }
        }
        let mut responses = BTreeMap::new();
        for (status, response) in operation.entries_of("responses")? {
            if status.starts_with("x-") {
                continue;
            }
            let response = response.followed()?;
            responses
                .insert(status.to_uppercase(), Response { content: content(&response)?, pointer: response.pointer });
        }
        let (security, security_pointer) = self.security()?;
        Ok(Operation {
            name: self.name(),
            pointer: operation.pointer.clone(),
            lifecycle: operation.text("x-release-lifecycle")?,
            deprecated: operation.flag("deprecated")?,
            parameters,
            body: operation.get("requestBody").map(body).transpose()?,
            responses,
            security,
            security_pointer,
        })
    }

    fn parameter(&self, place: Located<'d>) -> Result<Option<(ParameterKey, Parameter<'d>)>, Trouble> {
        let place = place.followed()?;
        let required_text =
            |key: &str| place.text(key)?.ok_or_else(|| place.trouble(format!("a parameter without `{key}`")));
        let (name, location) = (required_text("name")?, required_text("in")?);
        let identity = match location {
            "header" if IGNORED_HEADERS.contains(&name.to_lowercase().as_str()) => return Ok(None),
            "header" => name.to_lowercase(),
            "path" => {
                let position = path_parameters(self.path).iter().position(|known| *known == name);
                position.map_or_else(|| name.to_owned(), |position| position.to_string())
            }
            _ => name.to_owned(),
        };
        let style = place.text("style")?.unwrap_or(match location {
            "query" | "cookie" => "form",
            _ => "simple",
        });
        let explode = match place.get("explode") {
            Some(explode) => explode.boolean()?,
            None => style == "form",
        };
        let schema = match (place.get("schema"), place.entries_of("content")?.into_iter().next()) {
            (Some(schema), _) => Node::new(schema),
            (None, Some((_, media))) => media.get("schema").map_or_else(|| Node::anything(&media), Node::new),
            (None, None) => Node::anything(&place),
        };
        let parameter = Parameter {
            name,
            location,
            required: place.flag("required")?,
            style: (style, explode),
            lifecycle: place.text("x-release-lifecycle")?,
            deprecated: place.flag("deprecated")?,
            schema,
            pointer: place.pointer.clone(),
        };
        Ok(Some(((location.to_owned(), identity), parameter)))
    }

    fn security(&self) -> Result<(Vec<Alternative>, String), Trouble> {
        let root = self.document.root();
        let Some(place) = self.operation.get("security").or_else(|| root.get("security")) else {
            return Ok((vec![Alternative::new()], self.operation.pointer.clone()));
        };
        let mut alternatives = Vec::new();
        for element in place.elements()? {
            let mut alternative = Alternative::new();
            for (scheme, scopes) in element.entries()? {
                let mut names = BTreeSet::new();
                for scope in scopes.elements()? {
                    names.insert(scope.string()?.to_owned());
                }
                alternative.insert(scheme.to_owned(), names);
            }
            alternatives.push(alternative);
        }
        if alternatives.is_empty() {
            alternatives.push(Alternative::new());
        }
        Ok((alternatives, place.pointer))
    }
}

fn body(place: Located<'_>) -> Result<Body<'_>, Trouble> {
    let place = place.followed()?;
    Ok(Body { required: place.flag("required")?, content: content(&place)?, pointer: place.pointer })
}

fn content<'d>(place: &Located<'d>) -> Result<Content<'d>, Trouble> {
    let mut content = Content::new();
    for (name, media) in place.entries_of("content")? {
        let media = media.followed()?;
        let name = name.split(';').next().unwrap_or(name).trim().to_lowercase();
        let schema = media.get("schema").map_or_else(|| Node::anything(&media), Node::new);
        content.entry(name).or_insert(schema);
    }
    Ok(content)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_matched_without_the_names_of_their_parameters() {
        assert_eq!(template("/a/{id}/b/{other}"), "/a/{}/b/{}");
        assert_eq!(template("/a/{broken"), "/a/{broken");
        assert_eq!(path_parameters("/a/{id}/b/{other}"), ["id", "other"]);
    }
}
