//! Reads settings from environment variables, with the names that Auth0's own tools use.

use crate::{Credentials, Error, TenantDomain, TransportBuilder};

/// Configures a builder with the variables of `lookup`. An empty variable counts as not set.
pub(crate) fn builder(lookup: impl Fn(&str) -> Option<String>) -> Result<TransportBuilder, Error> {
    let get = |name: &str| lookup(name).filter(|value| !value.is_empty());
    let domain = get("AUTH0_DOMAIN").ok_or_else(|| Error::invalid_configuration("AUTH0_DOMAIN is not set"))?;
    let domain = TenantDomain::new(domain)
        .map_err(|error| Error::invalid_configuration("AUTH0_DOMAIN is invalid").caused_by(error))?;
    let mut builder = TransportBuilder::new(domain).credentials(credentials(&get)?);
    if let Some(audience) = get("AUTH0_AUDIENCE") {
        builder = builder.audience(audience);
    }
    if let Some(origin) = get("AUTH0_BASE_URL") {
        builder = builder.base_url(origin);
    }
    Ok(builder)
}

fn credentials(get: &impl Fn(&str) -> Option<String>) -> Result<Credentials, Error> {
    if let Some(token) = get("AUTH0_API_TOKEN") {
        return Ok(Credentials::bearer(token));
    }
    let id = get("AUTH0_CLIENT_ID");
    let key = get("AUTH0_CLIENT_ASSERTION_PRIVATE_KEY");
    let secret = get("AUTH0_CLIENT_SECRET");
    match (id, key, secret) {
        (Some(id), Some(key), _) => assertion(id, &key, get("AUTH0_CLIENT_ASSERTION_SIGNING_ALG").as_deref()),
        (Some(id), None, Some(secret)) => Ok(Credentials::client_secret(id, secret)),
        (Some(_), None, None) => Err(Error::invalid_configuration(
            "AUTH0_CLIENT_ID is set, but neither AUTH0_CLIENT_SECRET nor AUTH0_CLIENT_ASSERTION_PRIVATE_KEY is",
        )),
        (None, Some(_), _) => {
            Err(Error::invalid_configuration("AUTH0_CLIENT_ASSERTION_PRIVATE_KEY is set, but AUTH0_CLIENT_ID is not"))
        }
        (None, None, Some(_)) => {
            Err(Error::invalid_configuration("AUTH0_CLIENT_SECRET is set, but AUTH0_CLIENT_ID is not"))
        }
        (None, None, None) => Err(Error::invalid_configuration(
            "no credentials are set: set AUTH0_API_TOKEN, or AUTH0_CLIENT_ID and AUTH0_CLIENT_SECRET, or \
             AUTH0_CLIENT_ID and AUTH0_CLIENT_ASSERTION_PRIVATE_KEY",
        )),
    }
}

#[cfg(feature = "private-key-jwt")]
fn assertion(id: String, key: &str, algorithm: Option<&str>) -> Result<Credentials, Error> {
    let algorithm = algorithm.map_or_else(|| Ok(crate::SigningAlgorithm::default()), str::parse)?;
    Ok(Credentials::private_key_jwt(id, crate::PrivateKeyJwt::from_pem(key, algorithm)?))
}

#[cfg(not(feature = "private-key-jwt"))]
fn assertion(_: String, _: &str, _: Option<&str>) -> Result<Credentials, Error> {
    Err(Error::invalid_configuration(
        "AUTH0_CLIENT_ASSERTION_PRIVATE_KEY is set, but the feature `private-key-jwt` is not compiled in",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ErrorKind;

    fn read(set: &[(&str, &str)]) -> Result<String, String> {
        let lookup = |name: &str| set.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
        match builder(lookup) {
            Ok(builder) => Ok(format!("{builder:?}")),
            Err(error) => {
                assert_eq!(error.kind(), ErrorKind::InvalidConfiguration);
                Err(error.to_string())
            }
        }
    }

    const DOMAIN: (&str, &str) = ("AUTH0_DOMAIN", "acme.eu.auth0.com");
    const ID: (&str, &str) = ("AUTH0_CLIENT_ID", "id-1");
    const SECRET: (&str, &str) = ("AUTH0_CLIENT_SECRET", "s3cret");
    const TOKEN: (&str, &str) = ("AUTH0_API_TOKEN", "t0ken");

    #[test]
    fn token_has_precedence_over_the_secret() {
        assert!(read(&[DOMAIN, ID, SECRET, TOKEN]).unwrap().contains("bearer token"));
        assert!(read(&[DOMAIN, ID, SECRET]).unwrap().contains("client secret"));
        assert!(read(&[DOMAIN, ID, SECRET, ("AUTH0_API_TOKEN", "")]).unwrap().contains("client secret"));
    }

    #[test]
    fn reads_audience_and_base_url() {
        for (name, value) in
            [("AUTH0_AUDIENCE", "https://acme.example/api/v2/"), ("AUTH0_BASE_URL", "http://[::1]:8080")]
        {
            let shown = read(&[DOMAIN, TOKEN, (name, value)]).unwrap();
            assert!(shown.contains(value), "{shown}");
        }
    }

    #[test]
    fn error_names_the_missing_variable() {
        for (set, named) in [
            (&[][..], "AUTH0_DOMAIN"),
            (&[TOKEN][..], "AUTH0_DOMAIN"),
            (&[DOMAIN][..], "AUTH0_API_TOKEN"),
            (&[DOMAIN, ID][..], "AUTH0_CLIENT_SECRET"),
            (&[DOMAIN, SECRET][..], "AUTH0_CLIENT_ID"),
            (&[DOMAIN, ("AUTH0_CLIENT_ASSERTION_PRIVATE_KEY", "k")][..], "AUTH0_CLIENT_ID"),
            (&[("AUTH0_DOMAIN", "https://acme.auth0.com"), TOKEN][..], "leave out the scheme"),
        ] {
            let message = read(set).unwrap_err();
            assert!(message.contains(named), "{message}");
        }
    }

    #[test]
    fn secrets_are_not_shown() {
        let message = read(&[DOMAIN, ID, ("AUTH0_CLIENT_ASSERTION_PRIVATE_KEY", "s3cret")]).unwrap_err();
        assert!(message.contains("private") && !message.contains("s3cret"), "{message}");
        for set in [&[DOMAIN, ID, SECRET][..], &[DOMAIN, TOKEN][..]] {
            let shown = read(set).unwrap();
            assert!(!shown.contains("s3cret") && !shown.contains("t0ken"), "{shown}");
        }
    }
}
