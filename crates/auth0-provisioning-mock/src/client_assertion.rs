//! Verifies the JWT with which an application authenticates instead of a secret.

use chrono::{DateTime, Utc};
use jsonwebtoken::{Algorithm, Validation};
use serde::Deserialize;

use crate::application::Application;

pub(crate) const TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// The time by which an application's clock can be ahead, in seconds.
const LEEWAY: i64 = 60;

#[derive(Deserialize)]
struct Claims {
    iss: String,
    sub: String,
    /// The API accepts no list.
    aud: String,
    exp: i64,
    iat: Option<i64>,
    jti: Option<String>,
}

/// Returns the client id of an assertion, without verifying it.
pub(crate) fn client_id(assertion: &str) -> Option<String> {
    jsonwebtoken::dangerous::insecure_decode_claims::<Claims>(assertion).ok().map(|claims| claims.iss)
}

/// Verifies an assertion of an application; the error is the description in the response.
pub(crate) fn verify(
    assertion: &str,
    application: &Application,
    audiences: &[String],
    now: DateTime<Utc>,
) -> Result<(), &'static str> {
    let header = jsonwebtoken::decode_header(assertion).map_err(|_| "The assertion is not a JWT")?;
    if matches!(header.alg, Algorithm::HS256 | Algorithm::HS384 | Algorithm::HS512) {
        return Err("The assertion is not signed with a private key");
    }
    let mut validation = Validation::new(header.alg);
    // Times are compared with the tenant's clock below, and so is the audience.
    validation.validate_exp = false;
    validation.validate_aud = false;
    validation.required_spec_claims.clear();
    let mut keys = application.keys_of(header.alg.family());
    let claims = keys
        .find_map(|key| jsonwebtoken::decode::<Claims>(assertion, key, &validation).ok())
        .ok_or("The assertion does not verify under a key of the client")?
        .claims;
    if claims.iss != application.client_id || claims.sub != application.client_id {
        return Err("`iss` and `sub` of the assertion have to be the client id");
    }
    if !audiences.contains(&claims.aud) {
        return Err("`aud` of the assertion has to be the tenant's URL with a slash at the end");
    }
    if claims.exp <= now.timestamp() {
        return Err("The assertion has expired");
    }
    if claims.iat.is_some_and(|iat| iat > now.timestamp() + LEEWAY) {
        return Err("The assertion was issued in the future");
    }
    if claims.jti.is_none_or(|jti| jti.is_empty()) {
        return Err("The assertion has no `jti`");
    }
    Ok(())
}
