//! A generated solution archive with what real exports hold: [`archive`].
//!
//! The proportions are those of the 322 readable archives of the corpus (175 MB of `customizations.xml`), measured over all of
//! them together. Of each MB of `customizations.xml` 139 files are cut out:
//!
//! | kind | files a MB | mean bytes | here, a MB |
//! |---|---|---|---|
//! | views (`SavedQueries`) | 62.4 | 1,508 | 62 |
//! | forms (`FormXml`) | 25.8 | 7,962 | 26 |
//! | tables (`Entity.xml`) | 9.8 | 48,281 | 9.7 |
//! | ribbons of tables | 9.8 | 493 | 9.7 |
//! | relationships, one file a table | 8.1 | 10,725 | 8 |
//! | web resources (`.data.xml`) | 7.0 | 807 | 7.0 |
//! | flows (`.data.xml`) | 3.7 | 2,116 | 3.7 |
//! | option sets | 3.2 | 1,895 | 9.7, as there is no other kind for the rest |
//!
//! Together 137 files a MB. `customizations.xml` deflates to 8.1 % in the corpus and to 5.0 % here. Entries beside it: the corpus has 41 a MB of 20 kB, most bytes of
//! them in canvas apps; here it is more and smaller ones, 7,000 of 25 MB together, with the mean sizes that the corpus has
//! for their kinds. The order is that of an export: `customizations.xml` comes late, behind the files.

use std::fmt::Write as _;
use std::io::Write as _;

use camino::Utf8Path;

/// Bytes of `customizations.xml`.
const CUSTOMIZATIONS: usize = 75_000_000;
/// Bytes that a table with its forms, views and relationships takes.
const A_TABLE: usize = 103_000;
/// Entries beside the three that every archive has.
const ENTRIES: usize = 7_000;
const WEB_RESOURCES: usize = 525;
const FLOWS: usize = 280;
const DESKTOP_FLOWS: usize = 295;
const VARIABLES: usize = 900;

/// Numbers that look random and are the same each time.
struct Numbers(u64);

impl Numbers {
    fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 16
    }

    fn below(&mut self, end: usize) -> usize {
        self.next() as usize % end
    }

    fn word(&mut self) -> &'static str {
        const WORDS: [&str; 24] = [
            "account", "contact", "invoice", "approval", "owner", "status", "reason", "currency", "address",
            "region", "created", "modified", "request", "vendor", "payment", "schedule", "activity",
            "record", "business", "process", "template", "version", "document", "priority",
        ];
        WORDS[self.below(WORDS.len())]
    }

    fn guid(&mut self) -> String {
        let (high, low) = (self.next(), self.next());
        format!(
            "{:08x}-{:04x}-4{:03x}-a{:03x}-{:012x}",
            high >> 16,
            high & 0xFFFF,
            low & 0xFFF,
            low >> 12 & 0xFFF,
            low & 0xFFFF_FFFF_FFFF
        )
    }
}

/// XML as an export has it: one element a line, two blanks a level.
struct Lines {
    text: String,
    depth: usize,
}

impl Lines {
    fn new() -> Self {
        Self { text: String::with_capacity(CUSTOMIZATIONS + A_TABLE), depth: 0 }
    }

    fn line(&mut self, line: std::fmt::Arguments<'_>) {
        for _ in 0..self.depth {
            self.text.push_str("  ");
        }
        let _ = self.text.write_fmt(line);
        self.text.push_str("\r\n");
    }

    fn open(&mut self, tag: std::fmt::Arguments<'_>) {
        self.line(format_args!("<{tag}>"));
        self.depth += 1;
    }

    fn close(&mut self, name: &str) {
        self.depth -= 1;
        self.line(format_args!("</{name}>"));
    }

    /// Elements that hold a text, a pair each.
    fn texts(&mut self, texts: &[(&str, &str)]) {
        for (name, text) in texts {
            if text.is_empty() {
                self.line(format_args!("<{name} />"));
            } else {
                self.line(format_args!("<{name}>{text}</{name}>"));
            }
        }
    }

    fn label(&mut self, outer: &str, inner: &str, text: &str) {
        self.open(format_args!("{outer}"));
        self.line(format_args!("<{inner} description=\"{text}\" languagecode=\"1033\" />"));
        self.close(outer);
    }
}

