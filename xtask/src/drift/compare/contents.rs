//! What is inside of objects and arrays: fields, values of maps, items.

use std::collections::BTreeSet;

use super::{
    super::{
        finding::{Kind, Motion, Side, Verdict},
        release::Release,
        resolve::Node,
        shape::{Additional, Shape},
        shapes::Shapes,
    },
    Recorder, compare_required, required_or_not,
    task::{Task, Tasks},
};
use crate::openapi::Problem;

pub(super) fn compare<'o, 'n>(
    task: &Task<'o, 'n>,
    old: &Shape<'o>,
    new: &Shape<'n>,
    tasks: &mut Tasks<'o, 'n>,
    recorder: &mut Recorder<'o, 'n>,
) -> Result<(), Problem> {
    compare_fields(task, old, new, tasks, recorder)?;
    compare_additional(task, old, new, tasks, recorder);
    compare_items(task, old, new, tasks);
    Ok(())
}

fn compare_fields<'o, 'n>(
    task: &Task<'o, 'n>,
    old: &Shape<'o>,
    new: &Shape<'n>,
    tasks: &mut Tasks<'o, 'n>,
    recorder: &mut Recorder<'o, 'n>,
) -> Result<(), Problem> {
    let old_names: BTreeSet<&str> = old.fields.keys().chain(&old.required).copied().collect();
    let new_names: BTreeSet<&str> = new.fields.keys().chain(&new.required).copied().collect();
    for name in old_names.union(&new_names).copied() {
        let old_field = field(task, &task.old, old, name, &mut recorder.old_shapes)?;
        let new_field = field(task, &task.new, new, name, &mut recorder.new_shapes)?;
        let (was_required, is_required) = (old.required.contains(name), new.required.contains(name));
        let position = task.position.below(name, !was_required);
        match (old_field, new_field) {
            (None, None) => {}
            (Some(gone), None) => {
                let spot = position.spot(gone.pointer(), task.new.pointer());
                let before =
                    Some(format!("{}, {}", required_or_not(was_required), recorder.old_shapes.of(&gone)?.summary()));
                // A reader lives without an optional field; a server that takes any field ignores this one.
                let tolerated = match position.side {
                    Side::Request => !new.closed(),
                    _ => !was_required,
                };
                let read = recorder.reads.by_us(position.side, name);
                let verdict = Verdict::new(position.side, Motion::Sideways, tolerated).unless_read(read);
                recorder.report(Kind::FieldRemoved, spot, before, None, verdict);
            }
            (None, Some(added)) => {
                let spot = position.spot(task.old.pointer(), added.pointer());
                let after =
                    Some(format!("{}, {}", required_or_not(is_required), recorder.new_shapes.of(&added)?.summary()));
                let motion = match position.side {
                    Side::Request if is_required => Motion::Narrower,
                    Side::Request => Motion::Still,
                    _ if old.closed() => Motion::Wider,
                    _ => Motion::Still,
                };
                // What a request needs is an argument of its constructor.
                let new_argument = position.side == Side::Request && is_required;
                // A map becomes a struct.
                let rust = if new_argument || old.fields.is_empty() { Release::Major } else { Release::Minor };
                recorder.report(Kind::FieldAdded, spot, None, after, task.verdict(motion, true).making(rust));
            }
            (Some(before), Some(after)) => {
                let kinds = (Kind::FieldRequired, Kind::FieldOptional);
                let here = || position.spot(before.pointer(), after.pointer());
                let verdict = |motion| task.verdict(motion, false);
                compare_required(kinds, (was_required, is_required), here, verdict, recorder);
                tasks.push_back(task.below(before, after, name, !was_required));
            }
        }
    }
    Ok(())
}

/// A field as this side of the exchange has it: requests have no `readOnly` fields, responses no `writeOnly` ones.
fn field<'d>(
    task: &Task<'_, '_>,
    node: &Node<'d>,
    shape: &Shape<'d>,
    name: &str,
    shapes: &mut Shapes<'d>,
) -> Result<Option<Node<'d>>, Problem> {
    let Some(field) = shape.fields.get(name) else {
        let named = shape.required.contains(name);
        return Ok(named.then(|| Node::anything(node.place())));
    };
    let access = shapes.of(field)?.access;
    let hidden = if task.position.side == Side::Request { access.read_only } else { access.write_only };
    Ok((!hidden).then(|| field.clone()))
}

