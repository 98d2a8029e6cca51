//! One rate limit for all machines, with Redis and without.

use std::time::{Duration, Instant};

use crate::support::{RedisServer, call, calls, calls_with_status, machine};
use auth0_provisioning_mock::{Fault, MockTenant, Operation, RateLimit};
use auth0_transport::{CallOptions, ErrorKind, Method, Transport};
use auth0_transport_redis::Budget;

async fn tenant(burst: u32, per_second: u32) -> MockTenant {
    let limit = RateLimit::new(burst, per_second);
    MockTenant::builder().rate_limit(limit).start().await.unwrap()
}

#[tokio::test]
#[cfg_attr(no_redis_server, ignore = "redis-server is not installed")]
async fn machines_together_stay_below_the_limit() {
    let (server, tenant) = (RedisServer::start().await, tenant(20, 50).await);
    let machines: Vec<_> = (0..8).map(|_| machine(&tenant, &server.redis(), Budget::new(20, 50.0))).collect();
    assert_eq!(calls(&machines, 15).await, 120);
    assert!(calls_with_status(&tenant, 429) <= 2, "{} were rate limited", calls_with_status(&tenant, 429));
    let commands = server.command(&["INFO", "commandstats"]);
    let scripts = commands.lines().find(|line| line.starts_with("cmdstat_evalsha:")).unwrap();
    let count: u32 = scripts.split("calls=").nth(1).unwrap().split(',').next().unwrap().parse().unwrap();
    assert!(count <= 60, "{count} scripts for 120 calls");
}

#[tokio::test]
#[cfg_attr(no_redis_server, ignore = "redis-server is not installed")]
async fn all_machines_together_use_a_share() {
    let (server, tenant) = (RedisServer::start().await, tenant(40, 40).await);
    let half = Budget::new(40, 40.0).share(0.5);
    let machines: Vec<_> = (0..4).map(|_| machine(&tenant, &server.redis(), half)).collect();
    let start = Instant::now();
    assert_eq!(calls(&machines, 10).await, 40);
    // 20 at once, and 20 at 20 a second; the whole limit would let all of them through at once.
    assert!(start.elapsed() >= Duration::from_millis(900), "{:?}", start.elapsed());
    assert_eq!(calls_with_status(&tenant, 429), 0);
}

#[tokio::test]
#[cfg_attr(no_redis_server, ignore = "redis-server is not installed")]
async fn requests_of_other_programs_are_known_to_all_machines() {
    let (server, tenant) = (RedisServer::start().await, tenant(30, 10).await);
    let stranger = crate::support::machine(&tenant, &RedisServer::start().await.redis(), Budget::new(1000, 1000.0));
    let machines: Vec<_> = (0..2).map(|_| machine(&tenant, &server.redis(), Budget::new(30, 10.0))).collect();
    assert_eq!(calls(std::slice::from_ref(&stranger), 25).await, 25);
    // The first response reports how little is left. After it, no call exceeds the limit.
    call(&machines[0]).await.unwrap();
    assert_eq!(calls(&machines[..1], 10).await, 10);
    assert_eq!(calls(&machines[1..], 5).await, 5);
    assert!(calls_with_status(&tenant, 429) <= 2, "{} were rate limited", calls_with_status(&tenant, 429));
}

#[tokio::test]
#[cfg_attr(no_redis_server, ignore = "redis-server is not installed")]
async fn rate_limited_call_pauses_every_machine() {
    let (server, tenant) = (RedisServer::start().await, tenant(1000, 1000).await);
    let machines: Vec<_> = (0..2).map(|_| machine(&tenant, &server.redis(), Budget::new(1000, 1000.0))).collect();
    calls(&machines, 1).await;
    // The second machine reserves ahead. The hold drops these reservations.
    assert_eq!(calls(&machines[1..], 50).await, 50);
    tenant.fault(Fault::retry_after(Duration::from_secs(1)));
    let refused = tokio::spawn({
        let machine = machines[0].clone();
        async move { call(&machine).await }
    });
    // The second machine is notified without a call.
    let heard = tokio::time::timeout(Duration::from_secs(10), async {
        while machines[1].quota().unwrap().held_until.is_none() {
            tokio::task::yield_now().await;
        }
    });
    heard.await.unwrap();
    let start = Instant::now();
    assert_eq!(calls(&machines[1..], 25).await, 25);
    assert!(start.elapsed() >= Duration::from_millis(900), "{:?}", start.elapsed());
    refused.await.unwrap().unwrap();
}

