//! The gates of every change. They need only Rust.

use super::gate::{Gate, gate};

/// Expands to the arguments that build the facade with one feature.
macro_rules! facade_with {
    ($area:literal) => {
        ["clippy", "--package", "auth0-provisioning", "--features", $area, "--quiet", "--", "--deny", "warnings"]
    };
}

/// Builds the handles of the facade, without a workflow.
const FACADE_WITHOUT_WORKFLOWS: [&str; 10] = [
    "clippy",
    "--package",
    "auth0-provisioning",
    "--no-default-features",
    "--features",
    "rustls,connections,scim,groups,logs",
    "--quiet",
    "--",
    "--deny",
    "warnings",
];

const fn of_area(cargo: &'static [&'static str]) -> Gate {
    gate(cargo, "each area must build without the others")
}

pub(super) const TESTS: Gate = gate(&["test", "--workspace"], "read the failures above");

pub(super) const GATES: &[Gate] = &[
    gate(&["fmt", "--all", "--check"], "run `cargo fmt --all`"),
    gate(
        &["clippy", "--workspace", "--all-targets", "--quiet", "--", "--deny", "warnings"],
        "fix the reported lints; an `expect` needs a reason",
    ),
    gate(
        &["clippy", "--package", "auth0-transport", "--no-default-features", "--quiet", "--", "--deny", "warnings"],
        "the transport must build without its default features",
    ),
    gate(
        &["clippy", "--package", "auth0-provisioning", "--quiet", "--", "--deny", "warnings"],
        "the facade must build without the areas around directory provisioning",
    ),
    gate(&FACADE_WITHOUT_WORKFLOWS, "the typed calls must build without the workflows"),
    of_area(&facade_with!("connections")),
    of_area(&facade_with!("scim")),
    of_area(&facade_with!("groups")),
    of_area(&facade_with!("logs")),
    of_area(&facade_with!("redis")),
    gate(
        &["test", "--quiet", "--package", "auth0-provisioning-mock", "--no-default-features", "--lib"],
        "the mock tenant must build and work without its default features",
    ),
    gate(
        &["test", "--quiet", "--package", "auth0-transport", "--lib", "model", "--target-dir", "target/models"],
        "an invariant does not hold for a schedule of tasks; the output shows how to repeat it",
    )
    .under("RUSTFLAGS", "--cfg shuttle"),
    gate(
        &["xtask", "contract"],
        "see which line of the contract deviates; an intended change needs a line in CHANGELOG.md and a new record",
    ),
    gate(&["xtask", "words"], "replace each word; CONTRIBUTING.md lists the right ones"),
    gate(&["xtask", "generate", "--check"], "run `cargo xtask generate` and review what changed"),
    gate(&["doc", "--workspace", "--no-deps", "--quiet"], "fix the docs").under("RUSTDOCFLAGS", "--deny warnings"),
];
