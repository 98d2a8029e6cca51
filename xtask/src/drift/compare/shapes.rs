//! Schemas, position by position, from the outside in.

use std::collections::HashSet;

use serde_json::Value;

use super::{
    super::{
        constraints::differences,
        finding::{Kind, Motion, Side, Verdict},
        release::Release,
        resolve::Node,
        rust_type::{ENUMERATION, rust_type},
        shape::Shape,
    },
    Recorder, Standing, compare_standing, contents,
    task::{Position, Task, Tasks},
    variants,
};
use crate::{
    model::{JsonTypes as Types, constraints::canonical},
    openapi::Problem,
};

/// Positions nested deeper than this are refused; without a limit a long chain of references would fill the memory.
const DEEPEST: usize = 200;
/// The one format that the client reads into a type of its own, so that another text would be refused.
const DECODED_FORMAT: &str = "date-time";

/// Compares two schemas and all that is below them, each pair once, so that cycles end.
pub(super) fn compare<'o, 'n>(
    old: &Node<'o>,
    new: &Node<'n>,
    position: Position,
    recorder: &mut Recorder<'o, 'n>,
) -> Result<(), Problem> {
    let mut visited = HashSet::new();
    let known = recorder.findings.len();
    let mut tasks = Tasks::from([Task { old: old.clone(), new: new.clone(), position }]);
    while let Some(task) = tasks.pop_front() {
        let Position { side, optional, null_settled, untyped, .. } = task.position;
        let pair = (task.old.key(), task.new.key(), side, [optional, null_settled, untyped]);
        if recorder.knows_equal(&pair) || !visited.insert(pair) {
            continue;
        }
        recorder.spend(task.new.place())?;
        if task.position.depth > DEEPEST {
            let what = format!("schemas are nested more than {DEEPEST} levels deep here");
            return Err(task.new.place().problem(what));
        }
        let told = recorder.findings.len();
        visit(&task, &mut tasks, recorder)?;
        if untyped {
            recorder.findings[told..].iter_mut().for_each(|finding| finding.verdict.rust = Some(Release::Patch));
        }
    }
    if recorder.findings.len() == known {
        recorder.learn_equal(visited);
    }
    Ok(())
}

fn visit<'o, 'n>(
    task: &Task<'o, 'n>,
    tasks: &mut Tasks<'o, 'n>,
    recorder: &mut Recorder<'o, 'n>,
) -> Result<(), Problem> {
    let (old, new) = (recorder.old_shapes.of(&task.old)?, recorder.new_shapes.of(&task.new)?);
    compare_standing(
        Standing(old.lifecycle, old.deprecated),
        Standing(new.lifecycle, new.deprecated),
        || task.spot(&old, &new, "x-release-lifecycle"),
        recorder,
    );
    if !task.position.null_settled {
        compare_null(task, &old, &new, recorder);
    }
    if !old.unions.is_empty() || !new.unions.is_empty() {
        if variants::compare(task, &old, &new, tasks, recorder)? {
            return Ok(());
        }
    } else if !compare_types(task, &old, &new, recorder) {
        return Ok(());
    }
    compare_values(task, &old, &new, recorder);
    compare_demands(task, &old, &new, recorder);
    contents::compare(task, &old, &new, tasks, recorder)
}

/// What it means for callers that a text or a number is described in another way.
fn retyped(task: &Task<'_, '_>, old: &Shape<'_>, new: &Shape<'_>) -> Release {
    let side = task.position.side;
    if rust_type(old, side) == rust_type(new, side) { Release::Patch } else { Release::Major }
}

fn motion(gone: bool, added: bool) -> Motion {
    match (gone, added) {
        (false, false) => Motion::Still,
        (false, true) => Motion::Wider,
        (true, false) => Motion::Narrower,
        (true, true) => Motion::Sideways,
    }
}

fn compare_null(task: &Task<'_, '_>, old: &Shape<'_>, new: &Shape<'_>, recorder: &mut Recorder<'_, '_>) {
    let (old_types, new_types) = (old.types.without(Types::NULL), new.types.without(Types::NULL));
    // Null alone is told only where nothing else of the type changed.
    let plain = old.unions.is_empty() && new.unions.is_empty();
    let told = if plain { old_types != new_types } else { !old_types.meets(new_types) };
    if old.types.nullable() == new.types.nullable() || told {
        return;
    }
    let (kind, motion) =
        if new.types.nullable() { (Kind::NullAdded, Motion::Wider) } else { (Kind::NullRemoved, Motion::Narrower) };
    let (before, after) = (Some(old.types.to_string()), Some(new.types.to_string()));
    // The client takes null for a missing value, and leaves out what has none: it never writes null there.
    let optional = task.position.optional;
    // A field that can say null is another one to write.
    let is_written = task.position.side == Side::Request && !task.position.path.is_empty();
    let rust = if optional && !is_written { Release::Patch } else { Release::Major };
    let mut verdict = task.verdict(motion, false).making(rust);
    verdict.survives |= optional;
    verdict.decodes |= optional;
    recorder.report(kind, task.spot(old, new, "type"), before, after, verdict);
}

