//! The operations of a document, with their references followed and what they share taken in.

use std::{collections::BTreeMap, fmt};

use serde::Serialize;

use super::{Document, METHODS, Place, Pointer, Problem, path_template::PathTemplate, security::Security, servers};

/// The header parameters that `OpenAPI` says have no meaning.
const IGNORED_HEADERS: [&str; 3] = ["accept", "authorization", "content-type"];

/// An operation as reports name it; without a path, all of them at once.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub(crate) struct OperationName {
    pub(crate) path: String,
    pub(crate) method: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) id: Option<String>,
}

impl fmt::Display for OperationName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.path.is_empty() {
            return formatter.write_str("the document as a whole");
        }
        write!(formatter, "{} {}", self.method.to_uppercase(), self.path)
    }
}

/// An operation that is known to exist but has not been looked into.
#[derive(Clone, Debug)]
pub(crate) struct Site<'d> {
    pub(crate) path: &'d str,
    pub(crate) method: &'static str,
    /// The path item, and what its `$ref` leads to.
    pub(crate) item: Vec<Place<'d>>,
    pub(crate) operation: Place<'d>,
}

/// What makes two parameters of an operation the same one: where it goes, and its name, or its position in the path.
pub(crate) type ParameterKey = (String, String);

/// One parameter.
#[derive(Debug)]
pub(crate) struct Parameter<'d> {
    pub(crate) name: &'d str,
    pub(crate) location: &'d str,
    pub(crate) required: bool,
    pub(crate) style: (&'d str, bool),
    pub(crate) schema: Place<'d>,
    pub(crate) place: Place<'d>,
}

/// The schemas of a body by media type.
pub(crate) type Content<'d> = BTreeMap<String, Place<'d>>;

/// A request body.
#[derive(Debug)]
pub(crate) struct Body<'d> {
    pub(crate) required: bool,
    pub(crate) content: Content<'d>,
    pub(crate) pointer: Pointer,
}

/// A header of a response.
#[derive(Debug)]
pub(crate) struct Header<'d> {
    pub(crate) required: bool,
    pub(crate) schema: Place<'d>,
    pub(crate) place: Place<'d>,
}

/// The responses to one status code.
#[derive(Debug)]
pub(crate) struct Response<'d> {
    /// By name in small letters.
    pub(crate) headers: BTreeMap<String, Header<'d>>,
    pub(crate) content: Content<'d>,
    pub(crate) pointer: Pointer,
}

/// An operation, looked into.
#[derive(Debug)]
pub(crate) struct Operation<'d> {
    pub(crate) name: OperationName,
    pub(crate) place: Place<'d>,
    /// Its own servers, or those of its path item.
    pub(crate) servers: Option<Place<'d>>,
    pub(crate) parameters: BTreeMap<ParameterKey, Parameter<'d>>,
    pub(crate) body: Option<Body<'d>>,
    pub(crate) responses: BTreeMap<String, Response<'d>>,
    pub(crate) security: Security,
}

/// Every operation of a document, in its order.
pub(crate) fn operations(document: &Document) -> Result<Vec<Site<'_>>, Problem> {
    let items = Place::root(document).entries_of("paths")?.into_iter().filter(|(path, _)| !path.starts_with("x-"));
    let sites: Vec<_> = items.map(|(path, item)| sites_at(path, item)).collect::<Result<_, _>>()?;
    Ok(sites.concat())
}

/// The operations of one path.
pub(crate) fn sites_at<'d>(path: &'d str, item: Place<'d>) -> Result<Vec<Site<'d>>, Problem> {
    let item = item.chain()?;
    item.iter().try_for_each(|part| part.object().map(drop))?;
    let operations = METHODS.into_iter().filter_map(|method| {
        let operation = item.iter().find_map(|part| part.get(method))?;
        Some(Site { path, method, item: item.clone(), operation })
    });
    Ok(operations.collect())
}

impl<'d> Site<'d> {
    pub(crate) fn name(&self) -> OperationName {
        OperationName {
            path: self.path.to_owned(),
            method: self.method.to_owned(),
            id: self.operation.get("operationId").and_then(|id| id.value.as_str()).map(str::to_owned),
        }
    }

    /// The path with the names of its parameters left out.
    pub(crate) fn template(&self) -> String {
        PathTemplate::nameless(self.path)
    }

    /// An id made of method and path: `get_users_id_roles`.
    pub(crate) fn made_id(&self) -> String {
        let words = self.path.split(|character: char| !character.is_alphanumeric()).filter(|word| !word.is_empty());
        std::iter::once(self.method).chain(words).collect::<Vec<_>>().join("_")
    }

