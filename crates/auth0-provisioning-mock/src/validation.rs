//! Judges requests, and the tenant's own answers, by the contract.

use bytes::Bytes;
use http::HeaderMap;
use http::header::CONTENT_TYPE;
use jsonschema::ValidationError;
use serde_json::Value;

use crate::answer::Answer;
use crate::cause::Cause;
use crate::contract::OperationContract;
use crate::denial::Denial;

/// The query of a request, if the contract knows each parameter and each value fits.
pub(crate) fn query(contract: &OperationContract, query: &str) -> Result<Vec<(String, String)>, Denial> {
    if contract.query.is_empty() {
        return Ok(Vec::new());
    }
    let parameters =
        crate::query::parameters(query).ok_or_else(|| Denial::new(Cause::InvalidQuery, "The query is not UTF-8"))?;
    for (index, (name, value)) in parameters.iter().enumerate() {
        let Some(schema) = contract.query.get(name) else {
            return Err(Denial::new(Cause::InvalidQuery, format!("Unknown query parameter `{name}`")));
        };
        let cause = if name == "q" { Cause::InvalidQuery } else { Cause::InvalidPaging };
        if parameters[..index].iter().any(|(earlier, _)| earlier == name) {
            return Err(Denial::new(cause, format!("Query parameter `{name}` is given twice")));
        }
        // A query holds text; whether it stands for a number is for the schema to say.
        let number = value.parse::<i64>().ok().map(Value::from);
        let fits = number.is_some_and(|number| schema.is_valid(&number)) || schema.is_valid(&value.as_str().into());
        if !fits {
            return Err(Denial::new(cause, format!("Query parameter `{name}` is not acceptable")));
        }
    }
    Ok(parameters)
}

/// The body of a request, if it is what the contract asks for; `None` where a body is not needed and not sent.
pub(crate) fn body(contract: &OperationContract, headers: &HeaderMap, body: &Bytes) -> Result<Option<Value>, Denial> {
    let Some(expected) = &contract.body else { return Ok(None) };
    let invalid = |what: &str| Denial::new(Cause::InvalidBody, format!("Payload validation error: {what}"));
    if body.is_empty() {
        return if expected.required { Err(invalid("the body is missing")) } else { Ok(None) };
    }
    let content_type = headers.get(CONTENT_TYPE).map_or("application/json", |value| value.to_str().unwrap_or_default());
    let essence = content_type.split(';').next().unwrap_or_default().trim();
    if !essence.eq_ignore_ascii_case("application/json") {
        return Err(invalid("the content type is not application/json"));
    }
    let value: Value = serde_json::from_slice(body).map_err(|_| invalid("the body is not JSON"))?;
    match expected.schema.validate(&value) {
        Ok(()) => Ok(Some(value).filter(|value| !value.is_null())),
        Err(error) => Err(invalid(&told(&error))),
    }
}

/// What an answer breaks of the contract.
pub(crate) fn answer(contract: &OperationContract, answer: &Answer) -> Result<(), String> {
    let status = answer.status.as_u16();
    let expected = contract.answer(status).ok_or_else(|| format!("status {status} is not in the contract"))?;
    if let Some(missing) = expected.headers.iter().find(|name| !answer.headers.contains_key(name.as_str())) {
        return Err(format!("header `{missing}` of status {status} is missing"));
    }
    match &expected.schema {
        None if answer.body.is_empty() => Ok(()),
        None => Err(format!("status {status} has no body in the contract")),
        Some(schema) => {
            let value: Value = serde_json::from_slice(&answer.body).map_err(|error| error.to_string())?;
            schema.validate(&value).map_err(|error| format!("body of status {status}: {}", told(&error)))
        }
    }
}

/// What is wrong and where, without the value: it may be long, and may be nobody's business.
fn told(error: &ValidationError<'_>) -> String {
    let place = error.instance_path().as_str();
    let place = if place.is_empty() { "the body" } else { place };
    format!("{} at {place}", error.masked())
}
