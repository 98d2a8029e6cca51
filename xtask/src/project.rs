//! Paths of the project's files, independent of the current folder.

use std::path::{Path, PathBuf};

/// The published crates, each after its dependencies.
pub(crate) const PUBLISHED: [&str; 4] =
    ["auth0-transport", "auth0-transport-redis", "auth0-provisioning-api", "auth0-provisioning"];

/// Returns the root of the workspace.
#[must_use]
pub fn workspace() -> PathBuf {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    manifest.parent().unwrap_or(manifest).to_owned()
}

/// Returns the path of the contract.
#[must_use]
pub fn contract() -> PathBuf {
    workspace().join("openapi").join("auth0-provisioning.json")
}

/// Returns the path of the record of the official document.
pub(crate) fn fingerprint() -> PathBuf {
    workspace().join("openapi").join("official-document.txt")
}

/// Returns the path of the accepted differences from the official document.
pub(crate) fn accepted_differences() -> PathBuf {
    workspace().join("openapi").join("accepted-differences.json")
}
