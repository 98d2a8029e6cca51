//! The type that the generated client makes of a text or a number: a difference that leaves it is none for callers.

use super::{finding::Side, shape::Shape};
use crate::model::JsonTypes as Types;

/// The bounds that make a type of its own of a text in what is sent.
const TEXT_BOUNDS: [&str; 3] = ["minLength", "maxLength", "pattern"];

/// Integers by their format, with their bounds: where a schema has just these, or its least is 1, it becomes the type, or
/// the one without zero.
#[expect(clippy::cast_precision_loss, reason = "as the generator compares them")]
const INTEGERS: [(&str, &str, &str, f64, f64); 8] = [
    ("uint64", "u64", "NonZeroU64", u64::MIN as f64, u64::MAX as f64),
    ("int64", "i64", "NonZeroU64", i64::MIN as f64, i64::MAX as f64),
    ("uint32", "u32", "NonZeroU32", u32::MIN as f64, u32::MAX as f64),
    ("int32", "i32", "NonZeroU32", i32::MIN as f64, i32::MAX as f64),
    ("uint16", "u16", "NonZeroU16", u16::MIN as f64, u16::MAX as f64),
    ("int16", "i16", "NonZeroU16", i16::MIN as f64, i16::MAX as f64),
    ("uint8", "u8", "NonZeroU8", u8::MIN as f64, u8::MAX as f64),
    ("int8", "i8", "NonZeroU8", i8::MIN as f64, i8::MAX as f64),
];

/// What has a name for each of its values.
pub(super) const ENUMERATION: &str = "enumeration";

/// The type of a plain schema; `None` for what is neither a text nor a number, a flag nor enumerated.
pub(super) fn rust_type(shape: &Shape<'_>, side: Side) -> Option<&'static str> {
    let (types, sent) = (shape.types.without(Types::NULL), side == Side::Request);
    let enumerated = shape.values.is_some();
    Some(match types {
        Types::BOOLEAN => "bool",
        Types::STRING if enumerated => ENUMERATION,
        Types::STRING if shape.format == Some("date-time") => "time",
        Types::STRING if sent && TEXT_BOUNDS.iter().any(|bound| shape.constraints.has(bound)) => "bounded text",
        Types::STRING => "text",
        Types::INTEGER if sent => integer(shape),
        Types::INTEGER if shape.format == Some("uint64") => "u64",
        Types::INTEGER => "i64",
        Types::NUMBER if sent && shape.format == Some("float") => "f32",
        Types::NUMBER => "f64",
        _ if enumerated => ENUMERATION,
        _ => return None,
    })
}

fn integer(shape: &Shape<'_>) -> &'static str {
    let bound = |keyword| shape.constraints.number(keyword);
    let (mut least, mut most) = (bound("minimum"), bound("maximum"));
    // Other formats are dropped: few documents mean them.
    let format = shape.format.filter(|format| ["uint64", "int64", "int32"].contains(format));
    if let Some((_, plain, without_zero, low, high)) = INTEGERS.into_iter().find(|integer| Some(integer.0) == format) {
        let fits = least.is_none_or(|least| least >= low) && most.is_none_or(|most| most <= high);
        if fits && !shape.constraints.has("multipleOf") {
            return if least == Some(1.0) { without_zero } else { plain };
        }
        (least, most) = (least.or(Some(low)), most.or(Some(high)));
    }
    let is = |bound: Option<f64>, limit: f64| bound.is_none_or(|bound| (bound - limit).abs() <= f64::EPSILON);
    match (least, most) {
        (None, None) => "i64",
        (Some(1.0), _) => "NonZeroU64",
        _ => INTEGERS
            .into_iter()
            .find(|integer| is(least, integer.3) && is(most, integer.4))
            .map_or("i64", |found| found.1),
    }
}
