//! One difference: what it is, where it is, and whom it breaks.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

use crate::openapi::{Pointer, operation::OperationName};

/// The kinds of differences, each with its name in reports and in the list of accepted differences.
macro_rules! kinds {
    ($($kind:ident $name:literal $sentence:literal)*) => {
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub(super) enum Kind { $($kind),* }

        impl Kind {
            const ALL: &[Self] = &[$(Self::$kind),*];

            pub(super) fn name(self) -> &'static str {
                match self { $(Self::$kind => $name),* }
            }

            /// What happened, in words for people.
            pub(super) fn sentence(self) -> &'static str {
                match self { $(Self::$kind => $sentence),* }
            }
        }
    };
}

kinds! {
    OperationAdded "operation-added" "new operation"
    OperationRemoved "operation-removed" "operation gone"
    OperationIdChanged "operation-id-changed" "operation id changed"
    LifecycleChanged "lifecycle-changed" "lifecycle changed"
    DeprecationChanged "deprecation-changed" "deprecation changed"
    SecurityAdded "security-added" "another way to authorize"
    SecurityRemoved "security-removed" "a way to authorize is gone"
    ScopeAdded "scope-added" "scope now needed"
    ScopeRemoved "scope-removed" "scope no longer needed"
    ParameterAdded "parameter-added" "new parameter"
    ParameterRemoved "parameter-removed" "parameter gone"
    ParameterRequired "parameter-required" "parameter now required"
    ParameterOptional "parameter-optional" "parameter no longer required"
    ParameterStyleChanged "parameter-style-changed" "parameter written differently"
    RequestBodyAdded "request-body-added" "request body now accepted"
    RequestBodyRemoved "request-body-removed" "request body gone"
    RequestBodyRequired "request-body-required" "request body now required"
    RequestBodyOptional "request-body-optional" "request body no longer required"
    StatusAdded "status-added" "new status code"
    StatusRemoved "status-removed" "status code gone"
    MediaTypeAdded "media-type-added" "new media type"
    MediaTypeRemoved "media-type-removed" "media type gone"
    FieldAdded "field-added" "new field"
    FieldRemoved "field-removed" "field gone"
    FieldRequired "field-required" "field now required"
    FieldOptional "field-optional" "field no longer required"
    TypeChanged "type-changed" "type changed"
    NullAdded "null-added" "null now possible"
    NullRemoved "null-removed" "null no longer possible"
    FormatChanged "format-changed" "format changed"
    EnumValueAdded "enum-value-added" "new enum value"
    EnumValueRemoved "enum-value-removed" "enum value gone"
    EnumAdded "enum-added" "now limited to an enum"
    EnumRemoved "enum-removed" "no longer limited to an enum"
    ConstraintTightened "constraint-tightened" "constraint tightened"
    ConstraintLoosened "constraint-loosened" "constraint loosened"
    ConstraintChanged "constraint-changed" "constraint changed"
    ObjectOpened "object-opened" "fields beyond the documented ones now possible"
    ObjectClosed "object-closed" "fields beyond the documented ones no longer possible"
    VariantAdded "variant-added" "new variant"
    VariantRemoved "variant-removed" "variant gone"
    CompositionChanged "composition-changed" "composed differently"
    RespelledSchema "respelled-schema" "written differently, the same values"
    DefaultChanged "default-changed" "default changed"
}

impl Serialize for Kind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl<'de> Deserialize<'de> for Kind {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        Self::ALL
            .iter()
            .copied()
            .find(|kind| kind.name() == name)
            .ok_or_else(|| D::Error::custom(format!("`{name}` is not a kind of difference")))
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

/// Whom a difference breaks, if they go by the first document to the letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Audience {
    /// People who decode responses.
    Readers,
    /// People who send requests.
    Writers,
}

impl Audience {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Readers => "readers",
            Self::Writers => "writers",
        }
    }
}

/// Whom a difference breaks, and whether today's client survives it at run time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Verdict {
    pub(super) breaks: Vec<Audience>,
    pub(super) survives: bool,
}

impl Verdict {
    /// `tolerated` says whether today's client lives with the difference although it breaks somebody: its readers
    /// pass over unknown fields, keep unknown enum values, check no lengths and patterns, and take a missing value
    /// and null for the same where the field is optional.
    pub(super) fn new(side: Side, motion: Motion, tolerated: bool) -> Self {
        let breaks = match (side, motion) {
            (_, Motion::Still)
            | (Side::Request | Side::Exchange, Motion::Wider)
            | (Side::Success | Side::Failure, Motion::Narrower) => Vec::new(),
            (Side::Request, _) => vec![Audience::Writers],
            (Side::Success | Side::Failure, _) => vec![Audience::Readers],
            (Side::Exchange, _) => vec![Audience::Readers, Audience::Writers],
        };
        let survives = breaks.is_empty() || tolerated || side == Side::Failure;
        Self { breaks, survives }
    }

    pub(super) fn harmless() -> Self {
        Self::new(Side::Exchange, Motion::Still, true)
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
        let whom: Vec<&str> = self.breaks.iter().map(|audience| audience.name()).collect();
        let outcome = if self.survives { "survives" } else { "does not survive" };
        write!(formatter, "breaks {}, today's client {outcome}", whom.join(" and "))
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

impl Finding {
    /// What the report is sorted by: operation, then position, then kind, then what changed.
    pub(super) fn order(&self) -> impl Ord + '_ {
        (&self.operation, &self.spot, self.kind, &self.before, &self.after)
    }

    pub(super) fn is_breaking(&self) -> bool {
        self.verdict.is_breaking()
    }
}
