//! A crate of its own around generated files: manifest and shell.

use std::{
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

use super::{
    files::Files,
    package::{file_name, round_trip_program},
};
use crate::{
    generate::{
        docs::{code, one_line},
        methods::MANAGEMENT_API,
        modules::{Client, Module},
        noted::{Noted, Skipped},
    },
    project,
};

/// Dependencies of generated code, each with a text that a file needs it for. Macros of the transport expand to `serde` and
/// `serde_json`, and the example program reads points in time, so every client needs these.
const DEPENDENCIES: [(&str, &str, &str); 4] = [
    ("chrono", "auth0_transport", "{ version = \"0.4\", default-features = false, features = [\"serde\", \"std\"] }"),
    ("regress", "pattern \"", "\"0.12\""),
    ("serde", "auth0_transport", "{ version = \"1\", features = [\"derive\"] }"),
    ("serde_json", "auth0_transport", "\"1\""),
];

/// A crate in the making.
#[derive(Debug)]
pub struct Standalone {
    name: String,
    source: String,
    transport: PathBuf,
}

impl Standalone {
    /// A crate in the folder `out`, named after it unless `name` is given. Nothing is written yet.
    ///
    /// # Errors
    ///
    /// The name is none for a crate, or the folder holds something that was not generated.
    pub fn new(out: &Path, name: Option<&str>, spec: &Path) -> Result<Self, String> {
        let out = std::path::absolute(out).map_err(|error| format!("{}: {error}", out.display()))?;
        check_free(&out)?;
        let name = name.map_or_else(|| default_name(&file_name(&out)), ToOwned::to_owned);
        let fits = |character: char| character.is_ascii_alphanumeric() || "-_".contains(character);
        let is_free = syn::parse_str::<syn::Ident>(&name.replace('-', "_")).is_ok();
        if !is_free || !name.starts_with(|first: char| first.is_ascii_alphabetic()) || !name.chars().all(fits) {
            return Err(format!("{name:?} is no name for a crate; give one of letters, digits, `-` and `_` by --name"));
        }
        Ok(Self {
            name,
            source: file_name(spec),
            transport: relative(&project::workspace().join("crates").join("auth0-transport"), &out),
        })
    }

    /// Adds the manifest and the shell.
    pub fn add_to(&self, files: &mut Files, client: &Client, noted: &Noted) {
        files.add("Cargo.toml", self.manifest(files, &client.modules));
        files.add("src/lib.rs", self.shell(client, noted));
        files.add("examples/round_trip.rs", round_trip_program(client, &self.name, true));
    }

    fn manifest(&self, files: &Files, modules: &[Module]) -> String {
        let mut text = format!(
            "{MARK}\n[package]\nname = \"{}\"\nversion = \"0.1.0\"\nedition = \"2024\"\nrust-version = \"{}\"\npublish = false\n\n\
             [dependencies]\nauth0-transport = {{ path = {} }}\n",
            self.name,
            env!("CARGO_PKG_RUST_VERSION"),
            // The escapes of TOML are those of JSON.
            serde_json::Value::from(self.transport.display().to_string()),
        );
        for (name, _, version) in DEPENDENCIES.iter().filter(|(_, path, _)| files.mention(path)) {
            text.extend([name, " = ", version, "\n"]);
        }
        text.push_str("schemars = { version = \"1\", optional = true, features = [\"chrono04\"] }\n\n[features]\n");
        if !modules.is_empty() {
            let all: Vec<_> = modules.iter().map(|module| format!("\"{}\"", module.feature)).collect();
            let _ = writeln!(text, "default = [\"full\"]\nfull = [{}]", all.join(", "));
            for module in modules {
                let _ = writeln!(text, "{} = []", module.feature);
            }
        }
        text.push_str("schemars = [\"dep:schemars\", \"auth0-transport/schemars\"]\n\n# A crate of its own, whatever workspace its folder lies in.\n[workspace]\n");
        text
    }

    fn shell(&self, client: &Client, noted: &Noted) -> String {
        let modules = &client.modules;
        let mut text = format!("//! A client generated from `{}`: see [`Client`].\n//!\n", self.source);
        text.push_str(&self.example(client.example.as_deref()));
        if client.base_paths.iter().any(|base| base != MANAGEMENT_API) {
            let bases: Vec<_> = client.base_paths.iter().map(|base| format!("`{base}/…`")).collect();
            let _ = writeln!(text, "//!\n//! Requests go to {} at the origin of the transport.", bases.join(" and "));
        }
        if !modules.is_empty() {
            text.push_str(
                "//!\n//! # Features\n//!\n//! `full`, which is on by default, stands for all of them.\n//!\n",
            );
            text.push_str("//! | feature | operations |\n//! | --- | --- |\n");
            for module in modules {
                let _ = writeln!(
                    text,
                    "//! | `{}` | {} of the tag {} |",
                    module.feature,
                    module.operations,
                    code(&module.tag).replace('|', "\\|")
                );
            }
        }
        if !noted.skipped.is_empty() || !noted.warnings.is_empty() {
            text.push_str("//!\n//! # Left out\n//!\n");
            for Skipped { operation, reason } in &noted.skipped {
                let _ = writeln!(text, "//! - {}: {}", code(operation), one_line(reason));
            }
            for warning in &noted.warnings {
                let _ = writeln!(text, "//! - {}", one_line(warning));
            }
        }
        text.push_str("\n// Descriptions are the document's, and so is their markup.\n#![allow(rustdoc::all)]\n\n");
        text.push_str("#[doc(inline)]\npub use auth0_transport::codegen::values;\n\n");
        if modules.is_empty() {
            text.push_str(&["client", "operations", "types"].map(|name| declaration(name, None)).concat());
        } else {
            text.push_str(&declaration("types", None));
            for module in modules {
                text.push_str(&declaration(&module.name, Some(&module.feature)));
            }
        }
        text.push_str(SHELL);
        text
    }

    fn example(&self, call: Option<&str>) -> String {
        let crate_name = self.name.replace('-', "_");
        let call = match call {
            Some(call) => format!("//! let response = client.{call}.await?;\n//! println!(\"{{response:?}}\");\n"),
            None => "//! drop(client);\n".to_owned(),
        };
        format!(
            "//! ```no_run\n\
             //! # async fn run() -> Result<(), Box<dyn std::error::Error>> {{\n\
             //! use auth0_transport::Transport;\n//! use {crate_name}::Client;\n//!\n\
             //! let transport = Transport::builder(\"tenant.eu.auth0.com\".parse()?).bearer_token(\"token\").build()?;\n\
             //! let client = Client::new(transport);\n{call}\
             //! # Ok(())\n//! # }}\n//! ```\n"
        )
    }
}

/// The way to `path` from a folder that need not be there yet, so that both can be moved together; the path itself where
/// there is none, as between two drives. With slashes, which every system understands.
fn relative(path: &Path, folder: &Path) -> PathBuf {
    // `..` leads out of where a link points to, and not out of the link.
    let there = |path: &Path| {
        path.ancestors().find_map(|part| Some((part.canonicalize().ok()?, path.strip_prefix(part).ok()?.to_owned())))
    };
    let resolved = |path: &Path| there(path).map_or_else(|| path.to_owned(), |(part, rest)| part.join(rest));
    let way = pathdiff::diff_paths(resolved(path), resolved(folder)).unwrap_or_else(|| path.to_owned());
    way.display().to_string().replace(std::path::MAIN_SEPARATOR, "/").into()
}

/// A folder is free if it is not there, empty, or holds a crate that was generated before.
fn check_free(out: &Path) -> Result<(), String> {
    let is_empty = fs::read_dir(out).map_or(true, |mut entries| entries.next().is_none());
    let is_ours = fs::read_to_string(out.join("Cargo.toml")).is_ok_and(|manifest| manifest.starts_with(MARK));
    if is_empty || is_ours {
        return Ok(());
    }
    Err(format!("{} holds files that were not generated; give a folder that is empty or not there", out.display()))
}

/// A name for a crate, made of one that need not be valid.
fn default_name(wanted: &str) -> String {
    let fits = |one: char| if one.is_ascii_alphanumeric() || "-_".contains(one) { one } else { '-' };
    let name: String = wanted.chars().map(fits).collect();
    let name = name.trim_matches('-');
    let taken = ["auth0-transport", "core", "std", "test"];
    let is_taken = taken.into_iter().chain(DEPENDENCIES.map(|(name, _, _)| name)).any(|taken| taken == name);
    if name.is_empty() {
        "client".to_owned()
    } else if !name.starts_with(|first: char| first.is_ascii_alphabetic()) {
        format!("client-{}", name.trim_start_matches(['-', '_']))
    } else if is_taken || syn::parse_str::<syn::Ident>(&name.replace('-', "_")).is_err() {
        format!("{name}-client")
    } else {
        name.to_owned()
    }
}

/// How a generated manifest begins.
const MARK: &str = "# Written by `cargo xtask generate`.";

const SHELL: &str = r"
use auth0_transport::Transport;

/// The operations of the document, one method each. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Client {
    // Unused where no feature is on.
    #[allow(dead_code)]
    transport: Transport,
}

