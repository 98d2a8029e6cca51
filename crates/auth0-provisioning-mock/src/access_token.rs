//! Access tokens: how the tenant issues them, and how it judges those it gets.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, Utc};
use jsonwebtoken::errors::{Error, ErrorKind};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};

use crate::cause::Cause;

/// What a token says.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Claims {
    pub(crate) iss: String,
    pub(crate) sub: String,
    pub(crate) aud: String,
    pub(crate) iat: i64,
    pub(crate) exp: i64,
    pub(crate) scope: String,
    /// A tenant's own count, so that no two of its tokens are alike.
    pub(crate) jti: u64,
}

/// Issues and judges the tokens of one tenant. They are real JWTs, signed with a key that only the tenant has.
pub(crate) struct TokenOffice {
    encoding: EncodingKey,
    decoding: DecodingKey,
    validation: Validation,
    ledger: Mutex<Ledger>,
}

#[derive(Default)]
struct Ledger {
    issued: u64,
    /// Every token up to this count has been revoked.
    revoked_up_to: u64,
    revoked: HashSet<u64>,
}

impl TokenOffice {
    pub(crate) fn new(key: &[u8]) -> Self {
        let mut validation = Validation::new(Algorithm::HS256);
        // The tenant's clock judges the times, not the machine's.
        validation.validate_exp = false;
        validation.validate_aud = false;
        validation.required_spec_claims.clear();
        Self {
            encoding: EncodingKey::from_secret(key),
            decoding: DecodingKey::from_secret(key),
            validation,
            ledger: Mutex::default(),
        }
    }

    pub(crate) fn issue(
        &self,
        issuer: &str,
        client: &str,
        audience: &str,
        scopes: &[String],
        now: DateTime<Utc>,
        lifetime: Duration,
    ) -> Result<String, Error> {
        let jti = {
            let mut ledger = self.ledger.lock().unwrap_or_else(PoisonError::into_inner);
            ledger.issued += 1;
            ledger.issued
        };
        let iat = now.timestamp();
        let claims = Claims {
            iss: issuer.to_owned(),
            sub: format!("{client}@clients"),
            aud: audience.to_owned(),
            iat,
            exp: iat.saturating_add_unsigned(lifetime.as_secs()),
            scope: scopes.join(" "),
            jti,
        };
        jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &self.encoding)
    }

    /// What the token says, if it is one of ours, in time, and not revoked.
    pub(crate) fn judge(&self, token: &str, now: DateTime<Utc>) -> Result<Claims, Cause> {
        let decoded = jsonwebtoken::decode::<Claims>(token, &self.decoding, &self.validation);
        let claims = decoded.map_err(|error| cause(&error))?.claims;
        let ledger = self.ledger.lock().unwrap_or_else(PoisonError::into_inner);
        if now.timestamp() >= claims.exp || claims.jti <= ledger.revoked_up_to || ledger.revoked.contains(&claims.jti) {
            return Err(Cause::InvalidToken);
        }
        Ok(claims)
    }

    /// Revokes one token; `false` if it is none of this tenant's.
    pub(crate) fn revoke(&self, token: &str) -> bool {
        let Ok(decoded) = jsonwebtoken::decode::<Claims>(token, &self.decoding, &self.validation) else { return false };
        self.ledger.lock().unwrap_or_else(PoisonError::into_inner).revoked.insert(decoded.claims.jti);
        true
    }

    /// Revokes every token issued so far.
    pub(crate) fn revoke_all(&self) {
        let mut ledger = self.ledger.lock().unwrap_or_else(PoisonError::into_inner);
        ledger.revoked_up_to = ledger.issued;
    }
}

fn cause(error: &Error) -> Cause {
    match error.kind() {
        ErrorKind::InvalidSignature => Cause::InvalidSignature,
        _ => Cause::InvalidToken,
    }
}
