//! The mock tenant's copy of the contract, and its list of causes. A package holds only its own files.

use std::{fmt::Write as _, fs};

use heck::ToPascalCase as _;
use serde_json::Value;

use super::write::files::Files;
use crate::project;

/// Values below this depth share a line: one line for each operation, and one for each component.
const LINES_DEPTH: usize = 3;

/// Writes the files, or compares them with what is checked in. Returns whether they are up to date.
pub(super) fn carry_out(check: bool) -> Result<bool, String> {
    let (root, files) = (project::mock(), files()?);
    let at = |error: std::io::Error| format!("{}: {error}", root.display());
    if !check {
        for file in files.write(&root).map_err(at)? {
            println!("{file} in {}", root.display());
        }
    } else if let Some(report) = files.differences(&root).map_err(at)? {
        eprint!("{report}");
        eprintln!("{} differs from the contract; run `cargo xtask generate`", root.display());
        return Ok(false);
    }
    Ok(true)
}

/// Returns the files, by path from the root of the mock tenant's crate.
///
/// # Errors
///
/// The contract cannot be read.
pub fn files() -> Result<Files, String> {
    let contract = project::contract();
    let text = fs::read_to_string(&contract).map_err(|error| format!("{}: {error}", contract.display()))?;
    let document: Value = serde_json::from_str(&text).map_err(|error| format!("{}: {error}", contract.display()))?;
    let mut files = Files::default();
    let mut copy = String::new();
    write_lines(&mut copy, &document, 0);
    copy.push('\n');
    files.add("assets/contract.json", copy);
    files.add("src/cause.rs", causes(&document));
    Ok(files)
}

/// Writes compact JSON, with line breaks so that a change of the contract changes few lines.
fn write_lines(text: &mut String, value: &Value, depth: usize) {
    match value {
        Value::Object(properties) if depth < LINES_DEPTH && !properties.is_empty() => {
            for (index, (name, value)) in properties.iter().enumerate() {
                text.push_str(if index == 0 { "{\n" } else { ",\n" });
                let _ = write!(text, "{}:", Value::from(name.as_str()));
                write_lines(text, value, depth + 1);
            }
            text.push_str("\n}");
        }
        other => {
            let _ = write!(text, "{other}");
        }
    }
}

/// Returns the source of the mock tenant's `Cause`: the names of all examples of error bodies, in order.
fn causes(document: &Value) -> String {
    let mut names = Vec::new();
    collect_example_names(document, &mut names);
    names.sort_unstable();
    names.dedup();
    let mut source = String::from(
        "//! The causes of error responses. Written by `cargo xtask generate` from the contract.\n\n\
         /// The cause of an error response: the name of an example of an error body in the contract.\n\
         #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]\n\
         pub(crate) enum Cause {\n",
    );
    for name in &names {
        let _ = writeln!(source, "    {},", name.to_pascal_case());
    }
    source.push_str("}\n\nimpl Cause {\n    const NAMES: &[(Self, &str)] = &[\n");
    for name in &names {
        let _ = writeln!(source, "        (Self::{}, \"{name}\"),", name.to_pascal_case());
    }
    source.push_str(
        "    ];\n\n    \
         /// Returns the cause with this name in the contract.\n    \
         pub(crate) fn named(name: &str) -> Option<Self> {\n        \
         Self::NAMES.iter().find(|(_, known)| *known == name).map(|&(cause, _)| cause)\n    \
         }\n\n    \
         /// Returns the name in the contract.\n    \
         pub(crate) fn name(self) -> &'static str {\n        \
         Self::NAMES[self as usize].1\n    \
         }\n\
         }\n",
    );
    source
}

/// Collects the names of `examples` of responses that have an error's status.
fn collect_example_names<'a>(document: &'a Value, names: &mut Vec<&'a str>) {
    let resolve = |value: &'a Value| match value["$ref"].as_str() {
        Some(reference) => document.pointer(reference.trim_start_matches('#')).unwrap_or(value),
        None => value,
    };
    let items = document["paths"].as_object().into_iter().flatten().filter_map(|(_, item)| item.as_object());
    let responses = items.flatten().filter_map(|(_, operation)| operation["responses"].as_object()).flatten();
    for (status, response) in responses {
        if status.starts_with(['4', '5']) {
            let examples = &resolve(response)["content"]["application/json"]["examples"];
            names.extend(examples.as_object().into_iter().flatten().map(|(name, _)| name.as_str()));
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn copy_has_one_line_for_each_operation() {
        let document = json!({ "paths": { "/a": { "get": { "tags": ["x"] }, "post": {} } } });
        let mut copy = String::new();
        write_lines(&mut copy, &document, 0);
        assert_eq!(copy, "{\n\"paths\":{\n\"/a\":{\n\"get\":{\"tags\":[\"x\"]},\n\"post\":{}\n}\n}\n}");
        assert_eq!(serde_json::from_str::<Value>(&copy).unwrap(), document);
    }

    #[test]
    fn causes_are_the_names_of_error_examples() {
        let examples = |name: &str| json!({ "content": { "application/json": { "examples": { name: {} } } } });
        let responses = json!({ "200": examples("fine"), "404": examples("not_found"), "409": { "$ref": "#/taken" } });
        let document =
            json!({ "paths": { "/a": { "get": { "responses": responses } } }, "taken": examples("is_taken") });
        let source = causes(&document);
        assert!(source.contains("    IsTaken,\n    NotFound,\n"), "{source}");
        assert!(source.contains("(Self::IsTaken, \"is_taken\"),"), "{source}");
    }
}
