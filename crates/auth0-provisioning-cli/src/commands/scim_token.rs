//! `scim token`: the tokens that identity providers send users with.

use std::{
    fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use auth0_provisioning::{
    ErrorKind, NewScimToken, RotateTokenError, ScimHandle, ScimTokenTimes, VerbError,
    chrono::{DateTime, Utc},
    types::{ScimToken, ScimTokenScope},
};
use secrecy::ExposeSecret as _;
use serde_json::json;

use super::{
    Outcome, shown,
    written::{self, Written},
};
use crate::{
    arguments::{Get, NewToken, ScimTokenCreate, ScimTokenRevoke, ScimTokenRotate},
    context::Context,
    exit_code::ExitCode,
    failure::Failure,
    output::{Cell, Column},
    resolve,
};

pub(super) const COLUMNS: &[Column<ScimToken>] = &[
    Column::shown("token_id", |it| json!(it.token_id), "TOKEN ID", |it, _| Cell::optional(it.token_id.clone())),
    Column::shown(
        "scopes",
        |it| json!(it.scopes),
        "SCOPES",
        |it, _| Cell::optional(it.scopes.as_ref().map(|scopes| joined(scopes))),
    ),
    Column::field("created_at", |it| json!(it.created_at)),
    Column::shown(
        "valid_until",
        |it| json!(it.valid_until),
        "ENDS",
        |it, now| match ScimTokenTimes::of(it).ends_at {
            Some(end) => shown::time(Some(end), now),
            None => Cell::plain("never"),
        },
    ),
    Column::shown(
        "last_used_at",
        |it| json!(it.last_used_at),
        "LAST USED",
        |it, now| shown::time(ScimTokenTimes::of(it).last_used_at, now),
    ),
];

fn joined(scopes: &[ScimTokenScope]) -> String {
    scopes.iter().map(ScimTokenScope::as_str).collect::<Vec<_>>().join(" ")
}

/// A token that was created, with its secret, which is shown once.
struct Issued {
    token_id: String,
    replaces: Option<String>,
    valid_until: Option<DateTime<Utc>>,
    /// Absent where a file holds it.
    token: Option<String>,
}

const ISSUED: &[Column<Issued>] = &[
    Column::shown("token_id", |it| json!(it.token_id), "TOKEN ID", |it, _| Cell::plain(&it.token_id)),
    Column::shown("replaces", |it| json!(it.replaces), "REPLACES", |it, _| Cell::optional(it.replaces.clone())),
    Column::shown(
        "valid_until",
        |it| json!(it.valid_until),
        "ENDS",
        |it, now| match it.valid_until {
            Some(end) => shown::time(Some(end), now),
            None => Cell::plain("never"),
        },
    ),
    Column::shown("token", |it| json!(it.token), "TOKEN", |it, _| Cell::optional(it.token.clone())),
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
        return Err(Failure::usage(
            "whether the old token is revoked has to be decided, and no question can be asked here",
        )
        .remedy("pass --keep-old, or --yes to revoke it at once"));
    }
    let client = context.client().await?;
    let connection = resolve::connection(&client, &arguments.connection).await?;
    let place = Place::of(&arguments.new, context)?;
    let handle = client.scim(&connection);
    let given = arguments.connection.as_str();
    let old = match &arguments.token_id {
        Some(id) => id.clone(),
        None => only_token(&handle, given).await?,
    };
    let new = described(&arguments.new);
    let mut pieces = vec![Written::token("create", "new", given, &connection)];
    if !arguments.keep_old {
        let end = Written::token("revoke", "old", given, &connection);
        pieces.push(Written { token_id: Some(old.clone()), ..end });
    }
    let work = context.begin(written::COLUMNS, pieces);
    let rotation = work.write(0, async { handle.rotate_token(old, new).await }).await;
    let mut rotation = rotation.map_err(|error| not_rotated(&error, given))?;
    work.change(0, |it| it.token_id = Some(rotation.new_token_id().to_owned()));
    let secret = rotation.take_secret();
    let issued = Issued {
        token_id: rotation.new_token_id().to_owned(),
        replaces: Some(rotation.old_token_id().to_owned()),
        valid_until: rotation.valid_until(),
        token: secret.map(|secret| secret.expose_secret().to_owned()),
    };
    if let Err(failure) = place.tell(issued, context) {
        // Nobody knows its secret, and a connection can have two tokens only.
        rotation.abandon().await.map_err(|error| not_rotated(&error, given))?;
        context.settle();
        return Err(failure.remedy("the new token was revoked again, the old one is valid"));
    }
    let revoke = !arguments.keep_old
        && (arguments.yes || {
            context.messages.note("The secret is shown once. Give it to the identity provider first.");
            context.confirm("Revoke the old token now?", "--yes").await?
        });
    if revoke {
        let confirmed = work.write(1, async { rotation.confirm().await }).await;
        confirmed.map_err(|error| not_rotated(&error, given))?;
        context.messages.note("Revoked the old token.");
    } else {
        context.messages.note("The old token is still valid.");
    }
    context.settle();
    Ok(ExitCode::Done)
}

