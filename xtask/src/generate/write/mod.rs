//! From a client to the files of a crate: into the workspace, or a crate of its own; written, or compared with what is there.

pub mod files;
pub mod package;
pub mod standalone;
