//! Parts of real archives other than flows and what they run on (those are in `corpus_references.rs`), against the counts
//! of an independent reader: references by kind (`references.tsv`) and components by kind (`index.tsv`).

mod support;

use std::collections::{BTreeMap, BTreeSet};

use solship::model::{ComponentType, Solution, codes};
use support::corpus::{solutions, table};

/// Kinds of references that are compared; the names are those of `Relation::name`.
const KINDS: &[&str] = &[
    "appmodule-component",
    "appmodule-role",
    "bot-botcomponent",
    "bot-botcomponentcollection",
    "botcomponent-botcomponent",
    "botcomponent-connectionreference",
    "botcomponent-dvtablesearch",
    "botcomponent-environmentvariabledefinition",
    "botcomponent-msdyn_aimodel",
    "botcomponent-workflow",
    "canvasapp-canvasapp",
    "canvasapp-connectionreference",
    "canvasapp-connector",
    "canvasapp-customcontrol",
    "canvasapp-entity",
    "canvasapp-environmentvariabledefinition",
    "canvasapp-other",
    "canvasapp-workflow",
    "form-webresource",
    "relationship-entity",
    "row-lookup",
    "step-entity",
    "step-plugintype",
];

/// A count that differs, and why: end of the path, kind, theirs, ours, reason.
type Explained = (&'static str, &'static str, usize, usize, &'static str);

const FORM: &str = "the other reader counts libraries only; forms also name web resources in controls, and by \
    `$webresource:` in navigation and older script includes";

const INSIDE_APP: &str =
    "settings and elements are rows inside an app; the other reader looks at folders only";

const STEP: &str = "a step calls a service endpoint";

const INSIDE_APP_AND_STEP: &str = "rows inside an app, and a step of a Power Fx rule";

const KEY_COLUMN: &str = "a key column of the row is a lookup: `aiplugin.name`";

const INSIDE_APP_AND_TWO_KEYS: &str = "rows inside an app, and lookups of a column, which has two keys";

const JOINED: &str = "rows that join two others, inline in customizations.xml";

const OWNERLESS: &str = "links of agent components that are not in the package: the rows refer to both ends";

const SOURCES: &str = "no dependency is listed, but the app's data sources name their tables";

/// The numbers were counted by a script of a few lines over the same XML, not taken from our own output.
const EXPLAINED: &[Explained] = &[
    ("PVA_FAQ_English.zip", "canvasapp-entity", 0, 4, SOURCES),
    ("CenterofExcellenceCoreComponentsTeams_1_992_managed.zip", "canvasapp-entity", 31, 36, SOURCES),
    ("CenterofExcellenceInnovationBacklog_1_30_managed.zip", "canvasapp-entity", 0, 38, SOURCES),
    ("FabrikamEnvironmental_1_1_11_13.zip", "form-webresource", 0, 2, FORM),
    ("FabrikamEnvironmental_1_1_11_13_managed.zip", "form-webresource", 0, 2, FORM),
    ("FabrikamEnvironmental_1_1_11_71.zip", "form-webresource", 0, 2, FORM),
    ("FabrikamEnvironmental_1_1_11_71_managed.zip", "form-webresource", 0, 2, FORM),
    ("P2CFieldService_managed.zip", "form-webresource", 6, 15, FORM),
    ("Solutions__CRMP2C.zip", "form-webresource", 9, 24, FORM),
    ("P2CFieldService.zip", "form-webresource", 45, 93, FORM),
    ("P2CProjectService.zip", "form-webresource", 10, 15, FORM),
    ("msdyn_ServiceUniversalScheduling.zip", "form-webresource", 4, 6, FORM),
    ("msdyn_ServiceUniversalScheduling_managed.zip", "form-webresource", 4, 5, FORM),
    ("SolutionComponentValidatorAutoMailer_1_0_0_1_managed.zip", "form-webresource", 0, 2, FORM),
    (
        "ChannelBasedPresenceCapabilityNoApplicationRibbon_1_0_0_1_managed.zip",
        "form-webresource",
        5,
        11,
        FORM,
    ),
    ("ChannelBasedPresenceCapabilityNoApplicationRibbon_1_0_0_2.zip", "form-webresource", 5, 11, FORM),
    ("ChannelBasedPresenceCapability_1_0_0_1_managed.zip", "form-webresource", 5, 11, FORM),
    ("ChannelBasedPresenceCapability_1_0_0_2.zip", "form-webresource", 5, 11, FORM),
    ("ReportingSolution_managed.zip", "form-webresource", 2, 6, FORM),
    ("VendorIntegration_1_1_0_0.zip", "form-webresource", 6, 19, FORM),
    ("Dynamics365HigherEducationAccelerator_1_0_1_6_unmanaged.zip", "form-webresource", 3, 12, FORM),
    ("MicrosoftDynamics365NonprofitAccelerator_1_0_0_0_managed.zip", "form-webresource", 4, 11, FORM),
    ("MicrosoftDynamics365NonprofitAccelerator_1_0_0_0_unmanaged.zip", "form-webresource", 7, 27, FORM),
    ("MicrosoftDynamics365IATI_1_0_0_0_managed.zip", "form-webresource", 2, 5, FORM),
    ("MicrosoftDynamics365IATI_1_0_0_0_unmanaged.zip", "form-webresource", 12, 34, FORM),
    ("MicrosoftDynamics365VolunteerManagement_1_0_0_0_managed.zip", "form-webresource", 11, 19, FORM),
    ("MicrosoftDynamics365VolunteerManagement_1_0_0_0_unmanaged.zip", "form-webresource", 11, 19, FORM),
    ("Dynamics365HigherEducationAccelerator_1_0_0_6_managed.zip", "form-webresource", 2, 6, FORM),
    ("Dynamics365HigherEducationAccelerator_1_0_0_6_unamanged.zip", "form-webresource", 2, 10, FORM),
    ("PkgFolder__solution_managed.zip", "form-webresource", 3, 8, FORM),
    ("Dynamics365ElectronicMedicalRecords_1_9_0_managed.zip", "form-webresource", 4, 15, FORM),
    ("Dynamics365ElectronicMedicalRecords_1_9_0_umanaged.zip", "form-webresource", 13, 41, FORM),
    ("MicrosoftDynamics365NonprofitAccelerator_2_0_0_0_managed.zip", "form-webresource", 20, 35, FORM),
    ("MicrosoftDynamics365NonprofitAccelerator_2_0_0_0_unmanaged_.zip", "form-webresource", 33, 69, FORM),
    ("ResearchLossImpact_1_0_0_39_managed.zip", "form-webresource", 0, 1, FORM),
    ("returntoworkplaceportal_managed.zip", "form-webresource", 0, 2, FORM),
    ("TRAINEE_BATCH_1.zip", "form-webresource", 5, 11, FORM),
    ("cap_PackageDeployerTemplate_IntegrationTest_1_0_0_0_managed.zip", "row-lookup", 0, 1, STEP),
    ("FabrikamEnvironmental_1_1_11_13.zip", "row-lookup", 0, 2, INSIDE_APP),
    ("FabrikamEnvironmental_1_1_11_13_managed.zip", "row-lookup", 0, 2, INSIDE_APP),
    ("FabrikamEnvironmental_1_1_11_71.zip", "row-lookup", 3, 8, INSIDE_APP_AND_STEP),
    ("FabrikamEnvironmental_1_1_11_71_managed.zip", "row-lookup", 3, 8, INSIDE_APP_AND_STEP),
    ("CopilotStudioWorkshop_1_0_0_0_managed.zip", "row-lookup", 0, 2, OWNERLESS),
    ("SidePaneAgentSample_1_0_0_0.zip", "row-lookup", 23, 24, INSIDE_APP),
    ("SidePaneAgentSample_1_0_0_0~b0b89f29.zip", "row-lookup", 17, 18, INSIDE_APP),
    ("MCSResponsesAnalyzer_2_0_0_2_managed.zip", "row-lookup", 27, 31, INSIDE_APP),
    ("SalesOrderProcessingAutomation_1_0_0_1_managed.zip", "row-lookup", 23, 25, INSIDE_APP_AND_TWO_KEYS),
    ("StorageCapacityEnforcement_1_0_0_6_managed.zip", "row-lookup", 0, 4, INSIDE_APP),
    ("StorageCapacityEnforcement_1_0_0_6_unmanaged.zip", "row-lookup", 0, 4, INSIDE_APP),
    ("SalesOrderProcessingAutomation_1_0_0_6_managed.zip", "row-lookup", 25, 29, INSIDE_APP_AND_TWO_KEYS),
    ("DCCPChannelIntegrationFramework_1_0_0_6.zip", "row-lookup", 26, 34, JOINED),
    ("DCCPChannelIntegrationFramework_1_0_0_6_managed.zip", "row-lookup", 26, 34, JOINED),
    ("ContosoMainSolution_1_0_0_1.zip", "row-lookup", 25, 31, JOINED),
    ("FieldServiceExtensionsOptimize25_1_3_0_0.zip", "row-lookup", 0, 1, INSIDE_APP),
    ("VendorIntegration_1_1_0_0.zip", "row-lookup", 0, 1, INSIDE_APP),
    ("StorageCapacityEnforcement_1_0_0_3_managed.zip", "row-lookup", 0, 4, INSIDE_APP),
    ("AITimeManagementFlow_1_0_0_1.zip", "row-lookup", 3, 4, KEY_COLUMN),
    ("ai-time-management-flow.zip", "row-lookup", 3, 4, KEY_COLUMN),
    ("leave-request.zip", "row-lookup", 0, 1, INSIDE_APP),
    ("mvp-content-sharing.zip", "row-lookup", 0, 2, INSIDE_APP),
];

/// A column of `index.tsv` and how the model counts the same.
type Column = (&'static str, fn(&Solution) -> usize);

const COLUMNS: &[Column] = &[
    ("entities", |solution| of_type(solution, &ComponentType::TABLE)),
    ("webresources", |solution| of_type(solution, &ComponentType::WEB_RESOURCE)),
    ("plugin_assemblies", |solution| of_type(solution, &ComponentType::PLUGIN_ASSEMBLY)),
    ("canvas_apps", |solution| of_type(solution, &ComponentType::CANVAS_APP)),
    ("bots", |solution| of_type(solution, &ComponentType::BOT)),
    ("appmodules", |solution| of_type(solution, &ComponentType::APP_MODULE)),
    ("aimodels", |solution| of_type(solution, &ComponentType::AI_MODEL)),
    ("pcf_controls", |solution| of_type(solution, &ComponentType::CUSTOM_CONTROL)),
];

fn of_type(solution: &Solution, kind: &ComponentType) -> usize {
    solution.components.iter().filter(|component| component.key.kind == *kind).count()
}

/// Lines of what differs without a reason, and of reasons for what does not differ.
fn differences(found: &[(String, &str, usize, usize)], explained: &[Explained]) -> Vec<String> {
    let mut open: BTreeSet<&Explained> = explained.iter().collect();
    let mut lines = Vec::new();
    for (path, kind, theirs, ours) in found.iter().filter(|(_, _, theirs, ours)| theirs != ours) {
        let mut reasons = explained.iter().filter(|(end, of, their, our, _)| {
            path.ends_with(end) && of == kind && their == theirs && our == ours
        });
        match reasons.next() {
            Some(reason) => drop(open.remove(reason)),
            None => lines.push(format!("{path}: {kind}: theirs {theirs}, ours {ours}")),
        }
    }
    lines.extend(open.iter().map(|row| format!("explained, but does not differ so: {row:?}")));
    lines
}

#[test]
fn references_are_those_of_the_independent_reader() {
    let Some(corpus) = support::shared("corpus") else { return };
    let mut theirs: BTreeMap<(String, String), usize> = BTreeMap::new();
    for row in table(&corpus.join("references.tsv")) {
        theirs.insert((row["path"].clone(), row["kind"].clone()), row["references"].parse().unwrap());
    }
    let mut found = Vec::new();
    for (row, solution) in solutions(&corpus) {
        let mut ours: BTreeMap<&str, usize> = BTreeMap::new();
        for used in solution.components.iter().flat_map(|component| &component.uses) {
            *ours.entry(used.relation.name()).or_default() += 1;
        }
        for kind in KINDS {
            let path = row["path"].clone();
            let expected = theirs.get(&(path.clone(), (*kind).to_owned())).copied().unwrap_or(0);
            found.push((path, *kind, expected, ours.get(kind).copied().unwrap_or(0)));
        }
    }
    let total: usize = found.iter().map(|(_, _, _, ours)| ours).sum();
    println!("{total} references of {} kinds compared", KINDS.len());
    assert!(total > 29_000, "only {total} references compared");
    let lines = differences(&found, EXPLAINED);
    assert!(lines.is_empty(), "\n{}", lines.join("\n"));
}

#[test]
fn components_are_those_of_the_independent_reader() {
    let Some(corpus) = support::shared("corpus") else { return };
    let mut found = Vec::new();
    for (row, solution) in solutions(&corpus) {
        for (column, ours) in COLUMNS {
            let theirs = row[*column].parse().unwrap_or(0);
            found.push((row["path"].clone(), *column, theirs, ours(&solution)));
        }
    }
    let lines = differences(&found, &[]);
    assert!(lines.is_empty(), "\n{}", lines.join("\n"));
}

/// Kinds of which `index.tsv` has no column: elements of all archives, counted by another XML reader.
const TOTALS: &[(&str, usize)] = &[
    ("attribute", 38_529),
    ("entitykey", 41),
    ("entityrelationship", 12_305),
    ("entitymap", 16),
    // 4,518 of tables, 36 dashboards, 9 interactive dashboards, 2 dialogs.
    ("systemform", 4_565),
    ("savedquery", 10_943),
    ("savedqueryvisualization", 180),
    // 79 of apps, 12 classic ones.
    ("sitemap", 91),
    ("plugintype", 317),
    ("sdkmessageprocessingstep", 147),
    ("serviceendpoint", 1),
    ("role", 84),
    ("fieldsecurityprofile", 10),
    ("connectionrole", 44),
    ("optionset", 558),
    ("entityimageconfig", 20),
    ("attributeimageconfig", 22),
    ("ribboncustomization", 4),
    ("procedure", 14),
    ("sla", 1),
    ("botcomponent", 1_435),
    ("botcomponentcollection", 8),
    ("customapi", 7),
    ("customapirequestparameter", 15),
    ("customapiresponseproperty", 17),
    ("appaction", 11),
    ("aiplugin", 4),
    ("aipluginoperation", 2),
    ("aiskillconfig", 4),
    ("dvtablesearch", 2),
    ("dvtablesearchentity", 5),
    ("fxexpression", 2),
    ("msdyn_helppage", 24),
    ("msdyn_templateparameter", 58),
    ("msdyn_sessiontemplate", 7),
    ("powerbimashupparameter", 2),
    ("appsetting", 19),
    // 18, less 9 bare ones of an app whose elements are another solution's.
    ("appelement", 9),
];

#[test]
fn every_part_is_somebodys() {
    let Some(corpus) = support::shared("corpus") else { return };
    let mut totals: BTreeMap<String, usize> = BTreeMap::new();
    let mut nobodys = Vec::new();
    let mut problems = Vec::new();
    for (row, solution) in solutions(&corpus) {
        for component in &solution.components {
            let kind = &component.key.kind;
            // The source of an app that somebody unpacked, and a note of a tool: nothing in the package names them.
            let expected = ["CanvasApps/", "filteredcomponents.xml"];
            if *kind == ComponentType::FILE
                && !expected.iter().any(|path| component.key.key.starts_with(path))
            {
                nobodys.push(format!("{}: {}", row["path"], component.key.key));
            }
            *totals.entry(kind.to_string()).or_default() += 1;
        }
        let missing = solution.findings.into_iter().filter(|finding| finding.code == codes::MISSING_FILE);
        problems.extend(missing.map(|finding| (row["path"].clone(), finding)));
    }
    assert!(nobodys.is_empty(), "{nobodys:#?}");
    assert!(problems.is_empty(), "{problems:#?}");
    for (kind, expected) in TOTALS {
        assert_eq!(totals.get(*kind).copied().unwrap_or(0), *expected, "{kind}");
    }
}
