//! The state of a tenant as resources of Auth0's Terraform provider.

use std::{collections::BTreeSet, fmt::Write as _};

use super::present::Present;

/// Returns HCL with a resource and an import block for each configuration and each selection.
pub(crate) fn to_terraform(present: &Present) -> String {
    let (mut text, mut taken) = (String::new(), BTreeSet::new());
    for (name, found) in &present.directories {
        let label = label(name, &mut taken);
        let id = quoted(&found.connection_id);
        if !text.is_empty() {
            text.push('\n');
        }
        text += &import("auth0_connection_directory", &label, &id);
        // Writing to a string cannot fail.
        let _ = writeln!(text, "resource \"auth0_connection_directory\" \"{label}\" {{");
        let _ = writeln!(text, "  connection_id             = {id}");
        let _ = writeln!(text, "  synchronize_automatically = {}", found.synchronize_automatically);
        if let Some(mode) = &found.synchronize_groups {
            let _ = writeln!(text, "  synchronize_groups        = {}", quoted(&mode.to_string()));
        }
        for row in &found.mapping {
            let (auth0, idp) = (quoted(&row.auth0), quoted(&row.idp));
            let _ = writeln!(text, "\n  mapping {{\n    auth0 = {auth0}\n    idp   = {idp}\n  }}");
        }
        text.push_str("}\n");
        let Some(groups) = present.groups.get(name) else { continue };
        text.push('\n');
        text += &import("auth0_connection_directory_synchronized_groups", &label, &id);
        let _ = writeln!(text, "resource \"auth0_connection_directory_synchronized_groups\" \"{label}\" {{");
        let _ = writeln!(text, "  connection_id = auth0_connection_directory.{label}.connection_id");
        text.push_str("  group_ids = [\n");
        for group in groups {
            let name = group
                .name
                .as_ref()
                .map(|name| format!(" # {}", name.replace(char::is_control, " ")))
                .unwrap_or_default();
            let _ = writeln!(text, "    {},{name}", quoted(group.id.as_str()));
        }
        text.push_str("  ]\n}\n");
    }
    text
}

fn import(resource: &str, label: &str, id: &str) -> String {
    format!("import {{\n  to = {resource}.{label}\n  id = {id}\n}}\n\n")
}

/// Returns a label that Terraform accepts, and that no other connection has.
fn label(name: &str, taken: &mut BTreeSet<String>) -> String {
    let usable = |it: char| if it.is_ascii_alphanumeric() || it == '_' { it.to_ascii_lowercase() } else { '_' };
    let mut label: String = name.chars().map(usable).collect();
    if !label.starts_with(|it: char| it.is_ascii_alphabetic() || it == '_') {
        label.insert(0, '_');
    }
    let mut unique = label.clone();
    let mut number = 1;
    while !taken.insert(unique.clone()) {
        number += 1;
        unique = format!("{label}_{number}");
    }
    unique
}

/// Returns an HCL string without templates.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for character in text.chars() {
        match character {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted.replace("${", "$${").replace("%{", "%%{")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_unique() {
        let mut taken = BTreeSet::new();
        assert_eq!(label("acme-Workspace", &mut taken), "acme_workspace");
        assert_eq!(label("acme.workspace", &mut taken), "acme_workspace_2");
        assert_eq!(label("1st", &mut taken), "_1st");
    }

    #[test]
    fn quoting_escapes_templates() {
        assert_eq!(quoted("a \"b\" ${c} %{d} \\"), r#""a \"b\" $${c} %%{d} \\""#);
    }
}
