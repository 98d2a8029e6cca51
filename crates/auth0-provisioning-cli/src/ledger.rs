//! What a command set out to do, and how far it came: what Ctrl-C tells.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// How many names an account lists.
const NAMED: usize = 10;

/// What is to be done and what is done. Clones are hands on the same ledger.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ledger(Arc<Mutex<Entries>>);

#[derive(Debug, Default)]
struct Entries {
    open: Vec<String>,
    done: Vec<String>,
}

impl Ledger {
    fn entries(&self) -> MutexGuard<'_, Entries> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn set_out(&self, what: impl IntoIterator<Item = String>) {
        self.entries().open.extend(what);
    }

    pub(crate) fn done(&self, what: &str) {
        let mut entries = self.entries();
        if let Some(place) = entries.open.iter().position(|open| open == what) {
            let what = entries.open.remove(place);
            entries.done.push(what);
        }
    }

    /// What was done and what was not; `None` for a command that only reads.
    pub(crate) fn account(&self) -> Option<String> {
        let entries = self.entries();
        if entries.open.is_empty() && entries.done.is_empty() {
            return None;
        }
        Some(format!("done: {}; not done, or not for certain: {}", names(&entries.done), names(&entries.open)))
    }
}

fn names(entries: &[String]) -> String {
    match entries {
        [] => "nothing".to_owned(),
        entries if entries.len() <= NAMED => entries.join(", "),
        entries => format!("{} and {} more", entries[..NAMED].join(", "), entries.len() - NAMED),
    }
}