/// Writes the archive.
pub(crate) fn archive(target: &Utf8Path) -> std::io::Result<()> {
    let mut archive = zip::ZipWriter::new(fs_err::File::create(target)?);
    let options = zip::write::SimpleFileOptions::default().compression_level(Some(6));
    let mut add = |path: &str, bytes: &[u8]| {
        archive.start_file(path, options)?;
        archive.write_all(bytes)
    };
    for (path, bytes) in entries() {
        add(&path, &bytes)?;
    }
    add("[Content_Types].xml", CONTENT_TYPES.as_bytes())?;
    add("solution.xml", solution().as_bytes())?;
    add("customizations.xml", customizations().as_bytes())?;
    archive.finish()?;
    Ok(())
}

fn tables() -> usize {
    CUSTOMIZATIONS / A_TABLE
}

fn table_name(index: usize) -> String {
    let mut numbers = Numbers::new(index as u64 + 1_000_000);
    format!("fab_{}{}{index}", numbers.word(), numbers.word())
}

fn web_resource(index: usize) -> String {
    format!("fab_/page{}/script{index}.js", index % 40)
}

fn flow(index: usize) -> (String, String) {
    let guid = Numbers::new(index as u64 + 2_000_000).guid();
    (format!("Workflows/Flow{index}-{}.json", guid.to_uppercase()), guid)
}

fn entries() -> Vec<(String, Vec<u8>)> {
    let mut numbers = Numbers::new(2);
    let mut entries = Vec::with_capacity(ENTRIES);
    // Sizes wobble around the mean of the kind.
    let size = |numbers: &mut Numbers, mean: usize| mean / 4 + numbers.below(mean * 3 / 2);
    for index in 0..FLOWS {
        let length = size(&mut numbers, 20_500);
        entries.push((flow(index).0, json(length, &mut numbers)));
    }
    for index in 0..WEB_RESOURCES {
        let length = size(&mut numbers, 4_150);
        entries.push((format!("WebResources/{}", web_resource(index)), json(length, &mut numbers)));
    }
    for index in 0..DESKTOP_FLOWS {
        let length = size(&mut numbers, 20_700);
        let noise = std::iter::repeat_with(|| numbers.next() as u8).take(length).collect();
        entries.push((format!("desktopflowbinaries/flow{index}/binary.zip"), noise));
    }
    for index in 0..VARIABLES {
        let word = numbers.word();
        let text = format!(
            "<environmentvariabledefinition schemaname=\"fab_{word}{index}\">\r\n  <displayname default=\"{word} {index}\">\r\n    \
             <label description=\"{word} {index}\" languagecode=\"1033\" />\r\n  </displayname>\r\n  <introducedversion>1.0.0.0</introducedversion>\r\n  \
             <iscustomizable>1</iscustomizable>\r\n  <isrequired>0</isrequired>\r\n  <secretstore>0</secretstore>\r\n  <type>100000000</type>\r\n\
             </environmentvariabledefinition>"
        );
        let path =
            format!("environmentvariabledefinitions/fab_{word}{index}/environmentvariabledefinition.xml");
        entries.push((path, text.into_bytes()));
    }
    // Two files a folder.
    let mut folder = String::new();
    for index in entries.len()..ENTRIES {
        let length = size(&mut numbers, 2_300);
        let (name, bytes) = if index % 2 == 0 {
            folder = format!("botcomponents/fab_bot.topic.{}{index}", numbers.word());
            ("data", json(length, &mut numbers))
        } else {
            ("botcomponent.xml", small_xml(length, &mut numbers))
        };
        entries.push((format!("{folder}/{name}"), bytes));
    }
    entries
}

fn json(length: usize, numbers: &mut Numbers) -> Vec<u8> {
    let mut text = String::from("{\"properties\":{\"definition\":{\"actions\":{");
    while text.len() < length {
        let (one, two) = (numbers.word(), numbers.word());
        let _ = write!(
            text,
            "\"Get_{one}_{n}\":{{\"type\":\"OpenApiConnection\",\"inputs\":{{\"host\":{{\"connectionName\":\"shared_{two}\",\
             \"operationId\":\"Get{one}\"}},\"parameters\":{{\"id\":\"{guid}\"}}}},\"runAfter\":{{}}}},",
            n = numbers.below(100),
            guid = numbers.guid(),
        );
    }
    text.push_str("\"end\":{}}}}}");
    text.into_bytes()
}

