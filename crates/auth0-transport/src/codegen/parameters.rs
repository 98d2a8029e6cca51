//! Writes parameters and forms as strings.

use serde::Serialize;
use serde_json::Value;

use crate::{Error, encode_segment};

/// Names and values of a query or a form.
pub(super) type Pairs = Vec<(String, String)>;

/// How a property of a form is written if not in the usual way.
#[derive(Clone, Copy)]
pub enum Encoding {
    /// As JSON.
    Json,
    /// Each of its properties has its name in brackets after the property's own.
    Deep,
    /// Its elements repeat its name, and its properties are written without it.
    Exploded,
    /// As one string with this between its parts.
    Joined(&'static str),
}

pub(super) fn json<T: Serialize + ?Sized>(value: &T) -> Result<Value, Error> {
    serde_json::to_value(value).map_err(Error::invalid_request)
}

/// An encoded segment of a path. Commas separate the elements of a list, and the names and values of an object.
pub(super) fn segment(value: Value, equals: &str) -> Result<String, Error> {
    match value {
        Value::Array(_) | Value::Object(_) => written(value, ",", equals, |string| encode_segment(&string)),
        value => encode_segment(&string(value)?),
    }
}

/// One string. `equals` is between the name and the value of a property, `separator` between properties and elements.
pub(super) fn joined(value: Value, separator: &str, equals: &str) -> Result<String, Error> {
    written(value, separator, equals, Ok)
}

fn written(
    value: Value,
    separator: &str,
    equals: &str,
    encode: impl Fn(String) -> Result<String, Error>,
) -> Result<String, Error> {
    let each = if value.is_object() { 2 } else { 1 };
    let strings: Vec<String> = strings(value)?.into_iter().map(&encode).collect::<Result<_, _>>()?;
    if strings.is_empty() {
        return encode(String::new());
    }
    Ok(strings.chunks(each).map(|property| property.join(equals)).collect::<Vec<_>>().join(separator))
}

/// A parameter of a query: a list repeats its name, an object is written property by property, and null is not written.
pub(super) fn query(name: &str, value: Value) -> Result<Pairs, Error> {
    match value {
        Value::Null => Ok(Pairs::new()),
        Value::Object(properties) => properties.into_iter().map(|(name, value)| Ok((name, string(value)?))).collect(),
        value => Ok(strings(value)?.into_iter().map(|string| (name.to_owned(), string)).collect()),
    }
}

/// The properties of an object, each with its name in brackets after that of the object.
pub(super) fn deep(name: String, value: Value, pairs: &mut Pairs) -> Result<(), Error> {
    let Value::Object(properties) = value else {
        pairs.push((name, string(value)?));
        return Ok(());
    };
    properties.into_iter().try_for_each(|(property, value)| deep(format!("{name}[{property}]"), value, pairs))
}

/// The properties of a body as a form. Without an encoding, a list repeats its name, and an object is written as JSON.
pub(super) fn form(body: Value, encoding: &[(&str, Encoding)]) -> Result<Pairs, Error> {
    let Value::Object(properties) = body else {
        return Err(Error::invalid_request("only an object can be sent as a form"));
    };
    let mut pairs = Pairs::new();
    for (name, value) in properties {
        let encoding = encoding.iter().find(|(property, _)| *property == name).map(|(_, encoding)| *encoding);
        match (encoding, value) {
            (Some(Encoding::Json), value) | (None, value @ Value::Object(_)) => pairs.push((name, value.to_string())),
            (Some(Encoding::Deep), value) => deep(name, value, &mut pairs)?,
            (Some(Encoding::Joined(separator)), value) => pairs.push((name, joined(value, separator, separator)?)),
            (Some(Encoding::Exploded), value @ Value::Object(_)) => pairs.extend(query(&name, value)?),
            (_, value) => pairs.extend(strings(value)?.into_iter().map(|string| (name.clone(), string))),
        }
    }
    Ok(pairs)
}

/// The elements of a list, or the names and values of an object in turn.
fn strings(value: Value) -> Result<Vec<String>, Error> {
    match value {
        Value::Array(elements) => elements.into_iter().map(string).collect(),
        Value::Object(properties) => {
            let strings = properties.into_iter().flat_map(|(name, value)| [Ok(name), string(value)]);
            strings.collect()
        }
        value => string(value).map(|string| vec![string]),
    }
}

pub(super) fn string(value: Value) -> Result<String, Error> {
    match value {
        Value::String(string) => Ok(string),
        Value::Null => Ok(String::new()),
        Value::Bool(_) | Value::Number(_) => Ok(value.to_string()),
        Value::Array(_) | Value::Object(_) => {
            Err(Error::invalid_request("a parameter holds a list or an object, which cannot be written as a string"))
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn pairs(pairs: Result<Pairs, Error>) -> String {
        let pairs = pairs.unwrap().into_iter().map(|(name, value)| format!("{name}={value}"));
        pairs.collect::<Vec<_>>().join("&")
    }

    #[test]
    fn query_repeats_lists_and_leaves_null_out() {
        assert_eq!(pairs(query("a", json!(["x", 1, null]))), "a=x&a=1&a=");
        assert_eq!(pairs(query("a", json!({"b": true, "c": "x"}))), "b=true&c=x");
        assert_eq!(pairs(query("a", json!(null))), "");
        assert!(query("a", json!([[1]])).is_err() && query("a", json!({"b": {}})).is_err());
    }

    #[test]
    fn segment_keeps_separators_and_encodes_the_rest() {
        assert_eq!(segment(json!(["a/b", "c,d"]), ",").unwrap(), "a%2Fb,c%2Cd");
        assert_eq!(segment(json!({"x": 1, "y/": "a,b"}), "=").unwrap(), "x=1,y%2F=a%2Cb");
        assert!(segment(json!([]), ",").is_err() && segment(json!("."), ",").is_err());
    }

    #[test]
    fn form_is_written_as_its_encoding_says() {
        let body = json!({"deep": {"a": {"b": 1}}, "list": ["x", "y"], "object": {"a": 1}, "pipes": ["x", "y"]});
        let encoding = [("deep", Encoding::Deep), ("pipes", Encoding::Joined("|"))];
        assert_eq!(pairs(form(body, &encoding)), "deep[a][b]=1&list=x&list=y&object={\"a\":1}&pipes=x|y");
        let body = json!({"json": ["x"], "object": {"a": 1}});
        let encoding = [("json", Encoding::Json), ("object", Encoding::Exploded)];
        assert_eq!(pairs(form(body, &encoding)), "json=[\"x\"]&a=1");
        assert!(form(json!([]), &[]).is_err());
    }
}
