//! Writes what progenitor alone makes of a document after our normalization: `plain_progenitor FILE OUT.rs`. It is the
//! other side of a comparison of compile times.

use std::{env, error::Error, fs, path::Path};

use xtask::{
    generate::{client, normalize, selection::Selection},
    openapi::Document,
};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [spec, out] = arguments.as_slice() else { return Err("give a document and a file to write".into()) };
    let mut document = Document::read(Path::new(spec))?;
    normalize::apply(normalize::OUTLINE, &mut document)?;
    let mut document = Selection::All.apply(&document)?;
    normalize::apply(normalize::SHAPES, &mut document)?;
    let (tree, skipped) = client::generate(&mut document)?;
    fs::write(out, prettyplease::unparse(&tree))?;
    println!("{} operations left out", skipped.len());
    Ok(())
}