fn small_xml(length: usize, numbers: &mut Numbers) -> Vec<u8> {
    let mut lines = Lines { text: String::new(), depth: 0 };
    lines.open(format_args!("botcomponent"));
    while lines.text.len() < length {
        let text = format!("{} {} of {}", numbers.word(), numbers.word(), numbers.word());
        lines.texts(&[("name", &text), ("iscustomizable", "1"), ("schemaname", &numbers.guid())]);
    }
    lines.close("botcomponent");
    lines.text.into_bytes()
}

fn customizations() -> String {
    let mut numbers = Numbers::new(1);
    let mut out = Lines::new();
    out.open(format_args!("ImportExportXml xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\""));
    out.open(format_args!("Entities"));
    for index in 0..tables() {
        table(&mut out, &mut numbers, index);
    }
    out.close("Entities");
    out.line(format_args!("<Roles></Roles>"));
    out.open(format_args!("Workflows"));
    for index in 0..FLOWS {
        workflow(&mut out, &mut numbers, index);
    }
    out.close("Workflows");
    out.line(format_args!("<FieldSecurityProfiles></FieldSecurityProfiles>"));
    out.line(format_args!("<Templates />"));
    out.line(format_args!("<EntityMaps />"));
    out.open(format_args!("EntityRelationships"));
    for index in 0..tables() {
        // Of a hundred tables 82 have relationships, about seven each.
        let count = if index % 100 < 82 { 5 + numbers.below(5) } else { 0 };
        for number in 0..count {
            relationship(&mut out, &mut numbers, index, number);
        }
    }
    out.close("EntityRelationships");
    out.line(format_args!("<OrganizationSettings />"));
    out.open(format_args!("optionsets"));
    for index in 0..tables() {
        option_set(&mut out, &mut numbers, index);
    }
    out.close("optionsets");
    out.open(format_args!("WebResources"));
    for index in 0..WEB_RESOURCES {
        let name = web_resource(index);
        out.open(format_args!("WebResource"));
        out.texts(&[
            ("WebResourceId", &format!("{{{}}}", numbers.guid())),
            ("Name", &name),
            ("DisplayName", &format!("{} {}", numbers.word(), numbers.word())),
            ("Description", &format!("The script that the {} form needs.", numbers.word())),
            ("LanguageCode", "1033"),
            ("WebResourceType", "3"),
            ("IntroducedVersion", "1.0.0.0"),
            ("IsEnabledForMobileClient", "0"),
            ("IsAvailableForMobileOffline", "0"),
            (
                "DependencyXml",
                "&lt;Dependencies&gt;&lt;Dependency componentType=\"WebResource\"/&gt;&lt;/Dependencies&gt;",
            ),
            ("IsCustomizable", "1"),
            ("CanBeDeleted", "1"),
            ("IsHidden", "0"),
            ("FileName", &format!("/WebResources/{name}")),
        ]);
        out.close("WebResource");
    }
    out.close("WebResources");
    out.open(format_args!("Languages"));
    out.texts(&[("Language", "1033")]);
    out.close("Languages");
    out.depth -= 1;
    out.text.push_str("</ImportExportXml>");
    out.text
}

