//! The files of a crate import each other in one direction: no file imports itself through others. A name that the `mod.rs` of a
//! folder exports counts as an import of the file that defines it. An import from a parent folder does not count.

#![allow(clippy::unwrap_used)] // a test fails by panicking

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use syn::{ItemMod, ItemUse, UseTree, Visibility, visit::Visit};

use crate::project;

/// The crates without a circle, by the folder of their sources.
const CRATES: [&str; 7] = [
    "crates/auth0-provisioning/src",
    "crates/auth0-provisioning-cli/src",
    "crates/auth0-provisioning-hardening/src",
    "crates/auth0-provisioning-mock/src",
    "crates/auth0-transport/src",
    "crates/auth0-transport-redis/src",
    "xtask/src",
];

/// The imports of each file, both by module path, such as `generate::shapes`.
type Imports = BTreeMap<String, BTreeSet<String>>;

/// The paths that a file names in `use`, and in full as `crate::…`, outside of its tests.
#[derive(Default)]
struct Named(Vec<Vec<String>>);

impl<'ast> Visit<'ast> for Named {
    fn visit_item_mod(&mut self, module: &'ast ItemMod) {
        if module.ident != "tests" && module.ident != "testing" {
            syn::visit::visit_item_mod(self, module);
        }
    }

    // `pub(super)` names no import.
    fn visit_visibility(&mut self, _: &'ast Visibility) {}

    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        self.add(&item.tree, Vec::new());
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let segments: Vec<_> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        if segments[0] == "crate" || segments[0] == "super" {
            self.0.push(segments);
        }
        syn::visit::visit_path(self, path);
    }
}

impl Named {
    fn add(&mut self, tree: &UseTree, mut before: Vec<String>) {
        match tree {
            UseTree::Path(path) => {
                before.push(path.ident.to_string());
                self.add(&path.tree, before);
            }
            UseTree::Name(name) => {
                if name.ident != "self" {
                    before.push(name.ident.to_string());
                }
                self.0.push(before);
            }
            UseTree::Group(group) => group.items.iter().for_each(|tree| self.add(tree, before.clone())),
            UseTree::Rename(_) | UseTree::Glob(_) => self.0.push(before),
        }
    }
}

/// The modules of a folder, with the text of their files.
fn modules(folder: &Path, before: &str, found: &mut BTreeMap<String, String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let stem = path.file_stem().unwrap().to_str().unwrap();
        let name = if before.is_empty() { stem.to_owned() } else { format!("{before}::{stem}") };
        if path.is_dir() {
            modules(&path, &name, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let name = if stem == "mod" { before.to_owned() } else { name };
            found.insert(name, fs::read_to_string(&path).unwrap());
        }
    }
}

/// A path that a file names, from the root of the crate on.
fn absolute(file: &str, path: &[String]) -> Vec<String> {
    let mut absolute: Vec<String> = file.split("::").map(str::to_owned).collect();
    for segment in path {
        match segment.as_str() {
            "crate" => absolute.clear(),
            "super" => drop(absolute.pop()),
            "self" => {}
            _ => absolute.push(segment.clone()),
        }
    }
    absolute
}

/// The file that a path leads to: the longest part that is a file, or the file from which that file imports the name.
fn file_of(path: &[String], named: &BTreeMap<String, Vec<Vec<String>>>) -> Option<String> {
    let (length, file) = (1..=path.len())
        .rev()
        .map(|length| (length, path[..length].join("::")))
        .find(|(_, file)| named.contains_key(file))?;
    let exported = named[&file].iter().find(|export| export.last() == path.get(length) && export.as_slice() != path);
    let origin = exported.and_then(|export| file_of(export, named));
    Some(origin.unwrap_or(file))
}

fn imports(folder: &Path) -> Imports {
    let mut texts = BTreeMap::new();
    modules(folder, "", &mut texts);
    texts.retain(|name, _| name != "lib" && name != "main" && !name.contains("templates"));
    let named = |(file, text): (&String, &String)| {
        let mut named = Named::default();
        named.visit_file(&syn::parse_file(text).unwrap());
        (file.clone(), named.0.iter().map(|path| absolute(file, path)).collect())
    };
    let named: BTreeMap<String, Vec<Vec<String>>> = texts.iter().map(named).collect();
    let imports = named.iter().map(|(file, paths)| {
        let imported = paths.iter().filter_map(|path| file_of(path, &named));
        let is_import = |other: &String| other != file && !file.starts_with(&format!("{other}::"));
        (file.clone(), imported.filter(is_import).collect())
    });
    imports.collect()
}

/// Returns the files on a path of imports from `file` back to itself.
fn circle(imports: &Imports, file: &str) -> Option<Vec<String>> {
    let mut ways = vec![vec![file.to_owned()]];
    let mut seen = BTreeSet::new();
    while let Some(way) = ways.pop() {
        for next in &imports[way.last().unwrap()] {
            if next == file {
                return Some(way);
            }
            if seen.insert(next.clone()) {
                ways.push(way.iter().chain([next]).cloned().collect());
            }
        }
    }
    None
}

#[test]
fn no_file_imports_itself_through_others() {
    for folder in CRATES {
        let imports = imports(&project::workspace().join(folder));
        assert!(imports.len() > 8 && imports.values().any(|imported| !imported.is_empty()), "{folder}");
        let circles: Vec<_> = imports.keys().filter_map(|file| circle(&imports, file)).collect();
        assert_eq!(circles, Vec::<Vec<String>>::new(), "{folder}");
    }
}

#[test]
fn circle_is_found() {
    let file = |name: &str, others: &[&str]| (name.to_owned(), others.iter().copied().map(String::from).collect());
    let imports = Imports::from([file("a", &["b"]), file("b", &["c"]), file("c", &["a"]), file("d", &["a"])]);
    assert_eq!(circle(&imports, "a").unwrap(), ["a", "b", "c"]);
    assert_eq!(circle(&imports, "d"), None);
}
