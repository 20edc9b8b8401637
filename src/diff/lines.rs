//! Texts compared line by line. Read [`hunks`].

use super::align::aligned;
use super::beside::beside;
use super::change::{Hunk, Line};
use super::marked::{beginning, windows};

/// Lines around a difference.
const CONTEXT: usize = 2;
/// Most characters of a line that are shown around what differs in it.
const MOST_CHARACTERS: usize = 300;

/// Where two texts differ. Line ends do not count, the last one included; blanks do.
pub(super) fn hunks(left: &str, right: &str, mask: fn(&str) -> String) -> Vec<Hunk> {
    let (ones, others): (Vec<&str>, Vec<&str>) = (left.lines().collect(), right.lines().collect());
    let blocks = blocks(&ones, &others);
    if blocks.is_empty() {
        return Vec::new();
    }
    // A secret may reach over lines, so the whole text is masked; it has the same lines then.
    let (shown, other_shown) = (mask(left), mask(right));
    let (shown, other_shown): (Vec<&str>, Vec<&str>) =
        (shown.lines().collect(), other_shown.lines().collect());
    let mut hunks: Vec<Hunk> = Vec::new();
    // Up to which line of the first side it is told.
    let mut told = 0;
    let mut blocks = blocks.into_iter().peekable();
    while let Some(block) = blocks.next() {
        let before = block.left.min(CONTEXT);
        if hunks.is_empty() || block.left > told {
            let first = block.left.saturating_sub(before).max(told);
            let lead = block.left - first;
            hunks.push(Hunk { left: first + 1, right: block.right - lead + 1, lines: Vec::new() });
            told = first;
        }
        let Some(hunk) = hunks.last_mut() else { continue };
        let same = |from: usize, to: usize| {
            shown.get(from..to.min(shown.len())).unwrap_or_default().iter().map(|line| Line::Same(cut(line)))
        };
        hunk.lines.extend(same(told, block.left));
        block.tell(&shown, &other_shown, &mut hunk.lines);
        let end = block.left + block.removed;
        let behind = match blocks.peek() {
            Some(next) if next.left <= end + 2 * CONTEXT => next.left,
            _ => (end + CONTEXT).min(ones.len()),
        };
        hunk.lines.extend(same(end, behind));
        told = behind;
    }
    hunks
}

/// Lines that stand in the same place and differ, each number counted from 0.
struct Block {
    left: usize,
    removed: usize,
    right: usize,
    added: usize,
}

fn blocks(ones: &[&str], others: &[&str]) -> Vec<Block> {
    // Of several answers the same one is found from either side.
    let is_turned = others < ones;
    let mut pairs = if is_turned { aligned(others, ones) } else { aligned(ones, others) };
    if is_turned {
        pairs.iter_mut().for_each(|(one, other)| std::mem::swap(one, other));
    }
    let mut blocks = Vec::new();
    let (mut one, mut other) = (0, 0);
    for (at, other_at) in pairs.into_iter().chain([(ones.len(), others.len())]) {
        if at > one || other_at > other {
            blocks.push(Block { left: one, removed: at - one, right: other, added: other_at - other });
        }
        (one, other) = (at + 1, other_at + 1);
    }
    blocks
}

impl Block {
    /// The lines as they are shown, those of the first side first; of one and the other that stand side by side, where they
    /// differ.
    fn tell(&self, shown: &[&str], other_shown: &[&str], lines: &mut Vec<Line>) {
        let told = |list: &[&str], at: usize| list.get(at).copied().unwrap_or_default().to_owned();
        let mut removed: Vec<String> =
            (self.left..self.left + self.removed).map(|at| told(shown, at)).collect();
        let mut added: Vec<String> =
            (self.right..self.right + self.added).map(|at| told(other_shown, at)).collect();
        for (one, other) in removed.iter_mut().zip(&mut added) {
            let is_long = |line: &str| line.chars().count() > MOST_CHARACTERS;
            (*one, *other) = beside(std::mem::take(one), std::mem::take(other));
            if one == other {
                one.push_str(MASKED_DIFFERS);
                other.push_str(MASKED_DIFFERS);
            } else if (is_long(one) || is_long(other))
                && let Some(two) = windows(one, other)
            {
                (*one, *other) = two;
            }
        }
        lines.extend(removed.into_iter().map(|line| Line::Removed(cut(&line))));
        lines.extend(added.into_iter().map(|line| Line::Added(cut(&line))));
    }
}

