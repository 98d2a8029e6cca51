//! Bodies that are sent as a form. Brackets in names denote objects and lists.

use bytes::Bytes;
use serde_json::{Map, Value};

use crate::query::Query;

/// Reads a form such as `name=acme&options[domain]=acme.test&realms[]=a`. The texts of booleans and integers become
/// booleans and integers. Returns `None` if the body is not such a form.
pub(crate) fn read(body: &Bytes) -> Option<Value> {
    let mut root = Value::Object(Map::new());
    for (name, value) in Query::parse(std::str::from_utf8(body).ok()?).into_pairs()? {
        let (first, rest) = name.split_once('[').map_or((name.as_str(), ""), |(first, rest)| (first, rest));
        let mut place = entry(&mut root, first)?;
        for part in rest.split('[').filter(|part| !part.is_empty()) {
            place = entry(place, part.strip_suffix(']')?)?;
        }
        *place = scalar(value);
    }
    Some(root)
}

/// Returns the place of a name within a value. An empty name, or a number, is an index of a list.
fn entry<'a>(value: &'a mut Value, name: &str) -> Option<&'a mut Value> {
    let is_index = name.is_empty() || name.bytes().all(|byte| byte.is_ascii_digit());
    if value.is_null() {
        *value = if is_index { Value::Array(Vec::new()) } else { Value::Object(Map::new()) };
    }
    match value {
        Value::Object(object) => Some(object.entry(name).or_insert(Value::Null)),
        Value::Array(items) if is_index => {
            let index = name.parse().unwrap_or(items.len());
            if index >= items.len() {
                items.push(Value::Null);
            }
            let index = index.min(items.len() - 1);
            items.get_mut(index)
        }
        _ => None,
    }
}

fn scalar(text: String) -> Value {
    match serde_json::from_str::<Value>(&text) {
        Ok(value) if value.is_boolean() || value.is_i64() => value,
        _ => text.into(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn brackets_lead_into_objects_and_lists() {
        let form = "name=acme&options%5Bdomain%5D=acme.test&options[api][on]=true&realms[]=a&realms[]=b&rows[0][x]=1&rows[0][y]=2";
        let expected = json!({
            "name": "acme",
            "options": { "domain": "acme.test", "api": { "on": true } },
            "realms": ["a", "b"],
            "rows": [{ "x": 1, "y": 2 }],
        });
        assert_eq!(read(&Bytes::from_static(form.as_bytes())), Some(expected));
        assert_eq!(read(&Bytes::from_static(b"a=1&a[b]=2")), None);
    }
}
