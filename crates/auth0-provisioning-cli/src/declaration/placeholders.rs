//! The Deploy CLI's placeholders: `##NAME##` is replaced by text, `@@NAME@@` by JSON.

use std::{collections::BTreeMap, ops::Range};

use serde_json::Value;

/// The variable with the values of placeholders, as a JSON object.
pub(super) const VARIABLE: &str = "AUTH0_KEYWORD_REPLACE_MAPPINGS";

/// Replaces a missing value where null would delete a configuration.
pub(super) const NO_VALUE: &str = "##no value##";

/// Properties that delete a configuration if they are null. The null must be written.
const DELETED_BY_NULL: [&str; 2] = ["directory_provisioning_configuration", "scim_configuration"];

const MARKS: [&str; 2] = ["##", "@@"];

/// Looks up an environment variable.
type Environment<'a> = Box<dyn Fn(&str) -> Option<String> + 'a>;

/// The values of placeholders: those of the variable if it is set, otherwise environment variables, as in the Deploy CLI.
pub(super) enum Mappings<'a> {
    Given(BTreeMap<String, Value>),
    Environment(Environment<'a>),
}

impl<'a> Mappings<'a> {
    pub(super) fn new(given: Option<&str>, environment: impl Fn(&str) -> Option<String> + 'a) -> Result<Self, String> {
        let Some(given) = given else { return Ok(Self::Environment(Box::new(environment))) };
        let given = serde_json::from_str(given);
        given.map(Self::Given).map_err(|error| format!("{VARIABLE} is not a JSON object: {error}"))
    }

    fn value(&self, name: &str) -> Option<Value> {
        match self {
            Self::Given(given) => given.get(name).cloned(),
            Self::Environment(environment) => environment(name).map(Value::String),
        }
    }

    /// Replaces placeholders in a text before it is parsed.
    pub(super) fn replace(&self, text: &str) -> String {
        let mut replaced = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(at) = MARKS.iter().filter_map(|mark| rest.find(mark)).min() {
            replaced.push_str(&rest[..at]);
            rest = &rest[at..];
            let found = placeholder(rest).and_then(|(name, end)| Some((self.value(name)?, end)));
            let Some((value, end)) = found.filter(|(value, end)| !leaves_nothing(value, &replaced, &rest[*end..]))
            else {
                // Only the first character of the mark: its second one can start another mark.
                replaced.push_str(&rest[..1]);
                rest = &rest[1..];
                continue;
            };
            let is_json = rest.starts_with("@@");
            rest = &rest[end..];
            match value {
                Value::String(text) if !is_json => replaced.push_str(&text),
                value => {
                    // The quotes around a JSON value are replaced, too, as in the Deploy CLI.
                    if let Some(quote) = replaced.chars().last().filter(|last| is_json && matches!(last, '"' | '\''))
                        && let Some(unquoted) = rest.strip_prefix(quote)
                    {
                        replaced.pop();
                        rest = unquoted;
                    }
                    replaced.push_str(&value.to_string());
                }
            }
        }
        replaced + rest
    }
}

/// Returns whether an empty value would leave a property without a value, which YAML reads as null.
fn leaves_nothing(value: &Value, before: &str, after: &str) -> bool {
    let borders = |character: Option<char>| character.is_none_or(|it| it.is_whitespace() || "[]{},".contains(it));
    value.as_str() == Some("") && borders(before.chars().last()) && borders(after.chars().next())
}

/// Returns the name and the length of the placeholder that a text starts with.
fn placeholder(text: &str) -> Option<(&str, usize)> {
    let mark = MARKS.into_iter().find(|mark| text.starts_with(mark))?;
    let inner = &text[mark.len()..];
    let length = inner.find(mark)?;
    let name = &inner[..length];
    let is_name = !name.is_empty() && !name.contains(['\n', '\r', '#', '@', '"', '\'']);
    is_name.then_some((name, length + 2 * mark.len()))
}