#[tokio::test]
#[cfg_attr(no_redis_server, ignore = "redis-server is not installed")]
async fn calls_continue_without_redis_and_share_again_later() {
    let (mut server, tenant) = (RedisServer::start().await, tenant(100, 100).await);
    let budget = Budget::new(100, 100.0).share(0.5).share_without_redis(0.4);
    let machine = machine(&tenant, &server.redis(), budget);
    calls(std::slice::from_ref(&machine), 5).await;
    assert_eq!(machine.quota().unwrap().per_second, Some(50.0));

    server.kill();
    let start = Instant::now();
    assert_eq!(calls(std::slice::from_ref(&machine), 25).await, 25);
    assert!(start.elapsed() < Duration::from_secs(4), "{:?}", start.elapsed());
    assert_eq!(machine.quota().unwrap().per_second, Some(20.0));
    assert!(machine.quota().unwrap().alone);

    server.restart().await;
    let back = tokio::time::timeout(Duration::from_secs(10), async {
        while machine.quota().unwrap().per_second != Some(50.0) {
            call(&machine).await.unwrap();
        }
    });
    back.await.unwrap();
    assert!(!machine.quota().unwrap().alone);
    assert_eq!(calls_with_status(&tenant, 429), 0);
}

#[test]
#[cfg_attr(no_redis_server, ignore = "redis-server is not installed")]
fn client_continues_to_share_on_another_runtime() {
    let runtime = || tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let keeps = runtime();
    let (server, tenant) = keeps.block_on(async { (RedisServer::start().await, tenant(1000, 1000).await) });
    let machines: Vec<_> = (0..2).map(|_| machine(&tenant, &server.redis(), Budget::new(1000, 1000.0))).collect();
    let ended = runtime();
    ended.block_on(call(&machines[0])).unwrap();
    drop(ended);
    keeps.block_on(async {
        let listens = async {
            while server.command(&["PUBSUB", "NUMPAT"]).trim() != "1" || machines[0].quota().unwrap().alone {
                call(&machines[0]).await.unwrap();
            }
        };
        tokio::time::timeout(Duration::from_secs(10), listens).await.expect("it listens again");
        tenant.fault(Fault::retry_after(Duration::from_secs(2)).on(Operation::ListConfigurations));
        let refused = tokio::spawn({
            let machine = machines[1].clone();
            async move { call(&machine).await }
        });
        // The other machine is notified without a call of its own.
        let heard = async {
            while machines[0].quota().unwrap().held_until.is_none() {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(Duration::from_secs(10), heard).await.expect("the other machine is notified");
        refused.await.unwrap().unwrap();
    });
}

#[tokio::test]
#[cfg_attr(no_redis_server, ignore = "redis-server is not installed")]
async fn clock_that_is_set_back_stops_no_call() {
    let (server, tenant) = (RedisServer::start().await, tenant(100, 100).await);
    call(&machine(&tenant, &server.redis(), Budget::new(100, 100.0))).await.unwrap();
    let keys = server.command(&["KEYS", "*:bucket"]);
    let seconds: f64 = server.command(&["HGET", keys.trim(), "at"]).trim().parse().unwrap();
    server.command(&["HSET", keys.trim(), "at", &(seconds + 3600.0).to_string()]);
    let start = Instant::now();
    call(&machine(&tenant, &server.redis(), Budget::new(100, 100.0))).await.unwrap();
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
}

#[tokio::test]
#[cfg_attr(no_redis_server, ignore = "redis-server is not installed")]
async fn slow_redis_delays_no_call() {
    let (server, tenant) = (RedisServer::start().await, tenant(100, 100).await);
    let machine = machine(&tenant, &server.redis(), Budget::new(100, 100.0));
    call(&machine).await.unwrap();
    assert_eq!(server.command(&["CLIENT", "PAUSE", "60000", "ALL"]).trim(), "OK");
    let start = Instant::now();
    call(&machine).await.unwrap();
    assert!(start.elapsed() < Duration::from_secs(1), "{:?}", start.elapsed());
    assert!(machine.quota().unwrap().alone);
}

#[tokio::test]
#[cfg_attr(no_redis_server, ignore = "redis-server is not installed")]
async fn machines_share_the_bucket_of_an_endpoint() {
    let (server, tenant) = (RedisServer::start().await, tenant(1000, 1000).await);
    let machines: Vec<_> = (0..2).map(|_| machine(&tenant, &server.redis(), Budget::new(4, 0.001))).collect();
    let status = async |machine: &Transport| {
        let options = CallOptions::new().timeout(Duration::from_secs(5));
        let request = machine.with_options(options).request(Method::GET, "/connections/con_0123456789abcdef/status");
        request.send().await.map(drop)
    };
    assert_eq!(calls(&machines, 2).await, 4);
    // The general bucket is empty now. The bucket of the endpoint is full until both machines use it.
    for machine in machines.iter().cycle().take(4) {
        status(machine).await.unwrap();
    }
    for machine in &machines {
        let error = status(machine).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::RateLimited, "{error}");
    }
    assert!(server.command(&["KEYS", "*"]).contains("connection status:bucket"));
}

#[tokio::test]
#[cfg_attr(no_redis_server, ignore = "redis-server is not installed")]
async fn reset_counts_from_the_date_of_the_response() {
    let (server, tenant) = (RedisServer::start().await, tenant(1000, 1000).await);
    tenant.clock().advance(Duration::from_secs(3600));
    let machine = machine(&tenant, &server.redis(), Budget::new(1000, 1000.0));
    tenant.fault(Fault::rate_limited().on(Operation::ListConfigurations));
    let start = Instant::now();
    call(&machine).await.unwrap();
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
    assert_eq!(calls_with_status(&tenant, 429), 1);
}

#[tokio::test]
#[cfg_attr(no_redis_server, ignore = "redis-server is not installed")]
async fn every_key_has_the_prefix_and_expires() {
    let (server, tenant) = (RedisServer::start().await, tenant(50, 50).await);
    tenant.fault(Fault::retry_after(Duration::from_secs(1)).on(Operation::ListConfigurations));
    let machine = machine(&tenant, &server.redis().prefix("mine"), Budget::new(50, 50.0).share(0.5));
    call(&machine).await.unwrap();
    let keys = server.command(&["KEYS", "*"]);
    for part in [":token", ":bucket", ":share-0.5"] {
        assert!(keys.contains(part), "{part} is not in {keys}");
    }
    for key in keys.lines() {
        assert!(key.starts_with("mine:{"), "{key}");
        let left: i64 = server.command(&["PTTL", key]).trim().parse().unwrap();
        // -1: the key does not expire. -2: it has expired meanwhile.
        assert!(left > 0 || left == -2, "{key} expires in {left}");
    }
}

#[tokio::test]
#[cfg_attr(no_redis_server, ignore = "redis-server is not installed")]
async fn long_pause_of_one_endpoint_stops_no_other() {
    let (server, tenant) = (RedisServer::start().await, tenant(1000, 1000).await);
    let machines: Vec<_> = (0..2).map(|_| machine(&tenant, &server.redis(), Budget::new(1000, 1000.0))).collect();
    tenant.fault(Fault::retry_after(Duration::from_secs(3600)).on(Operation::ListConfigurations));
    let refused = call(&machines[0]).await.unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::RateLimited, "{refused}");
    for machine in &machines {
        assert_eq!(machine.quota().unwrap().held_until, None);
    }
    assert_eq!(calls(&machines, 5).await, 10);
}
