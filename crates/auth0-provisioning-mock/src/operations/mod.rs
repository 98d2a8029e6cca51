//! What each operation does with a request that is in order.

mod configuration;
mod configurations;
mod connections;
mod default_mapping;
mod groups;
mod page;
mod synchronization;

use chrono::{DateTime, Utc};
use serde_json::Value;

use crate::answer::Answer;
use crate::denial::Denial;
use crate::operation::Operation;
use crate::tenant::Shared;

/// A request whose token, scope and form are in order.
pub(crate) struct Call<'a> {
    pub(crate) operation: Operation,
    /// Empty for the tenant's own lists.
    pub(crate) connection: &'a str,
    pub(crate) query: Vec<(String, String)>,
    /// Fits the contract; absent where none is needed and none was sent.
    pub(crate) body: Option<Value>,
    pub(crate) now: DateTime<Utc>,
}

impl Call<'_> {
    pub(crate) fn parameter(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

pub(crate) fn carry_out(shared: &Shared, call: &Call<'_>) -> Result<Answer, Denial> {
    let mut state = shared.state();
    let state = &mut *state;
    match call.operation {
        Operation::GetConfiguration => configuration::get(state, call),
        Operation::CreateConfiguration => configuration::create(state, call),
        Operation::UpdateConfiguration => configuration::update(state, call),
        Operation::DeleteConfiguration => configuration::delete(state, call),
        Operation::GetDefaultMapping => default_mapping::get(state, call),
        Operation::Synchronize => synchronization::request(state, call),
        Operation::ListSynchronizedGroups => groups::list(state, call, shared.cursor_lifetime),
        Operation::ReplaceSynchronizedGroups
        | Operation::AddSynchronizedGroups
        | Operation::RemoveSynchronizedGroups => groups::change(state, call),
        Operation::ListConfigurations => configurations::list(state, call, shared.cursor_lifetime),
        Operation::ListConnections => connections::list(state, call, shared.cursor_lifetime),
        Operation::GetConnection => connections::get(state, call),
        Operation::IssueToken => Ok(Answer::fault_of_the_mock("the token endpoint has no call")),
    }
}