/// About 80 kB: the table itself, its forms, its views and an empty ribbon.
fn table(out: &mut Lines, numbers: &mut Numbers, index: usize) {
    let name = table_name(index);
    out.open(format_args!("Entity"));
    out.line(format_args!("<Name LocalizedName=\"{name}\" OriginalName=\"{name}\">{name}</Name>"));
    out.open(format_args!("EntityInfo"));
    out.open(format_args!("entity Name=\"{name}\""));
    out.label("LocalizedNames", "LocalizedName", &name);
    out.open(format_args!("attributes"));
    let start = out.text.len();
    let mut number = 0;
    while out.text.len() < start + 60_000 {
        attribute(out, numbers, number);
        number += 1;
    }
    out.close("attributes");
    out.texts(&[
        ("EntitySetName", &format!("{name}s")),
        ("IsDuplicateCheckSupported", "0"),
        ("IsCollaboration", "0"),
    ]);
    out.close("entity");
    out.close("EntityInfo");
    out.open(format_args!("FormXml"));
    let forms = (index + 1) * 267 / 100 - index * 267 / 100;
    for kind in ["main", "quick", "card"].into_iter().take(forms) {
        out.open(format_args!("forms type=\"{kind}\""));
        form(out, numbers);
        out.close("forms");
    }
    out.close("FormXml");
    out.open(format_args!("SavedQueries"));
    out.open(format_args!("savedqueries"));
    for number in 0..(index + 1) * 640 / 100 - index * 640 / 100 {
        view(out, numbers, &name, number);
    }
    out.close("savedqueries");
    out.close("SavedQueries");
    out.open(format_args!("RibbonDiffXml"));
    out.line(format_args!("<CustomActions />"));
    out.open(format_args!("Templates"));
    out.line(format_args!("<RibbonTemplates Id=\"Mscrm.Templates\"></RibbonTemplates>"));
    out.close("Templates");
    out.line(format_args!("<CommandDefinitions />"));
    out.open(format_args!("RuleDefinitions"));
    out.texts(&[("TabDisplayRules", ""), ("DisplayRules", ""), ("EnableRules", "")]);
    out.close("RuleDefinitions");
    out.line(format_args!("<LocLabels />"));
    out.close("RibbonDiffXml");
    out.close("Entity");
}

fn attribute(out: &mut Lines, numbers: &mut Numbers, number: usize) {
    let (one, two) = (numbers.word(), numbers.word());
    let name = format!("fab_{one}{two}{number}");
    out.open(format_args!("attribute PhysicalName=\"{name}\""));
    let kind = ["nvarchar", "lookup", "int", "picklist", "datetime", "bit"][numbers.below(6)];
    out.texts(&[
        ("Type", kind),
        ("Name", &name),
        ("LogicalName", &name),
        ("RequiredLevel", if numbers.below(4) == 0 { "required" } else { "none" }),
        ("DisplayMask", "ValidForAdvancedFind|ValidForForm|ValidForGrid"),
        ("ImeMode", "auto"),
        ("ValidForUpdateApi", "1"),
        ("ValidForReadApi", "1"),
        ("ValidForCreateApi", "1"),
        ("IsCustomField", "1"),
        ("IsAuditEnabled", if numbers.below(2) == 0 { "1" } else { "0" }),
        ("IsSecured", "0"),
        ("IntroducedVersion", "1.0.0.0"),
        ("IsCustomizable", "1"),
        ("IsRenameable", "1"),
        ("CanModifySearchSettings", "1"),
        ("CanModifyRequirementLevelSettings", "1"),
        ("CanModifyAdditionalSettings", "1"),
        ("SourceType", "0"),
        ("IsGlobalFilterEnabled", "0"),
        ("IsSortableEnabled", "0"),
        ("CanModifyGlobalFilterSettings", "1"),
        ("CanModifyIsSortableSettings", "1"),
        ("IsDataSourceSecret", "0"),
        ("AutoNumberFormat", ""),
        ("IsSearchable", "0"),
    ]);
    out.label("displaynames", "displayname", &format!("{one} {two}"));
    let text = format!("The {one} that the {two} of this {} has.", numbers.word());
    out.label("Descriptions", "Description", &text);
    out.close("attribute");
}

fn form(out: &mut Lines, numbers: &mut Numbers) {
    out.open(format_args!("systemform"));
    out.texts(&[
        ("formid", &format!("{{{}}}", numbers.guid())),
        ("IntroducedVersion", "1.0.0.0"),
        ("FormPresentation", "1"),
        ("FormActivationState", "1"),
    ]);
    for tag in ["form", "tabs"] {
        out.open(format_args!("{tag}"));
    }
    out.open(format_args!("tab verticallayout=\"true\" id=\"{{{}}}\" IsUserDefined=\"1\"", numbers.guid()));
    out.label("labels", "label", "General");
    for tag in ["columns", "column width=\"100%\"", "sections"] {
        out.open(format_args!("{tag}"));
    }
    out.open(format_args!(
        "section showlabel=\"false\" showbar=\"false\" IsUserDefined=\"0\" id=\"{{{}}}\"",
        numbers.guid()
    ));
    out.open(format_args!("rows"));
    for number in 0..4 + numbers.below(12) {
        out.open(format_args!("row"));
        out.open(format_args!("cell id=\"{{{}}}\" showlabel=\"true\" locklevel=\"0\"", numbers.guid()));
        out.label("labels", "label", &format!("{} {}", numbers.word(), numbers.word()));
        let field = format!("fab_{}{}{number}", numbers.word(), numbers.word());
        out.line(format_args!(
            "<control id=\"{field}\" classid=\"{{4273EDBD-AC1D-40d3-9FB2-095C621B552D}}\" datafieldname=\"{field}\" disabled=\"false\" />"
        ));
        out.close("cell");
        out.close("row");
    }
    for name in ["rows", "section", "sections", "column", "columns", "tab", "tabs", "form"] {
        out.close(name);
    }
    out.texts(&[("IsCustomizable", "1"), ("CanBeDeleted", "1")]);
    out.label("LocalizedNames", "LocalizedName", "Information");
    out.close("systemform");
}

