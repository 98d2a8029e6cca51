//! One difference: what it is, where it is, and whom it breaks.

use std::fmt;

use heck::ToKebabCase as _;
use serde::{Deserialize, Serialize};

use super::release::Release;
use crate::openapi::{Pointer, operation::OperationName};

/// The kinds of differences, each with a sentence for people.
macro_rules! kinds {
    ($($kind:ident $sentence:literal)*) => {
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(rename_all = "kebab-case")]
        pub(super) enum Kind { $($kind),* }

        impl Kind {
            /// Its name in reports and in the list of accepted differences.
            pub(super) fn name(self) -> String {
                match self { $(Self::$kind => stringify!($kind).to_kebab_case()),* }
            }

            /// What happened, in words for people.
            pub(super) fn sentence(self) -> &'static str {
                match self { $(Self::$kind => $sentence),* }
            }
        }
    };
}

kinds! {
    OperationAdded "new operation"
    OperationRemoved "operation gone"
    OperationIdChanged "operation id changed"
    LifecycleChanged "lifecycle changed"
    DeprecationChanged "deprecation changed"
    TagsChanged "tags changed"
    ServersChanged "servers changed"
    SecurityAdded "another way to authorize"
    SecurityRemoved "a way to authorize is gone"
    SecuritySchemeChanged "a way to authorize works differently"
    ScopeAdded "new scope"
    ScopeRemoved "scope gone"
    ParameterAdded "new parameter"
    ParameterRemoved "parameter gone"
    ParameterRequired "parameter now required"
    ParameterOptional "parameter no longer required"
    ParameterStyleChanged "parameter written differently"
    RequestBodyAdded "request body now accepted"
    RequestBodyRemoved "request body gone"
    RequestBodyRequired "request body now required"
    RequestBodyOptional "request body no longer required"
    StatusAdded "new status code"
    StatusRemoved "status code gone"
    HeaderAdded "new header"
    HeaderRemoved "header gone"
    HeaderRequired "header now always there"
    HeaderOptional "header not always there"
    MediaTypeAdded "new media type"
    MediaTypeRemoved "media type gone"
    FieldAdded "new field"
    FieldRemoved "field gone"
    FieldRequired "field now required"
    FieldOptional "field no longer required"
    TypeChanged "type changed"
    NullAdded "null now possible"
    NullRemoved "null no longer possible"
    FormatChanged "format changed"
    EnumValueAdded "new enum value"
    EnumValueRemoved "enum value gone"
    EnumAdded "now limited to an enum"
    EnumRemoved "no longer limited to an enum"
    ConstraintTightened "constraint tightened"
    ConstraintLoosened "constraint loosened"
    ConstraintChanged "constraint changed"
    ObjectOpened "fields beyond the documented ones now possible"
    ObjectClosed "fields beyond the documented ones no longer possible"
    VariantAdded "new variant"
    VariantRemoved "variant gone"
    CompositionChanged "composed differently"
    RespelledSchema "written differently, the same values"
    DefaultChanged "default changed"
}

impl Kind {
    /// Whether the second document has something that the first one lacks.
    pub(super) fn is_addition(self) -> bool {
        use Kind::{EnumValueAdded, FieldAdded, OperationAdded, ParameterAdded, StatusAdded};
        matches!(self, OperationAdded | ParameterAdded | StatusAdded | FieldAdded | EnumValueAdded)
    }
}

/// Which way the set of possible values, or of accepted requests, moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Motion {
    /// The same set.
    Still,
    /// More than before.
    Wider,
    /// Less than before.
    Narrower,
    /// Some gone, some new; or impossible to say.
    Sideways,
}

/// What part of an exchange a difference is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Side {
    /// What is sent to the server.
    Request,
    /// A successful response.
    Success,
    /// A response that reports a failure; the client reads its body leniently whatever it is.
    Failure,
    /// The operation as a whole.
    Exchange,
}

