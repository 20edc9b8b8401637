//! Numbers and lists in words.

use crate::plan::Count;
pub(super) use crate::text::size;

/// `1 flow`, `2 flows`, `2 dependencies`.
pub(super) fn counted(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{} {}", thousands(count), plural(noun)) }
}

/// The plural of an English noun, or of a phrase that ends with one.
pub(super) fn plural(noun: &str) -> String {
    let ends_with_consonant_and_y = noun.strip_suffix('y').is_some_and(|stem| {
        stem.ends_with(|last: char| last.is_ascii_alphabetic() && !"aeiou".contains(last))
    });
    if ends_with_consonant_and_y {
        format!("{}ies", &noun[..noun.len() - 1])
    } else if ["s", "x", "ch", "sh"].iter().any(|ending| noun.ends_with(ending)) {
        format!("{noun}es")
    } else {
        format!("{noun}s")
    }
}

/// Digits in groups of three.
pub(super) fn thousands(number: usize) -> String {
    crate::text::thousands(number as u64)
}

/// `1 credential, 2 variables, 12 other components`: at most `most` kinds by name.
pub(super) fn contents(counts: &[Count], most: usize) -> String {
    // One kind left over is named: that is no longer than "other".
    let named = if counts.len() <= most + 1 { counts.len() } else { most };
    let mut told: Vec<String> =
        counts[..named].iter().map(|count| counted(count.count, &count.kind)).collect();
    let rest: usize = counts[named..].iter().map(|count| count.count).sum();
    if rest > 0 {
        told.push(counted(rest, "other component"));
    }
    told.join(", ")
}

/// `a`, `a and b`, `a, b and c`.
pub(super) fn listed<T: AsRef<str>>(items: &[T]) -> String {
    match items {
        [] => String::new(),
        [only] => only.as_ref().to_owned(),
        [first @ .., last] => {
            let first: Vec<&str> = first.iter().map(AsRef::as_ref).collect();
            format!("{} and {}", first.join(", "), last.as_ref())
        }
    }
}

/// The closing line of a list that was cut: `… and 12 more (--all)`.
pub(super) fn more(count: usize) -> String {
    format!("… and {} more (--all)", thousands(count))
}

/// How much of a list is shown: all of it, or at most `most`; a cut that would save one row only is not made.
pub(super) fn cut(length: usize, most: usize, all: bool) -> usize {
    if all || length <= most + 1 { length } else { most }
}

#[cfg(test)]
mod tests {
    use super::{contents, counted, cut, listed, plural};
    use crate::plan::Count;

    #[test]
    fn plurals_are_english() {
        assert_eq!(counted(1, "cloud flow"), "1 cloud flow");
        assert_eq!(counted(0, "error"), "0 errors");
        assert_eq!(plural("desktop flow binary"), "desktop flow binaries");
        assert_eq!(plural("key"), "keys");
        assert_eq!(plural("process"), "processes");
        assert_eq!(plural("plug-in assembly"), "plug-in assemblies");
        assert_eq!(plural("y"), "ys");
    }

    #[test]
    fn long_lists_are_cut_but_not_by_one() {
        assert_eq!(cut(4, 3, false), 4);
        assert_eq!(cut(5, 3, false), 3);
        assert_eq!(cut(5, 3, true), 5);
        let count = |kind: &str, count| Count { kind: kind.to_owned(), count };
        assert_eq!(contents(&[count("credential", 1), count("variable", 2)], 3), "1 credential, 2 variables");
        let five = [count("a", 1), count("b", 1), count("c", 1), count("d", 1), count("e", 4)];
        assert_eq!(contents(&five, 3), "1 a, 1 b, 1 c, 5 other components");
        assert_eq!(contents(&[], 3), "");
        assert_eq!(listed(&["a", "b", "c"]), "a, b and c");
    }
}
