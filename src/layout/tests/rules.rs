//! One test a rule: where its parts go, what stays, and that they come back.

use super::*;

#[test]
fn every_rule_has_a_test() {
    let tests = include_str!("rules.rs");
    for rule in super::super::rules::RULES {
        assert!(tests.contains(&format!("<{}>", rule.section)), "{}", rule.section);
        for inner in rule.inner {
            assert!(tests.contains(&format!("<{}>", inner.section)), "{}", inner.section);
        }
    }
}

#[test]
fn entities() {
    let entity = "<Entity><Name LocalizedName=\"Order\">fab_Order</Name>\
        <FormXml><forms type=\"main\"><systemform><formid>{1}</formid></systemform>\
        <systemform><formid>{2}</formid></systemform></forms>\
        <forms type=\"card\"><systemform><formid>{3}</formid></systemform></forms></FormXml>\
        <SavedQueries><savedqueries><savedquery><savedqueryid>{4}</savedqueryid></savedquery></savedqueries></SavedQueries>\
        <Visualizations><visualization><savedqueryvisualizationid>{5}</savedqueryvisualizationid></visualization></Visualizations>\
        <RibbonDiffXml><CustomActions /></RibbonDiffXml></Entity>";
    let folder = there_and_back(
        &format!("<Entities>{entity}</Entities>"),
        &[("Formulas/fab_order-fab_sum.xaml", "formula")],
        &[
            (
                "Entities/fab_Order/Entity.xml",
                &format!(
                    "<Entity{XSI}>\n  <Name LocalizedName=\"Order\">fab_Order</Name>\n  <FormXml />\n  <SavedQueries />\n  \
                     <Visualizations />\n  <RibbonDiffXml />\n</Entity>"
                ),
            ),
            (
                "Entities/fab_Order/FormXml/main/{2}.xml",
                &format!(
                    "<forms{XSI}>\n  <systemform>\n    <formid>{{2}}</formid>\n  </systemform>\n</forms>"
                ),
            ),
            (
                "Entities/fab_Order/FormXml/card/{3}.xml",
                &format!(
                    "<forms{XSI}>\n  <systemform>\n    <formid>{{3}}</formid>\n  </systemform>\n</forms>"
                ),
            ),
            (
                "Entities/fab_Order/SavedQueries/{4}.xml",
                &format!(
                    "<savedqueries{XSI}>\n  <savedquery>\n    <savedqueryid>{{4}}</savedqueryid>\n  </savedquery>\n\
                     </savedqueries>"
                ),
            ),
            (
                "Entities/fab_Order/Visualizations/{5}.xml",
                &format!(
                    "<visualization{XSI}>\n  <savedqueryvisualizationid>{{5}}</savedqueryvisualizationid>\n</visualization>"
                ),
            ),
            (
                "Entities/fab_Order/RibbonDiff.xml",
                &format!("<RibbonDiffXml{XSI}>\n  <CustomActions />\n</RibbonDiffXml>"),
            ),
            ("Entities/fab_Order/Formulas/fab_order-fab_sum.xaml", "formula"),
            (
                "Other/Customizations.xml",
                &format!("<ImportExportXml{XSI}>\n  <Entities />\n</ImportExportXml>"),
            ),
        ],
    );
    assert_eq!(folder.len(), 10);
}

