//! Checks requests, and the tenant's own responses, against the contract.

use bytes::Bytes;
use http::HeaderMap;
use http::header::CONTENT_TYPE;
use serde_json::Value;

use crate::cause::Cause;
use crate::connection_id::is_connection_id;
use crate::contract::{OperationContract, contract};
use crate::form;
use crate::query::Query;
use crate::rejection::Rejection;
use crate::response::Response;

/// Query parameters that select the part of a list.
const PAGING: [&str; 2] = ["from", "take"];

/// Checks the ids of the path.
pub(crate) fn check_ids(operation: &OperationContract, ids: &[String]) -> Result<(), Rejection> {
    for (known, id) in operation.ids.iter().zip(ids) {
        if known.is_connection_id && !is_connection_id(id) {
            return Err(Cause::InvalidPath.into());
        }
        if let Err(mismatch) = known.schema.check(&id.as_str().into()) {
            let message = sentence("Path", &mismatch.message, &known.name, &known.description);
            return Err(Rejection::new(Cause::InvalidPath, message));
        }
    }
    Ok(())
}

/// Checks that the contract has each parameter of the query and that each value fits.
pub(crate) fn check_query(operation: &OperationContract, query: &Query) -> Result<(), Rejection> {
    if operation.query.is_empty() {
        return Ok(());
    }
    let Some(pairs) = query.pairs() else {
        return Err(Rejection::new(Cause::InvalidQuery, "The query is not UTF-8"));
    };
    for (index, (name, value)) in pairs.iter().enumerate() {
        let Some(known) = operation.query.get(name) else {
            let message = format!("Additional properties not allowed: {name}");
            return Err(Rejection::new(Cause::InvalidQuery, sentence("Query", &message, "", "")));
        };
        let cause = if PAGING.contains(&name.as_str()) { Cause::InvalidPaging } else { Cause::InvalidQuery };
        if !known.repeats && pairs[..index].iter().any(|(earlier, _)| earlier == name) {
            let message = "Expected one value but found several";
            return Err(Rejection::new(cause, sentence("Query", message, name, &known.description)));
        }
        // The schema decides whether the text is a string, a number or a boolean.
        let scalar = serde_json::from_str::<Value>(value).ok().filter(|scalar| scalar.is_i64() || scalar.is_boolean());
        let of_scalar = scalar.map(|scalar| known.schema.check(&scalar));
        if let Some(Ok(())) = of_scalar {
            continue;
        }
        if let Err(of_text) = known.schema.check(&value.as_str().into()) {
            // A number that is out of range is reported as a number.
            let mismatch = of_scalar.and_then(Result::err).unwrap_or(of_text);
            return Err(Rejection::new(cause, sentence("Query", &mismatch.message, name, &known.description)));
        }
    }
    Ok(())
}

/// Reads the body of a request and checks it; `None` if a body is optional and was not sent.
pub(crate) fn read_body(
    operation: &OperationContract,
    headers: &HeaderMap,
    body: &Bytes,
) -> Result<Option<Value>, Rejection> {
    let Some(expected) = &operation.body else { return Ok(None) };
    let invalid = |reason: &str| Rejection::new(Cause::InvalidBody, sentence("Payload", reason, "", ""));
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
    expected.schema.check(&value).map_err(|mismatch| {
        let description = contract().description(&expected.schema_text, &mismatch.pointer);
        let message = sentence("Payload", &mismatch.message, &place(&mismatch.pointer), description);
        Rejection::new(Cause::InvalidBody, message)
    })?;
    Ok(Some(value).filter(|value| !value.is_null()))
}

/// Checks a response of the tenant; the error states how it deviates from the contract.
pub(crate) fn check_response(operation: &OperationContract, response: &Response) -> Result<(), String> {
    let status = response.status.as_u16();
    let expected = operation.response(status).ok_or_else(|| format!("status {status} is not in the contract"))?;
    if let Some(missing) = expected.headers.iter().find(|name| !response.headers.contains_key(name.as_str())) {
        return Err(format!("header `{missing}` of status {status} is missing"));
    }
    let Some(schema) = &expected.schema else {
        let has_body = !response.body.is_empty();
        return if has_body { Err(format!("status {status} has no body in the contract")) } else { Ok(()) };
    };
    let value: Value = serde_json::from_slice(&response.body).map_err(|error| error.to_string())?;
    schema
        .check(&value)
        .map_err(|mismatch| format!("body of status {status}: {} at `{}`", mismatch.masked, place(&mismatch.pointer)))
}

/// Returns the place of a value as the API writes it: `groups[0].email` for `/groups/0/email`.
fn place(pointer: &str) -> String {
    let mut place = String::new();
    for part in pointer.split('/').skip(1) {
        let part = part.replace("~1", "/").replace("~0", "~");
        if !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()) {
            place.extend(["[", &part, "]"]);
        } else {
            if !place.is_empty() {
                place.push('.');
            }
            place.push_str(&part);
        }
    }
    place
}

/// Returns the message of an error response, such as `Payload validation error: '…' on property groups[0].email (…)`.
fn sentence(kind: &str, reason: &str, place: &str, description: &str) -> String {
    let mut sentence = format!("{kind} validation error: '{reason}'");
    if !place.is_empty() {
        sentence.extend([" on property ", place]);
        if !description.is_empty() {
            sentence.extend([" (", description.trim_end_matches('.'), ")"]);
        }
    }
    sentence.push('.');
    sentence
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn message_names_place_and_description() {
        assert_eq!(place("/groups/0/email"), "groups[0].email");
        assert_eq!(place("/0/client_id"), "[0].client_id");
        assert_eq!(
            sentence("Payload", "No enum match for: x", "synchronize_groups", "Which groups"),
            "Payload validation error: 'No enum match for: x' on property synchronize_groups (Which groups).",
        );
        assert_eq!(sentence("Query", "Missing", "", "x"), "Query validation error: 'Missing'.");
    }

    #[cfg(not(feature = "validation"))]
    #[test]
    fn without_schemas_only_the_form_is_checked() {
        let operation = contract().operation("post_directory-provisioning").unwrap();
        let accepts = |text: &'static str| read_body(operation, &HeaderMap::new(), &Bytes::from(text)).is_ok();
        assert!(accepts(r#"{"unheard_of":1}"#));
        assert!(!accepts("{"));
        let list = contract().operation("get_synchronized-groups").unwrap();
        assert!(check_query(list, &Query::parse("take=0")).is_ok());
        assert!(check_query(list, &Query::parse("unheard_of=1")).is_err());
    }
}
