//! What each operation does with a request that is in order.

mod get_configuration;

use chrono::{DateTime, Utc};

use crate::answer::Answer;
use crate::cause::Cause;
use crate::operation::Operation;
use crate::tenant::Shared;

/// A request whose token, scope and form are in order.
pub(crate) struct Call<'a> {
    pub(crate) operation: Operation,
    pub(crate) connection: &'a str,
    pub(crate) now: DateTime<Utc>,
}

pub(crate) fn carry_out(shared: &Shared, call: Call<'_>) -> Result<Answer, Cause> {
    let state = shared.state.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    match call.operation {
        Operation::GetConfiguration => get_configuration::get(&state, &call),
        _ => Ok(Answer::fault_of_the_mock("not answered yet")),
    }
}
