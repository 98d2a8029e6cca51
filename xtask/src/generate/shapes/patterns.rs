//! Patterns of what is sent mean what their authors mean, or check nothing: `\p{…}` needs the flag `u`, and what is no
//! regular expression of ECMAScript moves into the description.
//!
//! Step 6 of `TYPES`.

use regress::Regex;
use serde_json::Value;

use super::{Apply, Transform, schemas::each};
use crate::openapi::Document;

pub(super) const TRANSFORM: Transform = Transform { name: "patterns", apply: Apply::Always(apply) };

fn apply(document: &mut Document) -> usize {
    each(document, &mut |schema, _| {
        let Some(Value::String(pattern)) = schema.get("pattern") else { return 0 };
        match checked(pattern) {
            Some(same) if same == *pattern => return 0,
            Some(other) => drop(schema.insert("pattern".to_owned(), other.into())),
            None => {
                let before = schema.get("description").and_then(Value::as_str).unwrap_or_default();
                let description = format!("{before}\n\nPattern: `{pattern}`.");
                schema.insert("description".to_owned(), description.trim_start().into());
                schema.shift_remove("pattern");
            }
        }
        1
    })
}

/// Whether a pattern means something else without the flag `u`.
pub(crate) fn needs_unicode(pattern: &str) -> bool {
    [r"\p{", r"\P{", r"\u{"].iter().any(|escape| pattern.contains(escape))
}

/// The pattern as it can be checked; `None` where it is of another dialect. Without `u`, ECMAScript takes `\A`, `\z` and
/// the like for letters, so that such a check would refuse what the author means.
fn checked(pattern: &str) -> Option<String> {
    let strict = without_needless_escapes(pattern);
    let is_strict = Regex::with_flags(&strict, "u").is_ok();
    if needs_unicode(pattern) {
        return is_strict.then_some(strict);
    }
    let is_foreign = !is_strict && (has_escaped_letter(pattern) || pattern.contains("[:"));
    (!is_foreign && Regex::new(pattern).is_ok()).then(|| pattern.to_owned())
}

/// With the flag `u`, only characters of the syntax may be escaped, and `-` within a class.
fn without_needless_escapes(pattern: &str) -> String {
    let mut plain = String::with_capacity(pattern.len());
    let mut in_class = false;
    let mut characters = pattern.chars();
    while let Some(one) = characters.next() {
        match one {
            '\\' => {
                let Some(escaped) = characters.next() else { return pattern.to_owned() };
                let needs_escape = escaped.is_ascii_alphanumeric()
                    || r"^$\.*+?()[]{}|/".contains(escaped)
                    || in_class && escaped == '-';
                if needs_escape {
                    plain.push('\\');
                }
                plain.push(escaped);
                continue;
            }
            '[' => in_class = true,
            ']' => in_class = false,
            _ => {}
        }
        plain.push(one);
    }
    plain
}

/// Whether a letter is escaped that means nothing in ECMAScript.
fn has_escaped_letter(pattern: &str) -> bool {
    let mut characters = pattern.chars();
    while let Some(one) = characters.next() {
        if one == '\\'
            && characters.next().is_some_and(|it| it.is_ascii_alphabetic() && !"bBcdDfknrsStuvwWx".contains(it))
        {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{super::testing::on_request, *};

    #[test]
    fn patterns_are_checked_as_they_are_meant() {
        for (pattern, right, wrong) in [
            (r"^\p{Lu}[\p{L}\p{M}' -]*$", ["Łuczak", "Ó Briain"], ["p{Lu}", "9"]),
            (r"^[\p{L}\-\_\.]+$", ["ä-_.", "x"], ["p{L}", "a b"]),
            (r"^\P{N}+\@\u{e9}$", ["a@é", "ß@é"], ["1@é", "a@e"]),
            (r"^\p{Script=Greek}+$", ["αβγ", "Ω"], ["abc", ""]),
        ] {
            let (_, schema) = on_request(&TRANSFORM, &json!({"type": "string", "pattern": pattern}));
            let pattern = schema["pattern"].as_str().unwrap();
            assert!(needs_unicode(pattern));
            let regex = Regex::with_flags(pattern, "u").unwrap();
            assert!(right.iter().all(|text| regex.find(text).is_some()), "{pattern}");
            assert!(wrong.iter().all(|text| regex.find(text).is_none()), "{pattern}");
        }
    }

    #[test]
    fn patterns_of_other_dialects_are_told_and_not_checked() {
        for pattern in [r"\A\w+\z", "^[[:alpha:]]+$", "(?i)^a$", r"^\p{NoSuchProperty}$", "^(a"] {
            let (places, schema) =
                on_request(&TRANSFORM, &json!({"type": "string", "pattern": pattern, "description": "d"}));
            assert_eq!(places, 1, "{pattern}");
            assert_eq!(schema, json!({"type": "string", "description": format!("d\n\nPattern: `{pattern}`.")}));
        }
    }

    #[test]
    fn other_patterns_stay_as_they_are() {
        for pattern in ["^con_[A-Za-z0-9]{16}$", r"^[\w.\-]+@\w+$", r"^a{,3}$", r"^\d+\/x$", r"^\cA\x41\u0041\0$"] {
            let schema = json!({"type": "string", "pattern": pattern});
            assert_eq!(on_request(&TRANSFORM, &schema), (0, schema));
        }
    }
}