/// Behind two lines that differ in what is not shown of them.
const MASKED_DIFFERS: &str = "   (differs in what is not shown)";

fn cut(line: &str) -> String {
    beginning(line, MOST_CHARACTERS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diff::tree::hidden;

    fn hunks(left: &str, right: &str) -> Vec<Hunk> {
        super::hunks(left, right, hidden)
    }

    fn same(text: &str) -> Line {
        Line::Same(text.to_owned())
    }

    fn lines(removed: &str, added: &str) -> [Line; 2] {
        [Line::Removed(removed.to_owned()), Line::Added(added.to_owned())]
    }

    #[test]
    fn only_what_differs_is_told() {
        let found = hunks("a\r\nb\r\nc\r\n", "a\nx\nc");
        let [removed, added] = lines("b", "x");
        assert_eq!(found, [Hunk { left: 1, right: 1, lines: vec![same("a"), removed, added, same("c")] }]);
        assert_eq!(hunks("a\r\nb", "a\nb\n"), []);
    }

    #[test]
    fn blanks_are_no_line_ends() {
        assert_eq!(hunks("a  \nb", "a\nb")[0].lines[..2], lines("a··", "a"));
        assert_eq!(hunks("x 'a  b'\n", "x 'a b'\n")[0].lines, lines("x 'a··b'", "x 'a·b'"));
    }

    #[test]
    fn places_that_are_far_apart_are_told_apart() {
        let text = |at: &[usize]| -> String {
            (1..=30).map(|line| if at.contains(&line) { "x\n".into() } else { format!("{line}\n") }).collect()
        };
        let found = hunks(&text(&[]), &text(&[1, 10, 14, 30]));
        let places: Vec<_> = found.iter().map(|hunk| (hunk.left, hunk.right, hunk.lines.len())).collect();
        assert_eq!(places, [(1, 1, 4), (8, 8, 11), (28, 28, 4)]);
        let inserted = hunks("a\nb\nc\nd\n", "a\nb\nc\nnew\nd\n");
        assert_eq!(
            inserted,
            [Hunk {
                left: 2,
                right: 2,
                lines: vec![same("b"), same("c"), Line::Added("new".to_owned()), same("d")]
            }]
        );
    }

    #[test]
    fn a_change_within_a_long_line_is_shown() {
        let line = |word: &str| format!("{}{word}{}\n", "a ".repeat(4000), " b".repeat(4000));
        let found = hunks(&line("one"), &line("two"));
        let [Line::Removed(one), Line::Added(other)] = &*found[0].lines else { panic!("{found:?}") };
        assert!(one.contains("one") && other.contains("two") && one.chars().count() < 100, "{one}");
    }

    #[test]
    fn no_account_and_no_secret_is_shown() {
        let found = hunks("SET X TO 'robot@fabrikam.example'\n", "SET X TO 'other@fabrikam.example'\n");
        let shown = format!("SET X TO ********{MASKED_DIFFERS}");
        assert_eq!(found[0].lines, lines(&shown, &shown));
    }

    #[test]
    fn a_long_script_takes_no_time() {
        let script = |step: usize| -> String {
            (0..50_000).map(|line| format!("SET Variable{} TO {line}\n", line * step)).collect()
        };
        assert_eq!(hunks(&script(1), &script(3)).len(), 1);
    }
}
