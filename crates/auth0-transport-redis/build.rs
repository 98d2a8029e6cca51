//! Selects the server for the tests: Redis, otherwise Valkey, or the programs that `REDIS_SERVER` and `REDIS_CLI` name. Without
//! a server, those tests are ignored with a reason.

use std::process::{Command, Stdio};

fn main() {
    println!("cargo::rustc-check-cfg=cfg(no_redis_server)");
    println!("cargo::rerun-if-env-changed=PATH");
    println!("cargo::rerun-if-env-changed=REDIS_SERVER");
    println!("cargo::rerun-if-env-changed=REDIS_CLI");
    let named = |variable: &str, default: &str| std::env::var(variable).unwrap_or_else(|_| default.to_owned());
    let known = [("redis-server", "redis-cli"), ("valkey-server", "valkey-cli")];
    let known = known.map(|(server, client)| (named("REDIS_SERVER", server), named("REDIS_CLI", client)));
    let found = known.iter().find(|(server, client)| is_installed(server) && is_installed(client));
    if found.is_none() {
        println!("cargo::rustc-cfg=no_redis_server");
    }
    let (server, client) = found.unwrap_or(&known[0]);
    println!("cargo::rustc-env=REDIS_SERVER={server}");
    println!("cargo::rustc-env=REDIS_CLI={client}");
}

fn is_installed(program: &str) -> bool {
    let probe = Command::new(program).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    probe.is_ok_and(|status| status.success())
}
