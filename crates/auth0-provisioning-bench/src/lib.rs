//! What the client costs, beside what one would write without it. `cargo xtask bench` runs all of it.
//!
//! All sides call the same server, on a thread of its own, and decode the same types. Rounds alternate between the sides, so
//! that the load of the machine affects each of them, and median rounds are compared.

pub mod call;
pub mod decode;
pub mod row;
pub mod server;
pub mod shared;
pub mod side;
pub mod waiters;
pub mod walk;

/// What goes wrong in a measurement ends it.
pub type Failure = Box<dyn std::error::Error + Send + Sync>;