pub(super) async fn create(arguments: &ScimTokenCreate, context: &mut Context) -> Outcome {
    let client = context.client().await?;
    let connection = resolve::connection(&client, &arguments.connection).await?;
    let place = Place::of(&arguments.new, context)?;
    let handle = client.scim(&connection);
    let mut new = described(&arguments.new);
    if !arguments.scopes.is_empty() {
        new = new.scopes(arguments.scopes.iter().map(String::as_str));
    }
    let given = arguments.connection.as_str();
    let work = context.begin(written::COLUMNS, vec![Written::token("create", "new", given, &connection)]);
    let created = work.write(0, handle.create_token(new)).await.map_err(|error| refused(&error, given))?;
    work.change(0, |it| it.token_id = Some(created.token_id.clone()));
    let issued = Issued {
        token_id: created.token_id.clone(),
        replaces: None,
        valid_until: created.valid_until,
        token: Some(created.secret.expose_secret().to_owned()),
    };
    if let Err(failure) = place.tell(issued, context) {
        handle.delete_token(created.token_id).await?;
        context.settle();
        return Err(failure.remedy("the new token was revoked again"));
    }
    context.settle();
    Ok(ExitCode::Done)
}

pub(super) async fn revoke(arguments: &ScimTokenRevoke, context: &mut Context) -> Outcome {
    context.results.check(written::COLUMNS)?;
    let client = context.client().await?;
    let connection = resolve::connection(&client, &arguments.connection).await?;
    let question = format!("Revoke the token {}? Whoever uses it is locked out.", arguments.token_id);
    if !arguments.yes && !context.confirm(&question, "--yes").await? {
        return Err(Failure::failed("nothing was revoked"));
    }
    let given = arguments.connection.as_str();
    let piece = Written::token("revoke", &arguments.token_id, given, &connection);
    let piece = Written { token_id: Some(arguments.token_id.clone()), ..piece };
    let work = context.begin(written::COLUMNS, vec![piece]);
    let revoked = work.write(0, client.scim(&connection).delete_token(&arguments.token_id)).await;
    revoked.map_err(|error| refused(&error, given))?;
    context.report_to_programs()?;
    context.messages.note("Revoked.");
    Ok(ExitCode::Done)
}

fn described(new: &NewToken) -> NewScimToken {
    let token = NewScimToken::default();
    match new.lifetime {
        Some(lifetime) => token.lifetime(lifetime),
        None => token,
    }
}

/// Where the secret of a new token goes.
enum Place {
    Results,
    File(NewFile),
}

/// A file for a secret. It is removed again unless the secret is in it.
struct NewFile {
    path: PathBuf,
    file: fs::File,
    is_written: bool,
}

impl NewFile {
    fn write(&mut self, secret: &str) -> io::Result<()> {
        self.file.write_all(format!("{secret}\n").as_bytes()).and_then(|()| self.file.sync_all())?;
        self.is_written = true;
        Ok(())
    }
}

impl Drop for NewFile {
    fn drop(&mut self) {
        if !self.is_written {
            // An empty file that cannot be removed holds nothing.
            let _ = fs::remove_file(&self.path);
        }
    }
}

impl Place {
    /// Fails before there is a token, where its secret could not be written.
    fn of(new: &NewToken, context: &Context) -> Result<Self, Failure> {
        context.results.check(ISSUED)?;
        if let Some(path) = &new.to {
            let file = create_private(path).map_err(|error| {
                let failure = Failure::of_file(path, &error);
                if error.kind() != std::io::ErrorKind::AlreadyExists {
                    return failure;
                }
                failure.remedy("name a file that does not exist yet")
            })?;
            return Ok(Self::File(NewFile { path: path.clone(), file, is_written: false }));
        }
        if context.results.hold("token") {
            return Ok(Self::Results);
        }
        Err(Failure::usage("the secret of the new token is shown once, and `--fields` leaves it out")
            .remedy("name `token` among the fields, or pass `--to FILE`"))
    }

    fn tell(self, mut issued: Issued, context: &mut Context) -> Result<(), Failure> {
        let now = context.now();
        if let Self::File(mut new) = self {
            let secret = issued.token.take().unwrap_or_default();
            new.write(&secret).map_err(|error| Failure::of_file(&new.path, &error))?;
            context.messages.note(&format!("Wrote the token to {}.", new.path.display()));
            // The secret is in the file: results that cannot be written are no reason to revoke it.
            if let Err(failure) = context.results.one(ISSUED, &issued, now) {
                context.messages.warning(&failure.heard().what);
            }
            return Ok(());
        }
        context.results.one(ISSUED, &issued, now).map_err(Failure::heard)
    }
}

fn create_private(path: &Path) -> io::Result<fs::File> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

async fn only_token(handle: &ScimHandle, connection: &str) -> Result<String, Failure> {
    let tokens = handle.tokens().await?;
    let ids: Vec<String> = tokens.into_iter().filter_map(|token| token.token_id).collect();
    match ids.as_slice() {
        [only] => Ok(only.clone()),
        [] => Err(Failure::new(ExitCode::NotFound, "there is no token to replace")
            .remedy(format!("create the first one with `a0p scim token create {connection}`"))),
        several => Err(Failure::usage(format!("there are several tokens: {}", several.join(", ")))
            .remedy("name the one to replace, behind the connection")),
    }
}

fn not_rotated(error: &RotateTokenError, connection: &str) -> Failure {
    match error {
        RotateTokenError::NoSuchToken { .. } => {
            Failure { exit: ExitCode::NotFound, ..Failure::of(error).remedy(see_tokens(connection)) }
        }
        _ => refused(error, connection),
    }
}

fn refused(error: &dyn VerbError, connection: &str) -> Failure {
    let failure = Failure::of(error);
    match error.kind() {
        Some(ErrorKind::NotFound) => failure.remedy(see_tokens(connection)),
        Some(ErrorKind::Conflict) => {
            failure.remedy(format!("{}, and revoke one: a connection has two at most", see_tokens(connection)))
        }
        _ => failure,
    }
}

fn see_tokens(connection: &str) -> String {
    format!("see its tokens with `a0p scim token list {connection}`")
}
