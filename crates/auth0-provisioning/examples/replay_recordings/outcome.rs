//! Reading a response, and comparing it with the recorded one.

use auth0_provisioning::{Error, Pages};
use serde::Serialize;
use serde_json::Value;

use super::{Failure, exchange::Exchange};

/// What was read, as JSON; a page as its `items`. `None` where there is nothing to compare.
pub(crate) type Outcome = Result<Option<Value>, Error>;

pub(crate) async fn read_page<T: Serialize>(list: Pages<T>, exchange: &Exchange) -> Outcome {
    let size = exchange.parameter("take").or_else(|| exchange.parameter("per_page"));
    let list = match size.and_then(|size| size.parse().ok()) {
        Some(size) => list.page_size(size),
        None => list,
    };
    let mut list = match exchange.parameter("from").or_else(|| exchange.parameter("page")) {
        Some(cursor) => list.resume_from(cursor.as_str()),
        None => list,
    };
    Ok(list.next().await?.map(|page| serde_json::json!({ "items": page.items })))
}

pub(crate) fn json(value: impl Serialize) -> Option<Value> {
    serde_json::to_value(value).ok()
}

pub(crate) fn no_operation() -> Failure {
    "no operation has this method and path".into()
}

/// What was read has to hold what the response says. Times may be written otherwise; lists of pages go by their items.
pub(crate) fn check_outcome(exchange: &Exchange, outcome: Outcome) -> Result<(), Failure> {
    let success = (200..300).contains(&exchange.status);
    match outcome {
        // Read as a status where it was made, which is compared there.
        Ok(None) if exchange.asks_for_status() => Ok(()),
        Ok(_) if !success => Err(format!("a {} was read as a success", exchange.status).into()),
        Err(error) if success => Err(format!("the response was not read: {error}").into()),
        Err(error) if error.status().map(|status| status.as_u16()) != Some(exchange.status) => {
            Err(format!("the failure was read as {error}").into())
        }
        Err(_) | Ok(None) => Ok(()),
        Ok(Some(read)) => {
            let mut recorded: Value = serde_json::from_str(&exchange.response)?;
            if let Some(items) = read.get("items") {
                // The one member that is a list, or the list itself.
                let listed =
                    recorded.as_object_mut().and_then(|page| page.values_mut().find(|member| member.is_array()));
                let recorded = listed.map(Value::take).unwrap_or(recorded);
                return equal(items, &recorded);
            }
            equal(&read, &recorded)
        }
    }
}

fn equal(read: &Value, recorded: &Value) -> Result<(), Failure> {
    match (read, recorded) {
        (Value::Object(one), Value::Object(other)) if one.keys().eq(other.keys()) => {
            one.iter().try_for_each(|(name, value)| {
                equal(value, &other[name]).map_err(|error| format!("{name}: {error}").into())
            })
        }
        (Value::Array(one), Value::Array(other)) if one.len() == other.len() => {
            one.iter().zip(other).try_for_each(|(one, other)| equal(one, other))
        }
        (one, other) if one == other || instant(one).is_some_and(|one| Some(one) == instant(other)) => Ok(()),
        (one, other) => Err(format!("{one} was read, {other} was recorded").into()),
    }
}

fn instant(value: &Value) -> Option<chrono::DateTime<chrono::FixedOffset>> {
    chrono::DateTime::parse_from_rfc3339(value.as_str()?).ok()
}
