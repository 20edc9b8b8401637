//! A graph to be drawn: boxes and arrows with their texts, and nothing of what they stand for. [`super::dot`] and
//! [`super::mermaid`] write it; they take the syntax out of the texts.
//!
//! Read [`Drawing`] first.

/// Boxes and arrows, in the order in which they are written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Drawing {
    /// The boxes.
    pub nodes: Vec<DrawnNode>,
    /// The arrows; one whose ends are not both in `nodes` is left out.
    pub edges: Vec<DrawnEdge>,
}

impl Drawing {
    /// Adds a box and gives its index, for arrows.
    pub fn node(&mut self, lines: impl IntoIterator<Item = impl Into<String>>, look: NodeLook) -> usize {
        self.nodes.push(DrawnNode { lines: lines.into_iter().map(Into::into).collect(), look });
        self.nodes.len() - 1
    }

    /// Adds an arrow.
    pub fn edge(&mut self, from: usize, to: usize, label: impl Into<String>, line: EdgeLine) {
        self.edges.push(DrawnEdge { from, to, label: label.into(), line });
    }

    /// The arrows that have both ends.
    pub(super) fn drawn_edges(&self) -> impl Iterator<Item = &DrawnEdge> {
        self.edges.iter().filter(|edge| edge.from.max(edge.to) < self.nodes.len())
    }
}

/// A box.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DrawnNode {
    /// What stands in it, line by line.
    pub lines: Vec<String>,
    /// How it looks.
    pub look: NodeLook,
}

/// How a box looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NodeLook {
    /// Like most.
    Plain,
    /// What was asked about: a thick line around it.
    Asked,
    /// Not in the set: a dashed line around it.
    Absent,
}

/// An arrow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DrawnEdge {
    /// Index of the box where it starts.
    pub from: usize,
    /// Index of the box to which it points.
    pub to: usize,
    /// What stands beside it; empty for nothing.
    pub label: String,
    /// How it is drawn.
    pub line: EdgeLine,
}

/// How an arrow is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EdgeLine {
    /// The packages show it, or the user states it.
    Solid,
    /// Only a policy suggests it.
    Dashed,
}
