//! Redis contains no plain secret, and the crate prints none.

use crate::support::{RedisServer, calls, key, machine};
use auth0_provisioning_mock::MockTenant;
use auth0_transport_redis::{Budget, EncryptionKey, Redis, Sharing};

#[tokio::test]
#[cfg_attr(no_redis_server, ignore = "redis-server is not installed")]
async fn dump_of_redis_contains_no_secret() {
    let (server, tenant) = (RedisServer::start().await, MockTenant::start().await.unwrap());
    let machines: Vec<_> = (0..2).map(|_| machine(&tenant, &server.redis(), Budget::new(50, 16.0))).collect();
    assert_eq!(calls(&machines, 20).await, 40);

    let keys = server.command(&["KEYS", "*"]);
    assert!(keys.lines().count() >= 2, "token and budget are shared: {keys}");
    let mut dump = keys.clone();
    for key in keys.lines() {
        // DUMP returns all bytes of a key.
        dump += &server.command(&["EVAL", "return redis.call('DUMP', KEYS[1])", "1", key]);
        for read in ["HGETALL", "GET"] {
            dump += &server.command(&[read, key]);
        }
    }
    let requests = tenant.requests();
    let token = requests.iter().find_map(|request| request.header("authorization")).unwrap();
    let token = token.trim_start_matches("Bearer ");
    // The parts of a JWT, in case only one of them appears.
    for secret in token.split('.').chain([tenant.client_secret(), tenant.client_id()]) {
        assert!(!dump.contains(secret), "{secret} is in {dump}");
    }
}

#[test]
fn debug_and_errors_contain_no_password() {
    let redis = Redis::open("redis://user:marked-password@127.0.0.1:1").unwrap();
    let sharing = Sharing::new(redis.clone(), EncryptionKey::new([0x6d; 32]), Budget::new(1, 1.0));
    let shown = format!("{redis:?} {sharing:?} {:?} {:?}", key(), EncryptionKey::new([0x6d; 32]));
    assert!(!shown.contains("marked-password") && !shown.contains("6d6d") && !shown.contains("109, 109"), "{shown}");
    let broken = Redis::open("redis://user:marked-password@127.0.0.1:notaport").unwrap_err();
    assert!(!format!("{broken} {broken:?}").contains("marked-password"), "{broken:?}");
}

#[tokio::test]
async fn missing_redis_is_reported_without_password() {
    let tenant = MockTenant::start().await.unwrap();
    let redis = Redis::open("redis://user:marked-password@127.0.0.1:1").unwrap();
    let shown = format!("{:?}", crate::support::call(&machine(&tenant, &redis, Budget::new(50, 16.0))).await);
    assert!(!shown.contains("marked-password"), "{shown}");
}
