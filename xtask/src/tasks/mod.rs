//! The tasks around the pipeline: gates, measurements, and what a maintainer does by one command.

pub mod bench;
pub mod ci;
pub mod contract;
pub mod interop;
#[cfg(test)]
mod layers;
pub mod operation;
pub mod package;
pub mod public_api;
pub mod semver;
pub mod words;
