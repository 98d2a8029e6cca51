//! Request bodies, and the media types of bodies in either direction.

use std::collections::HashSet;

use super::{
    super::{
        finding::{Kind, Motion, Side, Verdict},
        release::Release,
        resolve::Node,
    },
    Recorder, compare_required, required_or_not, shapes, spot,
    task::Position,
};
use crate::openapi::{
    Pointer, Problem,
    operation::{Content, Operation},
};

/// The body of one document next to that of the other.
pub(super) struct Contents<'c, 'o, 'n> {
    pub(super) old: &'c Content<'o>,
    pub(super) new: &'c Content<'n>,
    pub(super) old_pointer: &'c Pointer,
    pub(super) new_pointer: &'c Pointer,
    /// What it means for the signature of the method if media types differ.
    pub(super) rust: Release,
}

pub(super) fn compare_requests<'o, 'n>(
    old: &Operation<'o>,
    new: &Operation<'n>,
    recorder: &mut Recorder<'o, 'n>,
) -> Result<(), Problem> {
    const PLACE: &str = "request body";
    match (&old.body, &new.body) {
        (None, None) => Ok(()),
        (Some(body), None) => {
            let spot = spot(PLACE, &body.pointer, &new.place.pointer);
            let before = Some(required_or_not(body.required));
            let verdict = Verdict::new(Side::Request, Motion::Sideways, false);
            recorder.report(Kind::RequestBodyRemoved, spot, before, None, verdict);
            Ok(())
        }
        (None, Some(body)) => {
            let spot = spot(PLACE, &old.place.pointer, &body.pointer);
            let after = Some(required_or_not(body.required));
            let motion = if body.required { Motion::Narrower } else { Motion::Still };
            let verdict = Verdict::new(Side::Request, motion, false);
            recorder.report(Kind::RequestBodyAdded, spot, None, after, verdict);
            Ok(())
        }
        (Some(old), Some(new)) => {
            let kinds = (Kind::RequestBodyRequired, Kind::RequestBodyOptional);
            let here = || spot(PLACE, &old.pointer, &new.pointer);
            let verdict = |motion| Verdict::new(Side::Request, motion, false).making(Release::Major);
            compare_required(kinds, (old.required, new.required), here, verdict, recorder);
            let contents = Contents {
                old: &old.content,
                new: &new.content,
                old_pointer: &old.pointer,
                new_pointer: &new.pointer,
                rust: Release::Patch,
            };
            let position = Position::new(Side::Request, PLACE, !old.required);
            compare_contents(&contents, &position, recorder)
        }
    }
}

/// Compares two bodies by media type. Where several media types have the same schema, it is compared once.
pub(super) fn compare_contents<'o, 'n>(
    contents: &Contents<'_, 'o, 'n>,
    position: &Position,
    recorder: &mut Recorder<'o, 'n>,
) -> Result<(), Problem> {
    let Contents { old, new, .. } = contents;
    let client_uses = preferred(old);
    for (media_type, schema) in *old {
        if !new.contains_key(media_type) {
            let place = position.at_media_type(media_type).place;
            let spot = spot(&place, &schema.pointer, contents.new_pointer);
            let before = Some(media_type.clone());
            let verdict =
                Verdict::new(position.side, Motion::Sideways, Some(media_type) != client_uses).making(contents.rust);
            recorder.report(Kind::MediaTypeRemoved, spot, before, None, verdict);
        }
    }
    for (media_type, schema) in *new {
        if !old.contains_key(media_type) {
            let place = position.at_media_type(media_type).place;
            let spot = spot(&place, contents.old_pointer, &schema.pointer);
            let after = Some(media_type.clone());
            recorder.report(Kind::MediaTypeAdded, spot, None, after, Verdict::harmless().making(contents.rust));
        }
    }
    let mut compared = HashSet::new();
    let first = client_uses.into_iter();
    let others = old.keys().filter(|media_type| Some(*media_type) != client_uses);
    for media_type in first.chain(others) {
        let (Some(old), Some(new)) = (old.get(media_type), new.get(media_type)) else { continue };
        let (old, new) = (Node::new(old.clone()), Node::new(new.clone()));
        if compared.insert((old.key(), new.key())) {
            shapes::compare(&old, &new, position.at_media_type(media_type), recorder)?;
        }
    }
    Ok(())
}

/// The media type that the client sends and asks for: JSON wherever there is a choice.
pub(super) fn preferred<'c>(content: &'c Content<'_>) -> Option<&'c String> {
    let json = |name: &&String| *name == "application/json" || name.ends_with("+json");
    content.keys().find(json).or_else(|| content.keys().next())
}
