// Written by `cargo xtask generate`. Do not edit.

//! How parameters and forms are written.

use auth0_transport::{Error, encode_segment};
use serde::Serialize;
use serde_json::Value;

/// A parameter as a segment of a path; the elements of a list, and the names and values of an object, are separated by
/// commas.
pub(crate) fn segment<T: Serialize + ?Sized>(value: &T) -> Result<String, Error> {
    match serde_json::to_value(value).map_err(Error::invalid_request)? {
        value @ (Value::Array(_) | Value::Object(_)) => written(value, ",", ",", |text| encode_segment(&text)),
        value => encode_segment(&text(value)?),
    }
}

/// The same, with `name=value` for each member of an object.
pub(crate) fn exploded_segment<T: Serialize + ?Sized>(value: &T) -> Result<String, Error> {
    written(value, ",", "=", |text| encode_segment(&text))
}

/// A parameter as one text.
pub(crate) fn joined<T: Serialize + ?Sized>(value: &T, separator: &str) -> Result<String, Error> {
    written(value, separator, separator, Ok)
}

/// A parameter as one text, with `name=value` for each member of an object.
pub(crate) fn exploded<T: Serialize + ?Sized>(value: &T) -> Result<String, Error> {
    written(value, ",", "=", Ok)
}

/// `equals` stands between the name and the value of a member, `separator` between members and elements.
fn written<T: Serialize>(
    value: T,
    separator: &str,
    equals: &str,
    encode: impl Fn(String) -> Result<String, Error>,
) -> Result<String, Error> {
    let value = serde_json::to_value(value).map_err(Error::invalid_request)?;
    let each = if value.is_object() { 2 } else { 1 };
    let texts: Vec<String> = texts(value)?.into_iter().map(&encode).collect::<Result<_, _>>()?;
    if texts.is_empty() {
        return encode(String::new());
    }
    Ok(texts.chunks(each).map(|member| member.join(equals)).collect::<Vec<_>>().join(separator))
}

/// A URL with the query that an operation always has.
pub(crate) fn with_query(mut url: reqwest::Url, query: &str) -> reqwest::Url {
    url.set_query(Some(query));
    url
}

/// The members of an object as parameters, each with its name in brackets behind that of the object; none where there is
/// no object.
pub(crate) fn deep<T: Serialize + ?Sized>(name: &str, value: Option<&T>) -> Result<Vec<(String, String)>, Error> {
    let mut pairs = Vec::new();
    if let Some(value) = value {
        add_deep(name.to_owned(), serde_json::to_value(value).map_err(Error::invalid_request)?, &mut pairs)?;
    }
    Ok(pairs)
}

fn add_deep(name: String, value: Value, pairs: &mut Vec<(String, String)>) -> Result<(), Error> {
    let Value::Object(members) = value else {
        pairs.push((name, text(value)?));
        return Ok(());
    };
    members.into_iter().try_for_each(|(member, value)| add_deep(format!("{name}[{member}]"), value, pairs))
}

/// How a member of a form is written that is not written as usual.
#[derive(Clone, Copy)]
pub(crate) enum Written {
    /// As JSON.
    Json,
    /// Its members have their names in brackets behind its own.
    Deep,
    /// Its elements repeat its name, and its members stand for themselves.
    Exploded,
    /// As one text with this between its parts.
    Joined(&'static str),
}

/// The members of a body as the pairs of a form: as `encoding` says, or else a list repeats its name, and an object is
/// written as JSON.
pub(crate) fn pairs<T: Serialize + ?Sized>(
    body: &T,
    encoding: &[(&str, Written)],
) -> Result<Vec<(String, String)>, Error> {
    let Value::Object(members) = serde_json::to_value(body).map_err(Error::invalid_request)? else {
        return Err(Error::invalid_request("only an object can be sent as a form"));
    };
    let mut pairs = Vec::new();
    for (name, value) in members {
        let written = encoding.iter().find(|(member, _)| *member == name).map(|(_, written)| *written);
        match (written, value) {
            (Some(Written::Json), value) | (None, value @ Value::Object(_)) => pairs.push((name, value.to_string())),
            (Some(Written::Deep), value) => add_deep(name, value, &mut pairs)?,
            (Some(Written::Joined(separator)), value) => pairs.push((name, joined(&value, separator)?)),
            (Some(Written::Exploded), Value::Object(members)) => {
                for (name, value) in members {
                    pairs.push((name, text(value)?));
                }
            }
            (_, value) => pairs.extend(texts(value)?.into_iter().map(|text| (name.clone(), text))),
        }
    }
    Ok(pairs)
}

/// The elements of a list, or the names and values of an object in turn.
fn texts(value: Value) -> Result<Vec<String>, Error> {
    match value {
        Value::Array(elements) => elements.into_iter().map(text).collect(),
        Value::Object(members) => {
            let texts = members.into_iter().flat_map(|(name, value)| [Ok(name), text(value)]);
            texts.collect()
        }
        value => text(value).map(|text| vec![text]),
    }
}

fn text(value: Value) -> Result<String, Error> {
    match value {
        Value::String(text) => Ok(text),
        Value::Null => Ok(String::new()),
        Value::Bool(_) | Value::Number(_) => Ok(value.to_string()),
        Value::Array(_) | Value::Object(_) => Err(Error::invalid_request("a parameter holds a list or an object that no text can be made of")),
    }
}
