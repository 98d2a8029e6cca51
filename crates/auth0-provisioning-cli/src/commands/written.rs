//! One thing that a command writes, for the report of it.

use auth0_provisioning::{ConnectionId, Error, VerbError};
use serde_json::json;

use crate::{
    output::{Cell, Column},
    resolve,
    work::{Piece, State, Work},
};

/// One thing that is written.
pub(super) struct Written {
    /// The thing in words.
    pub(super) what: String,
    pub(super) given: String,
    pub(super) connection: ConnectionId,
    pub(super) resource: &'static str,
    pub(super) action: &'static str,
    pub(super) token_id: Option<String>,
    pub(super) state: State,
}

pub(super) const COLUMNS: &[Column<Written>] = &[
    Column::field("connection_name", |it| json!(resolve::name(&it.given))),
    Column::shown("connection_id", |it| json!(it.connection), "CONNECTION", |it, _| Cell::plain(&it.given)),
    Column::field("resource", |it| json!(it.resource)),
    Column::shown("action", |it| json!(it.action), "ACTION", |it, _| Cell::plain(it.action)),
    Column::field("token_id", |it| json!(it.token_id)),
    Column::shown("state", |it| json!(it.state.name()), "STATE", |it, _| it.state.cell()),
];

impl Written {
    /// The directory provisioning of a connection.
    pub(super) fn directory(action: &'static str, given: &str, connection: &ConnectionId) -> Self {
        Self {
            what: format!("{action} the directory provisioning of {given}"),
            given: given.to_owned(),
            connection: connection.clone(),
            resource: "directory_provisioning",
            action,
            token_id: None,
            state: State::NotDone,
        }
    }

    /// A token of SCIM.
    pub(super) fn token(action: &'static str, which: &str, given: &str, connection: &ConnectionId) -> Self {
        let what = format!("{action} the {which} token of {given}");
        Self { what, resource: "scim_token", ..Self::directory(action, given, connection) }
    }
}

impl Piece for Written {
    fn name(&self) -> String {
        self.what.clone()
    }

    fn state(&self) -> State {
        self.state
    }
}

impl Work<Written> {
    /// Writes one of the pieces, and keeps how far that has come.
    pub(super) async fn write<T, E: VerbError>(
        &self,
        number: usize,
        call: impl Future<Output = Result<T, E>>,
    ) -> Result<T, E> {
        self.change(number, |it| it.state = State::Unknown);
        let result = call.await;
        let state = match &result {
            Ok(_) => State::Done,
            Err(error) if error.call_error().is_some_and(Error::may_have_been_processed) => State::Unknown,
            Err(_) => State::Failed,
        };
        self.change(number, |it| it.state = state);
        result
    }
}
