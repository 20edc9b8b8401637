//! Two sorted maps side by side.

use std::cmp::Ordering;
use std::collections::BTreeMap;

/// A key with what each map has of it.
pub(super) type Pair<'m, K, L, R> = (&'m K, Option<&'m L>, Option<&'m R>);

/// Every key of two maps, in order, each once.
pub(super) fn pairs<'m, K: Ord, L, R>(
    left: &'m BTreeMap<K, L>,
    right: &'m BTreeMap<K, R>,
) -> impl Iterator<Item = Pair<'m, K, L, R>> {
    let (mut left, mut right) = (left.iter().peekable(), right.iter().peekable());
    std::iter::from_fn(move || {
        let order = match (left.peek(), right.peek()) {
            (Some((one, _)), Some((other, _))) => one.cmp(other),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (None, None) => return None,
        };
        let one = if order.is_le() { left.next() } else { None };
        let other = if order.is_ge() { right.next() } else { None };
        let key = one.map(|(key, _)| key).or(other.map(|(key, _)| key))?;
        Some((key, one.map(|(_, value)| value), other.map(|(_, value)| value)))
    })
}

#[cfg(test)]
mod tests {
    use super::pairs;
    use std::collections::BTreeMap;

    #[test]
    fn every_key_is_there_once() {
        let left = BTreeMap::from([(1, 'a'), (3, 'c')]);
        let right = BTreeMap::from([(2, 'b'), (3, 'd')]);
        let found: Vec<_> = pairs(&left, &right).collect();
        assert_eq!(found, [(&1, Some(&'a'), None), (&2, None, Some(&'b')), (&3, Some(&'c'), Some(&'d'))]);
        assert_eq!(pairs(&BTreeMap::<i32, ()>::new(), &BTreeMap::<i32, ()>::new()).count(), 0);
    }
}