#[test]
fn a_comment_in_a_form_or_view_does_not_keep_the_others_from_their_files() {
    let section = "<Entities><Entity><Name>a</Name>\
        <FormXml><forms type=\"main\"><systemform><formid>{1}</formid></systemform>\
        <systemform><formid>{2}</formid></systemform></forms></FormXml>\
        <SavedQueries><savedqueries><savedquery><savedqueryid>{3}</savedqueryid></savedquery>\
        <savedquery><savedqueryid>{4}</savedqueryid></savedquery></savedqueries></SavedQueries></Entity></Entities>";
    let plain = unpacked(section, &[]);
    for path in ["Entities/a/FormXml/main/{1}.xml", "Entities/a/SavedQueries/{3}.xml"] {
        let text = plain[path].clone();
        let root = text.find("\n<").unwrap() + 1;
        let row = text.find("  <s").unwrap();
        let behind = text.rfind("</").unwrap();
        let comment = "<!-- why -->\r\n";
        let put = |at: usize, comment: &str| format!("{}{comment}{}", &text[..at], &text[at..]);
        let in_place = put(row, &format!("  {comment}"));
        for (edited, is_said) in [
            (in_place.clone(), false),
            (put(root, comment), true),
            (put(behind, &format!("  {comment}")), true),
            (format!("{text}\r\n<!-- why -->"), true),
        ] {
            let mut folder = plain.clone();
            folder.insert(path.to_owned(), edited);
            let (entries, _, notes) = packed(&folder, PackKind::Unmanaged).unwrap();
            let said = [Note::CommentMoves { path: path.to_owned() }];
            assert_eq!(notes, if is_said { &said[..] } else { &[] });
            let package = package(&[("customizations.xml", &entries["customizations.xml"])]);
            let archive = Archive::read(&package).unwrap();
            let again = files(&unpack(Archives::One(&archive), &UnpackOptions::default()).unwrap().parts);
            folder.insert(path.to_owned(), in_place.clone());
            assert_eq!(again, folder);
        }
    }
}

#[test]
fn a_comment_around_a_row_goes_to_the_section_and_is_said() {
    let plain = unpacked("<Roles><Role name=\"a\" /></Roles>", &[]);
    let mut folder = plain.clone();
    folder.insert("Roles/a.xml".to_owned(), "<!-- why --><Role name='a' />".to_owned());
    let (entries, _, notes) = packed(&folder, PackKind::Unmanaged).unwrap();
    assert!(entries["customizations.xml"].contains("<!-- why -->"));
    assert_eq!(notes, [Note::CommentMoves { path: "Roles/a.xml".to_owned() }]);
}

#[test]
fn forms_come_as_one_list_by_file_name() {
    let forms = "<FormXml><forms type=\"main\"><systemform><formid>{2}</formid></systemform>\
        <systemform><formid>{4}</formid></systemform></forms>\
        <forms type=\"quick\"><systemform><formid>{1}</formid></systemform></forms></FormXml>";
    let folder = unpacked(&format!("<Entities><Entity><Name>a</Name>{forms}</Entity></Entities>"), &[]);
    let (packed, ..) = packed(&folder, PackKind::Unmanaged).unwrap();
    let order: Vec<&str> =
        packed["customizations.xml"].split('"').filter(|text| matches!(*text, "quick" | "main")).collect();
    assert_eq!(order, ["quick", "main"]);
}

#[test]
fn roles() {
    there_and_back(
        "<Roles><Role id=\"{1}\" name=\"Clerk: day/night\"><IsCustomizable>1</IsCustomizable></Role></Roles>",
        &[],
        &[(
            "Roles/Clerk_ day_night.xml",
            &format!(
                "<Role id=\"{{1}}\" name=\"Clerk: day/night\"{XSI}>\n  <IsCustomizable>1</IsCustomizable>\n</Role>"
            ),
        )],
    );
}

#[test]
fn workflows() {
    there_and_back(
        "<Workflows><Workflow Name=\"Run\"><JsonFileName>/Workflows/Run-1.json</JsonFileName></Workflow>\
         <Workflow Name=\"Old\"><XamlFileName>/Workflows/Old-2.xaml</XamlFileName></Workflow></Workflows>",
        &[("Workflows/Run-1.json", "{}"), ("Workflows/Old-2.xaml", "xaml")],
        &[
            (
                "Workflows/Run-1.json.data.xml",
                &format!(
                    "<Workflow Name=\"Run\"{XSI}>\n  <JsonFileName>/Workflows/Run-1.json</JsonFileName>\n</Workflow>"
                ),
            ),
            ("Workflows/Old-2.xaml", "xaml"),
        ],
    );
}

#[test]
fn sections_that_are_one_file() {
    for (section, path) in [
        ("<FieldSecurityProfiles>", "Other/FieldSecurityProfiles.xml"),
        ("<RibbonDiffXml>", "Other/RibbonDiff.xml"),
        ("<ConnectionRoles>", "Other/ConnectionRoles.xml"),
        ("<SiteMap>", "Other/SiteMap.xml"),
        ("<EntityMaps>", "Other/EntityMaps.xml"),
    ] {
        let name = section.trim_matches(['<', '>']);
        let folder = there_and_back(
            &format!("{section}<x a=\"1\" /></{name}>"),
            &[],
            &[
                (path, &format!("<{name}{XSI}>\n  <x a=\"1\" />\n</{name}>")),
                (
                    "Other/Customizations.xml",
                    &format!("<ImportExportXml{XSI}>\n  <{name} />\n</ImportExportXml>"),
                ),
            ],
        );
        assert_eq!(folder.len(), 3);
        // An empty one has no file.
        assert_eq!(unpacked(&format!("<{name}></{name}>"), &[]).len(), 2);
    }
}

