//! Shared state of a command: client, time, results, messages, input, and a report of its changes.

use std::time::Duration;

use auth0_provisioning::{
    Client, Wait,
    chrono::{DateTime, Utc},
};
use auth0_provisioning_mock::MockTenant;

use crate::{
    arguments::{ColorChoice, Global},
    credentials, demo,
    environment::Environment,
    failure::Failure,
    host::Host,
    input::Input,
    output::{Column, Format, Messages, Progress, Results, Style},
    request_log::RequestLog,
    work::{Piece, Report, Work},
};

pub(crate) struct Context {
    pub(crate) global: Global,
    pub(crate) environment: Environment,
    pub(crate) results: Results,
    pub(crate) messages: Messages,
    pub(crate) input: Input,
    pub(crate) stdin_is_terminal: bool,
    shows_progress: bool,
    is_process: bool,
    demo: Option<MockTenant>,
    report: Option<Box<dyn Report>>,
}

impl Context {
    pub(crate) fn new(mut global: Global, host: Host) -> Self {
        let environment = Environment {
            lookup: host.env,
            config_dir: host.config_dir,
            cache_dir: host.cache_dir,
            keyring: host.keyring,
        };
        let allows_colour =
            environment.variable("NO_COLOR").is_none() && environment.variable("TERM").as_deref() != Some("dumb");
        let colour = |is_terminal: bool| match global.color {
            ColorChoice::Always => true,
            ColorChoice::Never => false,
            ColorChoice::Auto => allows_colour && is_terminal,
        };
        let default_format = if host.stdout_is_terminal { Format::Table } else { Format::Ndjson };
        let style = Style {
            format: global.output.unwrap_or(default_format),
            fields: global.fields.clone(),
            colour: colour(host.stdout_is_terminal),
            width: host.stdout_is_terminal.then_some(host.width),
        };
        let messages =
            Messages::new(host.stderr, host.stderr_is_terminal, colour(host.stderr_is_terminal), global.quiet);
        global.profile = global.profile.or_else(|| environment.variable("A0P_PROFILE"));
        Self {
            environment,
            results: Results::new(host.stdout, style),
            messages,
            input: Input::new(host.stdin),
            stdin_is_terminal: host.stdin_is_terminal,
            shows_progress: host.is_process && host.stderr_is_terminal && !global.quiet && !global.verbose,
            is_process: host.is_process,
            demo: None,
            report: None,
            global,
        }
    }

    /// Returns a client for the demo tenant, or for the tenant of the environment or of a profile.
    pub(crate) async fn client(&mut self) -> Result<Client, Failure> {
        let builder = if self.global.demo {
            // In a test, the time of the demo is fixed: its results are the same each time.
            let tenant = demo::start(self.is_process).await?;
            let builder = demo::client_builder(&tenant)?;
            self.demo = Some(tenant);
            builder
        } else {
            credentials::client_builder(&self.environment, &self.global, &self.messages)?
        };
        let builder = builder.client_name("a0p", env!("CARGO_PKG_VERSION"));
        let builder = if self.global.verbose { builder.hook(RequestLog(self.messages.clone())) } else { builder };
        Ok(builder.build()?)
    }

    /// Returns the time of the tenant: the demo has a clock of its own.
    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.demo.as_ref().map_or_else(Utc::now, |tenant| tenant.clock().now())
    }

    /// Writes records as results.
    pub(crate) fn list<T>(&mut self, columns: &[Column<T>], records: &[T]) -> Result<(), Failure> {
        let now = self.now();
        self.results.list(columns, records, now)
    }

    /// Writes one record as the result.
    pub(crate) fn show<T>(&mut self, columns: &[Column<T>], record: &T) -> Result<(), Failure> {
        let now = self.now();
        self.results.one(columns, record, now)
    }

    /// Starts a change of the tenant. If the command fails or is interrupted, the program reports the state of each piece.
    pub(crate) fn begin<T: Piece + Send>(&mut self, columns: &'static [Column<T>], pieces: Vec<T>) -> Work<T> {
        let work = Work::new(columns, pieces);
        self.report = Some(Box::new(work.clone()));
        work
    }

    /// Writes the state of each piece as results.
    pub(crate) fn report(&mut self) -> Result<(), Failure> {
        let now = self.now();
        self.report.take().map_or(Ok(()), |report| report.write(&mut self.results, now))
    }

    /// Writes the state of each piece, except for a person, who gets a message.
    pub(crate) fn report_unless_table(&mut self) -> Result<(), Failure> {
        if self.results.is_default_table() {
            self.end();
        }
        self.report()
    }

    /// Ends a change without a report: the command has results of another kind.
    pub(crate) fn end(&mut self) {
        self.report = None;
    }

    /// Writes the report of a command that did not end. Returns its summary, or `None` if there is nothing to report.
    pub(crate) fn report_unfinished(&mut self, is_interrupted: bool) -> Option<String> {
        let report = self.report.take().filter(|report| is_interrupted || report.has_effect())?;
        let now = self.now();
        // The caller has a more important failure to report.
        let _ = report.write(&mut self.results, now);
        Some(report.summary())
    }

    /// Returns how to wait for runs. A mock tenant in memory can be polled often.
    pub(crate) fn wait(&self, at_most: Duration) -> Wait {
        let wait = Wait::at_most(at_most);
        let often = Duration::from_millis(1);
        if self.is_process { wait } else { wait.interval_between(often..=often) }
    }

    pub(crate) fn progress_bar(&self, pieces: usize) -> Progress {
        Progress::bar(pieces, self.shows_progress)
    }

    pub(crate) fn spinner(&self, message: &str) -> Progress {
        let progress = Progress::spinner(self.shows_progress);
        progress.show(message);
        progress
    }

    pub(crate) fn can_ask(&self) -> bool {
        self.stdin_is_terminal && !self.global.no_input
    }

    /// Asks a yes-or-no question. Fails if no question can be asked; `flag` says yes in advance.
    pub(crate) async fn ask(&self, question: &str, flag: &str) -> Result<bool, Failure> {
        if !self.can_ask() {
            return Err(Failure::usage("this needs a confirmation, and no question can be asked here")
                .remedy(format!("pass {flag} to confirm in advance")));
        }
        self.messages.question(&format!("{question} [y/N] "));
        let reply = self.input.line().await?;
        Ok(matches!(reply.trim().to_ascii_lowercase().as_str(), "y" | "yes"))
    }

    /// Asks a question, and fails with `otherwise` unless the reply is yes.
    pub(crate) async fn confirm(&self, question: &str, flag: &str, otherwise: &str) -> Result<(), Failure> {
        if self.ask(question, flag).await? { Ok(()) } else { Err(Failure::failed(otherwise)) }
    }
}
