//! The report of a command that writes one object.

use auth0_provisioning::{ConnectionId, VerbError};
use serde_json::json;

use crate::{
    output::{Cell, Column},
    resolve,
    work::{Piece, State, Work},
};

/// A write and its state.
pub(super) struct Written {
    /// The write in words, such as `create the new token of acme`.
    name: String,
    given: String,
    connection: ConnectionId,
    resource: &'static str,
    action: &'static str,
    pub(super) token_id: Option<String>,
    state: State,
}

type Field = Column<Written>;

pub(super) const COLUMNS: &[Field] = &[
    Field::hidden("connection_name", |it| json!(resolve::name(&it.given))),
    Field::shown("connection_id", |it| json!(it.connection)).title("CONNECTION").cell(|it, _| Cell::plain(&it.given)),
    Field::hidden("resource", |it| json!(it.resource)),
    Field::shown("action", |it| json!(it.action)),
    Field::hidden("token_id", |it| json!(it.token_id)),
    Field::shown("state", |it| json!(it.state.name())).cell(|it, _| it.state.cell()),
];

impl Written {
    /// A write of the directory provisioning of a connection.
    pub(super) fn directory(action: &'static str, given: &str, connection: &ConnectionId) -> Self {
        Self {
            name: format!("{action} the directory provisioning of {given}"),
            given: given.to_owned(),
            connection: connection.clone(),
            resource: "directory_provisioning",
            action,
            token_id: None,
            state: State::NotDone,
        }
    }

    /// A write of a SCIM token.
    pub(super) fn token(action: &'static str, which: &str, given: &str, connection: &ConnectionId) -> Self {
        let name = format!("{action} the {which} token of {given}");
        Self { name, resource: "scim_token", ..Self::directory(action, given, connection) }
    }

    pub(super) fn token_id(self, token_id: &str) -> Self {
        Self { token_id: Some(token_id.to_owned()), ..self }
    }
}

impl Piece for Written {
    fn name(&self) -> String {
        self.name.clone()
    }

    fn state(&self) -> State {
        self.state
    }
}

impl Work<Written> {
    /// Sends one of the writes, and records its state.
    pub(super) async fn write<T, E: VerbError>(
        &self,
        number: usize,
        call: impl Future<Output = Result<T, E>>,
    ) -> Result<T, E> {
        self.change(number, |it| it.state = State::Unknown);
        let result = call.await;
        let state = match &result {
            Ok(_) => State::Done,
            Err(error) => State::after(error.call_error(), State::Failed),
        };
        self.change(number, |it| it.state = state);
        result
    }
}
