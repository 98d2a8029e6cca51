//! Finds the path of a value in a JSON document by its position.

use std::fmt::Write;

/// An object with the key of its current value, or an array with the index of it.
enum Container {
    Object(Option<String>),
    Array(Option<usize>),
}

/// Returns the path of the value at a position that `serde_json` reports, such as `mapping[3].idp`. `.` is the whole document.
///
/// Decoding again with a deserializer that tracks the path would compile the code of each type twice.
pub(crate) fn path_at(json: &[u8], line: usize, column: usize) -> String {
    let lines = json.split_inclusive(|byte| *byte == b'\n').take(line.saturating_sub(1));
    let end = (lines.map(<[u8]>::len).sum::<usize>() + column).min(json.len());
    let mut containers = Vec::new();
    let mut at = 0;
    while at < end {
        let (byte, start) = (json[at], at);
        at += 1;
        match byte {
            b'}' | b']' => drop(containers.pop()),
            b',' => {
                if let Some(Container::Object(key)) = containers.last_mut() {
                    *key = None;
                }
            }
            b':' | b' ' | b'\t' | b'\r' | b'\n' => {}
            b'"' => {
                at += string_length(&json[at..end]);
                match containers.last_mut() {
                    Some(Container::Object(key @ None)) => *key = serde_json::from_slice(&json[start..at]).ok(),
                    _ => begin_value(&mut containers),
                }
            }
            b'{' | b'[' => {
                begin_value(&mut containers);
                containers.push(if byte == b'{' { Container::Object(None) } else { Container::Array(None) });
            }
            _ => {
                begin_value(&mut containers);
                at += json[at..end].iter().take_while(|byte| !b",]} \t\r\n".contains(byte)).count();
            }
        }
    }
    let mut path = String::new();
    for container in containers {
        match container {
            Container::Object(Some(key)) if path.is_empty() => path = key,
            // Writing to a string cannot fail.
            Container::Object(Some(key)) => drop(write!(path, ".{key}")),
            Container::Array(Some(index)) => drop(write!(path, "[{index}]")),
            Container::Object(None) | Container::Array(None) => {}
        }
    }
    if path.is_empty() { ".".to_owned() } else { path }
}

fn begin_value(containers: &mut [Container]) {
    if let Some(Container::Array(index)) = containers.last_mut() {
        *index = Some(index.map_or(0, |index| index + 1));
    }
}

/// Returns the length of the rest of a string, including its closing quote.
fn string_length(rest: &[u8]) -> usize {
    let mut is_escaped = false;
    let closing = rest.iter().position(|byte| {
        let closes = *byte == b'"' && !is_escaped;
        is_escaped = *byte == b'\\' && !is_escaped;
        closes
    });
    closing.map_or(rest.len(), |closing| closing + 1)
}

#[cfg(test)]
mod tests {
    use serde::{Deserialize, de::IgnoredAny};

    use super::*;

    #[derive(Debug, Deserialize)]
    #[expect(dead_code, reason = "only decoded")]
    struct Document {
        list: Vec<Vec<Item>>,
        #[serde(rename = "a\"b")]
        quoted: Option<u8>,
        other: Option<IgnoredAny>,
    }

    #[derive(Debug, Deserialize)]
    #[expect(dead_code, reason = "only decoded")]
    struct Item {
        id: u8,
        name: Option<String>,
    }

    #[test]
    fn names_the_value_that_was_not_decoded() {
        for (json, path) in [
            ("7", "."),
            ("{\"list\":[[],[{\"id\":1},\n  {\"id\" : 2, \"name\": 7}]]}", "list[1][1].name"),
            (r#"{"list":[[{"id":1},{"name":"}],[{"}]]}"#, "list[0][1]"),
            (r#"{"list":[[{"id":[1]}]]}"#, "list[0][0].id"),
            (r#"{"list":[[{"id":256}]]}"#, "list[0][0].id"),
            (r#"{"list":{}}"#, "list"),
            (r#"{"other":{"x":[1,"\\"]},"list":[[],1]}"#, "list[1]"),
            (r#"{"list":[],"a\"b":"x"}"#, "a\"b"),
            (r#"{"other":1}"#, "."),
        ] {
            let error = serde_json::from_str::<Document>(json).unwrap_err();
            assert_eq!(path_at(json.as_bytes(), error.line(), error.column()), path, "{json} {error}");
        }
    }

    #[test]
    fn any_position_of_any_bytes_has_a_path() {
        let json = b"{\"a\":[1,{\"b\":\"\\\"x\"}],\n]}:,\"\xff\"\\";
        for line in 0..4 {
            for column in 0..40 {
                assert!(!path_at(json, line, column).is_empty());
            }
        }
    }
}
