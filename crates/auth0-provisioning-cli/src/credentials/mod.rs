//! Domain and credentials from the environment or from a profile, and the tokens that are stored for them.

mod profiles;
mod secret_file;
mod stored_tokens;

use std::path::PathBuf;

use auth0_provisioning::{ClientBuilder, SecretString};

use self::stored_tokens::StoredTokens;
pub(crate) use self::{
    profiles::{Profiles, Settings},
    secret_file::create_private_file,
};
use crate::{arguments::Global, environment::Environment, exit_code::ExitCode, failure::Failure, output::Messages};

/// Returns a client builder with the credentials of the profile in the arguments, of the environment, or of the chosen
/// profile.
pub(crate) fn client_builder(
    environment: &Environment,
    global: &Global,
    messages: &Messages,
) -> Result<ClientBuilder, Failure> {
    let (builder, secret) = credentials(environment, global, messages)?;
    #[cfg(feature = "redis")]
    if environment.variable("AUTH0_PROVISIONING_REDIS").is_some() {
        // The token is stored there.
        if global.new_token {
            messages.warning("--new-token has no effect: the machines share the token in Redis until it ends");
        }
        return Ok(builder.shared_by_env()?);
    }
    let Some(folder) = token_folder(environment) else {
        if global.verbose {
            messages.detail("tokens are not stored: neither XDG_CACHE_HOME nor HOME is set");
        }
        return Ok(builder);
    };
    if global.new_token
        && let Err(failure) = remove_tokens(environment)
    {
        messages.warning_of("cannot remove the stored tokens, so they are not used", &failure);
        return Ok(builder);
    }
    Ok(builder.token_store(StoredTokens::new(&folder, &secret, messages.clone())))
}

fn token_folder(environment: &Environment) -> Option<PathBuf> {
    environment.cache_dir.as_ref().map(|folder| folder.join("tokens"))
}

/// Removes the stored tokens of all credentials.
pub(crate) fn remove_tokens(environment: &Environment) -> Result<(), Failure> {
    let Some(folder) = token_folder(environment) else { return Ok(()) };
    stored_tokens::remove(&folder).map_err(|error| Failure::of_file(&folder, &error))
}

/// The variables with credentials. They have no effect without a domain.
const CREDENTIALS: [&str; 4] =
    ["AUTH0_API_TOKEN", "AUTH0_CLIENT_ID", "AUTH0_CLIENT_SECRET", "AUTH0_CLIENT_ASSERTION_PRIVATE_KEY"];

/// Returns a builder with the credentials, and the secret in them.
fn credentials(
    environment: &Environment,
    global: &Global,
    messages: &Messages,
) -> Result<(ClientBuilder, SecretString), Failure> {
    if let Some(name) = &global.profile {
        return of_profile(&Profiles::new(environment)?, name);
    }
    let variables = CREDENTIALS.iter().filter_map(|name| Some((name, environment.variable(name)?)));
    let variables: Vec<_> = variables.collect();
    if environment.variable("AUTH0_DOMAIN").is_some() {
        let secret: Vec<String> = variables.into_iter().map(|(_, value)| value).collect();
        return Ok((ClientBuilder::from_env()?, secret.join("\n").into()));
    }
    if let Some((name, _)) = variables.first() {
        messages.warning(format!("{name} is set and AUTH0_DOMAIN is not: the environment is not used"));
    }
    let profiles = Profiles::new(environment)?;
    let Some(name) = profiles.all()?.chosen else {
        return Err(Failure::new(ExitCode::NotAllowed, "there are no credentials").remedy(
            "run `a0p login`, or set AUTH0_DOMAIN, AUTH0_CLIENT_ID and AUTH0_CLIENT_SECRET; `a0p --demo list` needs neither",
        ));
    };
    of_profile(&profiles, &name)
}

fn of_profile(profiles: &Profiles, name: &str) -> Result<(ClientBuilder, SecretString), Failure> {
    let (settings, secret) = profiles.read(name)?;
    Ok((settings.client_builder(secret.clone())?, secret))
}
