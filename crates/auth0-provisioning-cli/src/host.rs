//! The streams, environment and folders that the program uses.

use std::{
    fmt,
    io::{self, IsTerminal as _, Read, Write},
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
};

use etcetera::BaseStrategy as _;

use crate::{environment::Lookup, interrupt::Interrupt, keyring::Keyring};

/// Everything outside of the program: streams, environment, folders, and Ctrl-C.
// Each describes another stream.
#[allow(clippy::struct_excessive_bools)]
#[non_exhaustive]
pub struct Host {
    /// Environment variables.
    pub env: Lookup,
    /// Input: replies to questions, groups, secrets.
    pub stdin: Box<dyn Read + Send>,
    /// Results.
    pub stdout: Box<dyn Write + Send>,
    /// Messages.
    pub stderr: Box<dyn Write + Send>,
    /// Whether a person types the input.
    pub stdin_is_terminal: bool,
    /// Whether a person reads the results.
    pub stdout_is_terminal: bool,
    /// Whether a person reads the messages.
    pub stderr_is_terminal: bool,
    /// The width of the terminal in columns.
    pub width: usize,
    /// The folder of profiles; `None` if the system has none.
    pub config_dir: Option<PathBuf>,
    /// The folder of tokens; `None` if the system has none.
    pub cache_dir: Option<PathBuf>,
    /// The system's keyring; `None` if the program is built without it.
    pub keyring: Option<Arc<dyn Keyring>>,
    /// Whether these are the streams of the process, so that progress can be drawn on stderr.
    pub is_process: bool,
    /// Ctrl-C.
    pub interrupt: Interrupt,
}

impl Host {
    /// Returns the streams, environment and folders of this process.
    #[must_use]
    pub fn of_process() -> Self {
        let folders = etcetera::choose_base_strategy().ok();
        // Without these variables, `etcetera` uses the home of the list of users. In a container, it is a wrong one.
        let is_set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        let folders = |variable: &str| folders.as_ref().filter(|_| !cfg!(unix) || is_set("HOME") || is_set(variable));
        let (_, columns) = console::Term::stdout().size_checked().unwrap_or((24, 80));
        Self {
            env: Box::new(|name| std::env::var(name).ok()),
            stdin: Box::new(io::stdin()),
            stdout: Box::new(io::stdout()),
            stderr: Box::new(io::stderr()),
            stdin_is_terminal: io::stdin().is_terminal(),
            stdout_is_terminal: io::stdout().is_terminal(),
            stderr_is_terminal: io::stderr().is_terminal(),
            width: usize::from(columns),
            config_dir: folders("XDG_CONFIG_HOME").map(|folders| folders.config_dir().join("a0p")),
            cache_dir: folders("XDG_CACHE_HOME").map(|folders| folders.cache_dir().join("a0p")),
            #[cfg(feature = "keyring")]
            keyring: Some(Arc::new(crate::keyring::SystemKeyring)),
            #[cfg(not(feature = "keyring"))]
            keyring: None,
            is_process: true,
            interrupt: Interrupt::by_signal(),
        }
    }

    /// Returns a host without terminal, environment, folders and input, and what the program writes to stdout and stderr.
    #[must_use]
    pub fn in_memory() -> (Self, Written, Written) {
        let (stdout, stderr) = (Written::default(), Written::default());
        let host = Self {
            env: Box::new(|_| None),
            stdin: Box::new(io::empty()),
            stdout: Box::new(stdout.clone()),
            stderr: Box::new(stderr.clone()),
            stdin_is_terminal: false,
            stdout_is_terminal: false,
            stderr_is_terminal: false,
            width: 80,
            config_dir: None,
            cache_dir: None,
            keyring: None,
            is_process: false,
            interrupt: Interrupt::never(),
        };
        (host, stdout, stderr)
    }
}

impl fmt::Debug for Host {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Host").field("width", &self.width).finish_non_exhaustive()
    }
}

/// A stream in memory. Clones write to the same stream.
#[derive(Clone, Debug, Default)]
pub struct Written(Arc<Mutex<Vec<u8>>>);

impl Written {
    /// Returns everything that was written.
    #[must_use]
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap_or_else(PoisonError::into_inner)).into_owned()
    }
}

impl Write for Written {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
