//! Numbers and lists in words.

use crate::plan::Count;

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
    let digits = number.to_string();
    let mut grouped = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// Bytes for people, in steps of 1,024: `6 KB`, `1.4 MB`.
pub(super) fn size(bytes: u64) -> String {
    const UNITS: [&str; 4] = ["KB", "MB", "GB", "TB"];
    if bytes < 1024 {
        return counted(bytes as usize, "byte");
    }
    let mut amount = bytes as f64 / 1024.0;
    let mut unit = 0;
    // What would be rounded up to the next unit is written in it.
    while amount >= 1023.5 && unit + 1 < UNITS.len() {
        amount /= 1024.0;
        unit += 1;
    }
    let tenths = (amount * 10.0).round();
    if tenths < 100.0 && tenths % 10.0 != 0.0 {
        format!("{:.1} {}", tenths / 10.0, UNITS[unit])
    } else {
        format!("{amount:.0} {}", UNITS[unit])
    }
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
    use super::{contents, counted, cut, listed, plural, size, thousands};
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
    fn numbers_are_for_people() {
        assert_eq!(thousands(0), "0");
        assert_eq!(thousands(999), "999");
        assert_eq!(thousands(1000), "1,000");
        assert_eq!(thousands(1234567), "1,234,567");
        assert_eq!(size(1), "1 byte");
        assert_eq!(size(1023), "1,023 bytes");
        assert_eq!(size(6 * 1024 + 20), "6 KB");
        assert_eq!(size(1536), "1.5 KB");
        assert_eq!(size(1024 * 1024 - 1), "1 MB");
        assert_eq!(size(u64::MAX), "16777216 TB");
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
