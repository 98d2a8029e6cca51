//! How parameters and forms are written.

use auth0_transport::{Error, encode_segment};
use serde::Serialize;
use serde_json::Value;

/// A parameter as a segment of a path; the elements of a list are separated by commas.
pub(crate) fn segment<T: Serialize + ?Sized>(value: &T) -> Result<String, Error> {
    match serde_json::to_value(value).map_err(Error::invalid_request)? {
        Value::Array(elements) if elements.len() != 1 => {
            let texts = elements.into_iter().map(|element| encode_segment(&text(element)?));
            Ok(texts.collect::<Result<Vec<_>, _>>()?.join(","))
        }
        Value::Array(mut elements) => encode_segment(&text(elements.remove(0))?),
        value => encode_segment(&text(value)?),
    }
}

/// A parameter as one text.
pub(crate) fn joined<T: Serialize + ?Sized>(value: &T, separator: &str) -> Result<String, Error> {
    Ok(texts(value)?.join(separator))
}

/// The members of a body as the pairs of a form: a list repeats its name, an object is written as JSON.
pub(crate) fn pairs<T: Serialize + ?Sized>(body: &T) -> Result<Vec<(String, String)>, Error> {
    let Value::Object(members) = serde_json::to_value(body).map_err(Error::invalid_request)? else {
        return Err(Error::invalid_request("only an object can be sent as a form"));
    };
    let mut pairs = Vec::new();
    for (name, value) in members {
        match value {
            Value::Object(_) => pairs.push((name, value.to_string())),
            value => pairs.extend(texts(&value)?.into_iter().map(|text| (name.clone(), text))),
        }
    }
    Ok(pairs)
}

fn texts<T: Serialize + ?Sized>(value: &T) -> Result<Vec<String>, Error> {
    match serde_json::to_value(value).map_err(Error::invalid_request)? {
        Value::Array(elements) => elements.into_iter().map(text).collect(),
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