#[test]
fn relationships() {
    let row = |name: &str, entity: &str| {
        format!(
            "<EntityRelationship Name=\"{name}\" unmodified=\"1\"><ReferencedEntityName>{entity}</ReferencedEntityName>\
             </EntityRelationship>"
        )
    };
    let many =
        "<EntityRelationship Name=\"d_d\"><FirstEntityName>Account</FirstEntityName></EntityRelationship>";
    there_and_back(
        &format!(
            "<EntityRelationships>{}{}{}{many}</EntityRelationships>",
            row("b", "Account"),
            row("a1", "account"),
            row("a_1", "Contact")
        ),
        &[],
        &[
            (
                "Other/Relationships.xml",
                &format!(
                    "<EntityRelationships{XSI}>\n  <EntityRelationship Name=\"a_1\" unmodified=\"1\" />\n  \
                     <EntityRelationship Name=\"a1\" unmodified=\"1\" />\n  <EntityRelationship Name=\"b\" unmodified=\"1\" />\n  \
                     <EntityRelationship Name=\"d_d\" />\n</EntityRelationships>"
                ),
            ),
            (
                "Other/Relationships/Contact.xml",
                &format!(
                    "<EntityRelationships{XSI}>\n  <EntityRelationship Name=\"a_1\" unmodified=\"1\">\n    \
                     <ReferencedEntityName>Contact</ReferencedEntityName>\n  </EntityRelationship>\n</EntityRelationships>"
                ),
            ),
        ],
    );
}

#[test]
fn rows_of_one_file_each() {
    for (sections, path) in [
        (
            "<optionsets><optionset Name=\"fab_Kind\"><x /></optionset></optionsets>",
            "OptionSets/fab_Kind.xml",
        ),
        ("<Dashboards><Dashboard><FormId>{1}</FormId></Dashboard></Dashboards>", "Dashboards/{1}.xml"),
        ("<Dialogs><Dialog><FormId>{1}</FormId></Dialog></Dialogs>", "Dialogs/{1}.xml"),
        (
            "<InteractionCentricDashboards><InteractionCentricDashboard><FormId>{1}</FormId>\
             </InteractionCentricDashboard></InteractionCentricDashboards>",
            "InteractionCentricDashboards/{1}.xml",
        ),
        (
            "<SdkMessageProcessingSteps><SdkMessageProcessingStep Name=\"a\" SdkMessageProcessingStepId=\"{1}\">\
             <x /></SdkMessageProcessingStep></SdkMessageProcessingSteps>",
            "SdkMessageProcessingSteps/{1}.xml",
        ),
        (
            "<AppModuleSiteMaps><AppModuleSiteMap><SiteMapUniqueName>fab_App</SiteMapUniqueName></AppModuleSiteMap>\
             </AppModuleSiteMaps>",
            "AppModuleSiteMaps/fab_App/AppModuleSiteMap.xml",
        ),
        (
            "<EntityDataSources><EntityDataSource><entitydatasourceid>{1}</entitydatasourceid></EntityDataSource>\
             </EntityDataSources>",
            "EntityDataSources/{1}.xml",
        ),
    ] {
        let folder = there_and_back(sections, &[], &[]);
        assert!(folder.contains_key(path), "{path} is not in {:?}", folder.keys());
        assert_eq!(folder.len(), 3, "{path}");
        assert!(folder[path].contains(XSI), "{path}");
    }
}

