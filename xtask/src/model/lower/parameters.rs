//! Where a parameter stands, and its style.

use super::{
    super::{Lifecycle, Parameter, Style, operation::Encoding, parameter::Place as Location},
    compose::Types,
};
use crate::openapi::{Place, Problem, operation::essence};

/// The styles of a location by name, the default first.
type Styles = &'static [(&'static str, Style)];

/// The styles of each location.
const STYLES: [(&str, Location, Styles); 4] = [
    ("path", Location::Path, &[("simple", Style::Simple), ("label", Style::Label), ("matrix", Style::Matrix)]),
    ("query", Location::Query, QUERY),
    ("header", Location::Header, &[("simple", Style::Simple)]),
    ("cookie", Location::Cookie, &[("form", Style::Form)]),
];

const QUERY: &[(&str, Style)] = &[
    ("form", Style::Form),
    ("spaceDelimited", Style::SpaceDelimited),
    ("pipeDelimited", Style::PipeDelimited),
    ("deepObject", Style::DeepObject),
];

/// Headers that `OpenAPI` gives no meaning as parameters.
const IGNORED: [&str; 3] = ["accept", "content-type", "authorization"];

/// A parameter; nothing where it has no meaning. Its Rust name is given later.
pub(super) fn read<'d>(place: &Place<'d>, types: &mut Types<'d>) -> Result<Option<Parameter>, Problem> {
    let text = |key: &str| place.text(key)?.ok_or_else(|| place.problem(format!("is a parameter without `{key}`")));
    let (wire, written) = (text("name")?, text("in")?);
    let known = STYLES.into_iter().find(|(name, ..)| *name == written);
    let Some((_, location, styles)) = known else {
        return Err(place.problem(format!("the parameter {wire:?} is sent in {written:?}, which is no place for one")));
    };
    if location == Location::Header && IGNORED.contains(&wire.to_lowercase().as_str()) {
        return Ok(None);
    }
    let media = place.entries_of("content")?.into_iter().next();
    let (style, explode, schema) = match media {
        Some((media, content)) if is_json(&essence(media)) => (Style::Json, false, content.get("schema")),
        Some((media, _)) => {
            let what = format!("the parameter {wire:?} holds {media}, which is not supported; JSON is");
            return Err(place.problem(what));
        }
        None => {
            let style = match place.text("style")? {
                None => styles[0].1,
                Some(written) => style(styles, written)
                    .ok_or_else(|| place.problem(format!("the parameter {wire:?} {}", unsupported(written))))?,
            };
            (style, explode(place, style)?, place.get("schema"))
        }
    };
    let schema = schema.filter(|schema| !schema.value.is_null());
    let source = place.pointer.clone();
    Ok(Some(Parameter {
        place: location,
        wire: wire.to_owned(),
        rust: String::new(),
        ty: match schema {
            Some(schema) => types.own(schema),
            None => types.string(&source),
        },
        required: location == Location::Path || place.flag("required")?,
        style,
        explode,
        allow_reserved: place.flag("allowReserved")?,
        docs: place.text("description").ok().flatten().map(str::to_owned),
        lifecycle: lifecycle(place)?,
        source,
    }))
}

/// How the member of a form or of parts is written.
pub(super) fn encoding(place: &Place<'_>) -> Result<Encoding, Problem> {
    let written = place.text("style")?;
    let says_style = ["explode", "allowReserved"].iter().any(|key| place.get(key).is_some());
    let found = match written {
        Some(written) => Some(style(QUERY, written).ok_or_else(|| place.problem(unsupported(written)))?),
        None => says_style.then_some(Style::Form),
    };
    Ok(Encoding {
        content_type: place.text("contentType")?.map(str::to_owned),
        style: found,
        explode: explode(place, found.unwrap_or(Style::Form))?,
        allow_reserved: place.flag("allowReserved")?,
    })
}

pub(super) fn lifecycle(place: &Place<'_>) -> Result<Lifecycle, Problem> {
    let stage = place.text("x-release-lifecycle")?.map(str::to_owned);
    Ok(Lifecycle { deprecated: place.flag("deprecated")?, stage })
}

pub(super) fn is_json(media_type: &str) -> bool {
    media_type == "application/json" || media_type.ends_with("+json")
}

fn style(styles: &[(&str, Style)], written: &str) -> Option<Style> {
    styles.iter().find(|(name, _)| *name == written).map(|(_, style)| *style)
}

fn explode(place: &Place<'_>, style: Style) -> Result<bool, Problem> {
    if place.get("explode").is_some() { place.flag("explode") } else { Ok(style == Style::Form) }
}

fn unsupported(style: &str) -> String {
    format!("has the style {style:?}, which is not supported")
}
