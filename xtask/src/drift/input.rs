//! A document that is compared, and the operations by which it is matched with the other one.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use crate::openapi::{
    Document, Place, Problem,
    operation::{self, Site},
};

/// A document, and the file that it comes from.
#[derive(Debug)]
pub(super) struct Input {
    file: PathBuf,
    document: Document,
}

/// What makes two operations the same one: the method, and the path with its parameters' names left out.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct OperationKey {
    pub(super) path: String,
    pub(super) method: &'static str,
}

impl Input {
    pub(super) fn read(file: &Path) -> Result<Self, Problem> {
        Ok(Self::new(file, Document::read(file)?))
    }

    /// A document from elsewhere than the disk.
    pub(super) fn parse(name: &str, text: &str) -> Result<Self, Problem> {
        let document = Document::parse(text).map_err(|problem| problem.in_file(name))?;
        Ok(Self::new(Path::new(name), document))
    }

    /// A base with a discriminator is compared as the union that the client makes of it.
    fn new(file: &Path, mut document: Document) -> Self {
        super::bases::unite(&mut document);
        Self { file: file.to_owned(), document }
    }

    /// The name of the file, without the folders that it is in.
    pub(super) fn name(&self) -> String {
        self.file.file_name().unwrap_or(self.file.as_os_str()).to_string_lossy().into_owned()
    }

    pub(super) fn root(&self) -> Place<'_> {
        Place::root(&self.document)
    }

    /// Names the file that a problem is in.
    pub(super) fn in_file<T>(&self, result: Result<T, Problem>) -> Result<T, Problem> {
        result.map_err(|problem| problem.in_file(&self.file))
    }

    pub(super) fn operations(&self) -> Result<BTreeMap<OperationKey, Site<'_>>, Problem> {
        let mut operations = BTreeMap::new();
        for site in self.in_file(operation::operations(&self.document))? {
            let mut key = OperationKey { path: site.template(), method: site.method };
            if operations.contains_key(&key) {
                // The specification forbids two paths that differ in parameter names alone. By its own name the
                // second one still finds its like in another document that has both.
                site.path.clone_into(&mut key.path);
            }
            operations.insert(key, site);
        }
        Ok(operations)
    }
}
