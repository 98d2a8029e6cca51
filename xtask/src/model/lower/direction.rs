//! Step 5: who sends values of each type.

use super::super::{Api, Kind, TypeId};

/// Marks the types that requests and responses reach. Members that only responses have are not sent.
pub(super) fn set(api: &mut Api) {
    let sent: Vec<TypeId> = api.operations.iter().flat_map(super::super::Operation::sent).collect();
    let received: Vec<TypeId> = api.operations.iter().flat_map(super::super::Operation::received).collect();
    mark(api, sent, true);
    mark(api, received, false);
}

fn mark(api: &mut Api, mut waiting: Vec<TypeId>, is_sent: bool) {
    while let Some(id) = waiting.pop() {
        let direction = &mut api.types[id.0].direction;
        let flag = if is_sent { &mut direction.sent } else { &mut direction.received };
        if std::mem::replace(flag, true) {
            continue;
        }
        let ty = &api[id];
        let hidden: Vec<TypeId> = match &ty.kind {
            Kind::Struct { members, .. } if is_sent => {
                members.iter().filter(|member| member.read_only).map(|member| member.ty).collect()
            }
            _ => Vec::new(),
        };
        waiting.extend(ty.inner().into_iter().filter(|inner| !hidden.contains(inner)));
    }
}
