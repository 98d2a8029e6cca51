//! The gates of a release. They need tools beyond Rust itself.

use super::gate::{Gate, Tool, gate};

const DENY: Tool = Tool { probe: &["cargo", "deny", "--version"], install: "cargo install --locked cargo-deny" };
const HACK: Tool = Tool { probe: &["cargo", "hack", "--version"], install: "cargo install --locked cargo-hack" };
const MINIMAL_VERSIONS: Tool = Tool {
    probe: &["cargo", "minimal-versions", "--version"],
    install: "cargo install --locked cargo-minimal-versions",
};
const CYCLONEDX: Tool =
    Tool { probe: &["cargo", "cyclonedx", "--version"], install: "cargo install --locked cargo-cyclonedx" };
const PUBLIC_API: Tool =
    Tool { probe: &["cargo", "public-api", "--version"], install: "cargo install --locked cargo-public-api" };
const SEMVER_CHECKS: Tool =
    Tool { probe: &["cargo", "semver-checks", "--version"], install: "cargo install --locked cargo-semver-checks" };
const NIGHTLY: Tool =
    Tool { probe: &["rustup", "run", "nightly", "rustc", "--version"], install: "rustup toolchain install nightly" };
const MIRI: Tool = Tool {
    probe: &["rustup", "run", "nightly", "cargo", "miri", "--version"],
    install: "rustup component add --toolchain nightly miri rust-src",
};
/// The `rust-version` of the workspace; a test compares.
const MSRV: Tool =
    Tool { probe: &["rustup", "run", "1.89", "rustc", "--version"], install: "rustup toolchain install 1.89" };

/// Expands to the arguments of a cargo command for all published crates.
macro_rules! published {
    ($($before:literal),+; $($after:literal),*) => {
        &[
            $($before,)+
            "--package", "auth0-provisioning-mock",
            "--package", "auth0-transport",
            "--package", "auth0-transport-redis",
            "--package", "auth0-provisioning-api",
            "--package", "auth0-provisioning",
            $($after,)*
        ]
    };
}

pub(super) const GATES: &[Gate] = &[
    gate(&["test", "--workspace"], "read the failures above; a change is tested with samples").under("FULL", "1"),
    gate(
        &["deny", "--all-features", "check", "bans", "licenses", "sources"],
        "`deny.toml` does not allow a license or a source: replace the dependency, or add a line with a reason",
    )
    .with(&[DENY]),
    gate(
        published!("hack", "check", "--quiet", "--feature-powerset", "--depth", "2"; ),
        "each pair of features must build",
    )
    .with(&[HACK]),
    gate(
        &["clippy", "-p", "auth0-provisioning-cli", "--all-features", "--quiet", "--", "--deny", "warnings"],
        "the program must build with all features",
    ),
    gate(
        &[
            "clippy", "--locked", "--quiet", "--manifest-path", "crates/auth0-provisioning-hardening/fuzz/Cargo.toml",
            "--target-dir", "target/fuzz", "--", "--deny", "warnings",
        ],
        "the fuzz targets have their own workspace and lock file: build them there",
    ),
    gate(
        published!("minimal-versions", "check", "--quiet", "--direct", "--all-features"; ),
        "raise the minimum version of the dependency that does not build",
    )
    .with(&[NIGHTLY, HACK, MINIMAL_VERSIONS]),
    gate(published!("check", "--quiet"; ), "raise `rust-version`, and add a line to CHANGELOG.md")
        .on("1.89")
        .with(&[MSRV]),
    gate(
        &["xtask", "public-api"],
        "run `cargo xtask public-api --record`, review the changes, and add lines to CHANGELOG.md",
    )
    .with(&[NIGHTLY, PUBLIC_API]),
    gate(&["xtask", "semver"], "raise the version as the change requires").with(&[SEMVER_CHECKS]),
    gate(
        published!("doc", "--quiet", "--no-deps", "--features", "auth0-provisioning/connections,auth0-provisioning/scim,auth0-provisioning/groups,auth0-provisioning/logs,auth0-provisioning/schemars"; ),
        "fix the docs as docs.rs builds them",
    )
    .on("nightly")
    .under("RUSTDOCFLAGS", "--cfg docsrs --deny warnings")
    .with(&[NIGHTLY]),
    gate(
        &[
            "miri", "test", "--quiet", "-p", "auth0-transport", "--lib", "--target-dir", "target/miri", "--",
            "--skip", "outgoing", "--skip", "simulation", "--skip", "private_key_jwt", "--skip", "file_store",
        ],
        "undefined behavior: find the dependency, and replace it",
    )
    .on("nightly")
    .under("MIRIFLAGS", "-Zmiri-disable-isolation")
    .with(&[NIGHTLY, MIRI]),
    gate(&["xtask", "package"], "commit first; a package must build from its own files"),
    gate(
        &["cyclonedx", "--quiet", "--format", "json", "--all-features"],
        "the list of dependencies of a release must be complete",
    )
    .with(&[CYCLONEDX]),
];

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::project;

    #[test]
    fn the_minimum_rust_version_is_that_of_the_workspace() {
        let manifest = fs::read_to_string(project::workspace().join("Cargo.toml")).unwrap();
        let on = GATES.iter().find_map(|gate| gate.toolchain.filter(|name| *name != "nightly")).unwrap();
        assert!(manifest.contains(&format!("rust-version = \"{on}\"")), "{on}");
    }

    #[test]
    fn each_gate_about_published_crates_is_about_all_of_them() {
        for gate in GATES.iter().filter(|gate| gate.cargo.contains(&"--package")) {
            for package in project::PUBLISHED {
                assert!(gate.cargo.contains(&package), "{} leaves {package} out", gate.name());
            }
        }
    }

    #[test]
    fn every_published_crate_is_known() {
        for directory in fs::read_dir(project::workspace().join("crates")).unwrap() {
            let directory = directory.unwrap();
            let manifest = fs::read_to_string(directory.path().join("Cargo.toml")).unwrap();
            let name = directory.file_name().into_string().unwrap();
            let published = !manifest.contains("publish = false");
            assert_eq!(published, project::PUBLISHED.contains(&name.as_str()), "{name}");
        }
    }
}
