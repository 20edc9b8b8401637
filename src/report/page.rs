//! Lines and columns of text output. Every text goes through [`Part`], which takes the syntax out of it, and only
//! [`Page`] ends a line: no renderer has to think of either.

use std::fmt::Write as _;

use super::escape;

/// How a part of a line looks, where colour is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ink {
    Plain,
    Bold,
    Dim,
    Red,
    Yellow,
}

impl Ink {
    fn style(self) -> anstyle::Style {
        use anstyle::{AnsiColor, Style};
        match self {
            Self::Plain => Style::new(),
            Self::Bold => Style::new().bold(),
            Self::Dim => Style::new().dimmed(),
            Self::Red => AnsiColor::Red.on_default().bold(),
            Self::Yellow => AnsiColor::Yellow.on_default().bold(),
        }
    }
}

/// A piece of a line.
#[derive(Debug, Clone)]
pub(super) struct Part {
    ink: Ink,
    text: String,
}

impl Part {
    pub(super) fn new(ink: Ink, text: impl AsRef<str>) -> Self {
        Self { ink, text: escape::shown(text.as_ref()).into_owned() }
    }

    fn width(&self) -> usize {
        self.text.chars().count()
    }
}

/// A piece without a look of its own.
pub(super) fn plain(text: impl AsRef<str>) -> Part {
    Part::new(Ink::Plain, text)
}

/// A piece that is told apart.
pub(super) fn bold(text: impl AsRef<str>) -> Part {
    Part::new(Ink::Bold, text)
}

/// A piece that stays in the background.
pub(super) fn dim(text: impl AsRef<str>) -> Part {
    Part::new(Ink::Dim, text)
}

/// The text that is being written.
#[derive(Debug)]
pub(super) struct Page {
    text: String,
    color: bool,
}

impl Page {
    pub(super) fn new(color: bool) -> Self {
        Self { text: String::new(), color }
    }

    /// An empty line, but never at the top and never two.
    pub(super) fn gap(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with("\n\n") {
            self.text.push('\n');
        }
    }

    /// One line.
    pub(super) fn line(&mut self, indent: usize, parts: &[Part]) {
        let mut line = " ".repeat(indent);
        for part in parts {
            if self.color && part.ink != Ink::Plain {
                let style = part.ink.style();
                // A text of our own that starts a line with `::` does not exist; one from an input is caught in either case.
                let text = escape::line_start(&part.text).filter(|_| line.trim().is_empty());
                let _ = write!(line, "{style}{}{style:#}", text.as_deref().unwrap_or(&part.text));
            } else {
                line.push_str(&part.text);
            }
        }
        if let Some(escaped) = escape::line_start(&line) {
            line = escaped;
        }
        self.text.push_str(line.trim_end());
        self.text.push('\n');
    }

    pub(super) fn finish(self) -> String {
        self.text
    }
}

/// A cell wider than this does not widen its column; what follows it moves to the right.
const WIDEST: usize = 44;
/// The same where the first column is a tree.
const WIDEST_TREE: usize = 60;

/// Aligned columns, without lines and boxes. Rows of one group are aligned with each other, whatever stands between them.
#[derive(Debug)]
pub(super) struct Table {
    groups: Vec<Group>,
    widest: usize,
    rows: Vec<(usize, Vec<Part>)>,
}

/// How the rows of one group stand.
#[derive(Debug, Clone, Copy)]
pub(super) struct Group {
    /// Blanks before the first column.
    pub(super) indent: usize,
    /// Blanks between columns.
    pub(super) gap: usize,
}

impl Table {
    pub(super) fn new(indent: usize) -> Self {
        Self::with_groups(vec![Group { indent, gap: 3 }])
    }

    pub(super) fn with_groups(groups: Vec<Group>) -> Self {
        Self { groups, widest: WIDEST, rows: Vec::new() }
    }

    /// A table whose first column is a tree.
    pub(super) fn of_trees() -> Self {
        Self { widest: WIDEST_TREE, ..Self::new(0) }
    }

    pub(super) fn row(&mut self, cells: impl IntoIterator<Item = Part>) {
        self.row_in(0, cells);
    }

    pub(super) fn row_in(&mut self, group: usize, cells: impl IntoIterator<Item = Part>) {
        self.rows.push((group, cells.into_iter().collect()));
    }

    /// Writes the rows. Columns that are empty everywhere take no room.
    pub(super) fn write(&self, page: &mut Page) {
        let mut widths = vec![Vec::new(); self.groups.len()];
        for (group, row) in &self.rows {
            let widths = &mut widths[*group];
            widths.resize(widths.len().max(row.len()), 0);
            for (width, cell) in widths.iter_mut().zip(row) {
                if cell.width() <= self.widest {
                    *width = cell.width().max(*width);
                }
            }
        }
        for (group, row) in &self.rows {
            let Group { indent, gap } = self.groups[*group];
            let mut parts = Vec::with_capacity(2 * row.len());
            for (cell, &width) in row.iter().zip(&widths[*group]) {
                let blanks = width.saturating_sub(cell.width()) + gap;
                if width > 0 || !cell.text.is_empty() {
                    parts.extend([cell.clone(), plain(" ".repeat(blanks))]);
                }
            }
            page.line(indent, &parts);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Page, Table, bold, plain};

    #[test]
    fn columns_are_aligned_and_lines_have_no_tail() {
        let mut table = Table::new(2);
        table.row([plain("a"), plain(""), plain("x")]);
        table.row([plain("ääää"), plain(""), plain("")]);
        table.row([plain("b".repeat(50)), plain(""), plain("y")]);
        let mut page = Page::new(false);
        table.write(&mut page);
        assert_eq!(page.finish(), format!("  a      x\n  ääää\n  {}   y\n", "b".repeat(50)));
    }

    #[test]
    fn only_the_page_ends_a_line_or_starts_a_colour() {
        let mut page = Page::new(true);
        page.gap();
        page.line(2, &[bold("::error::\n\u{1b}[31m"), plain("rest")]);
        assert_eq!(page.finish(), "  \u{1b}[1m\\u{3a}:error::\\n\\u{1b}[31m\u{1b}[0mrest\n");
    }
}
