//! `scim token`: the tokens with which identity providers send users.

use std::{
    fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use auth0_provisioning::{
    ErrorKind, ExposeSecret as _, NewScimToken, RotateTokenError, ScimHandle, ScimTokenTimes, VerbError,
    chrono::{DateTime, Utc},
    types::{ScimToken, ScimTokenScope},
};
use serde_json::json;

use super::{
    cells,
    written::{self, Written},
};
use crate::{
    arguments::{NewToken, ScimTokenCommand, ScimTokenCreate, ScimTokenRevoke, ScimTokenRotate},
    context::Context,
    credentials,
    exit_code::ExitCode,
    failure::Failure,
    output::{Cell, Column, Tone},
    resolve,
};

type TokenField = Column<ScimToken>;

pub(super) const COLUMNS: &[TokenField] = &[
    TokenField::shown("token_id", |it| json!(it.token_id)),
    TokenField::shown("scopes", |it| json!(it.scopes)).cell(|it, _| {
        let joined = |scopes: &Vec<_>| scopes.iter().map(ScimTokenScope::as_str).collect::<Vec<_>>().join(" ");
        Cell::optional(it.scopes.as_ref().map(joined), Tone::Plain)
    }),
    TokenField::hidden("created_at", |it| json!(it.created_at)),
    TokenField::shown("valid_until", |it| json!(it.valid_until))
        .title("ENDS")
        .cell(|it, now| cells::end(ScimTokenTimes::of(it).ends_at, now)),
    TokenField::shown("last_used_at", |it| json!(it.last_used_at))
        .title("LAST USED")
        .cell(|it, now| cells::time(ScimTokenTimes::of(it).last_used_at, now)),
];

/// A new token with its secret.
pub(super) struct Issued {
    token_id: String,
    replaces: Option<String>,
    valid_until: Option<DateTime<Utc>>,
    /// `None` if the secret is in a file.
    token: Option<String>,
}

type IssuedField = Column<Issued>;

pub(super) const ISSUED: &[IssuedField] = &[
    IssuedField::shown("token_id", |it| json!(it.token_id)),
    IssuedField::shown("replaces", |it| json!(it.replaces)),
    IssuedField::shown("valid_until", |it| json!(it.valid_until))
        .title("ENDS")
        .cell(|it, now| cells::end(it.valid_until, now)),
    IssuedField::shown("token", |it| json!(it.token)),
];

pub(super) async fn run(command: ScimTokenCommand, context: &mut Context) -> Result<(), Failure> {
    match command {
        ScimTokenCommand::List { connection } => list(&connection, context).await,
        ScimTokenCommand::Create(arguments) => create(&arguments, context).await,
        ScimTokenCommand::Rotate(arguments) => rotate(&arguments, context).await,
        ScimTokenCommand::Revoke(arguments) => revoke(&arguments, context).await,
    }
}

async fn list(given: &str, context: &mut Context) -> Result<(), Failure> {
    let client = context.client().await?;
    let connection = resolve::connection(&client, given).await?;
    let tokens = client.scim(&connection).tokens().await?;
    context.list(COLUMNS, &tokens)?;
    if tokens.is_empty() {
        context.messages.note("There are no tokens.");
    }
    Ok(())
}

async fn create(arguments: &ScimTokenCreate, context: &mut Context) -> Result<(), Failure> {
    let client = context.client().await?;
    let given = arguments.connection.as_str();
    let connection = resolve::connection(&client, given).await?;
    let place = SecretPlace::new(&arguments.new, context)?;
    let handle = client.scim(&connection);
    let mut new = new_token(&arguments.new);
    if !arguments.scopes.is_empty() {
        new = new.scopes(arguments.scopes.iter().map(String::as_str));
    }
    let work = context.begin(written::COLUMNS, vec![Written::token("create", "new", given, &connection)]);
    let created = work.write(0, handle.create_token(new)).await.map_err(|error| failure(&error, given))?;
    work.change(0, |it| it.token_id = Some(created.token_id.clone()));
    let issued = Issued {
        token_id: created.token_id.clone(),
        replaces: None,
        valid_until: created.valid_until,
        token: Some(created.secret.expose_secret().to_owned()),
    };
    if let Err(failure) = place.write(issued, context) {
        handle.delete_token(created.token_id).await?;
        context.end();
        return Err(failure.remedy("the new token was revoked again"));
    }
    context.end();
    Ok(())
}

async fn rotate(arguments: &ScimTokenRotate, context: &mut Context) -> Result<(), Failure> {
    if !arguments.yes && !arguments.keep_old && !context.can_ask() {
        return Err(Failure::usage("revoking the old token needs a confirmation, and no question can be asked here")
            .remedy("pass --keep-old, or --yes to revoke it at once"));
    }
    let client = context.client().await?;
    let given = arguments.connection.as_str();
    let connection = resolve::connection(&client, given).await?;
    let place = SecretPlace::new(&arguments.new, context)?;
    let handle = client.scim(&connection);
    let old = match &arguments.token_id {
        Some(id) => id.clone(),
        None => only_token(&handle, given).await?,
    };
    let mut pieces = vec![Written::token("create", "new", given, &connection)];
    if !arguments.keep_old {
        pieces.push(Written::token("revoke", "old", given, &connection).token_id(&old));
    }
    let work = context.begin(written::COLUMNS, pieces);
    let rotation = work.write(0, async { handle.rotate_token(old, new_token(&arguments.new)).await }).await;
    let mut rotation = rotation.map_err(|error| rotation_failure(&error, given))?;
    work.change(0, |it| it.token_id = Some(rotation.new_token_id().to_owned()));
    let issued = Issued {
        token_id: rotation.new_token_id().to_owned(),
        replaces: Some(rotation.old_token_id().to_owned()),
        valid_until: rotation.valid_until(),
        token: rotation.take_secret().map(|secret| secret.expose_secret().to_owned()),
    };
    if let Err(failure) = place.write(issued, context) {
        // The secret is lost, and a connection can have only two tokens.
        rotation.abandon().await.map_err(|error| rotation_failure(&error, given))?;
        context.end();
        return Err(failure.remedy("the new token was revoked again, the old one is valid"));
    }
    let revoke = !arguments.keep_old
        && (arguments.yes || {
            context.messages.note("The secret is shown once. Enter it at the identity provider first.");
            context.ask("Revoke the old token now?", "--yes").await?
        });
    if revoke {
        let confirmed = work.write(1, async { rotation.confirm().await }).await;
        confirmed.map_err(|error| rotation_failure(&error, given))?;
        context.messages.note("Revoked the old token.");
    } else {
        context.messages.note("The old token is still valid.");
    }
    context.end();
    Ok(())
}

async fn revoke(arguments: &ScimTokenRevoke, context: &mut Context) -> Result<(), Failure> {
    context.results.check(written::COLUMNS)?;
    let client = context.client().await?;
    let (given, token_id) = (arguments.connection.as_str(), arguments.token_id.as_str());
    let connection = resolve::connection(&client, given).await?;
    if !arguments.yes {
        let question = format!("Revoke the token {token_id}? An identity provider that uses it loses access.");
        context.confirm(&question, "--yes", "nothing was revoked").await?;
    }
    let piece = Written::token("revoke", token_id, given, &connection).token_id(token_id);
    let work = context.begin(written::COLUMNS, vec![piece]);
    let revoked = work.write(0, client.scim(&connection).delete_token(token_id)).await;
    revoked.map_err(|error| failure(&error, given))?;
    context.report_unless_table()?;
    context.messages.note("Revoked.");
    Ok(())
}

fn new_token(new: &NewToken) -> NewScimToken {
    let token = NewScimToken::default();
    match new.lifetime {
        Some(lifetime) => token.lifetime(lifetime),
        None => token,
    }
}

/// The place for the secret of a new token.
enum SecretPlace {
    Results,
    File(NewFile),
}

/// A file for a secret. It is removed when it is dropped without one.
struct NewFile {
    path: PathBuf,
    file: fs::File,
    is_written: bool,
}

impl NewFile {
    fn create(path: &Path) -> Result<Self, Failure> {
        let file = credentials::create_private_file(path).map_err(|error| {
            let failure = Failure::of_file(path, &error);
            match error.kind() {
                io::ErrorKind::AlreadyExists => failure.remedy("name a file that does not exist yet"),
                _ => failure,
            }
        })?;
        Ok(Self { path: path.to_owned(), file, is_written: false })
    }

    fn write(&mut self, secret: &str) -> Result<(), Failure> {
        let written = self.file.write_all(format!("{secret}\n").as_bytes()).and_then(|()| self.file.sync_all());
        written.map_err(|error| Failure::of_file(&self.path, &error))?;
        self.is_written = true;
        Ok(())
    }
}

impl Drop for NewFile {
    fn drop(&mut self) {
        if !self.is_written {
            // An empty file that cannot be removed does no harm.
            let _ = fs::remove_file(&self.path);
        }
    }
}

impl SecretPlace {
    /// Fails, before a token is created, if its secret could not be written.
    fn new(new: &NewToken, context: &Context) -> Result<Self, Failure> {
        context.results.check(ISSUED)?;
        match &new.to {
            Some(path) => NewFile::create(path).map(Self::File),
            None if context.results.has_field("token") => Ok(Self::Results),
            None => Err(Failure::usage("the secret of the new token is shown once, and `--fields` leaves it out")
                .remedy("name `token` among the fields, or pass `--to FILE`")),
        }
    }

    fn write(self, mut issued: Issued, context: &mut Context) -> Result<(), Failure> {
        let Self::File(mut new) = self else {
            return context.show(ISSUED, &issued).map_err(Failure::closed_pipe_is_error);
        };
        new.write(&issued.token.take().unwrap_or_default())?;
        context.messages.note(format!("Wrote the token to {}.", new.path.display()));
        // The secret is in the file, so the token is usable without results.
        if let Err(failure) = context.show(ISSUED, &issued) {
            context.messages.warning(failure.closed_pipe_is_error().reason);
        }
        Ok(())
    }
}

async fn only_token(handle: &ScimHandle, given: &str) -> Result<String, Failure> {
    let tokens = handle.tokens().await?;
    let ids: Vec<String> = tokens.into_iter().filter_map(|token| token.token_id).collect();
    match ids.as_slice() {
        [only] => Ok(only.clone()),
        [] => Err(Failure::new(ExitCode::NotFound, "there is no token to replace")
            .remedy(format!("create the first one with `a0p scim token create {given}`"))),
        several => Err(Failure::usage(format!("there are several tokens: {}", several.join(", ")))
            .remedy("give the id of the token to replace, after the connection")),
    }
}

fn rotation_failure(error: &RotateTokenError, given: &str) -> Failure {
    match error {
        RotateTokenError::NoSuchToken { .. } => {
            Failure { exit: ExitCode::NotFound, ..Failure::of(error).remedy(list_tokens(given)) }
        }
        _ => failure(error, given),
    }
}

fn failure(error: &dyn VerbError, given: &str) -> Failure {
    let failure = Failure::of(error);
    match error.kind() {
        Some(ErrorKind::NotFound) => failure.remedy(format!(
            "check its SCIM configuration with `a0p scim get {given}` and its tokens with `a0p scim token list {given}`"
        )),
        Some(ErrorKind::Conflict) => {
            failure.remedy(format!("{}, and revoke one: a connection can have two", list_tokens(given)))
        }
        _ => failure,
    }
}

fn list_tokens(given: &str) -> String {
    format!("list its tokens with `a0p scim token list {given}`")
}
