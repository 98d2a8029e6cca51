//! `login`: stores credentials in a profile.

use auth0_provisioning::SecretString;

use crate::{
    arguments,
    context::Context,
    credentials::{Profiles, Settings},
    failure::Failure,
    input::in_thread,
};

pub(super) async fn run(arguments: &arguments::Login, context: &mut Context) -> Result<(), Failure> {
    let profiles = Profiles::new(&context.environment)?;
    if arguments.keyring {
        // Fail before the secret is typed.
        profiles.keyring()?;
    }
    let domain = match &arguments.domain {
        Some(domain) => domain.clone(),
        None => ask(context, "Domain (such as acme.eu.auth0.com): ", "--domain").await?,
    };
    let client_id = match &arguments.client_id {
        None if arguments.api_token => None,
        None => Some(ask(context, "Client id: ", "--client-id").await?),
        given => given.clone(),
    };
    let settings = Settings {
        domain,
        client_id,
        audience: arguments.audience.clone(),
        base_url: arguments.base_url.clone(),
        keyring: arguments.keyring,
    };
    let kind = if settings.client_id.is_some() { "client secret" } else { "access token" };
    let secret = secret(context, kind).await?;
    let client = settings.client_builder(secret.clone())?.build()?;
    if !arguments.no_check {
        // Credentials without the scope of this call are right, too.
        match client.directory_provisionings().page_size(1).next().await {
            Err(error) if !error.is_forbidden() => {
                return Err(Failure::from(error).at("the credentials were not stored"));
            }
            _ => {}
        }
    }
    profiles.store(&arguments.name, settings, &secret)?;
    let checked = if arguments.no_check { "" } else { "The credentials work. " };
    context.messages.note(format!("{checked}Stored them in the profile `{}`.", arguments.name));
    Ok(())
}

async fn ask(context: &Context, question: &str, flag: &str) -> Result<String, Failure> {
    if !context.can_ask() {
        return Err(Failure::usage(format!("{flag} is missing, and no question can be asked here"))
            .remedy(format!("pass {flag}; the secret is read from stdin")));
    }
    context.messages.question(question);
    Ok(context.input.line().await?.trim().to_owned())
}

/// Reads the secret: typed without echo, or the first line of stdin.
async fn secret(context: &Context, kind: &str) -> Result<SecretString, Failure> {
    let line = if context.stdin_is_terminal {
        if !context.can_ask() {
            return Err(Failure::usage(format!("the {kind} is missing, and no question can be asked here"))
                .remedy("pipe it into stdin, for example from a password manager"));
        }
        context.messages.question(&format!("The {kind} (it is not shown): "));
        let _echo = RestoreEcho::new();
        let typed = in_thread(|| console::Term::stderr().read_secure_line()).await;
        typed.map_err(|error| Failure::of_stdin(&error))?
    } else {
        context.input.line().await?
    };
    match line.trim() {
        "" => Err(Failure::usage(format!("the {kind} is empty")).remedy("pipe it into stdin, or type it when asked")),
        secret => Ok(secret.to_owned().into()),
    }
}

/// Restores the terminal of stdin when it is dropped. Reading a secret turns the echo off, and Ctrl-C can interrupt it.
struct RestoreEcho {
    #[cfg(unix)]
    settings: Option<rustix::termios::Termios>,
}

impl RestoreEcho {
    fn new() -> Self {
        Self {
            #[cfg(unix)]
            settings: rustix::termios::tcgetattr(rustix::stdio::stdin()).ok(),
        }
    }
}

impl Drop for RestoreEcho {
    fn drop(&mut self) {
        #[cfg(unix)]
        if let Some(settings) = &self.settings {
            // A terminal that was closed needs no echo.
            let now = rustix::termios::OptionalActions::Now;
            let _ = rustix::termios::tcsetattr(rustix::stdio::stdin(), now, settings);
        }
    }
}
