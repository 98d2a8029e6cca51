//! All machines share one encrypted token, and one of them at a time requests it.

use std::time::{Duration, Instant};

use crate::support::{RedisServer, calls, calls_with_status, key, machine, tokens};
use auth0_provisioning_mock::{Fault, MockTenant, Operation};
use auth0_transport::{ExposeSecret, StoredToken, TokenStore};
use auth0_transport_redis::{Budget, EncryptionKey, Redis, SharedTokens};

const A_MINUTE: Duration = Duration::from_secs(60);

fn token(secret: &str) -> StoredToken {
    StoredToken::new(secret, A_MINUTE)
}

async fn loaded(store: &SharedTokens) -> Option<String> {
    store.load("tenant|id").await.unwrap().map(|token| token.secret.expose_secret().to_owned())
}

#[tokio::test]
#[cfg_attr(no_redis_server, ignore = "redis-server is not installed")]
async fn fifty_machines_send_one_token_request() {
    let (server, tenant) = (RedisServer::start().await, MockTenant::start().await.unwrap());
    let machines: Vec<_> = (0..50).map(|_| machine(&tenant, &server.redis(), Budget::new(1000, 1000.0))).collect();
    assert_eq!(calls(&machines, 1).await, 50);
    assert_eq!(tokens(&tenant), 1);
}

#[tokio::test]
#[cfg_attr(no_redis_server, ignore = "redis-server is not installed")]
async fn token_is_encrypted_and_expires() {
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
async fn slow_owner_of_a_lease_overwrites_no_token() {
    let server = RedisServer::start().await;
    let (slow, fast) = (SharedTokens::new(&server.redis(), key()), SharedTokens::new(&server.redis(), key()));
    let lease = slow.lease("tenant|id", Duration::from_millis(1)).await.unwrap();
    assert!(lease.is_some());
    // The lease has expired, and another machine takes it.
    let other = loop {
        if let Some(lease) = fast.lease("tenant|id", A_MINUTE).await.unwrap() {
            break lease;
        }
    };
    assert!(slow.lease("tenant|id", A_MINUTE).await.unwrap().is_none());
    fast.save("tenant|id", &token("newer")).await.unwrap();
    slow.save("tenant|id", &token("older")).await.unwrap();
    assert_eq!(loaded(&slow).await.as_deref(), Some("newer"));

    // The expired lease does not give back the lease of another machine.
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
async fn works_with_tls_and_a_restricted_user() {
    let (server, authority) = RedisServer::with_tls().await;
    let redis = Redis::open_trusting(&format!("rediss://localhost:{}", server.port), &authority).unwrap();
    let store = SharedTokens::new(&redis, key());
    // Opening a connection with TLS may take longer than a command waits.
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

    // The user may not publish. All machines see a 429 at their next reservation.
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
async fn one_machine_renews_the_token_for_all() {
    let server = RedisServer::start().await;
    let tenant = MockTenant::builder().token_lifetime(Duration::from_secs(2)).start().await.unwrap();
    let machines: Vec<_> = (0..4).map(|_| machine(&tenant, &server.redis(), Budget::new(1000, 1000.0))).collect();
    assert_eq!(calls(&machines, 1).await, 4);
    while tokens(&tenant) == 1 {
        assert_eq!(calls(&machines, 1).await, 4);
    }
    assert_eq!(calls(&machines, 5).await, 20);
    assert_eq!(tokens(&tenant), 2);
    assert_eq!(calls_with_status(&tenant, 401), 0);
}