fn view(out: &mut Lines, numbers: &mut Numbers, table: &str, number: usize) {
    out.open(format_args!("savedquery"));
    out.texts(&[
        ("IsCustomizable", "1"),
        ("CanBeDeleted", "0"),
        ("isquickfindquery", "0"),
        ("isprivate", "0"),
        ("isdefault", if number == 0 { "1" } else { "0" }),
        ("savedqueryid", &format!("{{{}}}", numbers.guid())),
    ]);
    out.open(format_args!("layoutxml"));
    out.open(format_args!("grid name=\"resultset\" jump=\"fab_name\" select=\"1\" icon=\"1\" preview=\"1\""));
    out.open(format_args!("row name=\"result\" id=\"{table}id\""));
    let columns: Vec<String> =
        (0..1 + numbers.below(5)).map(|n| format!("fab_{}{n}", numbers.word())).collect();
    for column in &columns {
        out.line(format_args!("<cell name=\"{column}\" width=\"150\" />"));
    }
    for name in ["row", "grid", "layoutxml"] {
        out.close(name);
    }
    out.texts(&[("querytype", "0")]);
    out.open(format_args!("fetchxml"));
    out.open(format_args!("fetch version=\"1.0\" mapping=\"logical\""));
    out.open(format_args!("entity name=\"{table}\""));
    for column in &columns {
        out.line(format_args!("<attribute name=\"{column}\" />"));
    }
    out.line(format_args!("<order attribute=\"fab_name\" descending=\"false\" />"));
    out.open(format_args!("filter type=\"and\""));
    out.line(format_args!("<condition attribute=\"statecode\" operator=\"eq\" value=\"0\" />"));
    for name in ["filter", "entity", "fetch", "fetchxml"] {
        out.close(name);
    }
    out.texts(&[("IntroducedVersion", "1.0.0.0")]);
    out.label("LocalizedNames", "LocalizedName", &format!("Active {} {}", numbers.word(), numbers.word()));
    out.close("savedquery");
}

fn workflow(out: &mut Lines, numbers: &mut Numbers, index: usize) {
    let (file, guid) = flow(index);
    let name = format!("{} {} {index}", numbers.word(), numbers.word());
    out.open(format_args!("Workflow WorkflowId=\"{{{guid}}}\" Name=\"{name}\""));
    out.texts(&[
        ("JsonFileName", &format!("/{file}")),
        ("Type", "1"),
        ("Subprocess", "0"),
        ("Category", "5"),
        ("Mode", "0"),
        ("Scope", "4"),
        ("OnDemand", "0"),
        ("TriggerOnCreate", "0"),
        ("TriggerOnDelete", "0"),
        ("AsyncAutodelete", "0"),
        ("SyncWorkflowLogOnFailure", "0"),
        ("StateCode", "1"),
        ("StatusCode", "2"),
        ("RunAs", "1"),
        ("IsTransacted", "1"),
        ("IntroducedVersion", "1.0.0.0"),
        ("IsCustomizable", "1"),
        ("BusinessProcessType", "0"),
        ("PrimaryEntity", "none"),
    ]);
    out.label("LocalizedNames", "LocalizedName", &name);
    out.close("Workflow");
}

