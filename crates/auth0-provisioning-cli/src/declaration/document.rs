//! Parsing JSON or YAML with placeholders in the position of values, which YAML would read as comments.

use std::ops::Range;

use serde_yaml_ng::Value;

use super::placeholders;

/// Parses a text. Placeholders without a value become strings in the position of a value.
pub(super) fn parse(text: &str) -> Result<Value, String> {
    let text = text.trim_start_matches('\u{feff}');
    // The value type of YAML rejects a property that is there twice; that of JSON keeps the last one.
    let json = text.trim_start().starts_with(['{', '[']).then(|| serde_json::from_str::<Value>(text));
    if let Some(Ok(value)) = json {
        return Ok(value);
    }
    let mut places = placeholders::in_value_position(text);
    let mut comments = Vec::new();
    let mut value = loop {
        match yaml(text, &places) {
            Ok(value) => break value,
            Err(error) => {
                let end = error.location().map_or(usize::MAX, |location| location.index());
                // The last placeholder before the error is a comment.
                let Some(nearest) = before(text, &places, end) else {
                    let placeholder = comments.first().map(|place: &Range<usize>| &text[place.clone()]);
                    let hint = placeholder.map(|it| format!(", and nothing replaces {it}")).unwrap_or_default();
                    let error = json.and_then(Result::err).map_or_else(|| error.to_string(), |error| error.to_string());
                    return Err(format!("{error}{hint}"));
                };
                comments.insert(0, places.remove(nearest));
            }
        }
    };
    // Quote each comment again: another one can have been the cause.
    for comment in comments {
        let at = places.partition_point(|place| place.start < comment.start);
        places.insert(at, comment);
        match yaml(text, &places) {
            Ok(found) => value = found,
            Err(_) => drop(places.remove(at)),
        }
    }
    Ok(value)
}

fn yaml(text: &str, places: &[Range<usize>]) -> Result<Value, serde_yaml_ng::Error> {
    serde_yaml_ng::from_str(&placeholders::quoted(text, places))
}

/// Returns the last of the places before a position in the quoted text.
fn before(text: &str, places: &[Range<usize>], end: usize) -> Option<usize> {
    let starts = (0..places.len()).map(|number| placeholders::quoted(&text[..places[number].start], &places[..number]));
    let number = starts.take_while(|start| start.len() <= end).count();
    number.checked_sub(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(text: &str) -> serde_json::Value {
        serde_json::to_value(parse(text).unwrap()).unwrap()
    }

    #[test]
    fn placeholder_in_value_position_is_no_comment() {
        for (text, expected) in [
            ("a: ##A##\nb: 1", r###"{"a":"##A##","b":1}"###),
            ("a:\n  ##A##\nb: 1", r###"{"a":"##A##","b":1}"###),
            ("{ a: ##A##, b: ##B## }", r###"{"a":"##A##","b":"##B##"}"###),
            ("{ a: ##A##,\n  b: ##B## }", r###"{"a":"##A##","b":"##B##"}"###),
            ("a: [##A##]", r###"{"a":["##A##"]}"###),
            ("- ##A##", r###"["##A##"]"###),
            ("a: &b ##A##", r###"{"a":"##A##"}"###),
            ("scim_configuration:", r###"{"scim_configuration":"##no value##"}"###),
            ("- scim_configuration: # none\n- a", r###"[{"scim_configuration":"##no value##"},"a"]"###),
            ("scim_configuration: null", r#"{"scim_configuration":null}"#),
            ("scim_configuration:\n    # c\n\n    a: b", r#"{"scim_configuration":{"a":"b"}}"#),
            ("a: @@A@@", r#"{"a":"@@A@@"}"#),
            ("{\"a\": ##A##}", r###"{"a":"##A##"}"###),
            ("a: ##A##\nb: ##B##\n  - c: ##C##\n", r###"{"a":"##A##","b":[{"c":"##C##"}]}"###),
        ] {
            assert_eq!(json(text).to_string(), expected, "{text}");
        }
    }

    #[test]
    fn comments_are_comments() {
        for text in [
            "##A##\na: x",
            "# ##A##\na: x # ##B##",
            "a: x ##A##",
            "a: ##A##\n  x",
            "a:\n  ##A##\n  x",
            "a: x\n##A##\n",
            "a: x\n  ##A##\n",
        ] {
            assert_eq!(json(text).to_string(), r#"{"a":"x"}"#, "{text}");
        }
        let list = "list:\n  ##A##\n  - a: 1\n  ##B##\n  - a: 2\n";
        assert_eq!(json(list).to_string(), r#"{"list":[{"a":1},{"a":2}]}"#);
        assert_eq!(json("text: |\n  a: ##A##\n").to_string(), "{\"text\":\"a: \\\"##A##\\\"\\n\"}");
        for text in ["text: \"b: ##A##\"", "text: 'b: ##A##'"] {
            assert_eq!(json(text).to_string(), r#"{"text":"b: ##A##"}"#);
        }
        assert_eq!(json("text: b-##A##").to_string(), r#"{"text":"b-##A##"}"#);
    }

    #[test]
    fn rejects_wrong_documents() {
        for text in ["connections: [", "a: 1\na: 2\n", "{ \"a\": 1, \"a\": 2 }", "a: ##A##\n b: [\n"] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
