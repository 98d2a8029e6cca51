//! Programs that use `auth0-provisioning`, in `examples/`. Each starts a mock tenant and runs without an account:
//! `cargo run --example NAME`.
//!
//! | program            | what it does                                                                     |
//! | ------------------ | -------------------------------------------------------------------------------- |
//! | `quickstart`       | reads a configuration                                                            |
//! | `nightly_ensure`   | brings connections to the state that a file describes                            |
//! | `alert`            | reports failed and stale runs as JSON, for a webhook                             |
//! | `reconcile_groups` | selects the groups of a CSV file, or of the JSON file that Auth0's dashboard takes |
//! | `backup`           | exports all configurations and restores them                                     |
//! | `tested_service`   | a service with tests against the mock tenant                                     |
//! | `journey`          | a connection from its creation to its deletion: groups, a run, roles, and SCIM   |
//! | `fleet`            | reads many configurations against a rate limit, and compares with the shortest time |
//!
//! `quickstart` and `fleet` also run against a tenant of Auth0, which needs TLS: `--features tls`. The README shows the
//! output of each program.
