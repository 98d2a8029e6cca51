//! `login`: stores credentials in a profile.

use auth0_provisioning::SecretString;

use super::Outcome;
use crate::{
    arguments,
    context::Context,
    credentials::{Profiles, Settings},
    echo,
    exit_code::ExitCode,
    failure::Failure,
};

pub(super) async fn run(arguments: &arguments::Login, context: &mut Context) -> Outcome {
    let profiles = Profiles::of(context)?;
    if arguments.keyring {
        // Before a secret is asked for.
        profiles.keyring()?;
    }
    let domain = match &arguments.domain {
        Some(domain) => domain.clone(),
        None => ask(context, "Domain (such as acme.eu.auth0.com): ", "--domain").await?,
    };
    let client_id = match (&arguments.client_id, arguments.api_token) {
        (Some(id), _) => Some(id.clone()),
        (None, true) => None,
        (None, false) => Some(ask(context, "Client id: ", "--client-id").await?),
    };
    let settings = Settings {
        domain,
        client_id,
        audience: arguments.audience.clone(),
        base_url: arguments.base_url.clone(),
        keyring: arguments.keyring,
    };
    let secret = secret(context, settings.client_id.is_some()).await?;
    let builder = settings.builder(secret.clone())?;
    let client = builder.build()?;
    if !arguments.no_check {
        // Any answer will do but that the credentials are wrong.
        match client.directory_provisionings().page_size(1).next().await {
            Err(error) if !error.is_forbidden() => {
                return Err(Failure::from(error).at("the credentials were not stored"));
            }
            _ => {}
        }
    }
    profiles.store(&arguments.name, settings, &secret)?;
    let tried = if arguments.no_check { "" } else { "The credentials work. " };
    context.messages.note(&format!("{tried}Stored them in the profile `{}`.", arguments.name));
    Ok(ExitCode::Done)
}

async fn ask(context: &Context, question: &str, flag: &str) -> Result<String, Failure> {
    if !context.can_ask() {
        return Err(Failure::usage(format!("{flag} is missing, and no question can be asked here"))
            .remedy(format!("pass {flag}; the secret is read from stdin")));
    }
    context.messages.question(question);
    Ok(context.line().await?.trim().to_owned())
}

/// The secret: typed unseen, or the first line of stdin.
async fn secret(context: &Context, of_client: bool) -> Result<SecretString, Failure> {
    let what = if of_client { "client secret" } else { "access token" };
    let line = if context.stdin_is_terminal {
        if !context.can_ask() {
            return Err(Failure::usage(format!("the {what} is missing, and no question can be asked here"))
                .remedy("pipe it into stdin, such as from the program that keeps your secrets"));
        }
        context.messages.question(&format!("The {what} (it is not shown): "));
        let _restored = echo::Restored::later();
        let typed = tokio::task::spawn_blocking(|| console::Term::stderr().read_secure_line());
        let typed = typed.await.map_err(std::io::Error::from).and_then(|line| line);
        typed.map_err(|error| Failure::failed(format!("the input cannot be read: {error}")))?
    } else {
        context.line().await?
    };
    match line.trim() {
        "" => Err(Failure::usage(format!("the {what} is empty")).remedy("pipe it into stdin, or type it when asked")),
        secret => Ok(secret.to_owned().into()),
    }
}
