//! `--format json`: the results as they are, each document with its `$schema` and version.

use std::io::{self, Write};

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde::Serialize;
use serde_json::ser::{Formatter, PrettyFormatter, Serializer};
use serde_json::{Value, json};

use crate::excerpt::Excerpt;
use crate::gate::Gate;
use crate::inspect::Inspection;
use crate::model::{Component, Details};
use crate::plan::Plan;
use crate::secrets::Secrets;
use crate::text::acts_on_terminal;
use crate::verify::{Attestation, Verification};
use crate::where_used::WhereUsed;

/// Version of all documents; a member is taken away or changes its meaning only with a higher one.
pub const VERSION: u32 = 1;
/// `$schema` of a plan.
pub const PLAN_SCHEMA: &str = "urn:solship:schema:plan:1";
/// `$schema` of a checked order.
pub const GATE_SCHEMA: &str = "urn:solship:schema:gate:1";
/// `$schema` of an inspection.
pub const INSPECT_SCHEMA: &str = "urn:solship:schema:inspect:1";
/// `$schema` of where something is used.
pub const WHERE_USED_SCHEMA: &str = "urn:solship:schema:where-used:1";
/// `$schema` of a graph.
pub const GRAPH_SCHEMA: &str = "urn:solship:schema:graph:1";
/// `$schema` of secrets.
pub const SECRETS_SCHEMA: &str = "urn:solship:schema:secrets:1";
/// `$schema` of verifications.
pub const VERIFY_SCHEMA: &str = "urn:solship:schema:verify:1";
/// `$schema` of an attestation.
pub const ATTESTATION_SCHEMA: &str = "urn:solship:schema:attestation:1";

/// An import order with its reasons: `solship plan --format json`.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "solship plan")]
struct PlanDocument<'p> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: u32,
    #[serde(flatten)]
    plan: &'p Plan,
}

/// An order held against what the packages demand: `solship plan --check --format json`.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "solship plan --check")]
struct GateDocument<'g> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: u32,
    #[serde(flatten)]
    gate: &'g Gate,
}

/// Solutions with every component and every reference: `solship inspect --format json`.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "solship inspect")]
struct InspectDocument<'i> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: u32,
    solutions: &'i [Inspection],
}

/// What stands on a secret, a variable or another thing: `solship where-used --format json`.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "solship where-used")]
struct WhereUsedDocument<'w> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: u32,
    #[serde(flatten)]
    where_used: &'w WhereUsed,
}

/// Components or solutions and the references between them: `solship graph --format json`.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "solship graph")]
struct GraphDocument<'g> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: u32,
    #[serde(flatten)]
    excerpt: &'g Excerpt,
}

/// The secrets and credentials that a set needs, and what must be true before the import: `solship secrets --format json`.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "solship secrets")]
struct SecretsDocument<'s> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: u32,
    #[serde(flatten)]
    secrets: &'s Secrets,
}

/// Packages with their content hashes, and what did not come back: `solship verify --format json`.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "solship verify")]
struct VerifyDocument<'v> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: u32,
    solutions: &'v [Verification],
}

/// Whether an archive was packed from a folder, entry by entry: `solship verify --built-from --format json`. `version` is
/// that of the document, `attestation.version` that of the solution.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "solship verify --built-from")]
struct AttestationDocument<'a> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: u32,
    attestation: &'a Attestation,
}

/// Writes a plan.
pub fn plan(writer: &mut dyn Write, plan: &Plan) -> io::Result<()> {
    write(writer, &PlanDocument { schema: PLAN_SCHEMA, version: VERSION, plan })
}

/// Writes a checked order.
pub fn gate(writer: &mut dyn Write, gate: &Gate) -> io::Result<()> {
    write(writer, &GateDocument { schema: GATE_SCHEMA, version: VERSION, gate })
}

/// Writes inspections, values of variables masked unless `show_values`.
pub fn inspect(writer: &mut dyn Write, solutions: &[Inspection], show_values: bool) -> io::Result<()> {
    let document = InspectDocument { schema: INSPECT_SCHEMA, version: VERSION, solutions };
    if !show_values {
        return write(writer, &document);
    }
    let mut value = serde_json::to_value(&document)?;
    for (index, inspection) in solutions.iter().enumerate() {
        let components = &mut value["solutions"][index]["components"];
        for (index, component) in inspection.components.iter().enumerate() {
            reveal(component, &mut components[index]);
        }
    }
    write(writer, &value)
}

/// Writes where something is used.
pub fn where_used(writer: &mut dyn Write, where_used: &WhereUsed) -> io::Result<()> {
    write(writer, &WhereUsedDocument { schema: WHERE_USED_SCHEMA, version: VERSION, where_used })
}

/// Writes a graph.
pub fn graph(writer: &mut dyn Write, excerpt: &Excerpt) -> io::Result<()> {
    write(writer, &GraphDocument { schema: GRAPH_SCHEMA, version: VERSION, excerpt })
}

/// Writes what a set needs.
pub fn secrets(writer: &mut dyn Write, secrets: &Secrets) -> io::Result<()> {
    write(writer, &SecretsDocument { schema: SECRETS_SCHEMA, version: VERSION, secrets })
}

