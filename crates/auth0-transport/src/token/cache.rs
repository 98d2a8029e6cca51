//! One token for all.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures_util::{
    FutureExt,
    future::{BoxFuture, Shared, WeakShared},
};
use secrecy::{ExposeSecret, SecretString};

use super::{Life, StoredToken, Token, TokenSource, TokenStore};
use crate::{Error, ErrorKind, telemetry};

type Obtaining = BoxFuture<'static, Result<Arc<Token>, Error>>;

/// Keeps the token, and has one request for the next in flight at most.
pub(crate) struct TokenCache {
    source: Arc<dyn TokenSource>,
    store: Option<Arc<dyn TokenStore>>,
    /// What the token is for: tenant, client, audience.
    key: String,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    current: Option<Arc<Token>>,
    /// The request in flight. It lives as long as somebody waits for it: the last one to give up ends it, and whoever
    /// comes then begins anew.
    obtaining: Option<WeakShared<Obtaining>>,
    /// What the tenant did not accept, lest it comes back from the store.
    rejected: Option<SecretString>,
}

impl TokenCache {
    pub(crate) fn new(source: Arc<dyn TokenSource>, store: Option<Arc<dyn TokenStore>>, key: String) -> Arc<Self> {
        Arc::new(Self { source, store, key, state: Mutex::default() })
    }

    pub(crate) fn at_hand(&self) -> Option<Arc<Token>> {
        self.state().current.clone().filter(|token| token.is_fresh())
    }

    pub(crate) async fn obtain(self: &Arc<Self>) -> Result<Arc<Token>, Error> {
        let obtaining = match self.join() {
            Ok(token) => return Ok(token),
            Err(obtaining) => obtaining,
        };
        obtaining.await
    }

    /// The token, should it have come meanwhile; or the request for it, which is begun if there is none.
    fn join(self: &Arc<Self>) -> Result<Arc<Token>, Shared<Obtaining>> {
        let mut state = self.state();
        if let Some(token) = state.current.as_ref().filter(|token| token.is_fresh()) {
            return Ok(Arc::clone(token));
        }
        let running = state.obtaining.as_ref().and_then(WeakShared::upgrade);
        // One that has ended without leaving a token failed: those who waited are told, later ones try again.
        if let Some(running) = running.filter(|running| running.peek().is_none()) {
            return Err(running);
        }
        let obtaining = Arc::clone(self).obtain_alone().boxed().shared();
        state.obtaining = obtaining.downgrade();
        Err(obtaining)
    }

    async fn obtain_alone(self: Arc<Self>) -> Result<Arc<Token>, Error> {
        if let Some(token) = self.load().await? {
            return Ok(self.keep(token));
        }
        let fresh = self.source.token().await.map_err(no_token)?;
        let life = fresh.expires_in.map(|whole| Life { whole, left: whole });
        let token = Token::new(fresh.secret.clone(), life).map_err(Error::into_credentials)?;
        telemetry::token_obtained(fresh.expires_in);
        let token = self.keep(token);
        if let (Some(store), Some(lifetime)) = (&self.store, fresh.expires_in)
            && !self.was_rejected(&fresh.secret)
        {
            let stored = StoredToken::new(fresh.secret, lifetime);
            if let Err(error) = store.save(&self.key, &stored).await {
                telemetry::token_not_stored(&error);
            }
        }
        Ok(token)
    }

    /// What the store holds, if it is of use.
    async fn load(&self) -> Result<Option<Token>, Error> {
        let Some(store) = &self.store else { return Ok(None) };
        let stored = store.load(&self.key).await.map_err(|error| {
            Error::new(ErrorKind::Credentials).detail("the token store cannot be read").caused_by(error)
        })?;
        let Some(stored) = stored else { return Ok(None) };
        if self.was_rejected(&stored.secret) {
            return Ok(None);
        }
        let life = stored.life();
        let token = Token::new(stored.secret, Some(life)).map_err(Error::into_credentials)?;
        Ok(Some(token).filter(Token::is_fresh))
    }

    fn keep(&self, token: Token) -> Arc<Token> {
        let token = Arc::new(token);
        self.state().current = Some(Arc::clone(&token));
        token
    }

    fn was_rejected(&self, secret: &SecretString) -> bool {
        self.state().rejected.as_ref().is_some_and(|rejected| rejected.expose_secret() == secret.expose_secret())
    }