fn relationship(out: &mut Lines, numbers: &mut Numbers, index: usize, number: usize) {
    let (here, there) = (table_name(index), table_name(numbers.below(tables())));
    let name = format!("{here}_{there}_{number}");
    out.open(format_args!("EntityRelationship Name=\"{name}\""));
    out.texts(&[
        ("EntityRelationshipType", "OneToMany"),
        ("IsCustomizable", "1"),
        ("IntroducedVersion", "1.0"),
        ("IsHierarchical", "0"),
        ("ReferencingEntityName", &there),
        ("ReferencedEntityName", &here),
        ("CascadeAssign", "NoCascade"),
        ("CascadeDelete", "RemoveLink"),
        ("CascadeReparent", "NoCascade"),
        ("CascadeShare", "NoCascade"),
        ("CascadeUnshare", "NoCascade"),
        ("CascadeRollupView", "NoCascade"),
        ("IsValidForAdvancedFind", "1"),
        ("ReferencingAttributeName", &format!("fab_{}", numbers.word())),
    ]);
    out.open(format_args!("RelationshipDescription"));
    out.label("Descriptions", "Description", &format!("The {} of the {}.", numbers.word(), numbers.word()));
    out.close("RelationshipDescription");
    out.open(format_args!("EntityRelationshipRoles"));
    out.open(format_args!("EntityRelationshipRole"));
    out.texts(&[
        ("NavPaneDisplayOption", "UseCollectionName"),
        ("NavPaneArea", "Details"),
        ("NavPaneOrder", "10000"),
        ("NavigationPropertyName", &name),
        ("RelationshipRoleType", "1"),
    ]);
    out.close("EntityRelationshipRole");
    out.close("EntityRelationshipRoles");
    out.close("EntityRelationship");
}

fn option_set(out: &mut Lines, numbers: &mut Numbers, index: usize) {
    let name = format!("{} {}", numbers.word(), numbers.word());
    out.open(format_args!("optionset Name=\"fab_choice{index}\" localizedName=\"{name}\""));
    out.texts(&[
        ("OptionSetType", "picklist"),
        ("IsGlobal", "1"),
        ("IntroducedVersion", "1.0"),
        ("IsCustomizable", "1"),
        ("ExternalTypeName", ""),
    ]);
    out.label("displaynames", "displayname", &name);
    out.open(format_args!("options"));
    for number in 0..3 + numbers.below(5) {
        out.open(format_args!(
            "option value=\"{}\" ExternalValue=\"\" Color=\"#0000ff\"",
            935_000_000 + number
        ));
        out.label("labels", "label", numbers.word());
        out.label("Descriptions", "Description", numbers.word());
        out.close("option");
    }
    out.close("options");
    out.close("optionset");
}

const CONTENT_TYPES: &str = r#"<?xml version="1.0" encoding="utf-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/octet-stream" /><Default Extension="json" ContentType="application/octet-stream" /><Default Extension="js" ContentType="application/octet-stream" /><Default Extension="zip" ContentType="application/octet-stream" /></Types>"#;

fn solution() -> String {
    let mut out = Lines { text: String::new(), depth: 0 };
    out.open(format_args!("ImportExportXml version=\"9.2.25012.183\" SolutionPackageVersion=\"9.2\" languagecode=\"1033\" generatedBy=\"CrmLive\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\""));
    out.open(format_args!("SolutionManifest"));
    out.texts(&[("UniqueName", "FabLarge")]);
    out.label("LocalizedNames", "LocalizedName", "Large");
    out.texts(&[("Descriptions", ""), ("Version", "1.0.0.0"), ("Managed", "0")]);
    out.open(format_args!("Publisher"));
    out.texts(&[("UniqueName", "Fabrikam")]);
    out.label("LocalizedNames", "LocalizedName", "Fabrikam");
    out.texts(&[
        ("Descriptions", ""),
        ("CustomizationPrefix", "fab"),
        ("CustomizationOptionValuePrefix", "24871"),
        ("Addresses", ""),
    ]);
    out.close("Publisher");
    out.open(format_args!("RootComponents"));
    for index in 0..tables() {
        out.line(format_args!(
            "<RootComponent type=\"1\" schemaName=\"{}\" behavior=\"0\" />",
            table_name(index)
        ));
    }
    for index in 0..FLOWS {
        out.line(format_args!("<RootComponent type=\"29\" id=\"{{{}}}\" behavior=\"0\" />", flow(index).1));
    }
    out.close("RootComponents");
    out.line(format_args!("<MissingDependencies />"));
    out.close("SolutionManifest");
    out.close("ImportExportXml");
    out.text
}
