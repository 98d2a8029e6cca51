//! The traversal of a list: its position, and whether its pages form a loop.

use super::{Cursor, Position};

/// The traversal of a list, in constant memory.
///
/// Loops of any length are found by Brent's method: each cursor is compared with a kept one, which is replaced after 1, 2,
/// 4, 8 … steps.
#[derive(Clone, Debug)]
pub(super) struct Traversal {
    position: Position,
    /// Whether the page at the position was read before.
    is_loop: bool,
    kept: Option<Cursor>,
    steps: u64,
    renew_at: u64,
}

impl Traversal {
    pub(super) fn from(position: Position) -> Self {
        Self { kept: position.cursor().cloned(), position, is_loop: false, steps: 0, renew_at: 1 }
    }

    pub(super) fn position(&self) -> &Position {
        &self.position
    }

    /// The cursor that came again, if the pages form a loop.
    pub(super) fn repeated(&self) -> Option<&Cursor> {
        self.position.cursor().filter(|_| self.is_loop)
    }

    /// Moves to the next page, as the present one names it.
    pub(super) fn step(&mut self, next: Option<&Cursor>) {
        let Some(next) = next else {
            self.position = Position::End;
            return;
        };
        self.position = Position::At(next.clone());
        self.is_loop = self.kept.as_ref() == Some(next);
        self.steps += 1;
        if self.steps == self.renew_at {
            self.kept = Some(next.clone());
            self.steps = 0;
            self.renew_at = self.renew_at.saturating_mul(2);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Reads pages where each page's cursor is a number and `next` leads from one to another.
    fn traverse(next: impl Fn(u32) -> Option<u32>, most: u32) -> (u32, Result<(), String>) {
        let cursor = |page: u32| Cursor::from(page.to_string());
        let (mut traversal, mut page) = (Traversal::from(Position::Beginning), 0);
        for read in 0..most {
            if let Some(repeated) = traversal.repeated() {
                return (read, Err(repeated.as_str().to_owned()));
            }
            if *traversal.position() == Position::End {
                return (read, Ok(()));
            }
            let following = next(page);
            traversal.step(following.map(cursor).as_ref());
            page = following.unwrap_or_default();
        }
        panic!("it went on for {most} pages");
    }

    #[test]
    fn a_page_that_names_itself_is_found_at_once() {
        assert_eq!(traverse(|page| Some(if page < 3 { page + 1 } else { 3 }), 100).1, Err("3".to_owned()));
        assert_eq!(traverse(|_| Some(1), 100), (2, Err("1".to_owned())));
    }

    proptest! {
        #[test]
        fn lists_without_a_loop_end(pages in 1_u32..500) {
            prop_assert_eq!(traverse(|page| (page + 1 < pages).then_some(page + 1), 1000), (pages, Ok(())));
        }

        #[test]
        fn loops_are_found_within_a_few_rounds(tail in 0_u32..200, cycle in 1_u32..200) {
            let next = |page| Some(if page + 1 < 1 + tail + cycle { page + 1 } else { 1 + tail });
            let (read, end) = traverse(next, 10_000);
            prop_assert!(end.is_err());
            prop_assert!(read <= 3 * (tail + cycle) + 3, "{} pages", read);
        }
    }
}