#[test]
fn app_modules() {
    there_and_back(
        "<AppModules><AppModule><UniqueName>fab_App</UniqueName><AppModuleComponents>\
         <AppModuleComponent type=\"62\" schemaName=\"b\" /><AppModuleComponent type=\"1\" schemaName=\"b\" />\
         <AppModuleComponent type=\"1\" schemaName=\"A\" /><AppModuleComponent type=\"26\" id=\"{2}\" />\
         <AppModuleComponent type=\"26\" id=\"{1}\" /></AppModuleComponents></AppModule></AppModules>",
        &[],
        &[(
            "AppModules/fab_App/AppModule.xml",
            "<AppModule>\n  <UniqueName>fab_App</UniqueName>\n  <AppModuleComponents>\n    \
             <AppModuleComponent type=\"1\" schemaName=\"A\" />\n    <AppModuleComponent type=\"1\" schemaName=\"b\" />\n    \
             <AppModuleComponent type=\"26\" id=\"{2}\" />\n    <AppModuleComponent type=\"26\" id=\"{1}\" />\n    \
             <AppModuleComponent type=\"62\" schemaName=\"b\" />\n  </AppModuleComponents>\n</AppModule>",
        )],
    );
}

#[test]
fn web_resources() {
    let folder = there_and_back(
        "<WebResources><WebResource><Name>fab_/js/a.js</Name><FileName>/WebResources/fab_jsajs1</FileName></WebResource>\
         <WebResource unmodified=\"1\"><Name>fab_old</Name></WebResource></WebResources>",
        &[("WebResources/fab_jsajs1", "code")],
        &[
            ("WebResources/fab_/js/a.js", "code"),
            (
                "Other/Customizations.xml",
                &format!(
                    "<ImportExportXml{XSI}>\n  <WebResources>\n    <WebResource unmodified=\"1\">\n      \
                     <Name>fab_old</Name>\n    </WebResource>\n  </WebResources>\n</ImportExportXml>"
                ),
            ),
        ],
    );
    assert!(folder.contains_key("WebResources/fab_/js/a.js.data.xml"));
}

#[test]
fn a_web_resource_without_file_goes_with_the_reference_packer_only() {
    let xml = customizations(
        "<WebResources><WebResource unmodified=\"1\"><Name>fab_old</Name></WebResource></WebResources>",
    );
    let package = package(&[("customizations.xml", &xml)]);
    let archive = Archive::read(&package).unwrap();
    let options = UnpackOptions { as_packager: true, ..UnpackOptions::default() };
    let unpacked = unpack(Archives::One(&archive), &options).unwrap();
    let expected = file(&format!("<ImportExportXml{XSI}>\n  <WebResources />\n</ImportExportXml>"));
    assert_eq!(files(&unpacked.parts)["Other/Customizations.xml"], expected);
    assert!(matches!(unpacked.notes[..], [Note::Dropped { section: "WebResources", .. }]));
}

#[test]
fn custom_controls() {
    let folder = there_and_back(
        "<CustomControls><CustomControl><Name>x</Name><FileName>/Controls/x/ControlManifest.xml</FileName></CustomControl>\
         </CustomControls>",
        &[
            ("Controls/x/ControlManifest.xml", "manifest"),
            ("Controls/x/css/x.css", "css"),
            ("Controls/x/a.js", "js"),
        ],
        &[("Controls/x/ControlManifest.xml", "manifest")],
    );
    assert!(folder.contains_key("Controls/x/ControlManifest.xml.data.xml"));
    let (_, order, _) = packed(&folder, PackKind::Unmanaged).unwrap();
    assert_eq!(order[2..5], ["Controls/x/ControlManifest.xml", "Controls/x/a.js", "Controls/x/css/x.css"]);
}

#[test]
fn plugin_assemblies() {
    there_and_back(
        "<SolutionPluginAssemblies><PluginAssembly FullName=\"x\"><FileName>/PluginAssemblies/x-1/x.dll</FileName>\
         </PluginAssembly></SolutionPluginAssemblies>",
        &[("PluginAssemblies/x-1/x.dll", "dll")],
        &[(
            "PluginAssemblies/x-1/x.dll.data.xml",
            &format!(
                "<PluginAssembly FullName=\"x\"{XSI}>\n  <FileName>/PluginAssemblies/x-1/x.dll</FileName>\n</PluginAssembly>"
            ),
        )],
    );
}

