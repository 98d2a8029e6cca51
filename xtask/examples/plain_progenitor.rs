//! Writes what progenitor alone makes of a document after our normalization: `plain_progenitor FILE OUT.rs`. It is the
//! other side of a comparison of compile times.

use std::{env, error::Error, fs, path::Path};

use xtask::{
    generate::{noted::Noted, progenitor, select::Selection, shapes},
    openapi::Document,
};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [spec, out] = arguments.as_slice() else { return Err("give a document and a file to write".into()) };
    let mut noted = Noted::default();
    let mut document = Document::read(Path::new(spec))?;
    shapes::apply(shapes::OUTLINE, &mut document, &mut noted);
    let mut document = Selection::All.apply(&document)?;
    for steps in [shapes::SHAPES, shapes::TYPES] {
        shapes::apply(steps, &mut document, &mut noted);
    }
    let tree = progenitor::generate(&mut document, &mut noted, &|tree, _| Ok(tree))?;
    fs::write(out, prettyplease::unparse(&tree))?;
    println!("{} operations left out", noted.skipped.len());
    Ok(())
}
