//! One token for all machines, encrypted, and given by one of them at a time.

#![allow(clippy::unwrap_used)] // a test fails by panicking

mod support;

use std::time::{Duration, Instant};

use auth0_provisioning_mock::{Fault, MockTenant, Operation};
use auth0_transport::{ExposeSecret, StoredToken, TokenStore};
use auth0_transport_redis::{Budget, EncryptionKey, Redis, SharedTokens};
use support::{RedisServer, answered, calls, key, machine, tokens};

const A_MINUTE: Duration = Duration::from_secs(60);

fn token(secret: &str) -> StoredToken {
    StoredToken::new(secret, A_MINUTE)
}

async fn loaded(store: &SharedTokens) -> Option<String> {
    store.load("tenant|id").await.unwrap().map(|token| token.secret.expose_secret().to_owned())
}

#[tokio::test]
#[cfg_attr(no_redis_server, ignore = "redis-server is not installed")]
async fn fifty_machines_that_start_at_once_ask_for_one_token() {
    let (server, tenant) = (RedisServer::start().await, MockTenant::start().await.unwrap());
    let machines: Vec<_> = (0..50).map(|_| machine(&tenant, &server.redis(), Budget::new(1000, 1000.0))).collect();
    assert_eq!(calls(&machines, 1).await, 50);
    assert_eq!(tokens(&tenant), 1);
}

#[tokio::test]
#[cfg_attr(no_redis_server, ignore = "redis-server is not installed")]
async fn a_token_lies_encrypted_and_expires_by_itself() {
    let server = RedisServer::start().await;
    let store = SharedTokens::new(&server.redis(), key());
    store.save("tenant|id", &token("s3cr3t")).await.unwrap();
    assert_eq!(loaded(&SharedTokens::new(&server.redis(), key())).await.as_deref(), Some("s3cr3t"));
    assert_eq!(loaded(&SharedTokens::new(&server.redis(), EncryptionKey::new([8; 32]))).await, None);

    let keys = server.command(&["KEYS", "*"]);
    assert!(keys.starts_with("auth0:{") && !keys.contains("tenant"), "{keys}");
    let dump = server.command(&["HGETALL", keys.trim()]);
    assert!(!dump.contains("s3cr3t"), "{dump}");
    let left: u64 = server.command(&["PTTL", keys.trim()]).trim().parse().unwrap();
    assert!((50_000..=60_000).contains(&left), "{left}");
}

#[tokio::test]
#[cfg_attr(no_redis_server, ignore = "redis-server is not installed")]
async fn one_at_a_time_has_the_lease_and_who_was_too_slow_overwrites_nothing() {
    let server = RedisServer::start().await;
    let (slow, fast) = (SharedTokens::new(&server.redis(), key()), SharedTokens::new(&server.redis(), key()));
    let lease = slow.lease("tenant|id", Duration::from_millis(1)).await.unwrap();
    assert!(lease.is_some());
    // Its time is over: another machine takes it.
    let other = loop {
        if let Some(lease) = fast.lease("tenant|id", A_MINUTE).await.unwrap() {
            break lease;
        }
    };
    assert!(slow.lease("tenant|id", A_MINUTE).await.unwrap().is_none());
    fast.save("tenant|id", &token("newer")).await.unwrap();
    slow.save("tenant|id", &token("older")).await.unwrap();
    assert_eq!(loaded(&slow).await.as_deref(), Some("newer"));

    // The one that has ended gives nothing back that is not its own.
    drop(lease);
    assert!(slow.lease("tenant|id", A_MINUTE).await.unwrap().is_none());
    drop(other);
    while slow.lease("tenant|id", A_MINUTE).await.unwrap().is_none() {
        tokio::task::yield_now().await;
    }
    slow.save("tenant|id", &token("newest")).await.unwrap();
    assert_eq!(loaded(&fast).await.as_deref(), Some("newest"));
}

#[tokio::test]
#[cfg_attr(no_redis_server, ignore = "redis-server is not installed")]
async fn tls_and_users_with_few_rights_work() {
    let (server, authority) = RedisServer::with_tls().await;
    let redis = Redis::open_trusting(&format!("rediss://localhost:{}", server.port), &authority).unwrap();
    let store = SharedTokens::new(&redis, key());
    // A connection with TLS may take longer to make than a command waits for it.
    let saved = async {
        while store.save("tenant|id", &token("s3cr3t")).await.is_err() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), saved).await.unwrap();
    assert_eq!(loaded(&store).await.as_deref(), Some("s3cr3t"));

    let server = RedisServer::start().await;
    let rights =
        ["on", ">pa55", "~auth0:*", "+eval", "+evalsha", "+script|load", "+time", "+get", "+set", "+del", "+hget"];
    let more = ["+hmget", "+hset", "+pexpire", "+ping", "+client"];
    let made = server.command(&[&["ACL", "SETUSER", "worker"][..], &rights, &more].concat());
    assert_eq!(made.trim(), "OK");
    server.command(&["ACL", "SETUSER", "default", "off"]);
    let redis = Redis::open(&format!("redis://worker:pa55@127.0.0.1:{}", server.port)).unwrap();
    assert!(!format!("{redis:?}").contains("pa55"));
    let store = SharedTokens::new(&redis, key());
    assert!(store.lease("tenant|id", A_MINUTE).await.unwrap().is_some());
    store.save("tenant|id", &token("s3cr3t")).await.unwrap();
    assert_eq!(loaded(&store).await.as_deref(), Some("s3cr3t"));

    // It may not publish: a refusal is known to all machines with their next reservation.
    let tenant = MockTenant::start().await.unwrap();
    let machines: Vec<_> = (0..2).map(|_| machine(&tenant, &redis, Budget::new(1000, 1000.0))).collect();
    tenant.fault(Fault::retry_after(Duration::from_secs(1)).on(Operation::ListConfigurations));
    let start = Instant::now();
    assert_eq!(calls(&machines[..1], 1).await, 1);
    assert!(machines[1].quota().unwrap().held_until.is_none());
    assert_eq!(calls(&machines[1..], 1).await, 1);
    assert!(start.elapsed() >= Duration::from_millis(900) && !machines[0].quota().unwrap().alone);
}

#[tokio::test]
#[cfg_attr(no_redis_server, ignore = "redis-server is not installed")]
async fn one_machine_renews_the_token_for_all_before_its_end() {
    let server = RedisServer::start().await;
    let tenant = MockTenant::builder().token_lifetime(Duration::from_secs(2)).start().await.unwrap();
    let machines: Vec<_> = (0..4).map(|_| machine(&tenant, &server.redis(), Budget::new(1000, 1000.0))).collect();
    assert_eq!(calls(&machines, 1).await, 4);
    while tokens(&tenant) == 1 {
        assert_eq!(calls(&machines, 1).await, 4);
    }
    assert_eq!(calls(&machines, 5).await, 20);
    assert_eq!(tokens(&tenant), 2);
    assert_eq!(answered(&tenant, 401), 0);
}
