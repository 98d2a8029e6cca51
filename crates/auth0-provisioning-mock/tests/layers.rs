//! The files of the crate import each other in one direction: no file reaches itself again through what it imports.

#![allow(clippy::unwrap_used)] // a test fails by panicking

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use syn::visit::Visit;
use syn::{ItemMod, ItemUse, UseTree, Visibility};

/// What each file imports, both by module path, such as `fault::queue`.
type Imports = BTreeMap<String, BTreeSet<String>>;

/// The paths that a file names in `use`, and in full as `crate::…`, outside of its tests.
#[derive(Default)]
struct Named(Vec<Vec<String>>);

impl<'ast> Visit<'ast> for Named {
    fn visit_item_mod(&mut self, module: &'ast ItemMod) {
        if module.ident != "tests" {
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

fn imports() -> Imports {
    let mut texts = BTreeMap::new();
    modules(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), "", &mut texts);
    texts.retain(|name, _| name != "lib" && name != "main");
    let mut imports = Imports::new();
    for (name, text) in &texts {
        let mut named = Named::default();
        named.visit_file(&syn::parse_file(text).unwrap());
        let own: Vec<&str> = name.split("::").collect();
        let imported = named.0.iter().filter_map(|path| {
            let absolute: Vec<&str> = match path.first()?.as_str() {
                "crate" => path[1..].iter().map(String::as_str).collect(),
                "super" => own[..own.len() - 1].iter().copied().chain(path[1..].iter().map(String::as_str)).collect(),
                _ => own.iter().copied().chain(path.iter().map(String::as_str)).collect(),
            };
            // The longest part of the path that is a file: the rest is an item in it.
            (1..=absolute.len()).rev().map(|length| absolute[..length].join("::")).find(|path| texts.contains_key(path))
        });
        imports.insert(name.clone(), imported.filter(|other| other != name).collect());
    }
    imports
}

/// The files on a way from `file` back to itself, if there is one.
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
    let imports = imports();
    assert!(imports.len() > 40 && imports["gate"].contains("shared"), "{imports:?}");
    let circles: Vec<_> = imports.keys().filter_map(|file| circle(&imports, file)).collect();
    assert_eq!(circles, Vec::<Vec<String>>::new());
}

#[test]
fn a_circle_is_found() {
    let file = |name: &str, others: &[&str]| (name.to_owned(), others.iter().copied().map(String::from).collect());
    let imports = Imports::from([file("a", &["b"]), file("b", &["c"]), file("c", &["a"]), file("d", &["a"])]);
    assert_eq!(circle(&imports, "a").unwrap(), ["a", "b", "c"]);
    assert_eq!(circle(&imports, "d"), None);
}
