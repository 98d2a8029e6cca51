//! Measures the client against programs without it. `cargo xtask bench` runs every measurement.
//!
//! All sides call the same server, on a thread of its own, and decode the same types. Rounds alternate between the sides, so
//! that the load of the machine affects all of them. Results are medians of rounds.

pub mod call;
pub mod decode;
pub mod loops;
pub mod row;
pub mod server;
pub mod shared;
pub mod side;
pub mod waiters;
pub mod walk;

/// An error that ends a measurement.
pub type Failure = Box<dyn std::error::Error + Send + Sync>;
