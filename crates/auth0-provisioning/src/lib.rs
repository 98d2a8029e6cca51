//! Rust client for Auth0's inbound directory provisioning (unofficial).
