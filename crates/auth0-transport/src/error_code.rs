//! The API's own error codes.

use std::{convert::Infallible, fmt, str::FromStr};

macro_rules! error_codes {
    ($($(#[$doc:meta])* $variant:ident = $code:literal,)+) => {
        /// The API's `errorCode`, which is more precise than the status and more stable than the message.
        ///
        /// Other codes are possible. A code that this version does not know is an [`ErrorCode::Unknown`]. No program can create
        /// that variant for a known code, so equal codes are always the same variant.
        ///
        /// ```
        /// use auth0_transport::ErrorCode;
        ///
        /// assert_eq!(ErrorCode::from("invalid_body"), ErrorCode::InvalidBody);
        /// assert_eq!(ErrorCode::from("made_up_tomorrow").as_str(), "made_up_tomorrow");
        /// ```
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum ErrorCode {
            $($(#[$doc])* $variant,)+
            /// A code that this version does not know.
            Unknown(UnknownErrorCode),
        }

        impl ErrorCode {
            /// Returns the code as the API writes it.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $code,)+
                    Self::Unknown(code) => code.as_str(),
                }
            }
        }

        impl From<&str> for ErrorCode {
            fn from(code: &str) -> Self {
                match code {
                    $($code => Self::$variant,)+
                    unknown => Self::Unknown(UnknownErrorCode(unknown.into())),
                }
            }
        }
    };
}

error_codes! {
    /// The connection does not exist.
    InexistentConnection = "inexistent_connection",
    /// The body of the request is invalid.
    InvalidBody = "invalid_body",
    /// The path or the query of the request is invalid.
    InvalidUri = "invalid_uri",
    /// The token lacks a scope.
    InsufficientScope = "insufficient_scope",
    /// The rate limit is used up.
    TooManyRequests = "too_many_requests",
}

/// The text of a code that this version does not know. Only [`ErrorCode::from`] creates it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct UnknownErrorCode(Box<str>);

impl UnknownErrorCode {
    /// Returns the code as the API wrote it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for ErrorCode {
    type Err = Infallible;

    fn from_str(code: &str) -> Result<Self, Self::Err> {
        Ok(code.into())
    }
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
