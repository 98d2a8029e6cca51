//! Reading stdin and files. Each read has a thread of its own, so that Ctrl-C ends the wait for a slow pipe.

use std::{
    io::{self, BufRead, BufReader, Read},
    path::Path,
    sync::{Arc, Mutex, PoisonError},
};

use crate::failure::Failure;

type Stdin = BufReader<Box<dyn Read + Send>>;

/// The program's stdin.
pub(crate) struct Input(Arc<Mutex<Stdin>>);

impl Input {
    pub(crate) fn new(stdin: Box<dyn Read + Send>) -> Self {
        Self(Arc::new(Mutex::new(BufReader::new(stdin))))
    }

    pub(crate) async fn line(&self) -> Result<String, Failure> {
        self.read_stdin(BufRead::read_line).await
    }

    /// Returns the text of a file, or of stdin if the path is `-`.
    pub(crate) async fn file(&self, path: &Path) -> Result<String, Failure> {
        if path == Path::new("-") {
            return self.read_stdin(Read::read_to_string).await;
        }
        let file = path.to_owned();
        in_thread(|| std::fs::read_to_string(file)).await.map_err(|error| {
            let failure = Failure::of_file(path, &error);
            match error.kind() {
                io::ErrorKind::NotFound => failure.remedy("check the path, or give `-` to read stdin"),
                _ => failure,
            }
        })
    }

    async fn read_stdin(&self, read: fn(&mut Stdin, &mut String) -> io::Result<usize>) -> Result<String, Failure> {
        let stdin = Arc::clone(&self.0);
        let read = in_thread(move || {
            let mut text = String::new();
            read(&mut stdin.lock().unwrap_or_else(PoisonError::into_inner), &mut text).map(|_| text)
        });
        read.await.map_err(|error| Failure::of_stdin(&error))
    }
}

pub(crate) async fn in_thread<T: Send + 'static>(
    read: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> io::Result<T> {
    tokio::task::spawn_blocking(read).await?
}
