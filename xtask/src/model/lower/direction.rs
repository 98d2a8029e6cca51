//! Step 4: who sends values of each type.

use super::{
    super::{Kind, Operation, TypeId},
    compose::Types,
};

/// Marks the types that the client sends and receives. Members that only responses have are not sent.
pub(super) fn set(types: &mut Types<'_>, operations: &[Operation]) {
    mark(types, operations.iter().flat_map(Operation::sent).collect(), true);
    mark(types, operations.iter().filter_map(Operation::received).collect(), false);
}

fn mark(types: &mut Types<'_>, mut waiting: Vec<TypeId>, is_sent: bool) {
    while let Some(id) = waiting.pop() {
        let direction = &mut types.made[id.0].ty.direction;
        let flag = if is_sent { &mut direction.sent } else { &mut direction.received };
        if std::mem::replace(flag, true) {
            continue;
        }
        let made = &types.made[id.0];
        waiting.extend(made.union.iter().flat_map(|draft| &draft.branches).map(|branch| branch.ty));
        match &made.ty.kind {
            Kind::Struct { members, .. } if is_sent => {
                let hidden = members.iter().filter(|member| types.access(member.ty).0).map(|member| member.ty);
                let hidden: Vec<TypeId> = hidden.collect();
                waiting.extend(made.ty.inner().into_iter().filter(|inner| !hidden.contains(inner)));
            }
            _ => waiting.extend(made.ty.inner()),
        }
    }
}