/// Writes verifications.
pub fn verify(writer: &mut dyn Write, solutions: &[Verification]) -> io::Result<()> {
    write(writer, &VerifyDocument { schema: VERIFY_SCHEMA, version: VERSION, solutions })
}

/// Writes an attestation.
pub fn attestation(writer: &mut dyn Write, attestation: &Attestation) -> io::Result<()> {
    write(writer, &AttestationDocument { schema: ATTESTATION_SCHEMA, version: VERSION, attestation })
}

fn reveal(component: &Component, written: &mut Value) {
    let (member, texts) = match &component.details {
        Details::EnvironmentVariable(variable) => (
            "environmentVariable",
            [("default", variable.default.as_ref()), ("value", variable.value.as_ref())],
        ),
        Details::EnvironmentVariableValue(value) => {
            ("environmentVariableValue", [("default", None), ("value", value.value.as_ref())])
        }
        _ => return,
    };
    let Some(Value::Object(written)) = written.get_mut(member) else { return };
    for (name, text) in texts {
        if let Some(text) = text {
            written.insert(name.to_owned(), Value::from(text.reveal()));
        }
    }
}

pub(super) fn write(writer: &mut dyn Write, document: &impl Serialize) -> io::Result<()> {
    let formatter = Careful { pretty: PrettyFormatter::new() };
    document.serialize(&mut Serializer::with_formatter(&mut *writer, formatter))?;
    writer.write_all(b"\n")
}

/// The schema of [`plan`]'s output.
pub fn plan_schema() -> Value {
    schema::<PlanDocument<'static>>(PLAN_SCHEMA)
}

/// The schema of [`gate`]'s output.
pub fn gate_schema() -> Value {
    schema::<GateDocument<'static>>(GATE_SCHEMA)
}

/// The schema of [`inspect`]'s output.
pub fn inspect_schema() -> Value {
    schema::<InspectDocument<'static>>(INSPECT_SCHEMA)
}

/// The schema of [`where_used`]'s output.
pub fn where_used_schema() -> Value {
    schema::<WhereUsedDocument<'static>>(WHERE_USED_SCHEMA)
}

/// The schema of [`graph`]'s output.
pub fn graph_schema() -> Value {
    schema::<GraphDocument<'static>>(GRAPH_SCHEMA)
}

/// The schema of [`secrets`]'s output.
pub fn secrets_schema() -> Value {
    schema::<SecretsDocument<'static>>(SECRETS_SCHEMA)
}

/// The schema of [`verify`]'s output.
pub fn verify_schema() -> Value {
    schema::<VerifyDocument<'static>>(VERIFY_SCHEMA)
}

/// The schema of [`attestation`]'s output.
pub fn attestation_schema() -> Value {
    schema::<AttestationDocument<'static>>(ATTESTATION_SCHEMA)
}

pub(super) fn schema<T: JsonSchema>(id: &str) -> Value {
    // Of what is written, not of what could be read: what is always there is required.
    let settings = SchemaSettings::draft2020_12().for_serialize();
    let mut schema = settings.into_generator().into_root_schema_for::<T>().to_value();
    schema["properties"]["$schema"] = json!({ "const": id });
    schema["properties"]["version"] = json!({ "const": VERSION });
    let mut ordered = serde_json::Map::new();
    for name in ["$schema", "$id", "title", "description"] {
        let value = if name == "$id" { Value::from(id) } else { schema[name].take() };
        ordered.insert(name.to_owned(), value);
    }
    if let Value::Object(rest) = schema {
        ordered.extend(rest.into_iter().filter(|(_, value)| !value.is_null()));
    }
    Value::Object(ordered)
}

/// Pretty JSON in which no text acts on a terminal, and none commands a build service that reads the log: such
/// characters are written as `\u` escapes, which every reader of JSON gives back as they were.
struct Careful {
    pretty: PrettyFormatter<'static>,
}

impl Formatter for Careful {
    fn write_string_fragment<W: ?Sized + Write>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        let mut written = 0;
        let mut previous = ' ';
        for (at, character) in fragment.char_indices() {
            // Of `##vso[` and `##[` the second mark is enough.
            if acts_on_terminal(character) || (character == '#' && previous == '#') {
                writer.write_all(&fragment.as_bytes()[written..at])?;
                for unit in character.encode_utf16(&mut [0; 2]) {
                    write!(writer, "\\u{unit:04x}")?;
                }
                written = at + character.len_utf8();
            }
            previous = character;
        }
        writer.write_all(&fragment.as_bytes()[written..])
    }

    fn begin_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.pretty.begin_array(writer)
    }

    fn end_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.pretty.end_array(writer)
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        self.pretty.begin_array_value(writer, first)
    }

    fn end_array_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.pretty.end_array_value(writer)
    }

    fn begin_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.pretty.begin_object(writer)
    }

    fn end_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.pretty.end_object(writer)
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        self.pretty.begin_object_key(writer, first)
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.pretty.begin_object_value(writer)
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.pretty.end_object_value(writer)
    }
}
