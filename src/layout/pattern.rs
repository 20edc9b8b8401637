//! Paths with gaps: how a rule names the file of a row, and how a file is known again.
//!
//! | gap | filled with |
//! |---|---|
//! | `{Name}` | text of a child, as one file name: what no file name can hold becomes `_` |
//! | `{@name}` | an attribute |
//! | `{..@type}` | an attribute of the element around |
//! | `{A\|B}` | the first of them that is there |
//! | `{tree:Name}` | its slashes are folders |
//! | `{path:FileName}` | a path in the archive; it must lie in the folder that stands before the gap |
//! | `{_managed}` | `_managed` in the managed half, else nothing |

use std::borrow::Cow;

use crate::xml::Element;

/// A path with gaps.
#[derive(Debug)]
pub(super) struct Pattern {
    tokens: Vec<Token>,
}

#[derive(Debug, Clone, Copy)]
enum Token {
    Literal(&'static str),
    Name(&'static str),
    Tree(&'static str),
    Path(&'static str),
    Managed,
}

/// A file that a pattern names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Match<'p> {
    /// It is the managed twin.
    pub(super) managed: bool,
    /// What fills the first gap.
    pub(super) first: &'p str,
}

const MANAGED: &str = "_managed";

impl Pattern {
    /// Reads a path of the table.
    pub(super) fn new(path: &'static str) -> Self {
        let mut tokens = Vec::new();
        let mut rest = path;
        while let Some((literal, after)) = rest.split_once('{') {
            if !literal.is_empty() {
                tokens.push(Token::Literal(literal));
            }
            let (gap, after) = after.split_once('}').unwrap_or((after, ""));
            tokens.push(match gap.split_once(':') {
                Some(("tree", field)) => Token::Tree(field),
                Some(("path", field)) => Token::Path(field),
                _ if gap == MANAGED => Token::Managed,
                _ => Token::Name(gap),
            });
            rest = after;
        }
        if !rest.is_empty() {
            tokens.push(Token::Literal(rest));
        }
        Self { tokens }
    }

    /// Whether the managed half has files of its own.
    pub(super) fn has_twin(&self) -> bool {
        self.tokens.iter().any(|token| matches!(token, Token::Managed))
    }

    /// The path for a row; none where it does not say what the path needs.
    pub(super) fn fill(&self, row: Element<'_>, managed: bool) -> Option<String> {
        self.fill_in_group(row, managed, None)
    }

    /// As [`Pattern::fill`], for a row whose group is not around it: `group` is what an attribute of the group would say.
    pub(super) fn fill_in_group(
        &self,
        row: Element<'_>,
        managed: bool,
        group: Option<&str>,
    ) -> Option<String> {
        let mut path = String::new();
        for token in &self.tokens {
            match token {
                Token::Literal(literal) => path.push_str(literal),
                Token::Managed if managed => path.push_str(MANAGED),
                Token::Managed => {}
                Token::Name(field) => match group.filter(|_| field.starts_with("..@")) {
                    Some(group) => path.push_str(&file_name(group)),
                    None => path.push_str(&file_name(&value(row, field)?)),
                },
                Token::Tree(field) => path.push_str(&tree(&value(row, field)?)?),
                Token::Path(field) => {
                    let value = value(row, field)?;
                    let value = value.trim_start_matches('/');
                    let below = value.len() > path.len()
                        && value.is_char_boundary(path.len())
                        && value[..path.len()].eq_ignore_ascii_case(&path)
                        && tree(value).is_some_and(|tree| tree == value);
                    if !below {
                        return None;
                    }
                    path.replace_range(.., value);
                }
            }
        }
        Some(path)
    }

    /// Whether the file is one that this pattern names. Case does not matter.
    pub(super) fn find<'p>(&self, path: &'p str) -> Option<Match<'p>> {
        let mut rest = path;
        let mut found = Match { managed: false, first: "" };
        let mut tokens = self.tokens.iter().peekable();
        while let Some(token) = tokens.next() {
            match token {
                Token::Literal(literal) => rest = strip_prefix(rest, literal)?,
                Token::Managed => {
                    if let Some(after) = strip_prefix(rest, MANAGED) {
                        found.managed = true;
                        rest = after;
                    }
                }
                Token::Name(_) | Token::Tree(_) | Token::Path(_) => {
                    let one_segment = matches!(token, Token::Name(_));
                    let twin = tokens.next_if(|next| matches!(next, Token::Managed)).is_some();
                    let literal = match tokens.peek() {
                        Some(Token::Literal(literal)) => literal,
                        _ => "",
                    };
                    let end = match rest.find('/') {
                        Some(slash) if one_segment && literal.starts_with('/') => slash,
                        Some(_) if one_segment => return None,
                        _ => rest.len().checked_sub(literal.len())?,
                    };
                    if !rest.is_char_boundary(end) {
                        return None;
                    }
                    let mut name = &rest[..end];
                    if twin && let Some(stem) = strip_suffix(name, MANAGED) {
                        found.managed = true;
                        name = stem;
                    }
                    if name.is_empty() {
                        return None;
                    }
                    if found.first.is_empty() {
                        found.first = name;
                    }
                    rest = &rest[end..];
                }
            }
        }
        rest.is_empty().then_some(found)
    }
}

pub(super) fn strip_prefix<'t>(text: &'t str, prefix: &str) -> Option<&'t str> {
    let head = text.get(..prefix.len())?;
    head.eq_ignore_ascii_case(prefix).then(|| &text[prefix.len()..])
}

pub(super) fn strip_suffix<'t>(text: &'t str, suffix: &str) -> Option<&'t str> {
    let start = text.len().checked_sub(suffix.len())?;
    let tail = text.get(start..)?;
    tail.eq_ignore_ascii_case(suffix).then(|| &text[..start])
}

/// What a row says for a gap; none where it says nothing.
pub(super) fn value<'d>(row: Element<'d>, fields: &str) -> Option<Cow<'d, str>> {
    fields.split('|').find_map(|field| {
        let value = if let Some(attribute) = field.strip_prefix("..@") {
            row.parent()?.attribute(attribute)?
        } else if let Some(attribute) = field.strip_prefix('@') {
            row.attribute(attribute)?
        } else {
            row.child_text(field)?
        };
        (!value.trim().is_empty()).then_some(value)
    })
}

/// One file name of a text.
pub(super) fn file_name(text: &str) -> String {
    let forbidden = |character: char| {
        matches!(character, '<' | '>' | ':' | '"' | '/' | '\\' | '|' | '?' | '*') || character.is_control()
    };
    text.chars().map(|character| if forbidden(character) { '_' } else { character }).collect()
}

/// Folders and a file name of a text; none where it would leave the folder.
fn tree(text: &str) -> Option<String> {
    let names: Vec<String> = text.split('/').filter(|name| !name.is_empty()).map(file_name).collect();
    let leaves = names.iter().any(|name| matches!(name.as_str(), "." | ".."));
    (!leaves && !names.is_empty()).then(|| names.join("/"))
}