#[test]
fn canvas_apps() {
    let folder = there_and_back(
        "<CanvasApps><CanvasApp><Name>fab_app</Name><BackgroundImageUri>/CanvasApps/fab_app_z</BackgroundImageUri>\
         <DocumentUri>/CanvasApps/fab_app_y.msapp</DocumentUri>\
         <AdditionalUris><AdditionalUri>/CanvasApps/fab_app_x.json</AdditionalUri></AdditionalUris></CanvasApp></CanvasApps>",
        &[
            ("CanvasApps/fab_app_x.json", "x"),
            ("CanvasApps/fab_app_y.msapp", "y"),
            ("CanvasApps/fab_app_z", "z"),
        ],
        &[],
    );
    assert!(folder.contains_key("CanvasApps/fab_app.meta.xml"));
    let (_, order, _) = packed(&folder, PackKind::Unmanaged).unwrap();
    assert_eq!(
        order[2..5],
        ["CanvasApps/fab_app_z", "CanvasApps/fab_app_y.msapp", "CanvasApps/fab_app_x.json"]
    );
}

#[test]
fn connectors() {
    there_and_back(
        "<Connectors><Connector><name>fab_5Fx</name></Connector></Connectors>",
        &[("Connector/fab_5Fx_openapidefinition.json", "{}")],
        &[
            ("Connectors/fab_5Fx.xml", &format!("<Connector{XSI}>\n  <name>fab_5Fx</name>\n</Connector>")),
            ("Connectors/fab_5Fx_openapidefinition.json", "{}"),
        ],
    );
}

#[test]
fn what_no_rule_knows_travels() {
    there_and_back(
        "<Unknown a=\"1\"><b>c</b></Unknown><Roles x=\"y\"><Strange /><Role name=\"a\"><New z=\"1\">t</New></Role><!-- n -->\
         </Roles><Templates /><Languages><Language>1033</Language></Languages>",
        &[("unknown/deep/file.bin", "bytes"), ("top.json", "{}")],
        &[
            (
                "Other/Customizations.xml",
                &format!(
                    "<ImportExportXml{XSI}>\n  <Unknown a=\"1\">\n    <b>c</b>\n  </Unknown>\n  <Roles x=\"y\">\n    \
                     <Strange />\n    <!-- n -->\n  </Roles>\n  <Templates />\n  <Languages>\n    \
                     <Language>1033</Language>\n  </Languages>\n</ImportExportXml>"
                ),
            ),
            ("unknown/deep/file.bin", "bytes"),
        ],
    );
}

#[test]
fn a_container_with_something_unknown_stays_whole() {
    for forms in [
        "<FormXml><forms type=\"main\"><systemform><formid>1</formid></systemform><other /></forms></FormXml>",
        "<FormXml><forms><systemform><formid>1</formid></systemform></forms></FormXml>",
        "<FormXml><forms type=\"a:b\"><systemform><formid>1</formid></systemform></forms></FormXml>",
        "<FormXml><forms type=\"main\">text<systemform><formid>1</formid></systemform></forms></FormXml>",
        "<FormXml>text<forms type=\"main\"><systemform><formid>1</formid></systemform></forms></FormXml>",
        "<SavedQueries><savedqueries><savedquery /></savedqueries></SavedQueries>",
        "<SavedQueries><savedqueries /></SavedQueries>",
    ] {
        let folder =
            there_and_back(&format!("<Entities><Entity><Name>a</Name>{forms}</Entity></Entities>"), &[], &[]);
        assert_eq!(folder.len(), 3, "{forms}: {:?}", folder.keys());
    }
    // Two groups that cannot be told apart: the second stays.
    let twice = "<FormXml><forms type=\"main\"><systemform><formid>1</formid></systemform></forms>\
        <forms type=\"main\"><systemform><formid>2</formid></systemform></forms></FormXml>";
    let folder = unpacked(&format!("<Entities><Entity><Name>a</Name>{twice}</Entity></Entities>"), &[]);
    assert!(folder["Entities/a/Entity.xml"].contains("<formid>2</formid>"));
}

#[test]
fn attributes_of_a_group_travel() {
    there_and_back(
        "<Entities><Entity><Name>a</Name><FormXml f=\"1\"><forms type=\"main\" new=\"2\"><systemform><formid>1</formid>\
         </systemform></forms></FormXml></Entity></Entities>",
        &[],
        &[(
            "Entities/a/FormXml/main/1.xml",
            &format!(
                "<forms new=\"2\"{XSI}>\n  <systemform>\n    <formid>1</formid>\n  </systemform>\n</forms>"
            ),
        )],
    );
}