    pub(crate) fn look_into(&self) -> Result<Operation<'d>, Problem> {
        self.operation.object()?;
        let mut responses = BTreeMap::new();
        for (status, response) in self.responses()? {
            let (headers, content) = (headers(&response)?, content(&response)?);
            responses.insert(status.to_uppercase(), Response { headers, content, pointer: response.pointer });
        }
        Ok(Operation {
            name: self.name(),
            place: self.operation.clone(),
            servers: self.servers(),
            parameters: self.parameters()?.into_iter().collect(),
            body: self.body()?.map(body).transpose()?,
            responses,
            security: Security::of(&self.operation)?,
        })
    }

    /// The parameters of the path item, then the operation's own, which win over those of the same name and location;
    /// those that have no meaning left out.
    pub(crate) fn parameters(&self) -> Result<Vec<(ParameterKey, Parameter<'d>)>, Problem> {
        let mut parameters: Vec<(ParameterKey, Parameter<'d>)> = Vec::new();
        for owner in self.item.iter().rev().chain([&self.operation]) {
            for place in owner.elements_of("parameters")? {
                let (key, parameter) = self.parameter(place.followed()?)?;
                parameters.retain(|(known, _)| *known != key);
                parameters.push((key, parameter));
            }
        }
        parameters.retain(|(key, _)| !is_ignored(key));
        Ok(parameters)
    }

    fn parameter(&self, place: Place<'d>) -> Result<(ParameterKey, Parameter<'d>), Problem> {
        let text = |key: &str| place.text(key)?.ok_or_else(|| place.problem(format!("is a parameter without `{key}`")));
        let (name, location) = (text("name")?, text("in")?);
        let identity = match location {
            "header" => name.to_lowercase(),
            "path" => {
                let position = PathTemplate::names(self.path).iter().position(|known| *known == name);
                position.map_or_else(|| name.to_owned(), |position| position.to_string())
            }
            _ => name.to_owned(),
        };
        let style = place.text("style")?.unwrap_or(match location {
            "query" | "cookie" => "form",
            _ => "simple",
        });
        let explode = if place.get("explode").is_some() { place.flag("explode")? } else { style == "form" };
        let media = place.entries_of("content")?.into_iter().next();
        let parameter = Parameter {
            name,
            location,
            required: place.flag("required")?,
            style: media.as_ref().map_or((style, explode), |(media_type, _)| (media_type, false)),
            schema: schema(media.as_ref().map_or(&place, |(_, media)| media)),
            place,
        };
        Ok(((location.to_owned(), identity), parameter))
    }

    /// The path of the server that the operation is called at, without a slash at the end.
    pub(crate) fn base_path(&self) -> Result<String, Problem> {
        let root = self.operation.top();
        match self.servers() {
            Some(own) => servers::own_path(&own, &root),
            None => Ok(servers::paths(&root)?.swap_remove(0)),
        }
    }

    /// The operation, or its path item, where it states servers.
    pub(crate) fn servers(&self) -> Option<Place<'d>> {
        [&self.operation]
            .into_iter()
            .chain(&self.item)
            .find(|owner| {
                owner.get("servers").is_some_and(|servers| servers.value.as_array().is_none_or(|list| !list.is_empty()))
            })
            .cloned()
    }

    pub(crate) fn body(&self) -> Result<Option<Place<'d>>, Problem> {
        self.operation.get("requestBody").map(Place::followed).transpose()
    }

    pub(crate) fn responses(&self) -> Result<Vec<(&'d str, Place<'d>)>, Problem> {
        let responses = self.operation.entries_of("responses")?.into_iter();
        let statuses = responses.filter(|(status, _)| !status.starts_with("x-"));
        statuses.map(|(status, response)| Ok((status, response.followed()?))).collect()
    }
}

fn body(place: Place<'_>) -> Result<Body<'_>, Problem> {
    Ok(Body { required: place.flag("required")?, content: content(&place)?, pointer: place.pointer })
}

fn headers<'d>(response: &Place<'d>) -> Result<BTreeMap<String, Header<'d>>, Problem> {
    let headers = response.entries_of("headers")?.into_iter().map(|(name, place)| {
        let place = place.followed()?;
        let header = Header { required: place.flag("required")?, schema: schema(&place), place };
        Ok((name.to_lowercase(), header))
    });
    // `OpenAPI` says that a described `Content-Type` has no meaning.
    headers.filter(|header| !matches!(header, Ok((name, _)) if name == "content-type")).collect()
}

fn content<'d>(place: &Place<'d>) -> Result<Content<'d>, Problem> {
    let mut content = Content::new();
    for (name, media) in place.entries_of("content")? {
        content.entry(essence(name)).or_insert(schema(&media.followed()?));
    }
    Ok(content)
}

fn is_ignored((location, name): &ParameterKey) -> bool {
    location == "header" && IGNORED_HEADERS.contains(&name.as_str())
}

/// A media type without its parameters.
pub(crate) fn essence(media_type: &str) -> String {
    media_type.split(';').next().unwrap_or(media_type).trim().to_lowercase()
}

fn schema<'d>(owner: &Place<'d>) -> Place<'d> {
    owner.get("schema").unwrap_or_else(|| owner.anything())
}
