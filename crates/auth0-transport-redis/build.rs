//! Decides which server the tests run: Redis, or else Valkey, or what `REDIS_SERVER` and `REDIS_CLI` name. Without one, those
//! tests are ignored, and say why.

use std::process::{Command, Stdio};

fn main() {
    println!("cargo::rustc-check-cfg=cfg(no_redis_server)");
    println!("cargo::rerun-if-env-changed=PATH");
    println!("cargo::rerun-if-env-changed=REDIS_SERVER");
    println!("cargo::rerun-if-env-changed=REDIS_CLI");
    let named = |variable: &str, default: &str| std::env::var(variable).unwrap_or_else(|_| default.to_owned());
    let known = [("redis-server", "redis-cli"), ("valkey-server", "valkey-cli")];
    let known = known.map(|(server, client)| (named("REDIS_SERVER", server), named("REDIS_CLI", client)));
    let found = known.iter().find(|(server, client)| is_there(server) && is_there(client));
    if found.is_none() {
        println!("cargo::rustc-cfg=no_redis_server");
    }
    let (server, client) = found.unwrap_or(&known[0]);
    println!("cargo::rustc-env=REDIS_SERVER={server}");
    println!("cargo::rustc-env=REDIS_CLI={client}");
}

fn is_there(program: &str) -> bool {
    let probe = Command::new(program).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    probe.is_ok_and(|status| status.success())
}