/// Finds placeholders without a value in the position of a value. YAML would read such a `##NAME##` as a comment, and the
/// value as null.
pub(super) fn in_value_position(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    // The last character that is not in a comment.
    let mut last: Option<char> = None;
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let mut at = 0;
        let mut comment = line.len();
        while let Some(mark) = line[at..].find(['#', '@']).map(|offset| at + offset) {
            if is_quoted(&line[..mark]) {
                at = mark + 1;
                continue;
            }
            let before = line[..mark].trim_end();
            let is_apart = before.len() < mark || mark == 0 || before.ends_with(['[', '{', ',']);
            if is_apart && let Some((_, length)) = placeholder(&line[mark..]) {
                let previous = before.chars().last().or(last);
                let word = before.rsplit(char::is_whitespace).next().unwrap_or_default();
                if previous.is_some_and(|it| ":-?[{,".contains(it)) || word.starts_with(['&', '!']) {
                    found.push(start + mark..start + mark + length);
                    at = mark + length;
                    continue;
                }
            }
            if is_apart && line[mark..].starts_with('#') {
                comment = mark;
                break;
            }
            at = mark + 1;
        }
        let content = line[..comment].trim_end();
        if let Some(column) = without_value(content)
            && !has_deeper_line(&text[start + line.len()..], column)
        {
            found.push(start + content.len()..start + content.len());
        }
        let is_placeholder = found.last().is_some_and(|range| range.end == start + content.len());
        if !is_placeholder && let Some(character) = content.chars().last() {
            last = Some(character);
        }
        start += line.len();
    }
    found
}

/// Returns the column of a property that has no value in its line, and must not become null.
fn without_value(content: &str) -> Option<usize> {
    let name = content.strip_suffix(':')?.trim_end().trim_end_matches(['"', '\'']);
    let before = DELETED_BY_NULL.iter().find_map(|known| name.strip_suffix(known))?;
    before.chars().all(|it| " -{,[\"'?".contains(it)).then_some(before.len())
}

/// Returns whether the next line that is not a comment is a part of a property in this column.
fn has_deeper_line(rest: &str, column: usize) -> bool {
    let is_comment = |text: &str| text.is_empty() || (text.starts_with('#') && placeholder(text).is_none());
    let mut lines = rest.lines().filter(|line| !is_comment(line.trim()));
    lines.next().is_some_and(|line| line.len() - line.trim_start().len() > column)
}

/// Returns whether a line ends within quotes. Quotes of earlier lines are ignored: a text that is mistaken for a placeholder
/// is only rejected, but a placeholder that is mistaken for text could delete a configuration.
fn is_quoted(line: &str) -> bool {
    let mut open = None;
    let (mut before, mut is_escaped) = (' ', false);
    for character in line.chars() {
        match open {
            Some('"') if is_escaped => is_escaped = false,
            Some('"') if character == '\\' => is_escaped = true,
            Some(quote) if character == quote => open = None,
            None if matches!(character, '"' | '\'') && (before.is_whitespace() || "[{,:\"'".contains(before)) => {
                open = Some(character);
            }
            _ => {}
        }
        before = character;
    }
    open.is_some()
}

/// Quotes placeholders, so that the parsed document has them as strings.
pub(super) fn quoted(text: &str, places: &[Range<usize>]) -> String {
    let mut quoted = String::with_capacity(text.len() + 2 * places.len());
    let mut end = 0;
    for place in places {
        quoted.push_str(&text[end..place.start]);
        if place.is_empty() {
            quoted.push(' ');
            quoted.push_str(&Value::from(NO_VALUE).to_string());
        } else {
            quoted.push_str(&Value::from(&text[place.clone()]).to_string());
        }
        end = place.end;
    }
    quoted + &text[end..]
}

