//! `scim token`: the tokens that identity providers send users with.

use auth0_provisioning::{
    NewScimToken, RotateTokenError, ScimHandle, ScimTokenExt as _,
    chrono::{DateTime, Utc},
    types::ScimToken,
};
use secrecy::ExposeSecret as _;
use serde_json::json;

use super::{Outcome, shown};
use crate::{
    arguments::{Get, ScimTokenRotate},
    context::Context,
    exit_code::ExitCode,
    failure::Failure,
    output::{Cell, Column},
    resolve,
};

const COLUMNS: &[Column<ScimToken>] = &[
    Column::shown("token_id", |it| json!(it.token_id), "TOKEN ID", |it, _| Cell::optional(it.token_id.clone())),
    Column::shown(
        "scopes",
        |it| json!(it.scopes),
        "SCOPES",
        |it, _| Cell::optional(it.scopes.as_ref().map(|scopes| scopes.join(" "))),
    ),
    Column::field("created_at", |it| json!(it.created_at)),
    Column::shown(
        "valid_until",
        |it| json!(it.valid_until),
        "ENDS",
        |it, now| match it.ends_at() {
            Some(end) => shown::time(Some(end), now),
            None => Cell::plain("never"),
        },
    ),
    Column::shown("last_used_at", |it| json!(it.last_used_at), "LAST USED", |it, now| shown::time(it.used_at(), now)),
];

/// A token that was created, with its secret: the one time that it is told.
struct Issued {
    token_id: String,
    replaces: String,
    valid_until: Option<DateTime<Utc>>,
    token: String,
}

const ISSUED: &[Column<Issued>] = &[
    Column::shown("token_id", |it| json!(it.token_id), "TOKEN ID", |it, _| Cell::plain(&it.token_id)),
    Column::shown("replaces", |it| json!(it.replaces), "REPLACES", |it, _| Cell::plain(&it.replaces)),
    Column::shown(
        "valid_until",
        |it| json!(it.valid_until),
        "ENDS",
        |it, now| match it.valid_until {
            Some(end) => shown::time(Some(end), now),
            None => Cell::plain("never"),
        },
    ),
    Column::shown("token", |it| json!(it.token), "TOKEN", |it, _| Cell::plain(&it.token)),
];

pub(super) async fn list(arguments: &Get, context: &mut Context) -> Outcome {
    let client = context.client().await?;
    let connection = resolve::connection(&client, &arguments.connection).await?;
    let tokens = client.scim(&connection).tokens().await?;
    let now = context.now();
    context.results.list(COLUMNS, &tokens, now)?;
    if tokens.is_empty() {
        context.messages.note("There are no tokens.");
    }
    Ok(ExitCode::Done)
}

pub(super) async fn rotate(arguments: &ScimTokenRotate, context: &mut Context) -> Outcome {
    if !arguments.yes && !arguments.keep_old && !context.can_ask() {
        return Err(Failure::usage("whether the old token is revoked has to be decided, and nobody can be asked")
            .remedy("pass --keep-old, or --yes to revoke it at once"));
    }
    if !context.results.hold("token") {
        return Err(Failure::usage("the new token is told this one time, and `--fields` leaves it out")
            .remedy("name `token` among the fields"));
    }
    let client = context.client().await?;
    let connection = resolve::connection(&client, &arguments.connection).await?;
    let handle = client.scim(&connection);
    let old = match &arguments.token_id {
        Some(id) => id.clone(),
        None => only_token(&handle).await?,
    };
    let mut new = NewScimToken::default();
    if let Some(lifetime) = arguments.lifetime {
        new = new.lifetime(lifetime);
    }
    context.ledger.set_out(["the new token".to_owned(), "the end of the old token".to_owned()]);
    let mut rotation = handle.rotate_token(old, new).await.map_err(|error| refused(&error))?;
    context.ledger.done("the new token");
    let secret = rotation.take_secret();
    let issued = Issued {
        token_id: rotation.new_token_id().to_owned(),
        replaces: rotation.old_token_id().to_owned(),
        valid_until: rotation.valid_until(),
        token: secret.map(|secret| secret.expose_secret().to_owned()).unwrap_or_default(),
    };
    let now = context.now();
    if let Err(failure) = context.results.one(ISSUED, &issued, now) {
        // Nobody knows its secret, and a connection can have two tokens only.
        rotation.abandon().await.map_err(|error| refused(&error))?;
        return Err(failure.remedy("the new token was revoked again, the old one is valid"));
    }
    let revoke = !arguments.keep_old
        && (arguments.yes || {
            context.messages.note("The token is told this one time. Give it to the identity provider first.");
            context.confirm("Revoke the old token now?", "--yes").await?
        });
    if revoke {
        rotation.confirm().await.map_err(|error| refused(&error))?;
        context.ledger.done("the end of the old token");
        context.messages.note("Revoked the old token.");
    } else {
        context.messages.note("The old token is still valid.");
    }
    Ok(ExitCode::Done)
}

async fn only_token(handle: &ScimHandle) -> Result<String, Failure> {
    let tokens = handle.tokens().await?;
    let ids: Vec<String> = tokens.into_iter().filter_map(|token| token.token_id).collect();
    match ids.as_slice() {
        [only] => Ok(only.clone()),
        [] => Err(Failure::new(ExitCode::NotFound, "there is no token to replace")
            .remedy("create the first one in Auth0's dashboard")),
        several => Err(Failure::usage(format!("there are several tokens: {}", several.join(", ")))
            .remedy("name the one to replace, behind the connection")),
    }
}

fn refused(error: &RotateTokenError) -> Failure {
    let failure = Failure::of(error);
    match error {
        RotateTokenError::NoSuchToken { .. } => {
            Failure { exit: ExitCode::NotFound, ..failure.remedy("see `a0p scim token list CONNECTION`") }
        }
        _ => failure,
    }
}
