//! Paths of the project's files, independent of the current folder.

use std::{
    env,
    ffi::OsString,
    path::{Path, PathBuf},
};

/// The published crates, each after its dependencies.
pub(crate) const PUBLISHED: [&str; 5] = [
    "auth0-provisioning-mock",
    "auth0-transport",
    "auth0-transport-redis",
    "auth0-provisioning-api",
    "auth0-provisioning",
];

/// Returns the root of the workspace.
#[must_use]
pub fn workspace() -> PathBuf {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    manifest.parent().unwrap_or(manifest).to_owned()
}

/// Returns the folder that Cargo builds into.
pub(crate) fn target() -> PathBuf {
    target_of(env::var_os("CARGO_TARGET_DIR"))
}

fn target_of(setting: Option<OsString>) -> PathBuf {
    let setting = setting.filter(|setting| !setting.is_empty()).unwrap_or_else(|| "target".into());
    workspace().join(setting)
}

/// Returns the path of the contract.
#[must_use]
pub fn contract() -> PathBuf {
    workspace().join("openapi").join("auth0-provisioning.json")
}

/// Returns the root of the mock tenant's crate.
#[must_use]
pub fn mock() -> PathBuf {
    workspace().join("crates").join("auth0-provisioning-mock")
}

/// Returns the path of the record of the official document.
pub(crate) fn fingerprint() -> PathBuf {
    workspace().join("openapi").join("official-document.txt")
}

/// Returns the path of the accepted differences from the official document.
pub(crate) fn accepted_differences() -> PathBuf {
    workspace().join("openapi").join("accepted-differences.json")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn target_folder_follows_the_environment() {
        assert_eq!(target_of(None), workspace().join("target"));
        assert_eq!(target_of(Some("".into())), workspace().join("target"));
        assert_eq!(target_of(Some("elsewhere".into())), workspace().join("elsewhere"));
        let absolute = env::temp_dir().join("builds");
        assert_eq!(target_of(Some(absolute.clone().into())), absolute);
    }
}