/// Returns the place of the first placeholder that was not replaced, and the placeholder.
pub(super) fn left_over(value: &Value, place: &str) -> Option<(String, String)> {
    match value {
        Value::String(text) => Some((place.to_owned(), left_over_in(text)?.to_owned())),
        Value::Array(items) => {
            items.iter().enumerate().find_map(|(number, item)| left_over(item, &format!("{place}[{number}]")))
        }
        Value::Object(properties) => properties.iter().find_map(|(name, value)| {
            let dot = if place.is_empty() { "" } else { "." };
            left_over(value, &format!("{place}{dot}{name}"))
        }),
        _ => None,
    }
}

fn left_over_in(text: &str) -> Option<&str> {
    let is_plain = |name: &str| name.chars().all(|it| it.is_ascii_alphanumeric() || it == '_');
    let starts = text.char_indices().map(|(at, _)| &text[at..]);
    starts
        .filter_map(|rest| Some((placeholder(rest)?, rest)))
        // In other text, two hashes can be only hashes.
        .find(|((name, end), rest)| is_plain(name) || (*end == text.len() && rest.len() == text.len()))
        .map(|((_, end), rest)| &rest[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn replaced(text: &str, given: &str) -> String {
        Mappings::new(Some(given), |name| (name == "CI_ENV").then(|| "ci".to_owned())).unwrap().replace(text)
    }

    #[test]
    fn replaces_placeholders_like_the_deploy_cli() {
        let given = r#"{ "ENV": "test", "GROUPS": [{ "id": "g1" }] }"#;
        for (text, expected) in [
            ("name: acme-##ENV##", "name: acme-test"),
            ("groups: @@GROUPS@@", r#"groups: [{"id":"g1"}]"#),
            ("groups: \"@@GROUPS@@\"", r#"groups: [{"id":"g1"}]"#),
            ("groups: '@@GROUPS@@'", r#"groups: [{"id":"g1"}]"#),
            ("groups: ##GROUPS##", r#"groups: [{"id":"g1"}]"#),
            ("mode: @@ENV@@", r#"mode: "test""#),
            ("name: ##CI_ENV##", "name: ##CI_ENV##"),
            ("###ENV### ##OTHER## ##ENV##", "#test# ##OTHER## test"),
            ("## a ## ##ENV##", "## a ## test"),
        ] {
            assert_eq!(replaced(text, given), expected);
        }
        let environment = Mappings::new(None, |name| (name == "CI_ENV").then(|| "ci".to_owned())).unwrap();
        assert_eq!(environment.replace("name: ##CI_ENV##, @@CI_ENV@@, ##ENV##"), "name: ci, \"ci\", ##ENV##");
        assert!(Mappings::new(Some("ENV=test"), |_| None).is_err_and(|error| error.contains(VARIABLE)));
    }

    #[test]
    fn empty_value_does_not_replace_whole_value() {
        let given = r#"{ "EMPTY": "" }"#;
        for kept in ["a: ##EMPTY##", "a: ##EMPTY##\nb: 1", "[##EMPTY##]", "- ##EMPTY## # none"] {
            assert_eq!(replaced(kept, given), kept);
        }
        assert_eq!(replaced("a: acme##EMPTY##", given), "a: acme");
        assert_eq!(replaced("a: '##EMPTY##'", given), "a: ''");
    }

    #[test]
    fn left_over_placeholder_has_its_place() {
        let value = serde_json::json!({ "a": [{ "b": "x" }, { "b": "acme-##ENV##" }] });
        assert_eq!(left_over(&value, ""), Some(("a[1].b".to_owned(), "##ENV##".to_owned())));
        for (text, left) in [
            ("@@GROUPS@@", Some("@@GROUPS@@")),
            ("a ## b ##ENV##", Some("##ENV##")),
            ("##my key.1##", Some("##my key.1##")),
            ("a # b ## c", None),
            ("a ## b ## c", None),
            ("a##b", None),
        ] {
            assert_eq!(left_over_in(text), left, "{text}");
        }
    }
}
