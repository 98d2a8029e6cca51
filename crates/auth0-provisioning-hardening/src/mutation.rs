//! Mutates a JSON document as bytes describe.

use serde_json::{Value, json};

/// Replaces, removes, renames or moves values of the document. Three bytes describe one change. Bytes that are a JSON object
/// replace the whole document.
pub(crate) fn mutated(document: &Value, data: &[u8]) -> Value {
    if let Ok(whole @ Value::Object(_)) = serde_json::from_slice(data) {
        return whole;
    }
    let mut document = document.clone();
    for change in data.chunks_exact(3).take(8) {
        let places = places(&document);
        let place = &places[usize::from(u16::from_le_bytes([change[0], change[1]])) % places.len()];
        let other = &places[usize::from(change[2]).wrapping_mul(usize::from(change[0]) + 7) % places.len()];
        let copy = document.pointer(other).cloned().unwrap_or_default();
        match change[2] % 24 {
            0 => remove(&mut document, place),
            1..=6 => replace(&mut document, place, copy),
            7 => rename(&mut document, place, "__proto__"),
            8 => rename(&mut document, place, ""),
            9 => rename(&mut document, place, "$ref"),
            10 => replace(&mut document, place, json!({ "$ref": format!("#{other}") })),
            11 => replace(&mut document, place, json!({ "$ref": format!("#{place}") })),
            kind => replace(&mut document, place, oddity(kind)),
        }
    }
    document
}

fn oddity(kind: u8) -> Value {
    match kind {
        12 => Value::Null,
        13 => json!(true),
        14 => json!(-1),
        15 => json!(u64::MAX),
        16 => json!(1e300),
        17 => json!(""),
        18 => json!("\u{0}\u{202e}Größe 🦀 `\"' */ //!"),
        19 => json!([]),
        20 => json!({}),
        21 => json!([null, "string", "null"]),
        22 => json!({ "type": "object", "additionalProperties": true, "required": ["a", "a"] }),
        _ => json!("x".repeat(5000)),
    }
}

/// Returns the JSON pointers of all values, the whole document first.
fn places(document: &Value) -> Vec<String> {
    let mut all = vec![String::new()];
    let mut index = 0;
    while index < all.len() {
        let place = all[index].clone();
        match document.pointer(&place) {
            Some(Value::Object(properties)) => {
                all.extend(
                    properties.keys().map(|key| format!("{place}/{}", key.replace('~', "~0").replace('/', "~1"))),
                );
            }
            Some(Value::Array(items)) => all.extend((0..items.len()).map(|item| format!("{place}/{item}"))),
            _ => {}
        }
        index += 1;
    }
    all
}

fn replace(document: &mut Value, place: &str, by: Value) {
    if let Some(value) = document.pointer_mut(place) {
        *value = by;
    }
}

fn remove(document: &mut Value, place: &str) {
    let Some((parent, key)) = place.rsplit_once('/') else { return };
    let key = key.replace("~1", "/").replace("~0", "~");
    match document.pointer_mut(parent) {
        Some(Value::Object(properties)) => drop(properties.remove(&key)),
        Some(Value::Array(items)) => {
            if let Ok(index) = key.parse::<usize>()
                && index < items.len()
            {
                items.remove(index);
            }
        }
        _ => {}
    }
}

fn rename(document: &mut Value, place: &str, to: &str) {
    let Some((parent, key)) = place.rsplit_once('/') else { return };
    let key = key.replace("~1", "/").replace("~0", "~");
    if let Some(Value::Object(properties)) = document.pointer_mut(parent)
        && let Some(value) = properties.remove(&key)
    {
        properties.insert(to.to_owned(), value);
    }
}