/// Says whether the types have anything in common, so that a closer look makes sense.
fn compare_types(task: &Task<'_, '_>, old: &Shape<'_>, new: &Shape<'_>, recorder: &mut Recorder<'_, '_>) -> bool {
    let (old_types, new_types) = (old.types.without(Types::NULL), new.types.without(Types::NULL));
    if old_types != new_types {
        let motion = motion(!old_types.without(new_types).is_empty(), !new_types.without(old_types).is_empty());
        let (before, after) = (Some(old.types.to_string()), Some(new.types.to_string()));
        let read = task.position.side == Side::Failure && recorder.reads.name(&task.position.path);
        let verdict = task.verdict(motion, false).unless_read(read && !old_types.without(new_types).is_empty());
        recorder.report(Kind::TypeChanged, task.spot(old, new, "type"), before, after, verdict);
    }
    old_types.meets(new_types) || old_types == new_types
}

fn compare_values(task: &Task<'_, '_>, old: &Shape<'_>, new: &Shape<'_>, recorder: &mut Recorder<'_, '_>) {
    let open_enum = old.types.without(Types::NULL) == Types::STRING;
    let spot = || task.spot(old, new, "enum");
    match (&old.values, &new.values) {
        (None, None) => {}
        (Some(values), None) => {
            let verdict = task.verdict(Motion::Wider, open_enum).making(retyped(task, old, new));
            recorder.report(Kind::EnumRemoved, spot(), Some(values.join(", ")), None, verdict);
        }
        (None, Some(values)) => {
            let verdict = task.verdict(Motion::Narrower, false).making(retyped(task, old, new));
            recorder.report(Kind::EnumAdded, spot(), None, Some(values.join(", ")), verdict);
        }
        (Some(old_values), Some(new_values)) => {
            let (before, after): (HashSet<&String>, HashSet<&String>) =
                (old_values.iter().collect(), new_values.iter().collect());
            let is_typed = rust_type(old, task.position.side) == Some(ENUMERATION);
            let (gone, more) =
                if is_typed { (Release::Major, Release::Minor) } else { (Release::Patch, Release::Patch) };
            for value in old_values.iter().filter(|value| !after.contains(value)) {
                let verdict = task.verdict(Motion::Narrower, false).making(gone);
                recorder.report(Kind::EnumValueRemoved, spot(), Some(value.clone()), None, verdict);
            }
            for value in new_values.iter().filter(|value| !before.contains(value)) {
                let verdict = task.verdict(Motion::Wider, open_enum).making(more);
                recorder.report(Kind::EnumValueAdded, spot(), None, Some(value.clone()), verdict);
            }
        }
    }
    if old.respelled != new.respelled {
        let words = |respelled| Some(if respelled { "a union that is none" } else { "a plain schema" }.to_owned());
        let (before, after) = (words(old.respelled), words(new.respelled));
        recorder.report(Kind::RespelledSchema, spot(), before, after, Verdict::harmless());
    }
}

/// Formats, bounds and the like, and defaults.
fn compare_demands(task: &Task<'_, '_>, old: &Shape<'_>, new: &Shape<'_>, recorder: &mut Recorder<'_, '_>) {
    if old.format != new.format {
        let motion = match (old.format, new.format) {
            (None, _) | (Some("int64"), Some("int32")) => Motion::Narrower,
            (_, None) | (Some("int32"), Some("int64")) => Motion::Wider,
            _ => Motion::Sideways,
        };
        let decoded = old.format == Some(DECODED_FORMAT);
        let (before, after) = (old.format.map(str::to_owned), new.format.map(str::to_owned));
        let verdict = task.verdict(motion, !decoded).making(retyped(task, old, new));
        recorder.report(Kind::FormatChanged, task.spot(old, new, "format"), before, after, verdict);
    }
    for difference in differences(&old.constraints, &new.constraints) {
        let kind = match difference.motion {
            Motion::Narrower => Kind::ConstraintTightened,
            Motion::Wider => Kind::ConstraintLoosened,
            Motion::Still | Motion::Sideways => Kind::ConstraintChanged,
        };
        let words = |value: &Value| format!("{} {value}", difference.keyword);
        let spot = task.position.spot(
            difference.old.map_or(task.old.pointer(), |constraint| &constraint.source),
            difference.new.map_or(task.new.pointer(), |constraint| &constraint.source),
        );
        let before = difference.old.map(|constraint| words(&constraint.value));
        let after = difference.new.map(|constraint| words(&constraint.value));
        let verdict = task.verdict(difference.motion, true).making(retyped(task, old, new));
        recorder.report(kind, spot, before, after, verdict);
    }
    if old.default.map(canonical) != new.default.map(canonical) {
        let (before, after) = (old.default.map(Value::to_string), new.default.map(Value::to_string));
        let spot = task.spot(old, new, "default");
        recorder.report(Kind::DefaultChanged, spot, before, after, Verdict::harmless());
    }
}
