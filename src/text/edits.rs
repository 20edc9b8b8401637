//! What makes one list of another: what stays, goes and comes.
//!
//! One algorithm over numbers, whatever is in the lists, so that it is in the binary once. It ends soon on any input: where the
//! shortest answer would take long, it takes a longer one. Read [`edits`].

use std::collections::HashMap;
use std::convert::Infallible;
use std::hash::Hash;

use similar::DiffOp;
use similar::algorithms::{Capture, Compact, Replace, myers};

/// The runs that are equal, deleted, inserted or replaced, from the first item to the last.
pub(crate) fn edits<T: Hash + Eq>(old: &[T], new: &[T]) -> Vec<DiffOp> {
    let mut numbers: HashMap<&T, usize> = HashMap::new();
    let mut number = |item| {
        let next = numbers.len();
        *numbers.entry(item).or_insert(next)
    };
    let old: Vec<usize> = old.iter().map(&mut number).collect();
    let new: Vec<usize> = new.iter().map(&mut number).collect();
    let mut found = Compact::new(Replace::new(Capture::new()), &old[..], &new[..]);
    let Ok(()): Result<(), Infallible> =
        myers::diff(&mut found, &old[..], 0..old.len(), &new[..], 0..new.len());
    found.into_inner().into_inner().into_ops()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stays_goes_and_comes_is_told() {
        let found = edits(&["a", "b", "c"], &["a", "c", "d"]);
        let tags: Vec<_> = found.iter().map(|op| (op.tag(), op.old_range(), op.new_range())).collect();
        use similar::DiffTag::{Delete, Equal, Insert};
        assert_eq!(
            tags,
            [(Equal, 0..1, 0..1), (Delete, 1..2, 1..1), (Equal, 2..3, 1..2), (Insert, 3..3, 2..3)]
        );
        assert_eq!(edits::<u8>(&[], &[]), []);
    }
}
