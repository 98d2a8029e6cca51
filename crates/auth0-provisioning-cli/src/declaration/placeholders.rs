//! The Deploy CLI's placeholders: `##NAME##` stands for a text, `@@NAME@@` for a JSON value.

use std::collections::BTreeMap;

use serde_json::Value;

/// Puts the values of `AUTH0_KEYWORD_REPLACE_MAPPINGS`, a JSON object, in the place of their placeholders.
pub(super) fn replace(text: &str, mappings: Option<&str>) -> Result<String, String> {
    let Some(mappings) = mappings else { return Ok(text.to_owned()) };
    let mappings: BTreeMap<String, Value> = serde_json::from_str(mappings)
        .map_err(|error| format!("AUTH0_KEYWORD_REPLACE_MAPPINGS is no JSON object: {error}"))?;
    let mut text = text.to_owned();
    for (name, value) in mappings {
        let plain = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        text = text.replace(&format!("@@{name}@@"), &value.to_string()).replace(&format!("##{name}##"), &plain);
    }
    Ok(text)
}

/// The first placeholder in a text that nothing took the place of.
pub(super) fn left_over(text: &str) -> Option<&str> {
    let is_name = |name: &&str| !name.is_empty() && name.chars().all(|it| it.is_ascii_alphanumeric() || it == '_');
    ["##", "@@"].into_iter().find_map(|mark| {
        let mut parts = text.split(mark).skip(1).peekable();
        // What stands behind the last mark has no end.
        std::iter::from_fn(|| parts.next().filter(|_| parts.peek().is_some())).find(is_name)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_replaced_as_the_deploy_cli_does() {
        let mappings = r#"{ "ENV": "test", "GROUPS": [{ "id": "g1" }] }"#;
        let text = "name: acme-##ENV##\ngroups: @@GROUPS@@\n";
        assert_eq!(replace(text, Some(mappings)).unwrap(), "name: acme-test\ngroups: [{\"id\":\"g1\"}]\n");
        assert_eq!(replace(text, None).unwrap(), text);
        assert!(replace(text, Some("ENV=test")).unwrap_err().contains("AUTH0_KEYWORD_REPLACE_MAPPINGS"));
    }

    #[test]
    fn one_that_is_left_is_found() {
        assert_eq!(left_over("acme-##ENV##"), Some("ENV"));
        assert_eq!(left_over("@@GROUPS@@"), Some("GROUPS"));
        assert_eq!(left_over("a ## b ##ENV##"), Some("ENV"));
        assert_eq!(left_over("a # b ## c"), None);
        assert_eq!(left_over("a##b"), None);
    }
}
