//! What did not go through as the document says it: what is left out, and names that were changed.

/// An operation that is not in the client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skipped {
    /// Its id.
    pub operation: String,
    /// Why it is left out, with the place and what can be done about it.
    pub reason: String,
}

/// What the steps had to note.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Noted {
    /// The operations that are left out.
    pub skipped: Vec<Skipped>,
    /// Other parts that are left out or decided, each in a sentence.
    pub warnings: Vec<String>,
    /// The names that were changed, each in a sentence.
    pub renamed: Vec<String>,
}
