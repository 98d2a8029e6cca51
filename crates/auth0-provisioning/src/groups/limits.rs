//! The limits of one request.

use super::SelectedGroup;

/// The most groups that one call may add or remove.
pub(super) const MOST_GROUPS: usize = 100;

/// The largest body that the API accepts, in bytes.
pub(super) const LARGEST_BODY: usize = 1_000_000;

/// Whether these groups can be sent in one body.
pub(super) fn fits_into_a_body<'a>(groups: impl Iterator<Item = &'a SelectedGroup>) -> bool {
    // Around the groups: `{"groups":[]}`, and a comma for each.
    let size = groups.map(|group| json_size(group).saturating_add(1)).fold(13, usize::saturating_add);
    size <= LARGEST_BODY
}

/// How many bytes a group takes as JSON; nothing is allocated for it.
fn json_size(group: &SelectedGroup) -> usize {
    struct Counter(usize);

    impl std::io::Write for Counter {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0 = self.0.saturating_add(bytes.len());
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let mut counter = Counter(0);
    // Neither strings nor numbers fail to be written; if they did, the body would not be sent.
    serde_json::to_writer(&mut counter, group).map_or(usize::MAX, |()| counter.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_size_is_that_of_the_body() {
        let group = |number: usize| {
            SelectedGroup::new(format!("g{number}").parse().unwrap())
                .name("Jäger \"und\" Sammler")
                .direct_members_count(7)
        };
        let groups: Vec<_> = (0..20_000).map(group).collect();
        let sizes: Vec<usize> = (1..=groups.len()).collect();
        let fitting = sizes.partition_point(|most| fits_into_a_body(groups[..*most].iter()));
        let body = |most: usize| serde_json::to_vec(&serde_json::json!({ "groups": groups[..most] })).unwrap().len();
        assert!(fitting > 1000 && fitting < groups.len(), "{fitting}");
        assert!(body(fitting) <= LARGEST_BODY && body(fitting + 1) >= LARGEST_BODY, "{}", body(fitting + 1));
    }
}
