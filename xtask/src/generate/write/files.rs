//! What ends on the disk: files written only where they change, or compared with what is there.

use std::{
    collections::BTreeMap,
    fmt::{self, Write as _},
    fs, io,
    path::{Path, PathBuf},
};

use similar::TextDiff;

/// How many lines of a file's difference are shown.
const SHOWN_LINES: usize = 40;
/// How many files' differences are shown.
const SHOWN_FILES: usize = 5;

/// What happened to a file.
#[derive(Debug, PartialEq, Eq)]
pub enum Touched {
    /// It is new, or changed.
    Written(PathBuf),
    /// It is not generated any more.
    Removed(PathBuf),
}

impl fmt::Display for Touched {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Written(path) => write!(formatter, "wrote {}", path.display()),
            Self::Removed(path) => write!(formatter, "removed {}", path.display()),
        }
    }
}

/// The files of a client, by path from its root. `owned` is the folder that holds nothing else.
#[derive(Debug, Default)]
pub struct Files {
    texts: BTreeMap<PathBuf, String>,
    owned: Option<PathBuf>,
}

impl Files {
    /// Adds a file.
    pub fn add(&mut self, path: impl Into<PathBuf>, text: impl Into<String>) {
        self.texts.insert(path.into(), text.into());
    }

    /// Adds the files of another client, in a folder of their own.
    pub fn add_moved(&mut self, others: &Self, folder: impl AsRef<Path>) {
        for (path, text) in &others.texts {
            self.add(folder.as_ref().join(path.file_name().unwrap_or(path.as_os_str())), text.clone());
        }
    }

    /// Declares that a folder holds the generated files only: any other Rust file in it is left over.
    pub fn own(&mut self, folder: impl Into<PathBuf>) {
        self.owned = Some(folder.into());
    }

    /// Whether any file holds this text.
    #[must_use]
    pub fn mention(&self, text: &str) -> bool {
        self.texts.values().any(|file| file.contains(text))
    }

    /// Writes what differs, removes what is left over, and returns which files that were.
    ///
    /// # Errors
    ///
    /// A file cannot be read or written.
    pub fn write(&self, root: &Path) -> io::Result<Vec<Touched>> {
        let mut touched = Vec::new();
        for (path, text) in &self.texts {
            let target = root.join(path);
            if read(&target)?.as_ref() != Some(text) {
                if let Some(folder) = target.parent() {
                    fs::create_dir_all(folder)?;
                }
                fs::write(&target, text)?;
                touched.push(Touched::Written(path.clone()));
            }
        }
        for path in self.left_over(root)? {
            fs::remove_file(root.join(&path))?;
            touched.push(Touched::Removed(path));
        }
        Ok(touched)
    }

    /// Compares with what is there. Nothing where all is equal, otherwise the differences, cut to a readable length.
    ///
    /// # Errors
    ///
    /// A file cannot be read.
    pub fn differences(&self, root: &Path) -> io::Result<Option<String>> {
        let mut report = String::new();
        let mut unlike = 0;
        for (path, text) in &self.texts {
            match read(&root.join(path))? {
                None => {
                    let _ = writeln!(report, "{} is missing", path.display());
                }
                Some(present) if present != *text => {
                    unlike += 1;
                    if unlike <= SHOWN_FILES {
                        report.push_str(&difference(path, &present, text));
                    }
                }
                Some(_) => {}
            }
        }
        if unlike > SHOWN_FILES {
            let _ = writeln!(report, "… and {} files more that differ", unlike - SHOWN_FILES);
        }
        for path in self.left_over(root)? {
            let _ = writeln!(report, "{} is not generated any more", path.display());
        }
        Ok((!report.is_empty()).then_some(report))
    }

    fn left_over(&self, root: &Path) -> io::Result<Vec<PathBuf>> {
        let Some(owned) = &self.owned else { return Ok(Vec::new()) };
        let entries = match fs::read_dir(root.join(owned)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries?,
        };
        let mut left_over = Vec::new();
        for entry in entries {
            let path = owned.join(entry?.file_name());
            if path.extension().is_some_and(|extension| extension == "rs") && !self.texts.contains_key(&path) {
                left_over.push(path);
            }
        }
        left_over.sort();
        Ok(left_over)
    }
}

fn read(path: &Path) -> io::Result<Option<String>> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(io::Error::new(error.kind(), format!("{}: {error}", path.display()))),
    }
}

fn difference(path: &Path, present: &str, generated: &str) -> String {
    let diff = TextDiff::from_lines(present, generated);
    let name = path.display().to_string();
    let text = diff.unified_diff().context_radius(2).header(&name, &format!("{name} (generated)")).to_string();
    let lines: Vec<_> = text.lines().collect();
    let mut shown = lines[..lines.len().min(SHOWN_LINES)].join("\n");
    if lines.len() > SHOWN_LINES {
        let _ = write!(shown, "\n… and {} lines more", lines.len() - SHOWN_LINES);
    }
    shown.push('\n');
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files() -> Files {
        let mut files = Files::default();
        files.add("src/generated/a.rs", "one\ntwo\n");
        files.own("src/generated");
        files
    }

    #[test]
    fn writes_only_what_changes() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(files().write(folder.path()).unwrap(), [Touched::Written("src/generated/a.rs".into())]);
        assert!(files().write(folder.path()).unwrap().is_empty());
        assert_eq!(files().differences(folder.path()).unwrap(), None);
    }

    #[test]
    fn names_changed_missing_and_left_over_files() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(files().differences(folder.path()).unwrap().unwrap(), "src/generated/a.rs is missing\n");
        files().write(folder.path()).unwrap();
        fs::write(folder.path().join("src/generated/a.rs"), "one\n2\n").unwrap();
        fs::write(folder.path().join("src/generated/b.rs"), "").unwrap();
        let report = files().differences(folder.path()).unwrap().unwrap();
        assert!(report.contains("-2\n+two\n"), "{report}");
        assert!(report.ends_with("src/generated/b.rs is not generated any more\n"), "{report}");
        let touched = files().write(folder.path()).unwrap();
        assert_eq!(touched.last(), Some(&Touched::Removed("src/generated/b.rs".into())));
        assert_eq!(files().differences(folder.path()).unwrap(), None);
    }

    #[test]
    fn many_differences_are_counted() {
        let folder = tempfile::tempdir().unwrap();
        let mut files = Files::default();
        for number in 0..9 {
            files.add(format!("{number}.rs"), "new\n");
            fs::write(folder.path().join(format!("{number}.rs")), "old\n").unwrap();
        }
        let report = files.differences(folder.path()).unwrap().unwrap();
        assert_eq!(report.matches("+new").count(), SHOWN_FILES);
        assert!(report.ends_with("… and 4 files more that differ\n"), "{report}");
    }

    #[test]
    fn a_long_difference_is_cut() {
        let folder = tempfile::tempdir().unwrap();
        let mut files = Files::default();
        files.add("long.rs", "line\n".repeat(1_000));
        fs::write(folder.path().join("long.rs"), "").unwrap();
        let report = files.differences(folder.path()).unwrap().unwrap();
        assert!(report.lines().count() <= SHOWN_LINES + 1, "{report}");
        assert!(report.contains("lines more"), "{report}");
    }
}
