//! One file for each reader.

pub mod control_api;
pub mod declarations;
pub mod drift;
pub mod generator;
pub mod group_files;
pub mod identifiers;
pub mod log_searches;
pub mod requests;
pub mod responses;
pub mod seeds;
pub mod token_files;
pub mod token_responses;
