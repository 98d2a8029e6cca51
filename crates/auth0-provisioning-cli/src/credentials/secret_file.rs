//! Files that only their owner can read.

use std::{
    fs,
    io::{self, Write as _},
    path::Path,
};

/// Writes a file that only its owner can read, beside its place first: readers see the old content or the new.
pub(super) fn write(path: &Path, content: &[u8]) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let draft = path.with_extension("draft");
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    // A draft that a crash left behind may have other permissions.
    match fs::remove_file(&draft) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut file = options.open(&draft)?;
    file.write_all(content)?;
    file.sync_all()?;
    fs::rename(&draft, path)
}

/// Reads a file, unless others than its owner can read it, too.
pub(super) fn read(path: &Path) -> io::Result<String> {
    let file = fs::File::open(path)?;
    #[cfg(unix)]
    {
        let mode = std::os::unix::fs::PermissionsExt::mode(&file.metadata()?.permissions());
        if mode & 0o077 != 0 {
            let problem = format!("others can read it (mode {:o}); run `chmod 600` on it", mode & 0o777);
            return Err(io::Error::new(io::ErrorKind::PermissionDenied, problem));
        }
    }
    io::read_to_string(file)
}