impl Client {
    /// A client that sends its requests through a transport.
    #[must_use]
    pub fn new(transport: Transport) -> Self {
        Self { transport }
    }
}
";

/// A feature may leave imports and shared types unused, which says nothing of the whole.
fn declaration(name: &str, feature: Option<&str>) -> String {
    let gate = feature.map(|feature| format!("#[cfg(feature = \"{feature}\")]\n")).unwrap_or_default();
    let visibility = if name == "client" { "" } else { "pub " };
    format!(
        "{gate}#[allow(clippy::all, clippy::pedantic, unused_imports)]\n#[rustfmt::skip]\n\
         #[path = \"generated/{name}.rs\"]\n{visibility}mod {name};\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(out: &Path, name: Option<&str>) -> Option<String> {
        Standalone::new(out, name, Path::new("a.json")).err()
    }

    #[test]
    fn a_folder_with_other_files_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(problem(folder.path(), Some("name")), None);
        assert_eq!(problem(&folder.path().join("not-there"), None), None);
        fs::write(folder.path().join("Cargo.toml"), format!("{MARK}\n")).unwrap();
        assert_eq!(problem(folder.path(), Some("name")), None);
        fs::write(folder.path().join("Cargo.toml"), "[package]\n").unwrap();
        assert!(problem(folder.path(), Some("name")).unwrap().contains("were not generated"));
    }

    #[test]
    fn manifest_has_what_every_client_needs() {
        let folder = tempfile::tempdir().unwrap();
        let standalone = Standalone::new(folder.path(), Some("name"), Path::new("a.json")).unwrap();
        let mut files = Files::default();
        files.add("src/generated/types.rs", "auth0_transport::codegen::object! { A { optional a \"a\", } }");
        let manifest = standalone.manifest(&files, &[]);
        assert!(manifest.contains("\nserde = ") && manifest.contains("\nserde_json = "), "{manifest}");
        assert!(manifest.contains("\nchrono = ") && !manifest.contains("regress"), "{manifest}");
    }

    #[test]
    fn a_name_that_no_crate_can_have_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["", "1st", "a b", "type", "größe"] {
            assert!(problem(folder.path(), Some(name)).unwrap().contains("is no name for a crate"), "{name}");
        }
    }

    #[test]
    fn folder_without_a_name_for_a_crate_gives_one() {
        let names = ["01", "01-integer-tag", "my client", "größe", "type", "serde", "_x", "…", "good_name"];
        let defaults = names.map(default_name);
        let expected = [
            "client-01",
            "client-01-integer-tag",
            "my-client",
            "gr--e",
            "type-client",
            "serde-client",
            "client-x",
            "client",
            "good_name",
        ];
        assert_eq!(defaults, expected);
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(problem(&folder.path().join("01"), None), None);
    }

    #[test]
    fn the_transport_is_found_from_the_folder_wherever_both_are_moved() {
        let folder = tempfile::tempdir().unwrap();
        let crates = folder.path().join("project/crates/auth0-transport");
        fs::create_dir_all(&crates).unwrap();
        assert_eq!(
            relative(&crates, &folder.path().join("clients/new")),
            Path::new("../../project/crates/auth0-transport")
        );
    }

    #[cfg(unix)]
    #[test]
    fn also_out_of_a_folder_that_is_a_link() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("deep/down")).unwrap();
        std::os::unix::fs::symlink(folder.path().join("deep/down"), folder.path().join("link")).unwrap();
        let way = relative(&folder.path().join("deep"), &folder.path().join("link/new"));
        assert_eq!(way, Path::new("../.."));
    }
}
