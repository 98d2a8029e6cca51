//! Patterns of what is sent mean what their authors mean, or check nothing: `\p{…}` needs the flag `u`, and what is no
//! regular expression of ECMAScript is not checked.

use regress::Regex;

/// Whether a pattern means something else without the flag `u`.
fn needs_unicode(pattern: &str) -> bool {
    [r"\p{", r"\P{", r"\u{"].iter().any(|escape| pattern.contains(escape))
}

/// The pattern as it can be checked, and the flags that it needs; `None` where it is of another dialect. Without `u`, ECMAScript takes `\A`, `\z` and
/// the like for letters, so that such a check would refuse what the author means.
pub(super) fn checked(pattern: &str) -> Option<(String, &'static str)> {
    let strict = without_needless_escapes(pattern);
    let is_strict = Regex::with_flags(&strict, "u").is_ok();
    if needs_unicode(pattern) {
        return is_strict.then_some((strict, "u"));
    }
    let is_foreign = !is_strict && (has_escaped_letter(pattern) || pattern.contains("[:"));
    (!is_foreign && Regex::new(pattern).is_ok()).then(|| (pattern.to_owned(), ""))
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
    use super::*;

    #[test]
    fn patterns_are_checked_as_they_are_meant() {
        for (pattern, right, wrong) in [
            (r"^\p{Lu}[\p{L}\p{M}' -]*$", ["Łuczak", "Ó Briain"], ["p{Lu}", "9"]),
            (r"^[\p{L}\-\_\.]+$", ["ä-_.", "x"], ["p{L}", "a b"]),
            (r"^\P{N}+\@\u{e9}$", ["a@é", "ß@é"], ["1@é", "a@e"]),
            (r"^\p{Script=Greek}+$", ["αβγ", "Ω"], ["abc", ""]),
        ] {
            let (pattern, flags) = checked(pattern).unwrap();
            assert_eq!(flags, "u");
            let regex = Regex::with_flags(&pattern, flags).unwrap();
            assert!(right.iter().all(|text| regex.find(text).is_some()), "{pattern}");
            assert!(wrong.iter().all(|text| regex.find(text).is_none()), "{pattern}");
        }
    }

    #[test]
    fn patterns_of_other_dialects_are_not_checked() {
        for pattern in [r"\A\w+\z", "^[[:alpha:]]+$", "(?i)^a$", r"^\p{NoSuchProperty}$", "^(a"] {
            assert_eq!(checked(pattern), None, "{pattern}");
        }
    }

    #[test]
    fn other_patterns_stay_as_they_are() {
        for pattern in ["^con_[A-Za-z0-9]{16}$", r"^[\w.\-]+@\w+$", r"^a{,3}$", r"^\d+\/x$", r"^\cA\x41\u0041\0$"] {
            assert_eq!(checked(pattern), Some((pattern.to_owned(), "")));
        }
    }
}
