//! Where the project's files are, wherever a command is run from.

use std::path::{Path, PathBuf};

/// The crates that are published, each after those that it needs.
pub(crate) const PUBLISHED: [&str; 4] =
    ["auth0-transport", "auth0-transport-redis", "auth0-provisioning-api", "auth0-provisioning"];

/// The root of the workspace.
#[must_use]
pub fn workspace() -> PathBuf {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    manifest.parent().unwrap_or(manifest).to_owned()
}

/// The contract.
#[must_use]
pub fn contract() -> PathBuf {
    workspace().join("openapi").join("auth0-provisioning.json")
}

/// What is recorded of the official document.
pub(crate) fn fingerprint() -> PathBuf {
    workspace().join("openapi").join("official-document.txt")
}

/// The differences from the official document that are meant to be.
pub(crate) fn accepted_differences() -> PathBuf {
    workspace().join("openapi").join("accepted-differences.json")
}
