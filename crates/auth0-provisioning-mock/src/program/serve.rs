//! Runs a tenant until a signal stops it.

use std::error::Error;
use std::io::{self, Write};
use std::path::PathBuf;
use std::time::Duration;
use std::{fs, process};

use auth0_provisioning_mock::{Connection, MockTenant, RateLimit, Tls};

use super::arguments::ServeArguments;

/// The time for responses under way at the end.
const GRACE: Duration = Duration::from_secs(5);

pub(super) async fn run(arguments: ServeArguments) -> Result<(), Box<dyn Error>> {
    let mut builder = MockTenant::builder().listen(arguments.listen).seed(arguments.seed);
    builder = match (arguments.no_control, arguments.control_key) {
        // Without the control API, the log cannot be read.
        (true, _) => builder.request_log(0),
        (false, Some(key)) => builder.control_key(key),
        (false, None) => builder.control(),
    };
    if let (Some(burst), Some(rate)) = (arguments.burst, arguments.rate) {
        builder = builder.rate_limit(RateLimit::new(burst, rate));
    }
    builder = match (arguments.connections, arguments.seed_file) {
        (Some(count), _) => builder.connections(Connection::fleet(count)),
        (None, Some(file)) => {
            let text = fs::read_to_string(&file).map_err(|error| format!("{}: {error}", file.display()))?;
            builder.seed_file(&text).map_err(|error| format!("{}: {error}", file.display()))?
        }
        (None, None) => builder.company()?,
    };
    let mut authority = None;
    if arguments.tls {
        let tls = Tls::for_loopback_and(&[])?;
        let file = arguments.authority.unwrap_or_else(default_authority_file);
        fs::write(&file, tls.authority_pem())?;
        authority = Some(file);
        builder = builder.tls(tls);
    }
    if let Some(state) = arguments.state.as_ref().filter(|file| file.exists()) {
        builder = builder.load(state);
    }

    let mut tenant = builder.start().await?;
    // A signal can arrive as soon as the announcement is printed.
    let stop = stop_signal()?;
    announce(&tenant, authority, !arguments.no_control)?;
    stop.await?;
    // A response that takes longer is cut off. The state is saved last, with the effects of all responses.
    let _ = tokio::time::timeout(GRACE, tenant.stop()).await;
    if let Some(state) = arguments.state {
        tenant.save(&state)?;
        eprintln!("saved the state to {}", state.display());
    }
    Ok(())
}

fn default_authority_file() -> PathBuf {
    std::env::temp_dir().join(format!("auth0-provisioning-mock-{}.pem", process::id()))
}

fn announce(tenant: &MockTenant, authority: Option<PathBuf>, control: bool) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "base URL: {}", tenant.base_url())?;
    writeln!(out, "audience: {}", tenant.audience())?;
    writeln!(out, "client id: {}", tenant.client_id())?;
    writeln!(out, "client secret: {}", tenant.client_secret())?;
    writeln!(out, "access token: {}", tenant.access_token())?;
    writeln!(out, "first connection: {}", tenant.connection_ids().first().map_or("none", String::as_str))?;
    if control {
        writeln!(out, "page: {}/_mock/", tenant.base_url())?;
        writeln!(out, "control API: {}/_mock/openapi.json", tenant.base_url())?;
    }
    if let Some(key) = tenant.control_key() {
        writeln!(out, "control key: {key}")?;
    }
    if let Some(file) = authority {
        writeln!(out, "certificate authority: {}", file.display())?;
    }
    writeln!(out, "Stop it with Ctrl-C.")?;
    out.flush()
}

/// Listens for Ctrl-C and for the signal to terminate, from now on and not only once awaited.
#[cfg(unix)]
fn stop_signal() -> io::Result<impl Future<Output = io::Result<()>>> {
    use tokio::signal::unix::{SignalKind, signal};

    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
        Ok(())
    })
}

#[cfg(not(unix))]
fn stop_signal() -> io::Result<impl Future<Output = io::Result<()>>> {
    Ok(tokio::signal::ctrl_c())
}