#[test]
fn prefixes_that_are_declared_further_out_are_declared_in_the_file() {
    let xml = format!(
        "<ImportExportXml xmlns:f=\"urn:f\"{XSI}><Roles><Role name=\"a\" f:b=\"1\" /></Roles></ImportExportXml>"
    );
    let package = package(&[("customizations.xml", &xml)]);
    let archive = Archive::read(&package).unwrap();
    let unpacked = unpack(Archives::One(&archive), &UnpackOptions::default()).unwrap();
    let folder = files(&unpacked.parts);
    assert_eq!(folder["Roles/a.xml"], file(&format!("<Role name=\"a\" f:b=\"1\" xmlns:f=\"urn:f\"{XSI} />")));
    let (packed, ..) = packed(&folder, PackKind::Unmanaged).unwrap();
    assert!(packed["customizations.xml"].contains("<Role name=\"a\" f:b=\"1\" />"));
}

#[test]
fn a_section_that_is_not_there_is_put_where_exports_have_it() {
    let mut folder = unpacked("<Entities /><EntityMaps /><Languages />", &[]);
    folder.insert("Roles/a.xml".into(), "<Role name=\"a\" />".into());
    folder.insert("Other/SiteMap.xml".into(), "<SiteMap><x/></SiteMap>".into());
    folder.insert("Entities/b/Entity.xml".into(), "<Entity><Name>b</Name></Entity>".into());
    folder.insert(
        "Entities/b/FormXml/main/1.xml".into(),
        "<forms><systemform><formid>1</formid></systemform></forms>".into(),
    );
    folder.insert("Entities/b/RibbonDiff.xml".into(), "<RibbonDiffXml/>".into());
    let (packed, ..) = packed(&folder, PackKind::Unmanaged).unwrap();
    let expected = format!(
        "<ImportExportXml{XSI}>\n  <Entities>\n    <Entity>\n      <Name>b</Name>\n      <FormXml>\n        \
         <forms type=\"main\">\n          <systemform>\n            <formid>1</formid>\n          </systemform>\n        \
         </forms>\n      </FormXml>\n      <RibbonDiffXml />\n    </Entity>\n  </Entities>\n  <Roles>\n    \
         <Role name=\"a\" />\n  </Roles>\n  <SiteMap>\n    <x />\n  </SiteMap>\n  <EntityMaps />\n  <Languages />\n\
         </ImportExportXml>"
    );
    assert_eq!(packed["customizations.xml"], file(&expected));
}

#[test]
fn comments_around_the_root_of_a_file_travel() {
    let mut folder = unpacked("<Roles />", &[]);
    folder.insert("Roles/a.xml".into(), "<!-- one --><Role name=\"a\" /><!-- two -->".into());
    let (packed, ..) = packed(&folder, PackKind::Unmanaged).unwrap();
    let expected = format!(
        "<ImportExportXml{XSI}>\n  <Roles>\n    <!-- one -->\n    <Role name=\"a\" />\n    <!-- two -->\n  </Roles>\n\
         </ImportExportXml>"
    );
    assert_eq!(packed["customizations.xml"], file(&expected));
}

