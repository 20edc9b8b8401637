//! Tables of TOML read with their places; what nobody asked for is reported as unknown.

use std::ops::Range;
use std::sync::Arc;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{ConfigError, ConfigFault, UnknownKey};
use crate::model::Place;
use crate::text::LineIndex;

/// A table and where it starts.
pub(super) type Rows<'r, 'p> = (&'r DeTable<'p>, Range<usize>);

/// Knows the text, and so the places.
pub(super) struct Reader<'t> {
    file: Arc<str>,
    text: &'t str,
    lines: LineIndex,
}

impl<'t> Reader<'t> {
    pub(super) fn new(file: &Arc<str>, text: &'t str) -> Self {
        Self { file: file.clone(), text, lines: LineIndex::new(text.as_bytes()) }
    }

    pub(super) fn parse<'p>(&self, text: &'p str) -> Result<Spanned<DeTable<'p>>, ConfigError> {
        DeTable::parse(text).map_err(|error| ConfigError {
            place: error.span().map_or_else(|| Place::whole(&self.file), |span| self.place(&span)),
            fault: ConfigFault::Toml { message: error.message().to_owned() },
        })
    }

    /// A table, of which only these keys are known.
    pub(super) fn table<'r, 'p>(
        &'r self,
        (values, span): Rows<'r, 'p>,
        known: &[&'static str],
        unknown: &mut Vec<UnknownKey>,
    ) -> Table<'r, 'p> {
        for key in values.keys() {
            let written: &str = key.get_ref();
            if !known.contains(&written) {
                unknown.push(UnknownKey {
                    key: written.to_owned(),
                    nearest: nearest(written, known.iter().copied()),
                    place: self.place(&key.span()),
                });
            }
        }
        Table { reader: self, values, span }
    }

    pub(super) fn place(&self, span: &Range<usize>) -> Place {
        Place::new(&self.file, self.lines.position(self.text.as_bytes(), span.start))
    }
}

/// The name that is nearest to what was written, where one is near.
pub(super) fn nearest(written: &str, known: impl Iterator<Item = &'static str>) -> Option<&'static str> {
    let written = written.to_lowercase();
    known
        .map(|name| (strsim::jaro_winkler(&written, &name.to_lowercase()), name))
        .filter(|(similarity, _)| *similarity >= 0.75)
        .max_by(|one, other| one.0.total_cmp(&other.0))
        .map(|(_, name)| name)
}

/// One table.
pub(super) struct Table<'r, 'p> {
    reader: &'r Reader<'r>,
    values: &'r DeTable<'p>,
    span: Range<usize>,
}

impl<'r, 'p> Table<'r, 'p> {
    pub(super) fn place(&self) -> Place {
        self.reader.place(&self.span)
    }

    pub(super) fn fault(&self, fault: ConfigFault) -> ConfigError {
        ConfigError { place: self.place(), fault }
    }

    pub(super) fn has(&self, key: &str) -> bool {
        self.values.contains_key(key)
    }

    /// A text that is not empty.
    pub(super) fn string(&self, key: &str) -> Result<Option<String>, ConfigError> {
        let Some(value) = self.values.get(key) else { return Ok(None) };
        match value.get_ref() {
            DeValue::String(text) if !text.trim().is_empty() => Ok(Some(text.trim().to_owned())),
            _ => Err(self.kind(key, "a text", value)),
        }
    }

    pub(super) fn required(&self, key: &'static str) -> Result<String, ConfigError> {
        self.string(key)?.ok_or_else(|| self.fault(ConfigFault::Missing { key }))
    }

    /// A list of texts with their places; empty when the key is not there.
    pub(super) fn strings(&self, key: &str) -> Result<Vec<(String, Place)>, ConfigError> {
        let Some(value) = self.values.get(key) else { return Ok(Vec::new()) };
        let Some(array) = value.get_ref().as_array() else {
            return Err(self.kind(key, "a list of texts", value));
        };
        let text = |value: &Spanned<DeValue<'p>>| match value.get_ref() {
            DeValue::String(text) if !text.trim().is_empty() => {
                Ok((text.trim().to_owned(), self.reader.place(&value.span())))
            }
            _ => Err(self.kind(key, "a list of texts", value)),
        };
        array.iter().map(text).collect()
    }

    /// Each `[[key]]`; none when the key is not there.
    pub(super) fn tables(&self, key: &str) -> Result<Vec<Rows<'r, 'p>>, ConfigError> {
        let Some(value) = self.values.get(key) else { return Ok(Vec::new()) };
        let array = value.get_ref().as_array();
        let tables =
            array.map(|array| array.iter().map(|value| Some((value.get_ref().as_table()?, value.span()))));
        let tables: Option<Vec<_>> = tables.and_then(Iterator::collect);
        tables.ok_or_else(|| self.kind(key, "tables, each under a [[heading]]", value))
    }

    /// Every key of the table `[key]` with its value, a text.
    pub(super) fn texts(&self, key: &str) -> Result<Vec<(&'r str, &'r str, Place)>, ConfigError> {
        let Some(value) = self.values.get(key) else { return Ok(Vec::new()) };
        let Some(table) = value.get_ref().as_table() else { return Err(self.kind(key, "a table", value)) };
        table
            .iter()
            .map(|(name, value)| {
                let text =
                    value.get_ref().as_str().ok_or_else(|| self.kind(name.get_ref(), "a text", value))?;
                let name: &str = name.get_ref();
                Ok((name, text, self.reader.place(&value.span())))
            })
            .collect()
    }

    fn kind(&self, key: &str, expected: &'static str, value: &Spanned<DeValue<'p>>) -> ConfigError {
        let found = match value.get_ref() {
            DeValue::String(_) => "an empty text",
            other => other.type_str(),
        };
        ConfigError {
            place: self.reader.place(&value.span()),
            fault: ConfigFault::Kind { key: key.to_owned(), expected, found },
        }
    }
}