fn compare_additional<'o, 'n>(
    task: &Task<'o, 'n>,
    old: &Shape<'o>,
    new: &Shape<'n>,
    tasks: &mut Tasks<'o, 'n>,
    recorder: &mut Recorder<'_, '_>,
) {
    let spot = || task.spot(old, new, "additionalProperties");
    let anything = |node: &Node<'o>| Node::anything(node.place());
    // Beside fields the rest is kept as JSON, and what has a pattern is so everywhere.
    let has_fields = !old.fields.is_empty() || !new.fields.is_empty();
    let below = |before, after, step: &str, untyped: bool| {
        let task = task.below(before, after, step, false);
        Task { position: task.position.untyped_if(untyped), ..task }
    };
    let is_map = |shape: &Shape<'_>| !has_fields && matches!(shape.additional, Additional::Typed(_));
    let rust = if is_map(old) || is_map(new) { Release::Major } else { Release::Patch };
    match (&old.additional, &new.additional) {
        (Additional::Nothing, Additional::Nothing) | (Additional::Anything, Additional::Anything) => {}
        (Additional::Nothing, _) => {
            let verdict = task.verdict(Motion::Wider, true).making(rust);
            recorder.report(Kind::ObjectOpened, spot(), None, None, verdict);
        }
        (_, Additional::Nothing) => {
            let mut verdict = task.verdict(Motion::Narrower, true).making(rust);
            // The client sends named fields only, unless the object was a map.
            verdict.survives |= matches!(old.additional, Additional::Anything) && !old.fields.is_empty();
            verdict.decodes = verdict.survives;
            recorder.report(Kind::ObjectClosed, spot(), None, None, verdict);
        }
        (Additional::Typed(before), Additional::Typed(after)) => {
            tasks.push_back(below(before.clone(), after.clone(), "*", has_fields));
        }
        (Additional::Anything, Additional::Typed(after)) => {
            tasks.push_back(below(anything(&task.old), after.clone(), "*", has_fields));
        }
        (Additional::Typed(before), Additional::Anything) => {
            tasks.push_back(below(before.clone(), Node::anything(task.new.place()), "*", has_fields));
        }
    }
    let patterns: BTreeSet<&str> = old.patterns.keys().chain(new.patterns.keys()).copied().collect();
    for pattern in patterns {
        let before = old.patterns.get(pattern).cloned();
        let after = new.patterns.get(pattern).cloned();
        let before = before.unwrap_or_else(|| anything(&task.old));
        let after = after.unwrap_or_else(|| Node::anything(task.new.place()));
        tasks.push_back(below(before, after, &format!("/{pattern}/"), true));
    }
}

fn compare_items<'o, 'n>(task: &Task<'o, 'n>, old: &Shape<'o>, new: &Shape<'n>, tasks: &mut Tasks<'o, 'n>) {
    let (old_anything, new_anything) = (Node::anything(task.old.place()), Node::anything(task.new.place()));
    let both = |before: Option<&Node<'o>>, after: Option<&Node<'n>>, step: &str| {
        (before.is_some() || after.is_some()).then(|| {
            let before = before.unwrap_or(&old_anything).clone();
            let after = after.unwrap_or(&new_anything).clone();
            task.below(before, after, step, false)
        })
    };
    tasks.extend(both(old.items.as_ref(), new.items.as_ref(), "[]"));
    for index in 0..old.leading_items.len().max(new.leading_items.len()) {
        let before = old.leading_items.get(index);
        let after = new.leading_items.get(index);
        // A list is one of elements of any kind then.
        tasks.extend(
            both(before, after, &format!("[{index}]"))
                .map(|task| Task { position: task.position.untyped_if(true), ..task }),
        );
    }
}
