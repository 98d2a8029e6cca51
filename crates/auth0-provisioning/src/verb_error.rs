//! The trait of all errors of this crate.

use std::time::Duration;

use auth0_transport::{Error, ErrorKind};

/// The methods that all errors of calls and verbs have in common: [`Error`], [`EnsureError`](crate::EnsureError),
/// [`SynchronizeError`](crate::SynchronizeError), [`ReconcileError`](crate::ReconcileError), and those of the verbs of other
/// areas.
///
/// The text of such an error is complete: it includes that of the failed call. [`source`](std::error::Error::source)
/// is therefore empty, so that a program that prints the whole chain prints nothing twice; the failed call is
/// [`call_error`](Self::call_error), and what failed below it [`Error::cause`].
///
/// ```
/// use auth0_provisioning::VerbError;
///
/// /// What a scheduled job does with a failure, whichever verb it was.
/// fn exit_code(error: &impl VerbError) -> u8 {
///     match error.retry_after() {
///         Some(wait) => println!("rate limited; next run in {} s", wait.as_secs()),
///         None => println!("{error}"),
///     }
///     if error.is_retryable() { 75 } else { 1 }
/// }
/// # let error = auth0_provisioning::Error::invalid_request("no");
/// # assert_eq!(exit_code(&error), 1);
/// ```
pub trait VerbError: std::error::Error + sealed::Sealed {
    /// The call that failed. `None` where none did, for example because a run ended with an error.
    fn call_error(&self) -> Option<&Error>;

    /// Whether the same verb may succeed later without a change.
    fn is_retryable(&self) -> bool {
        self.call_error().is_some_and(Error::is_retryable)
    }

    /// The kind of the failed call's error.
    fn kind(&self) -> Option<ErrorKind> {
        self.call_error().map(Error::kind)
    }

    /// Returns how long to wait before the next attempt, if that is known.
    fn retry_after(&self) -> Option<Duration> {
        self.call_error().and_then(Error::retry_after)
    }

    /// The scopes that the token lacks, if that is why the call failed.
    fn missing_scopes(&self) -> Vec<&str> {
        self.call_error().map(Error::missing_scopes).unwrap_or_default()
    }
}

impl VerbError for Error {
    fn call_error(&self) -> Option<&Error> {
        Some(self)
    }
}

pub(crate) mod sealed {
    pub trait Sealed {}

    impl Sealed for auth0_transport::Error {}
    impl<C> Sealed for crate::EnsureError<C> {}
    impl Sealed for crate::ReconcileError {}
    impl Sealed for crate::SynchronizeError {}
    #[cfg(feature = "connections")]
    impl Sealed for crate::ChangeOptionsError {}
    #[cfg(feature = "scim")]
    impl Sealed for crate::RotateTokenError {}
}
