//! Where domain and credentials come from: the environment, or a profile.

mod kept_tokens;
mod keyring;
mod profiles;
mod secret_file;

use std::path::PathBuf;

use auth0_provisioning::{ClientBuilder, SecretString};

use self::kept_tokens::KeptTokens;
#[cfg(feature = "keyring")]
pub(crate) use self::keyring::SystemKeyring;
pub use self::keyring::{Keyring, KeyringError};
pub(crate) use self::profiles::{Profiles, Settings};
use crate::{context::Context, exit_code::ExitCode, failure::Failure};

/// A client's builder with the credentials of the profile that was asked for, of the environment, or of the chosen profile.
pub(crate) fn builder(context: &Context) -> Result<ClientBuilder, Failure> {
    let (builder, secret) = source(context)?;
    #[cfg(feature = "redis")]
    if context.env("AUTH0_PROVISIONING_REDIS").is_some() {
        // The token is kept there.
        if context.global.new_token {
            context.messages.warning("--new-token does nothing: machines share the token in Redis until it ends");
        }
        return Ok(builder.shared_by_env()?);
    }
    let Some(folder) = token_folder(context) else {
        if context.global.verbose {
            context.messages.story("tokens are not kept: neither XDG_CACHE_HOME nor HOME is set");
        }
        return Ok(builder);
    };
    if context.global.new_token
        && let Err(failure) = forget_tokens(context)
    {
        context.messages.warning(&format!("kept tokens are neither removed nor used: {}", failure.what));
        return Ok(builder);
    }
    Ok(builder.token_store(KeptTokens::new(&folder, &secret, context.messages.clone())))
}

fn token_folder(context: &Context) -> Option<PathBuf> {
    context.cache_dir.as_ref().map(|folder| folder.join("tokens"))
}

/// Removes the tokens that are kept between calls: those that are still needed are asked for again.
pub(crate) fn forget_tokens(context: &Context) -> Result<(), Failure> {
    let Some(folder) = token_folder(context) else { return Ok(()) };
    kept_tokens::forget(&folder).map_err(|error| Failure::of_file(&folder, &error))
}

/// The variables that say who asks. They are of no use without a domain.
const CREDENTIALS: [&str; 4] =
    ["AUTH0_API_TOKEN", "AUTH0_CLIENT_ID", "AUTH0_CLIENT_SECRET", "AUTH0_CLIENT_ASSERTION_PRIVATE_KEY"];

/// The builder, and what proves who asks.
fn source(context: &Context) -> Result<(ClientBuilder, SecretString), Failure> {
    let profiles = Profiles::of(context);
    if let Some(name) = &context.global.profile {
        return of_profile(profiles?.read(name)?);
    }
    if context.env("AUTH0_DOMAIN").is_some() {
        let secret = CREDENTIALS.iter().filter_map(|name| context.env(name)).collect::<Vec<_>>().join("\n");
        return Ok((ClientBuilder::from_env()?, secret.into()));
    }
    if let Some(name) = CREDENTIALS.iter().find(|name| context.env(name).is_some()) {
        context.messages.warning(&format!("{name} is set and AUTH0_DOMAIN is not: the environment is not used"));
    }
    let chosen = profiles.and_then(|profiles| profiles.chosen()?.map(|name| profiles.read(&name)).transpose());
    match chosen {
        Ok(Some(profile)) => of_profile(profile),
        Ok(None) => Err(Failure::new(ExitCode::NotAllowed, "there are no credentials").remedy(
            "run `a0p login`, or set AUTH0_DOMAIN, AUTH0_CLIENT_ID and AUTH0_CLIENT_SECRET; `a0p --demo list` needs neither",
        )),
        Err(failure) => Err(failure),
    }
}

fn of_profile((settings, secret): (Settings, SecretString)) -> Result<(ClientBuilder, SecretString), Failure> {
    Ok((settings.builder(secret.clone())?, secret))
}
