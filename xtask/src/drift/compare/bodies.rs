//! Request bodies, and the media types of bodies in either direction.

use std::collections::HashSet;

use super::{
    super::{
        finding::{Kind, Motion, Side, Verdict},
        resolve::Node,
    },
    Recorder, required_or_not,
    shapes::{self, Position},
    spot,
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
            let spot = spot(PLACE, body.pointer.clone(), new.place.pointer.clone());
            let before = Some(required_or_not(body.required));
            let verdict = Verdict::new(Side::Request, Motion::Sideways, false);
            recorder.report(Kind::RequestBodyRemoved, spot, before, None, verdict);
            Ok(())
        }
        (None, Some(body)) => {
            let spot = spot(PLACE, old.place.pointer.clone(), body.pointer.clone());
            let after = Some(required_or_not(body.required));
            let motion = if body.required { Motion::Narrower } else { Motion::Still };
            let verdict = Verdict::new(Side::Request, motion, false);
            recorder.report(Kind::RequestBodyAdded, spot, None, after, verdict);
            Ok(())
        }
        (Some(old), Some(new)) => {
            if old.required != new.required {
                let (kind, motion) = if new.required {
                    (Kind::RequestBodyRequired, Motion::Narrower)
                } else {
                    (Kind::RequestBodyOptional, Motion::Wider)
                };
                let spot = spot(PLACE, old.pointer.clone(), new.pointer.clone());
                let words = (required_or_not(old.required), required_or_not(new.required));
                let verdict = Verdict::new(Side::Request, motion, false);
                recorder.report(kind, spot, Some(words.0), Some(words.1), verdict);
            }
            let contents =
                Contents { old: &old.content, new: &new.content, old_pointer: &old.pointer, new_pointer: &new.pointer };
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
            let spot = spot(&place, schema.pointer.clone(), contents.new_pointer.clone());
            let before = Some(media_type.clone());
            let verdict = Verdict::new(position.side, Motion::Sideways, Some(media_type) != client_uses);
            recorder.report(Kind::MediaTypeRemoved, spot, before, None, verdict);
        }
    }
    for (media_type, schema) in *new {
        if !old.contains_key(media_type) {
            let place = position.at_media_type(media_type).place;
            let spot = spot(&place, contents.old_pointer.clone(), schema.pointer.clone());
            let after = Some(media_type.clone());
            recorder.report(Kind::MediaTypeAdded, spot, None, after, Verdict::harmless());
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
fn preferred<'c>(content: &'c Content<'_>) -> Option<&'c String> {
    let json = |name: &&String| *name == "application/json" || name.ends_with("+json");
    content.keys().find(json).or_else(|| content.keys().next())
}
