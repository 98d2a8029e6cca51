//! A cluster, and a master that Sentinel watches.

use crate::support::{RedisServer, call, calls, free_port, machine, tokens};
use auth0_provisioning_mock::MockTenant;
use auth0_transport_redis::{Budget, Redis};

/// Waits for a state of another process.
async fn until(mut so: impl FnMut() -> bool) {
    let patience = tokio::time::timeout(std::time::Duration::from_secs(60), async {
        while !so() {
            tokio::task::yield_now().await;
        }
    });
    patience.await.unwrap();
}

async fn cluster() -> Vec<RedisServer> {
    let mut nodes = Vec::new();
    for _ in 0..3 {
        let port = free_port();
        // The port for other nodes defaults to this port plus 10,000, which may not be free.
        let bus = free_port().to_string();
        let port_text = port.to_string();
        nodes.push(
            RedisServer::with(port, &["--port", &port_text, "--cluster-enabled", "yes", "--cluster-port", &bus]).await,
        );
    }
    let addresses: Vec<String> = nodes.iter().map(|node| format!("127.0.0.1:{}", node.port)).collect();
    let mut create = vec!["--cluster", "create"];
    create.extend(addresses.iter().map(String::as_str));
    create.extend(["--cluster-replicas", "0", "--cluster-yes"]);
    let output = nodes[0].command(&create);
    assert!(output.contains("All 16384 slots covered"), "{output}");
    until(|| nodes.iter().all(|node| node.command(&["CLUSTER", "INFO"]).contains("cluster_state:ok"))).await;
    nodes
}

#[tokio::test]
#[cfg_attr(no_redis_server, ignore = "redis-server is not installed")]
async fn machines_share_through_a_cluster() {
    let (nodes, tenant) = (cluster().await, MockTenant::start().await.unwrap());
    // One node is enough to find the others.
    let redis = Redis::open(&format!("redis+cluster://127.0.0.1:{}", nodes[1].port)).unwrap();
    let machines: Vec<_> = (0..3).map(|_| machine(&tenant, &redis, Budget::new(50, 1000.0))).collect();
    assert_eq!(calls(&machines, 20).await, 60);
    assert_eq!(tokens(&tenant), 1);

    let keys: Vec<String> = nodes.iter().map(|node| node.command(&["KEYS", "*"])).collect();
    let with = |part: &str| keys.iter().filter(|keys| keys.contains(part)).count();
    // Keys of one script have the same tag, so they are on one node.
    assert_eq!((with(":token"), with(":bucket")), (1, 1), "{keys:?}");
}

struct Watched {
    master: RedisServer,
    replica: RedisServer,
    sentinel: RedisServer,
}

async fn watched() -> Watched {
    let master = RedisServer::start().await;
    let (port, of_master) = (free_port().to_string(), master.port.to_string());
    let replica =
        RedisServer::with(port.parse().unwrap(), &["--port", &port, "--replicaof", "127.0.0.1", &of_master]).await;
    until(|| replica.command(&["INFO", "replication"]).contains("master_link_status:up")).await;
    let watches = format!(
        "sentinel monitor main 127.0.0.1 {of_master} 1\nsentinel down-after-milliseconds main 300\n\
         sentinel failover-timeout main 1000\n"
    );
    let sentinel = RedisServer::sentinel(&watches).await;
    until(|| sentinel.command(&["SENTINEL", "REPLICAS", "main"]).contains(&port)).await;
    Watched { master, replica, sentinel }
}

#[tokio::test]
#[cfg_attr(no_redis_server, ignore = "redis-server is not installed")]
async fn machines_follow_sentinel_to_another_master() {
    let (mut servers, tenant) = (watched().await, MockTenant::start().await.unwrap());
    let redis = Redis::open(&format!("redis+sentinel://127.0.0.1:{}/main", servers.sentinel.port)).unwrap();
    let machines: Vec<_> = (0..2).map(|_| machine(&tenant, &redis, Budget::new(1000, 1000.0))).collect();
    assert_eq!(calls(&machines, 20).await, 40);
    assert_eq!(tokens(&tenant), 1);
    assert!(servers.master.command(&["KEYS", "*"]).contains(":bucket"));

    servers.master.kill();
    let replica = servers.replica.port.to_string();
    let promoted = || servers.sentinel.command(&["SENTINEL", "GET-MASTER-ADDR-BY-NAME", "main"]).contains(&replica);
    while !promoted() {
        // Calls continue meanwhile.
        assert!(call(&machines[0]).await.is_ok());
    }
    servers.replica.command(&["FLUSHALL"]);
    while !servers.replica.command(&["KEYS", "*"]).contains(":bucket") {
        assert!(call(&machines[0]).await.is_ok());
    }
}

#[test]
fn errors_for_invalid_urls_omit_the_password() {
    for url in [
        "redis+sentinel://u:pa55@127.0.0.1:1",
        "redis+cluster://u:pa55@127.0.0.1:port",
        "redis+other://u:pa55@127.0.0.1:1",
        "http+cluster://u:pa55@127.0.0.1:1",
        "redis+cluster://",
    ] {
        let error = Redis::open(url).unwrap_err().to_string();
        assert!(
            error.contains("redis+sentinel://HOST:PORT,HOST:PORT/NAME") && !error.contains("pa55"),
            "{url}: {error}"
        );
    }
}