#[test]
fn both_halves_share_a_folder() {
    let sections = |label: &str| {
        customizations(&format!(
            "<Entities><Entity><Name>a</Name><FormXml><forms type=\"main\"><systemform><formid>1</formid>\
             <l>{label}</l></systemform></forms></FormXml></Entity></Entities><Roles><Role name=\"{label}\" /></Roles>"
        ))
    };
    let packages = [(0, "unmanaged"), (1, "managed")].map(|(digit, label)| {
        package(&[
            ("customizations.xml", &sections(label)),
            ("solution.xml", &manifest(digit)),
            ("Workflows/a.json", label),
        ])
    });
    let [unmanaged, managed] = [0, 1].map(|half| Archive::read(&packages[half]).unwrap());
    let unpacked =
        unpack(Archives::Both { unmanaged: &unmanaged, managed: &managed }, &UnpackOptions::default())
            .unwrap();
    let folder = files(&unpacked.parts);
    let names: Vec<&str> = folder.keys().map(String::as_str).collect();
    assert_eq!(
        names,
        [
            "Entities/a/Entity.xml",
            "Entities/a/FormXml/main/1.xml",
            "Entities/a/FormXml/main/1_managed.xml",
            "Other/Customizations.xml",
            "Other/Solution.xml",
            "Roles/managed.xml",
            "Roles/unmanaged.xml",
            "Workflows/a.json",
        ]
    );
    assert_eq!(
        unpacked.notes,
        [
            Note::HalvesDiffer { path: "Workflows/a.json".into() },
            Note::InOneHalf { path: "Roles/managed.xml".into(), kind: "managed" },
            Note::InOneHalf { path: "Roles/unmanaged.xml".into(), kind: "unmanaged" },
        ]
    );
    assert_eq!(folder["Workflows/a.json"], "managed");
    assert!(folder["Other/Solution.xml"].contains("<Managed>2</Managed>"));
    for (kind, digit, label) in [(PackKind::Unmanaged, 0, "unmanaged"), (PackKind::Managed, 1, "managed")] {
        let (packed, ..) = packed(&folder, kind).unwrap();
        let root = format!("<ImportExportXml{XSI}>");
        let expected = manifest(digit).replace('\r', "").replace("<ImportExportXml>", &root);
        assert_eq!(packed["solution.xml"], file(&expected));
        assert!(packed["customizations.xml"].contains(&format!("<l>{label}</l>")));
    }
    assert!(matches!(
        unpack(Archives::Both { unmanaged: &managed, managed: &unmanaged }, &UnpackOptions::default()),
        Err(LayoutError::OtherKind { .. })
    ));
}

#[test]
fn the_version_is_set_on_the_way() {
    let folder = unpacked("", &[]);
    let entries: Vec<(&str, &str)> =
        folder.iter().map(|(path, content)| (path.as_str(), content.as_str())).collect();
    let tree = package(&entries);
    let view = PackageFolder::new(&tree);
    let read = Folder::read(&view).unwrap();
    let options = PackOptions { version: Some("1.2.3.4".into()), ..PackOptions::default() };
    let packed = pack(&read, &options).unwrap();
    let expected = file(
        &manifest(0)
            .replace('\r', "")
            .replace("1.0<", "1.2.3.4<")
            .replace("<ImportExportXml>", &format!("<ImportExportXml{XSI}>")),
    );
    assert_eq!(files(&packed.parts)["solution.xml"], expected);
}

#[test]
fn content_types_follow_the_entries() {
    let folder = unpacked(
        "",
        &[("a/x.Png", "1"), ("a/y.png", "2"), ("b/none", "3"), ("b/z & z.xml", "4"), ("c/w.json", "5")],
    );
    let (packed, ..) = packed(&folder, PackKind::Unmanaged).unwrap();
    assert_eq!(
        packed["[Content_Types].xml"],
        "\u{FEFF}<?xml version=\"1.0\" encoding=\"utf-8\"?>\
         <Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">\
         <Default Extension=\"xml\" ContentType=\"text/xml\" />\
         <Default Extension=\"Png\" ContentType=\"application/octet-stream\" />\
         <Default Extension=\"json\" ContentType=\"application/octet-stream\" />\
         <Override PartName=\"/b/none\" ContentType=\"application/octet-stream\" />\
         <Override PartName=\"/b/z &amp; z.xml\" ContentType=\"application/octet-stream\" /></Types>"
    );
}

#[test]
fn names_of_folders_are_read_without_case() {
    let mut folder = unpacked("<Workflows /><Roles />", &[]);
    for name in ["Customizations", "Solution"] {
        let content = folder.remove(&format!("Other/{name}.xml")).unwrap();
        folder.insert(format!("other/{}.XML", name.to_lowercase()), content);
    }
    folder.insert("ROLES/a.xml".into(), "<Role name=\"a\" />".into());
    folder.insert("workflows/b.json".into(), "{}".into());
    folder.insert(
        "workflows/b.json.data.xml".into(),
        "<Workflow><JsonFileName>/Workflows/b.json</JsonFileName></Workflow>".into(),
    );
    let (packed, order, _) = packed(&folder, PackKind::Unmanaged).unwrap();
    assert!(packed["customizations.xml"].contains("<Role name=\"a\" />"));
    assert_eq!(order[2], "Workflows/b.json");
    assert!(is_packager_folder(folder.keys().map(String::as_str)));
}
