//! Access tokens: issued, verified, revoked.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::cause::Cause;
use crate::jwt::Key;
use crate::lock::lock;

/// The claims of a token.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Claims {
    iss: String,
    sub: String,
    aud: String,
    iat: i64,
    exp: i64,
    scope: String,
    /// A counter that makes tokens unique.
    jti: u64,
}

impl Claims {
    pub(crate) fn grants(&self, scope: &str) -> bool {
        self.scope.split(' ').any(|granted| granted == scope)
    }

    pub(crate) fn client_id(&self) -> &str {
        self.sub.strip_suffix("@clients").unwrap_or(&self.sub)
    }
}

/// Issues and verifies the tokens of one tenant. They are JWTs, signed with a key of the tenant.
pub(crate) struct TokenIssuer {
    key: Key,
    ledger: Mutex<Ledger>,
    /// Verified tokens: a client sends the same token with every request.
    verified: Mutex<HashMap<String, Arc<Claims>>>,
}

/// The largest number of cached tokens.
const MOST_VERIFIED: usize = 1_000;

#[derive(Default)]
struct Ledger {
    issued: u64,
    /// Every token up to this count has been revoked.
    revoked_up_to: u64,
    revoked: HashSet<u64>,
}

impl TokenIssuer {
    pub(crate) fn new(key: &[u8]) -> Self {
        Self { key: Key::new(key), ledger: Mutex::default(), verified: Mutex::default() }
    }

    pub(crate) fn issue(
        &self,
        issuer: &str,
        client: &str,
        audience: &str,
        scopes: &[String],
        now: DateTime<Utc>,
        lifetime: Duration,
    ) -> String {
        let jti = {
            let mut ledger = lock(&self.ledger);
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
        self.key.sign(&claims)
    }

    /// Returns the claims of a token of this tenant that has not expired and was not revoked.
    pub(crate) fn verify(&self, token: &str, now: DateTime<Utc>) -> Result<Arc<Claims>, Cause> {
        let claims = self.claims(token)?;
        let ledger = lock(&self.ledger);
        if now.timestamp() >= claims.exp || claims.jti <= ledger.revoked_up_to || ledger.revoked.contains(&claims.jti) {
            return Err(Cause::InvalidToken);
        }
        Ok(claims)
    }

    fn claims(&self, token: &str) -> Result<Arc<Claims>, Cause> {
        let mut verified = lock(&self.verified);
        if let Some(claims) = verified.get(token) {
            return Ok(Arc::clone(claims));
        }
        let claims = Arc::new(self.key.verify(token)?);
        if verified.len() >= MOST_VERIFIED {
            verified.clear();
        }
        verified.insert(token.to_owned(), Arc::clone(&claims));
        Ok(claims)
    }

    /// Revokes one token of this tenant. Returns whether the token exists.
    pub(crate) fn revoke(&self, token: &str) -> bool {
        let claims = self.key.verify::<Claims>(token);
        if let Ok(claims) = &claims {
            lock(&self.ledger).revoked.insert(claims.jti);
        }
        claims.is_ok()
    }

    /// Revokes every token issued so far.
    pub(crate) fn revoke_all(&self) {
        let mut ledger = lock(&self.ledger);
        ledger.revoked_up_to = ledger.issued;
    }
}