    /// Drops the token, unless another one took its place already.
    pub(crate) fn reject(&self, token: &Token) {
        let mut state = self.state();
        state.rejected = Some(token.secret.clone());
        if state.current.as_ref().is_some_and(|current| current.expose() == token.expose()) {
            state.current = None;
            // The request that brought it may still be saving it: nobody else is to be given it from there.
            state.obtaining = None;
            telemetry::token_rejected();
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Nothing between two assignments can panic, so that none is half done.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The source's own error as ours: one of the transport's keeps what it knows.
fn no_token(error: Box<dyn std::error::Error + Send + Sync>) -> Error {
    match error.downcast::<Error>() {
        Ok(error) => error.into_credentials(),
        Err(error) => Error::new(ErrorKind::Credentials).detail("the token source failed").caused_by(error),
    }
}

#[cfg(test)]
mod tests {
    use std::{
        sync::atomic::{AtomicU32, Ordering},
        time::Duration,
    };

    use futures_util::future::join_all;
    use tokio::time::{Instant, sleep, timeout};

    use super::*;
    use crate::{AccessToken, MemoryTokenStore, StoreFuture, TokenFuture};

    /// Takes two seconds for a token, and fails with every one whose number is in `failing`.
    struct Slow {
        asked: AtomicU32,
        lifetime: Duration,
        failing: std::ops::Range<u32>,
    }

    impl TokenSource for Slow {
        fn token(&self) -> TokenFuture<'_> {
            let number = self.asked.fetch_add(1, Ordering::Relaxed) + 1;
            Box::pin(async move {
                sleep(Duration::from_secs(2)).await;
                if self.failing.contains(&number) {
                    return Err("down".into());
                }
                Ok(AccessToken::new(format!("token-{number}")).expires_in(self.lifetime))
            })
        }
    }

    fn cache(lifetime: u64, failing: std::ops::Range<u32>) -> (Arc<Slow>, Arc<TokenCache>) {
        let lifetime = Duration::from_secs(lifetime);
        let source = Arc::new(Slow { asked: AtomicU32::new(0), lifetime, failing });
        (Arc::clone(&source), TokenCache::new(source, None, String::new()))
    }

    async fn obtained(cache: &Arc<TokenCache>) -> String {
        cache.obtain().await.unwrap().expose().to_owned()
    }

    #[tokio::test(start_paused = true)]
    async fn all_waiters_share_one_request() {
        let (source, cache) = cache(3600, 0..0);
        let began = Instant::now();
        let tokens = join_all((0..1000).map(|_| obtained(&cache))).await;
        assert!(tokens.iter().all(|token| token == "token-1"));
        assert_eq!((source.asked.load(Ordering::Relaxed), began.elapsed().as_secs()), (1, 2));
    }

    #[tokio::test(start_paused = true)]
    async fn whoever_began_may_leave() {
        let (source, cache) = cache(3600, 0..0);
        let beginner = timeout(Duration::from_secs(1), obtained(&cache));
        let (left, stayed) = tokio::join!(beginner, obtained(&cache));
        assert!(left.is_err());
        assert_eq!((stayed.as_str(), source.asked.load(Ordering::Relaxed)), ("token-1", 1));
    }

    #[tokio::test(start_paused = true)]
    async fn once_all_have_left_the_next_one_begins_anew() {
        let (source, cache) = cache(3600, 0..0);
        assert!(timeout(Duration::from_secs(1), obtained(&cache)).await.is_err());
        sleep(Duration::from_secs(3600)).await;
        assert_eq!(obtained(&cache).await, "token-2");
        assert_eq!(source.asked.load(Ordering::Relaxed), 2);
    }

    #[tokio::test(start_paused = true)]
    async fn a_failure_reaches_every_waiter_and_is_not_kept() {
        let (source, cache) = cache(3600, 1..2);
        for result in join_all((0..50).map(|_| cache.obtain())).await {
            assert_eq!(result.unwrap_err().kind(), ErrorKind::Credentials);
        }
        assert_eq!(source.asked.load(Ordering::Relaxed), 1);
        assert_eq!(obtained(&cache).await, "token-2");
    }

    #[tokio::test(start_paused = true)]
    async fn a_token_is_renewed_before_its_end_by_a_margin_that_fits_its_life() {
        for (lifetime, margin) in [(86_400, 60), (3600, 60), (100, 10), (10, 1)] {
            let (_, cache) = cache(lifetime, 0..0);
            assert_eq!(obtained(&cache).await, "token-1");
            sleep(Duration::from_millis((lifetime - margin) * 1000 - 10)).await;
            assert!(cache.at_hand().is_some(), "{lifetime}");
            sleep(Duration::from_millis(20)).await;
            assert!(cache.at_hand().is_none(), "{lifetime}");
        }
    }

    /// Takes a minute to save a token.
    #[derive(Clone, Default)]
    struct SlowStore(MemoryTokenStore);

    impl TokenStore for SlowStore {
        fn load<'a>(&'a self, key: &'a str) -> StoreFuture<'a, Option<StoredToken>> {
            self.0.load(key)
        }

        fn save<'a>(&'a self, key: &'a str, token: &'a StoredToken) -> StoreFuture<'a, ()> {
            Box::pin(async move {
                sleep(Duration::from_secs(60)).await;
                self.0.save(key, token).await
            })
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_token_rejected_while_it_is_being_saved_is_not_handed_out_again() {
        let lifetime = Duration::from_secs(3600);
        let source = Arc::new(Slow { asked: AtomicU32::new(0), lifetime, failing: 0..0 });
        let cache = TokenCache::new(source, Some(Arc::new(SlowStore::default())), String::new());
        let rejecting = async {
            sleep(Duration::from_secs(10)).await;
            let token = cache.at_hand().unwrap();
            cache.reject(&token);
            obtained(&cache).await
        };
        let (first, second) = tokio::join!(obtained(&cache), rejecting);
        assert_eq!((first.as_str(), second.as_str()), ("token-1", "token-2"));
    }

    #[tokio::test(start_paused = true)]
    async fn a_rejected_token_that_comes_again_is_not_saved() {
        struct Stubborn;
        impl TokenSource for Stubborn {
            fn token(&self) -> TokenFuture<'_> {
                Box::pin(async { Ok(AccessToken::new("same").expires_in(Duration::from_secs(3600))) })
            }
        }
        let store = MemoryTokenStore::default();
        let cache = TokenCache::new(Arc::new(Stubborn), Some(Arc::new(store.clone())), String::new());
        cache.reject(&Token::new("same".into(), None).unwrap());
        assert_eq!(obtained(&cache).await, "same");
        assert!(store.load("").await.unwrap().is_none());
    }

    #[tokio::test(start_paused = true)]
    async fn rejecting_an_old_token_does_not_cost_the_new_one() {
        let (_, cache) = cache(3600, 0..0);
        let old = cache.obtain().await.unwrap();
        cache.reject(&old);
        assert_eq!(obtained(&cache).await, "token-2");
        cache.reject(&old);
        assert!(cache.at_hand().is_some());
    }
}
