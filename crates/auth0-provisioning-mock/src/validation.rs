//! Judges requests, and the tenant's own answers, by the contract.

use bytes::Bytes;
use http::HeaderMap;
use http::header::CONTENT_TYPE;
use serde_json::Value;

use crate::answer::Answer;
use crate::cause::Cause;
use crate::connection_id::is_connection_id;
use crate::contract::{OperationContract, contract};
use crate::denial::Denial;
use crate::form;
use crate::refusal_words::{place, refusal, words};

/// Whether each id in the path is what the contract asks for.
pub(crate) fn ids(described: &OperationContract, ids: &[String]) -> Result<(), Denial> {
    for (known, id) in described.ids.iter().zip(ids) {
        if known.is_connection_id && !is_connection_id(id) {
            return Err(Cause::InvalidPath.into());
        }
        if let Err(error) = known.schema.validate(&id.as_str().into()) {
            let message = refusal("Path", &words(&error), &known.name, &known.description);
            return Err(Denial::new(Cause::InvalidPath, message));
        }
    }
    Ok(())
}

/// The query of a request, if the contract knows each parameter and each value fits.
pub(crate) fn query(described: &OperationContract, query: &str) -> Result<Vec<(String, String)>, Denial> {
    if described.query.is_empty() {
        return Ok(Vec::new());
    }
    let parameters =
        crate::query::parameters(query).ok_or_else(|| Denial::new(Cause::InvalidQuery, "The query is not UTF-8"))?;
    for (index, (name, value)) in parameters.iter().enumerate() {
        let Some(known) = described.query.get(name) else {
            let words = format!("Additional properties not allowed: {name}");
            return Err(Denial::new(Cause::InvalidQuery, refusal("Query", &words, "", "")));
        };
        let cause = if PAGING.contains(&name.as_str()) { Cause::InvalidPaging } else { Cause::InvalidQuery };
        if !known.repeats && parameters[..index].iter().any(|(earlier, _)| earlier == name) {
            let words = "Expected one value but found several";
            return Err(Denial::new(cause, refusal("Query", words, name, &known.description)));
        }
        // A query holds text; whether it stands for a number or a truth value is for the schema to say.
        let read = serde_json::from_str::<Value>(value).ok().filter(|read| read.is_i64() || read.is_boolean());
        if read.as_ref().is_some_and(|read| known.schema.is_valid(read)) {
            continue;
        }
        let text = Value::from(value.as_str());
        if let Err(error) = known.schema.validate(&text) {
            // A number that is out of range is told as one.
            let of_number = read.as_ref().and_then(|read| known.schema.validate(read).err());
            let words = words(of_number.as_ref().unwrap_or(&error));
            return Err(Denial::new(cause, refusal("Query", &words, name, &known.description)));
        }
    }
    Ok(parameters)
}

/// The parameters that only say which part of a list is read.
const PAGING: [&str; 2] = ["from", "take"];

/// The body of a request, if it is what the contract asks for; `None` where a body is not needed and not sent.
pub(crate) fn body(described: &OperationContract, headers: &HeaderMap, body: &Bytes) -> Result<Option<Value>, Denial> {
    let Some(expected) = &described.body else { return Ok(None) };
    let invalid = |what: &str| Denial::new(Cause::InvalidBody, refusal("Payload", what, "", ""));
    if body.is_empty() {
        return if expected.required { Err(invalid("The body is missing")) } else { Ok(None) };
    }
    let content_type = headers.get(CONTENT_TYPE).map_or("application/json", |value| value.to_str().unwrap_or_default());
    let essence = content_type.split(';').next().unwrap_or_default().trim();
    let value: Value = if essence.eq_ignore_ascii_case("application/json") {
        serde_json::from_slice(body).map_err(|_| invalid("The body is not JSON"))?
    } else if essence.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
        form::read(body).ok_or_else(|| invalid("The body is not a form"))?
    } else {
        return Err(invalid("The content type is neither application/json nor application/x-www-form-urlencoded"));
    };
    match expected.schema.validate(&value) {
        Ok(()) => Ok(Some(value).filter(|value| !value.is_null())),
        Err(error) => {
            let pointer = error.instance_path().as_str();
            let description = contract().description(&expected.schema_text, pointer);
            let message = refusal("Payload", &words(&error), &place(pointer), description);
            Err(Denial::new(Cause::InvalidBody, message))
        }
    }
}

/// What an answer breaks of the contract.
pub(crate) fn answer(described: &OperationContract, answer: &Answer) -> Result<(), String> {
    let status = answer.status.as_u16();
    let expected = described.answer(status).ok_or_else(|| format!("status {status} is not in the contract"))?;
    if let Some(missing) = expected.headers.iter().find(|name| !answer.headers.contains_key(name.as_str())) {
        return Err(format!("header `{missing}` of status {status} is missing"));
    }
    match &expected.schema {
        None if answer.body.is_empty() => Ok(()),
        None => Err(format!("status {status} has no body in the contract")),
        Some(schema) => {
            let value: Value = serde_json::from_slice(&answer.body).map_err(|error| error.to_string())?;
            schema.validate(&value).map_err(|error| {
                let place = place(error.instance_path().as_str());
                format!("body of status {status}: {} at `{place}`", error.masked())
            })
        }
    }
}
