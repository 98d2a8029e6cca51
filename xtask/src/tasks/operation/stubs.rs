//! Stubs of an operation where a person has to write: each fails the build until it is written.

use std::{
    fmt::Write,
    fs,
    path::{Path, PathBuf},
};

use heck::{ToSnakeCase, ToUpperCamelCase};

use super::{Entry, TODO};
use crate::openapi::Problem;

/// Writes the stubs, and returns the list of what is left.
pub(super) fn write(root: &Path, entry: &Entry) -> Result<String, Problem> {
    let Entry { id, route, tag, scopes, nearest, components } = entry;
    let (method, nearest_method) = (id.to_snake_case(), nearest.to_snake_case());
    let variant = id.to_upper_camel_case();
    let what = format!("{route}: `{id}`");
    let crates = root.join("crates");
    let mut left =
        vec![format!("openapi/auth0-provisioning.json: replace each {TODO}, and name what came along: {components:?}")];

    let mock = crates.join("auth0-provisioning-mock/src/operations/mod.rs");
    left.push(add_line(&mock, nearest, &format!("    {variant} = \"{id}\" => {TODO}::{method};\n"))?);
    let program = crates.join("auth0-provisioning-cli/src/operations.rs");
    let row = format!("    (\"{id}\", compile_error!(\"{what} has no command: name it, or the reason for none\")),\n");
    left.push(add_line(&program, nearest, &row)?);
    for (crate_folder, needle, todo) in [
        (
            "auth0-provisioning/src",
            format!(".{nearest_method}("),
            format!("{what} has no method, with scope {scopes:?}, errors and an example"),
        ),
        (
            "auth0-provisioning-api/tests/it/requests",
            format!(".{nearest_method}("),
            format!("{what} has no test of its request"),
        ),
    ] {
        let file = holder(&crates.join(crate_folder), &needle)?
            .ok_or_else(|| Problem::new(format!("no file calls {needle}…)")).in_file(crates.join(crate_folder)))?;
        left.push(append(&file, &format!("\ncompile_error!(\"{}\");\n", todo.replace('"', "'")))?);
    }
    let interop = root.join("xtask/src/tasks/interop");
    left.push(append(
        &interop.join("drive-node.mjs"),
        &format!("throw new Error(\"call {what}, then did(\\\"{id}\\\")\");\n"),
    )?);
    left.push(append(
        &interop.join("drive_python.py"),
        &format!("raise NotImplementedError(\"call {what}, then did('{id}')\")\n"),
    )?);
    left.push("`cargo xtask generate`, `cargo xtask contract --record OFFICIAL`, `INSTA_UPDATE=always cargo test --workspace`, then review".to_owned());
    left.push(format!("CHANGELOG.md, and README.md if the area {tag} changes"));

    let mut list = format!("{what} is taken. What is left:\n");
    for place in left {
        // Writing to a string cannot fail.
        let _ = writeln!(list, "- [ ] {}", place.strip_prefix(&format!("{}/", root.display())).unwrap_or(&place));
    }
    Ok(list)
}

/// Adds a line after the line of the nearest operation.
fn add_line(file: &Path, nearest: &str, line: &str) -> Result<String, Problem> {
    let mut text = read(file)?;
    let near = text.find(&format!("\"{nearest}\""));
    let end = near.and_then(|near| Some(near + text[near..].find('\n')? + 1));
    let end = end.ok_or_else(|| Problem::new(format!("there is no line of {nearest}")).in_file(file))?;
    text.insert_str(end, line);
    store(file, &text)
}

fn append(file: &Path, stub: &str) -> Result<String, Problem> {
    store(file, &(read(file)? + stub))
}

/// The first file below a folder that contains a text.
fn holder(folder: &Path, needle: &str) -> Result<Option<PathBuf>, Problem> {
    let entries = fs::read_dir(folder).map_err(|error| Problem::new(error.to_string()).in_file(folder))?;
    let mut paths: Vec<_> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            if let Some(found) = holder(&path, needle)? {
                return Ok(Some(found));
            }
        } else if path.extension().is_some_and(|extension| extension == "rs") && read(&path)?.contains(needle) {
            return Ok(Some(path));
        }
    }
    Ok(None)
}

fn read(file: &Path) -> Result<String, Problem> {
    fs::read_to_string(file).map_err(|error| Problem::new(error.to_string()).in_file(file))
}

fn store(file: &Path, text: &str) -> Result<String, Problem> {
    fs::write(file, text).map_err(|error| Problem::new(error.to_string()).in_file(file))?;
    Ok(file.display().to_string())
}
