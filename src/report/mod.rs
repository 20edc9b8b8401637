//! Renderers of result types: they take a result and give text. Where a result came from is not known here, and nothing
//! is printed here.
//!
//! One file a renderer; read [`text_plan`] first. [`exit`] holds the exit codes.

pub mod az;
pub mod azure;
mod differing;
pub mod dot;
pub mod drawing;
pub mod drawn_graph;
mod escape;
pub mod exit;
pub mod github;
pub mod html_diff;
pub mod import_config;
pub mod json;
pub mod json_check;
pub mod json_connections;
pub mod json_deploy;
pub mod json_diff;
pub mod json_edited;
pub mod json_environment;
pub mod json_environment_diff;
pub mod json_explain;
pub mod json_format;
pub mod json_settings;
pub mod json_split;
pub mod json_transfer;
pub mod junit;
pub mod list;
pub mod markdown_deploy;
pub mod markdown_diff;
pub mod markdown_environment_diff;
pub mod markdown_findings;
pub mod markdown_plan;
pub mod markdown_secrets;
pub mod mermaid;
mod moves;
mod page;
pub mod sarif;
mod secret_phrases;
pub mod text_check;
pub mod text_connections;
pub mod text_deploy;
pub mod text_diff;
pub mod text_edited;
pub mod text_environment;
pub mod text_environment_diff;
pub mod text_explain;
mod text_findings;
pub mod text_format;
pub mod text_gate;
pub mod text_graph;
pub mod text_inspect;
pub mod text_patch;
pub mod text_plan;
pub mod text_rules;
pub mod text_secrets;
pub mod text_settings;
pub mod text_split;
pub mod text_transfer;
pub mod text_verify;
pub mod text_where_used;
mod tree;
pub mod tsv;
mod words;

/// Settings of the text renderers.
#[derive(Debug, Clone, Copy, Default)]
pub struct TextOptions {
    /// Bold, dim, red and yellow, for a terminal.
    pub color: bool,
    /// Lists are not cut.
    pub all: bool,
    /// Values of variables are shown (`inspect` only).
    pub show_values: bool,
}

/// A text of the user's or of an input as it may be written to a terminal or the log of a build service, where one line is
/// wanted: what would act there is escaped.
pub fn escaped(text: &str) -> String {
    let shown = escape::shown(text);
    escape::line_start(&shown).unwrap_or_else(|| shown.into_owned())
}
