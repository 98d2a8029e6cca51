//! Status codes, and what comes with them.

use std::collections::BTreeSet;

use super::{
    super::{
        finding::{Kind, Motion, Side, Verdict},
        release::Release,
        resolve::Node,
    },
    Recorder,
    bodies::{Contents, compare_contents, preferred},
    compare_required, required_or_not, shapes, spot,
    task::Position,
};
use crate::openapi::{
    Problem,
    operation::{Operation, Response},
};

pub(super) fn compare<'o, 'n>(
    old: &Operation<'o>,
    new: &Operation<'n>,
    recorder: &mut Recorder<'o, 'n>,
) -> Result<(), Problem> {
    let remaining =
        old.responses.keys().any(|status| side(old, status) == Side::Success && new.responses.contains_key(status));
    let rust = if returns(old) == returns(new) { Release::Patch } else { Release::Major };
    // A range of statuses, or the default, says the same of each of them.
    let is_range = |status: &str| status.ends_with("XX") || status == "DEFAULT";
    for (status, old_response) in &old.responses {
        let place = format!("response {status}");
        let like = stand_in(status, old, new);
        if like != Some(status.as_str()) {
            let spot = spot(&place, &old_response.pointer, &new.place.pointer);
            let verdict = changed(side(old, status), remaining || like.is_some_and(is_range)).making(rust);
            recorder.report(Kind::StatusRemoved, spot, Some(status.clone()), None, verdict);
        }
        let Some(like) = like else { continue };
        let new_response = &new.responses[like];
        let contents = Contents {
            old: &old_response.content,
            new: &new_response.content,
            old_pointer: &old_response.pointer,
            new_pointer: &new_response.pointer,
            rust,
        };
        let position = Position::new(side(old, status), &place, false);
        compare_contents(&contents, &position, recorder)?;
        compare_headers(&position, old_response, new_response, recorder)?;
    }
    for (status, response) in &new.responses {
        if !old.responses.contains_key(status) {
            let spot = spot(&format!("response {status}"), &old.place.pointer, &response.pointer);
            recorder.report(
                Kind::StatusAdded,
                spot,
                None,
                Some(status.clone()),
                changed(side(new, status), is_range(status)).making(rust),
            );
        }
    }
    Ok(())
}

/// The status of `new` that speaks of what `old` says of `status`: the same, its range, for a failure the default, and
/// for the only success the only other one.
fn stand_in<'c>(status: &str, old: &Operation<'_>, new: &'c Operation<'_>) -> Option<&'c str> {
    let has = |status: &str| new.responses.get_key_value(status).map(|(known, _)| known.as_str());
    let found = has(status).or_else(|| has(&format!("{}XX", status.get(..1)?)));
    if side(old, status) == Side::Failure {
        return found.or_else(|| has("DEFAULT"));
    }
    let other = || successes(new).next().map(|(status, _)| status.as_str());
    found.or_else(|| other().filter(|_| successes(old).count() == 1 && successes(new).count() == 1))
}

fn successes<'c, 'd>(operation: &'c Operation<'d>) -> impl Iterator<Item = (&'c String, &'c Response<'d>)> {
    operation.responses.iter().filter(|(status, _)| side(operation, status) == Side::Success)
}

/// What a method returns: maybe nothing, and one of so many bodies of so many media types.
fn returns(operation: &Operation<'_>) -> (bool, usize, BTreeSet<String>) {
    let bodies = || successes(operation).filter_map(|(_, response)| preferred(&response.content).zip(Some(response)));
    let schemas = bodies().map(|(media, response)| response.content[media].value.to_string());
    let maybe_nothing = successes(operation).any(|(_, response)| response.content.is_empty());
    (maybe_nothing, schemas.collect::<BTreeSet<_>>().len(), bodies().map(|(media, _)| media.clone()).collect())
}

fn compare_headers<'o, 'n>(
    position: &Position,
    old: &Response<'o>,
    new: &Response<'n>,
    recorder: &mut Recorder<'o, 'n>,
) -> Result<(), Problem> {
    for (name, header) in &old.headers {
        let place = format!("{} header {name}", position.place);
        let Some(other) = new.headers.get(name) else {
            let spot = spot(&place, &header.place.pointer, &new.pointer);
            let verdict = Verdict::new(Side::Success, Motion::Sideways, !recorder.reads.name(name));
            recorder.report(Kind::HeaderRemoved, spot, Some(required_or_not(header.required)), None, verdict);
            continue;
        };
        let here = || spot(&place, &header.place.pointer, &other.place.pointer);
        let kinds = (Kind::HeaderRequired, Kind::HeaderOptional);
        let is_read = recorder.reads.name(name);
        let verdict = |motion| Verdict::new(Side::Success, motion, !is_read);
        compare_required(kinds, (header.required, other.required), here, verdict, recorder);
        let (before, after) = (Node::new(header.schema.clone()), Node::new(other.schema.clone()));
        // Nothing but our own code reads headers, and it takes a number or leaves it.
        shapes::compare(&before, &after, Position::new(Side::Failure, &place, !header.required), recorder)?;
    }
    for (name, header) in new.headers.iter().filter(|(name, _)| !old.headers.contains_key(*name)) {
        let spot = spot(&format!("{} header {name}", position.place), &old.pointer, &header.place.pointer);
        let after = Some(required_or_not(header.required));
        recorder.report(Kind::HeaderAdded, spot, None, after, Verdict::harmless());
    }
    Ok(())
}

/// The client takes the documented success for one and every other status for a failure, documented or not.
fn changed(side: Side, tolerated: bool) -> Verdict {
    match side {
        Side::Success => Verdict::new(Side::Success, Motion::Sideways, tolerated),
        _ => Verdict::harmless(),
    }
}

/// Where no success is declared, the default stands in for one.
fn side(operation: &Operation<'_>, status: &str) -> Side {
    let is_success = |status: &str| status.starts_with('2');
    let stands_in = status == "DEFAULT" && !operation.responses.keys().any(|status| is_success(status));
    if is_success(status) || stands_in { Side::Success } else { Side::Failure }
}
