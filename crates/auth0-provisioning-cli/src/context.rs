//! What every command works with: the client, the time, results, messages and questions.

use std::{
    io::{BufRead as _, BufReader, Read},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use auth0_provisioning::{
    Client, Wait,
    chrono::{DateTime, Utc},
};
use auth0_provisioning_mock::MockTenant;

use crate::{
    arguments::{ColorChoice, Format, Global},
    credentials::{self, Keyring},
    demo,
    failure::Failure,
    host::{Host, Lookup},
    output::{Column, Messages, Progress, Results, Style},
    story::Story,
    work::{Piece, Records, Unreported, Work},
};

type Input = BufReader<Box<dyn Read + Send>>;

/// What every command works with.
pub(crate) struct Context {
    pub(crate) global: Global,
    pub(crate) results: Results,
    pub(crate) messages: Messages,
    pub(crate) config_dir: Option<PathBuf>,
    pub(crate) cache_dir: Option<PathBuf>,
    pub(crate) keyring: Option<Arc<dyn Keyring>>,
    pub(crate) stdin_is_terminal: bool,
    env: Lookup,
    input: Arc<Mutex<Input>>,
    draws: bool,
    /// In memory, the time of the demonstration stands still: its results are the same each time.
    is_process: bool,
    demo: Option<MockTenant>,
    unreported: Option<Box<dyn Unreported>>,
}

impl Context {
    pub(crate) fn new(global: Global, host: Host) -> Self {
        let set = |name: &str| (host.env)(name).is_some_and(|value| !value.is_empty());
        let allowed = !set("NO_COLOR") && (host.env)("TERM").as_deref() != Some("dumb");
        let colour = |is_terminal: bool| match global.color {
            ColorChoice::Always => true,
            ColorChoice::Never => false,
            ColorChoice::Auto => allowed && is_terminal,
        };
        let format = if host.stdout_is_terminal { Format::Table } else { Format::Ndjson };
        let style = Style {
            format: global.output.unwrap_or(format),
            fields: global.fields.clone(),
            colour: colour(host.stdout_is_terminal),
            width: host.stdout_is_terminal.then_some(host.width),
        };
        let messages =
            Messages::new(host.stderr, host.stderr_is_terminal, colour(host.stderr_is_terminal), global.quiet);
        let profile = (host.env)("A0P_PROFILE").filter(|name| !name.is_empty());
        let global = Global { profile: global.profile.or(profile), ..global };
        Self {
            results: Results::new(host.stdout, style),
            messages,
            unreported: None,
            config_dir: host.config_dir,
            cache_dir: host.cache_dir,
            keyring: host.keyring,
            stdin_is_terminal: host.stdin_is_terminal,
            input: Arc::new(Mutex::new(BufReader::new(host.stdin))),
            draws: host.is_process && host.stderr_is_terminal && !global.quiet && !global.verbose,
            is_process: host.is_process,
            demo: None,
            env: host.env,
            global,
        }
    }

    /// A client for the tenant: that of the demonstration, of the environment, or of a profile.
    pub(crate) async fn client(&mut self) -> Result<Client, Failure> {
        let builder = if self.global.demo {
            let tenant = demo::start(self.is_process).await?;
            let builder = demo::builder(&tenant)?;
            self.demo = Some(tenant);
            builder
        } else {
            credentials::builder(self)?
        };
        let builder = builder.client_name("a0p", env!("CARGO_PKG_VERSION"));
        let builder = if self.global.verbose { builder.hook(Story(self.messages.clone())) } else { builder };
        Ok(builder.build()?)
    }

    /// The present time: that of the demonstration, where it is one.
    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.demo.as_ref().map_or_else(Utc::now, |tenant| tenant.clock().now())
    }

    /// Begins to change something: unless it is reported, the program does that when the command fails or is interrupted.
    pub(crate) fn begin<T: Piece + Send>(&mut self, columns: &'static [Column<T>], pieces: Vec<T>) -> Work<T> {
        let work = Work::new(pieces);
        self.unreported = Some(Box::new(Records { work: work.clone(), columns }));
        work
    }

    /// Writes the records of what was changed.
    pub(crate) fn report(&mut self) -> Result<(), Failure> {
        let now = self.now();
        self.unreported.take().map_or(Ok(()), |work| work.write(&mut self.results, now))
    }

    /// Writes the records of what was changed for programs. People read a message instead.
    pub(crate) fn report_to_programs(&mut self) -> Result<(), Failure> {
        if self.results.is_table() && self.results.style.fields.is_empty() {
            self.settle();
        }
        self.report()
    }

    /// Everything is changed, and other results than its records are written.
    pub(crate) fn settle(&mut self) {
        self.unreported = None;
    }

    /// Reports what a command left behind that did not come to its end: the records as results. Returns the same in words;
    /// `None` where nothing was begun.
    pub(crate) fn report_the_rest(&mut self, is_interrupted: bool) -> Option<String> {
        let work = self.unreported.take().filter(|work| is_interrupted || work.has_effect())?;
        let now = self.now();
        // The failure that led here counts for more.
        let _ = work.write(&mut self.results, now);
        Some(work.account())
    }

    /// How runs are waited for. In memory they end when the tenant says so, and nobody has to be spared.
    pub(crate) fn wait(&self, at_most: Duration) -> Wait {
        let wait = Wait::at_most(at_most);
        let often = Duration::from_millis(1);
        if self.is_process { wait } else { wait.interval_between(often..=often) }
    }

    pub(crate) fn env(&self, name: &str) -> Option<String> {
        (self.env)(name).filter(|value| !value.is_empty())
    }

    pub(crate) fn progress(&self, pieces: usize) -> Progress {
        Progress::of(pieces, self.draws)
    }

    pub(crate) fn endless_progress(&self) -> Progress {
        Progress::endless(self.draws)
    }

    /// Whether a person can be asked.
    pub(crate) fn can_ask(&self) -> bool {
        self.stdin_is_terminal && !self.global.no_input
    }

    /// Asks for a yes. Fails where no question can be asked: `flag` confirms in advance.
    pub(crate) async fn confirm(&self, question: &str, flag: &str) -> Result<bool, Failure> {
        if !self.can_ask() {
            return Err(Failure::usage("this needs a confirmation, and no question can be asked here")
                .remedy(format!("pass {flag} to confirm in advance")));
        }
        self.messages.question(&format!("{question} [y/N] "));
        let answer = self.line().await?;
        Ok(matches!(answer.trim().to_ascii_lowercase().as_str(), "y" | "yes"))
    }

    /// A line of input, in a thread of its own: Ctrl-C ends the wait for it.
    pub(crate) async fn line(&self) -> Result<String, Failure> {
        let input = Arc::clone(&self.input);
        let read = tokio::task::spawn_blocking(move || {
            let mut line = String::new();
            input.lock().unwrap_or_else(PoisonError::into_inner).read_line(&mut line).map(|_| line)
        });
        read.await.map_err(std::io::Error::from).and_then(|line| line).map_err(|error| unreadable_input(&error))
    }

    /// The text of a file, or of stdin where it is called `-`.
    pub(crate) async fn read(&self, path: &Path) -> Result<String, Failure> {
        if path != Path::new("-") {
            let file = path.to_owned();
            // A pipe with a name may have nothing to read for long.
            let read = tokio::task::spawn_blocking(move || std::fs::read_to_string(file)).await;
            return read.map_err(std::io::Error::from).and_then(|text| text).map_err(|error| {
                let failure = Failure::of_file(path, &error);
                if error.kind() != std::io::ErrorKind::NotFound {
                    return failure;
                }
                failure.remedy("check the path, or give `-` to read stdin")
            });
        }
        let input = Arc::clone(&self.input);
        let read = tokio::task::spawn_blocking(move || {
            let mut text = String::new();
            input.lock().unwrap_or_else(PoisonError::into_inner).read_to_string(&mut text).map(|_| text)
        });
        read.await.map_err(std::io::Error::from).and_then(|text| text).map_err(|error| unreadable_input(&error))
    }
}

fn unreadable_input(error: &std::io::Error) -> Failure {
    Failure::failed(format!("the input cannot be read: {error}"))
}
