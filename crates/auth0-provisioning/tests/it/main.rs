//! The facade against the mock tenant, in one program, because linking is what makes tests slow.

#![allow(clippy::expect_used, clippy::unwrap_used)] // a test fails by panicking

mod configuration;
mod connections;
mod diagnosis;
mod ensure;
mod faults;
mod fleet;
mod groups;
mod large_tenant;
mod pages;
mod readiness;
mod reading;
mod readme;
mod requests;
mod runs;
mod scim;
mod send;
mod support;
mod synchronization;
mod tenant_groups;
mod verb_errors;
