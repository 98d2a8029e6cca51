//! Why a document could not be used: the file, the place in it, and what to do.

use std::{fmt, path::PathBuf};

use super::Pointer;

/// Why a document cannot be used, with its place and a remedy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    file: Option<PathBuf>,
    pointer: Option<Pointer>,
    what: String,
}

impl Problem {
    /// A problem of the document as a whole.
    pub fn new(what: impl Into<String>) -> Self {
        Self { file: None, pointer: None, what: what.into() }
    }

    /// A problem at one place of the document.
    pub fn at(pointer: &Pointer, what: impl Into<String>) -> Self {
        Self { pointer: Some(pointer.clone()), ..Self::new(what) }
    }

    /// The place, where it has one.
    pub(crate) fn place(&self) -> Option<&Pointer> {
        self.pointer.as_ref()
    }

    /// The reason without file and place.
    pub(crate) fn reason(&self) -> &str {
        &self.what
    }

    /// Names the file, unless it is named already.
    #[must_use]
    pub fn in_file(mut self, file: impl Into<PathBuf>) -> Self {
        self.file.get_or_insert_with(|| file.into());
        self
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(file) = &self.file {
            write!(formatter, "{}", file.display())?;
        }
        if let Some(pointer) = &self.pointer {
            write!(formatter, "#{pointer}")?;
        }
        if self.file.is_some() || self.pointer.is_some() {
            formatter.write_str(": ")?;
        }
        formatter.write_str(&self.what)
    }
}

impl std::error::Error for Problem {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_file_place_and_reason() {
        let problem = Problem::at(&Pointer::root().child("paths").child("/a"), "no such thing");
        assert_eq!(problem.in_file("contract.json").to_string(), "contract.json#/paths/~1a: no such thing");
    }
}