/// Whom a difference breaks, and what becomes of today's client at run time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Verdict {
    /// `readers`, who decode answers, and `writers`, who send requests, if they go by the first document to the letter.
    pub(super) breaks: &'static [&'static str],
    /// Whether the client can still send its requests and read the answers.
    pub(super) decodes: bool,
    /// Whether it also goes on to do its work: it may decode an answer without its cursor, but pages end there.
    pub(super) survives: bool,
    /// What following the document means for those who compile against the client.
    #[serde(skip)]
    pub(super) rust: Option<Release>,
    #[serde(skip)]
    pub(super) side: Side,
}

impl Verdict {
    /// `tolerated` says whether today's client lives with the difference although it breaks somebody: its readers
    /// pass over unknown fields, keep unknown enum values, check no lengths and patterns, and take a missing value
    /// and null for the same where the field is optional.
    pub(super) fn new(side: Side, motion: Motion, tolerated: bool) -> Self {
        let breaks = match (side, motion) {
            (_, Motion::Still)
            | (Side::Request | Side::Exchange, Motion::Wider)
            | (Side::Success | Side::Failure, Motion::Narrower) => &[][..],
            (Side::Request, _) => &["writers"],
            (Side::Success | Side::Failure, _) => &["readers"],
            (Side::Exchange, _) => &["readers", "writers"],
        };
        let survives = breaks.is_empty() || tolerated || side == Side::Failure;
        Self { breaks, decodes: survives, survives, rust: None, side }
    }

    pub(super) fn harmless() -> Self {
        Self::new(Side::Exchange, Motion::Still, true)
    }

    /// States what it means for the client's Rust, where the kind of difference does not say it.
    pub(super) fn making(mut self, rust: Release) -> Self {
        self.rust = Some(rust);
        self
    }

    /// Our code reads what is gone, so that it cannot do its work without.
    pub(super) fn unless_read(mut self, read: bool) -> Self {
        self.survives &= !read;
        self
    }

    pub(super) fn is_breaking(&self) -> bool {
        !self.breaks.is_empty()
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.breaks.is_empty() {
            return formatter.write_str("breaks nobody");
        }
        let outcome = match (self.survives, self.decodes) {
            (true, _) => "survives",
            (false, true) => "decodes it, but lacks what it reads",
            (false, false) => "does not survive",
        };
        write!(formatter, "breaks {}, today's client {outcome}", self.breaks.join(" and "))
    }
}

/// A position in both documents.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub(super) struct Spot {
    /// The position in words, such as `response 200 application/json: groups[].id`. Empty for the operation itself.
    pub(super) place: String,
    /// The JSON pointer in the first document, of the nearest thing there where it lacks this one.
    pub(super) old_pointer: Pointer,
    /// The same in the second document.
    pub(super) new_pointer: Pointer,
}

/// One difference between two documents.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Finding {
    pub(super) operation: OperationName,
    pub(super) kind: Kind,
    #[serde(flatten)]
    pub(super) spot: Spot,
    pub(super) before: Option<String>,
    pub(super) after: Option<String>,
    #[serde(flatten)]
    pub(super) verdict: Verdict,
}

/// One line, such as `GET /things: new enum value in query parameter mode: "auto"`.
impl fmt::Display for Finding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.operation, self.kind.sentence())?;
        if !self.spot.place.is_empty() {
            write!(formatter, " in {}", self.spot.place)?;
        }
        self.after.as_ref().map_or(Ok(()), |after| write!(formatter, ": {after}"))
    }
}

impl Finding {
    /// What the report is sorted by: operation, then position, then kind, then what changed.
    pub(super) fn order(&self) -> impl Ord + '_ {
        (&self.operation, &self.spot, self.kind, &self.before, &self.after)
    }

    pub(super) fn is_breaking(&self) -> bool {
        self.verdict.is_breaking()
    }
}
