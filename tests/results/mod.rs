//! Results made by hand, so that renderers are tested without reading packages: a release of an invented company. Every
//! text passes through a function, so that the same results can be made hostile.

mod environment;

use std::sync::Arc;

use solship::check::Check;
use solship::diff::{
    self, Changed, ComponentDiff, Diff, Hunk, LeftOut, Level, Line, NoiseCount, Path, Piece, Risk, SetDiff,
    State, Which,
};
use solship::environment_diff as environments;
use solship::excerpt::{Ends, Excerpt, ExcerptEdge};
use solship::gate::{Gate, Listed};
use solship::graph::{Evidence, HoldingSolution, NodeFacts, PlatformClass, Proof, Reference};
use solship::inspect::{ForeignComponent, Inspection, NeedFromElsewhere, count_kinds};
use solship::layout::Kind;
use solship::mapping;
use solship::model::*;
use solship::plan::*;
use solship::secrets::{
    ColumnUse, CredentialColumn, CredentialNeeds, DATAVERSE, Prerequisite, Rotation, SECRETS_ROLE,
    SecretVariable, Secrets, Source, Unfilled, VariableState, Vault, VaultSecret,
};
use solship::split;
use solship::transfer::{PackSummary, UnpackSummary, Written};
use solship::verify::{
    ArchiveFacts, Attestation, Content, EntryProof, EntryState, FolderFacts, Verification, VerifiedForm,
};
use solship::where_used::{Answer, Totals, UsageNode, UsageStep, WhereUsed};
use solship::write::{Change, ChangeKind, FolderSummary};

/// What is done to each text.
pub(crate) struct Texts(pub(crate) fn(&str) -> String);

impl Texts {
    fn text(&self, text: &str) -> String {
        (self.0)(text)
    }

    fn place(&self, file: &str, line: u32, column: u32) -> Place {
        Place { file: self.text(file).into(), line, column, pointer: None }
    }

    fn key(&self, kind: ComponentType, key: &str) -> ComponentKey {
        ComponentKey::new(kind, &self.text(key))
    }

    fn identity(&self, name: &str, version: &str) -> SolutionIdentity {
        SolutionIdentity {
            unique_name: self.text(name),
            version: Version::new(&self.text(version)),
            managed: false,
            publisher: self.text("fabrikam"),
            source: Arc::from(self.text(&format!("release/{name}.zip"))),
        }
    }

    fn lost(&self, code: Code) -> Finding {
        let message = self.text("ImportExportXml/Workflows does not say the same");
        Finding {
            component: Some(self.key(ComponentType::WORKFLOW, "Pay")),
            place: Some(self.place("release/FabFlows.zip:customizations.xml", 88, 5)),
            help: Some(self.text("--set-version V, when pack set the version")),
            ..Finding::new(code, Severity::Error, &self.text("FabFlows"), message)
        }
    }

    /// A set with one of everything: a secret of two variables, credentials of each state, a rotation flow.
    pub(crate) fn secrets(&self) -> Secrets {
        let column_use = |column: Option<&str>| ColumnUse {
            credential: self.key(ComponentType::CREDENTIAL, "Robot 7 login"),
            name: self.text("Robot 7"),
            solution: self.text("FabRobotAccess"),
            column: column.map(|column| self.text(column)),
            place: self.place("release/FabRobotAccess.zip:customizations.xml", 14, 5),
        };
        let variable = |name: &str, source, used_by| SecretVariable {
            variable: self.key(ComponentType::ENVIRONMENT_VARIABLE, name),
            solution: self.text("FabRobotAccess"),
            source,
            place: self.place("release/FabRobotAccess.zip:environmentvariabledefinitions", 1, 1),
            used_by,
        };
        let column = |name: &str, key: &str, state, user_name_form| CredentialColumn {
            column: Some(self.text(name)),
            variable: self.key(ComponentType::ENVIRONMENT_VARIABLE, key),
            variable_type: Some(VariableType::Text),
            state,
            user_name_form,
            place: self.place("release/FabRobotAccess.zip:customizations.xml", 20, 9),
        };
        let unfilled = Unfilled {
            variable: self.key(ComponentType::ENVIRONMENT_VARIABLE, "fab_Robot8Password"),
            solution: self.text("FabRobotAccess"),
            state: VariableState::Invalid(KeyVaultFault::Version),
            place: self.place("release/FabRobotAccess.zip:environmentvariabledefinitions", 1, 1),
            used_by: vec![column_use(Some("password"))],
        };
        Secrets {
            solutions: vec![self.identity("FabRobotAccess", "1.2.0.0")],
            vaults: vec![Vault {
                name: self.text("fab-kv"),
                subscription: self.text("0c0f0000-0000-4000-8000-000000000000"),
                resource_group: self.text("rg-robots"),
                secrets: vec![VaultSecret {
                    name: self.text("robot7"),
                    variables: vec![
                        variable("fab_Robot7Password", Source::Default, vec![column_use(Some("password"))]),
                        variable("fab_Other", Source::Value, vec![column_use(None), column_use(None)]),
                        variable("fab_Free", Source::Default, vec![]),
                    ],
                }],
                prerequisites: vec![
                    Prerequisite::ProviderRegistered { provider: self.text("Microsoft.PowerPlatform") },
                    Prerequisite::VaultExists,
                    Prerequisite::SecretExists { secret: self.text("robot7") },
                    Prerequisite::RoleOfDataverse {
                        role: SECRETS_ROLE.to_owned(),
                        application_id: DATAVERSE.to_owned(),
                    },
                    Prerequisite::RoleOfMakers { role: SECRETS_ROLE.to_owned() },
                    Prerequisite::SameTenant,
                    Prerequisite::NetworkOpen,
                    Prerequisite::EventSubscription { flows: vec![self.text("Tell of secrets")] },
                ],
            }],
            credentials: vec![CredentialNeeds {
                signs_in: vec![ComponentKey::new(
                    ComponentType::CONNECTION_REFERENCE,
                    &self.text("fab_desktop"),
                )],
                credential: self.key(ComponentType::CREDENTIAL, "Robot 7 login"),
                name: self.text("Robot 7"),
                solution: self.text("FabRobotAccess"),
                kind: CredentialKind::Certificate,
                uses: vec![CredentialUse::Connection],
                place: self.place("release/FabRobotAccess.zip:customizations.xml", 14, 5),
                columns: vec![
                    column("username", "fab_Robot7User", VariableState::Filled, Some(UserNameForm::Domain)),
                    column("certificate", "fab_Robot8", VariableState::Invalid(KeyVaultFault::Version), None),
                    column("password", "fab_Robot9", VariableState::Absent, None),
                    column("else", "fab_Robot10", VariableState::Empty, None),
                ],
            }],
            unfilled: vec![unfilled],
            rotations: vec![Rotation {
                flow: self.key(ComponentType::WORKFLOW, "Tell"),
                name: self.text("Tell of secrets"),
                solution: self.text("FabFlows"),
                vault: Some(self.text("fab-kv")),
                place: self.place("release/FabFlows.zip:Workflows/Tell.json", 1, 40),
            }],
            prerequisites: vec![
                Prerequisite::VaultsNotNamedYet {
                    provider: self.text("Microsoft.PowerPlatform"),
                    role: self.text(SECRETS_ROLE),
                    application_id: self.text(DATAVERSE),
                },
                Prerequisite::NotInGovernmentCloud,
                Prerequisite::CyberArk,
                Prerequisite::Certificate,
                Prerequisite::MachineMapping,
            ],
            findings: vec![
                self.lost(codes::INVALID_KEY_VAULT_REFERENCE),
                self.lost(codes::CREDENTIAL_INCOMPLETE),
            ],
        }
    }

    fn facts(&self, kind: &str, key: &str, words: &str, solutions: &[&str]) -> NodeFacts {
        let held = |name: &&str| HoldingSolution { unique_name: self.text(name), brings: true };
        NodeFacts {
            name: Some(self.text(key)),
            solutions: solutions.iter().map(held).collect(),
            ..NodeFacts::other(&self.text(kind), &self.text(key), self.text(words))
        }
    }

    fn proof(&self, evidence: Evidence, words: &str, line: u32) -> Proof {
        Proof {
            evidence,
            relation: self.text("credential-password").into(),
            words: self.text(words).into(),
            solution: Some(self.text("FabRobotAccess")),
            place: Some(self.place("release/FabRobotAccess.zip:customizations.xml", line, 5)),
        }
    }

    /// A secret that a flow stands on, and a flow that may.
    pub(crate) fn where_used(&self) -> WhereUsed {
        let nodes = [
            self.facts("secret", "fab-kv/robot7", "secret robot7 in vault fab-kv", &[]),
            self.facts("credential", "Robot 7", "credential \"Robot 7\"", &["FabRobotAccess"]),
            NodeFacts {
                on: Some(true),
                ..self.facts(
                    "workflow",
                    "Pay",
                    "cloud flow \"Pay\"",
                    &["FabFlows", "FabOld", "FabOther", "FabMore"],
                )
            },
            NodeFacts { absent: true, ..self.facts("workflow", "Post", "desktop flow \"Post\"", &[]) },
        ];
        let step = |used, by, may, proofs| UsageStep { used, by, may, proofs };
        let answer = Answer {
            nodes: nodes.into_iter().map(|facts| UsageNode { facts, may: false }).collect(),
            steps: vec![
                step(0, 1, false, vec![self.proof(Evidence::Observed, "takes its password from", 20)]),
                step(1, 2, false, vec![self.proof(Evidence::Stated, "signs in with", 12)]),
                step(1, 3, true, vec![self.proof(Evidence::Policy, "may: it uses credential actions", 39)]),
                step(2, 1, false, vec![self.proof(Evidence::Declared, "needs", 4)]),
            ],
            totals: Totals { flows: 1, flows_that_may: 1, solutions: 5 },
        };
        WhereUsed { answers: vec![answer.clone(), answer], nearest: vec![self.text("secret:fab-kv/robot7")] }
    }

    /// Two components, one of them not in the set.
    pub(crate) fn excerpt(&self) -> Excerpt {
        let nodes = vec![
            NodeFacts {
                on: Some(false),
                ..self.facts("workflow", "Pay", "cloud flow \"Pay\"", &["FabFlows"])
            },
            NodeFacts {
                absent: true,
                ..self.facts("connectionreference", "=fab", "connection reference =fab", &[])
            },
        ];
        let edge = |from, to, policy, proofs| ExcerptEdge { from, to, policy, proofs };
        Excerpt {
            nodes,
            edges: vec![
                edge(
                    0,
                    1,
                    false,
                    vec![
                        self.proof(Evidence::Observed, "uses", 20),
                        self.proof(Evidence::Declared, "needs", 4),
                    ],
                ),
                edge(1, 0, true, vec![self.proof(Evidence::Policy, "holds a credential", 30)]),
            ],
            ends: Some(Ends::From(vec![0])),
        }
    }

    /// A package of which something is lost.
    pub(crate) fn verification(&self) -> Verification {
        Verification {
            solution: self.identity("FabFlows", "3.1.0.0"),
            form: VerifiedForm::Archive,
            entries: 44,
            intact: false,
            contents: vec![Content { managed: false, entries: 43, sha256: "4b".repeat(32) }],
            left_alone: vec![self.text("README.md"), self.text("bin/")],
            findings: vec![self.lost(codes::XML_NOT_CARRIED)],
        }
    }

    /// Into a folder that was there, with one of everything.
    pub(crate) fn unpacked(&self) -> UnpackSummary {
        let change =
            |path: &str, kind, old_size, new_size| Change { path: self.text(path), kind, old_size, new_size };
        UnpackSummary {
            target: self.text("src/FabFlows").into(),
            kind: Kind::Both,
            folder: FolderSummary {
                changes: vec![
                    change("Assets/logo.svg", ChangeKind::Added, None, Some(1_234)),
                    change("Roles/Old.xml", ChangeKind::Deleted, Some(3), None),
                    change("Workflows/Pay.json", ChangeKind::Changed, Some(412), Some(431)),
                    change(
                        "other/A.xml",
                        ChangeKind::Renamed { from: self.text("Other/A.xml") },
                        Some(1),
                        Some(1),
                    ),
                ],
                unchanged: 41,
                kept: vec![self.text("README.md")],
                left: vec![self.text("Roles/Kept.xml")],
                finished_earlier: true,
                content: None,
            },
            mapped: vec![self.text("WebResources/fab_/a.js")],
            placeholders: vec![self.text("pluginpackages/fab/a.nupkg")],
            left_alone: vec![
                (self.text("README.md"), Some(mapping::Reason::ReadMe)),
                (self.text("x.tmp"), Some(mapping::Reason::Ignored { pattern: self.text("*.tmp") })),
                (self.text("link"), None),
            ],
            findings: vec![self.lost(codes::USUALLY_LEFT_ALONE)],
            dry_run: false,
        }
    }

    /// Two archives of one folder.
    pub(crate) fn packed(&self) -> PackSummary {
        let written = |path: &str, managed, bytes| Written {
            path: self.text(path).into(),
            managed,
            entries: 14,
            bytes,
        };
        PackSummary {
            written: vec![
                written("dist/FabFlows.zip", false, Some(123_456)),
                written("dist/FabFlows_managed.zip", true, None),
            ],
            folder: self.text("src/FabFlows"),
            left_alone: vec![(self.text("bin/"), mapping::Reason::BuildOutput)],
            mapped: vec![(self.text("WebResources/fab_/a.js"), self.text("web/a.js").into())],
            findings: vec![self.lost(codes::MAP_CHOICE)],
            dry_run: false,
        }
    }

    /// An archive that does not come from a folder.
    pub(crate) fn attestation(&self) -> Attestation {
        let content = Content { managed: false, entries: 2, sha256: "4b".repeat(32) };
        let proof = |path: &str, state| EntryProof {
            path: self.text(path),
            sha256: (state != EntryState::OnlyInFolder).then(|| "0c".repeat(32)),
            state,
        };
        Attestation {
            solution: self.identity("FabFlows", "3.1.0.0"),
            built_from_folder: false,
            set_version: Some(self.text("3.1.0.0")),
            archive: ArchiveFacts {
                source: self.text("release/FabFlows.zip").into(),
                sha256: Some("ab".repeat(32)),
                content: Some(content),
            },
            folder: FolderFacts { source: self.text("src/FabFlows").into(), files: 3, content: None },
            entries: vec![
                proof("Workflows/Pay.json", EntryState::Equal),
                proof("customizations.xml", EntryState::Different),
                proof("Assets/logo.svg", EntryState::OnlyInFolder),
            ],
            findings: vec![self.lost(codes::NOT_BUILT_FROM)],
        }
    }

    fn step(&self, number: usize, name: &str, version: &str, contents: &[(&str, usize)]) -> Step {
        let count = |&(kind, count): &(&str, usize)| Count { kind: self.text(kind), count };
        Step {
            number,
            solution: self.identity(name, version),
            contents: contents.iter().map(count).collect(),
            cycle: None,
            after: vec![],
            policy: None,
        }
    }

    fn reason(&self, evidence: Evidence, words: &str, place: Option<Place>) -> Reason {
        Reason { evidence: vec![evidence], words: self.text(words), from: None, to: None, place }
    }

    fn uses(&self, flow: &str, reference: &str, line: u32) -> Reason {
        let words = format!("cloud flow \"{flow}\" uses connection reference {reference}");
        let place = self.place(&format!("release/FabFlows.zip:Workflows/{flow}.json"), 1, line);
        Reason {
            from: Some(self.key(ComponentType::WORKFLOW, flow)),
            to: Some(self.key(ComponentType::CONNECTION_REFERENCE, reference)),
            ..self.reason(Evidence::Observed, &words, Some(place))
        }
    }

    fn after(&self, solution: &str, reasons: Vec<Reason>) -> Predecessor {
        Predecessor { solution: self.text(solution), reasons }
    }

    fn finding(&self, code: Code, severity: Severity, message: &str) -> Finding {
        Finding {
            component: Some(self.key(ComponentType::WORKFLOW, "Run payroll")),
            ..Finding::new(code, severity, &self.text("FabFlows"), self.text(message))
        }
    }

    /// Four solutions, what is missing, and findings of every level.
    pub(crate) fn plan(&self) -> Plan {
        let access = self.step(1, "FabRobotAccess", "1.2.0.0", &[("credential", 1), ("variable", 2)]);
        let shared =
            self.step(2, "FabShared", "2.0.1.4", &[("connection reference", 3), ("custom connector", 1)]);
        let mut robots = self.step(3, "FabRobots", "1.4.0.0", &[("desktop flow", 2)]);
        robots.after = vec![self.after(
            "FabShared",
            vec![self.reason(
                Evidence::Observed,
                "desktop flow \"Enter invoice\" uses connection reference fab_sharepoint",
                Some(self.place("release/FabRobots.zip:customizations.xml", 88, 7)),
            )],
        )];
        let policy = |words: &str, place| PolicyReason {
            policy: 0,
            words: self.text(words),
            component: self.key(ComponentType::WORKFLOW, "Post payroll"),
            place,
        };
        robots.policy = Some(policy(
            "desktop flow \"Post payroll\" uses credential actions; a credential comes before what may sign in with it",
            self.place("release/FabRobots.zip:customizations.xml", 120, 7),
        ));
        let contents = [("cloud flow", 6), ("table", 1), ("form", 2), ("view", 9), ("web resource", 3)];
        let mut flows = self.step(4, "FabFlows", "3.1.0.0", &contents);
        let runs = self.reason(
            Evidence::Observed,
            "cloud flow \"Run payroll\" runs desktop flow \"Post payroll\"",
            Some(self.place("release/FabFlows.zip:Workflows/RunPayroll.json", 1, 4127)),
        );
        let uses = |(flow, reference, column)| self.uses(flow, reference, column);
        let many = [
            ("Run payroll", "fab_mail", 310),
            ("Run payroll", "fab_mail", 977),
            ("Run payroll", "fab_excel", 1310),
            ("Remind", "fab_mail", 310),
            ("Remind", "fab_excel", 977),
        ];
        let many = many.into_iter().map(uses).collect();
        flows.after = vec![self.after("FabRobots", vec![runs]), self.after("FabShared", many)];
        let queue_place = self.place("release/FabRobots.zip:solution.xml", 40, 9);
        let queue = self.needed(
            ComponentType::TABLE,
            "workqueue",
            None,
            "desktop flow \"Post payroll\"",
            &queue_place,
        );
        let variable_place = self.place("release/FabFlows.zip:Workflows/RunPayroll.json", 1, 99);
        let variable = self.needed(
            ComponentType::ENVIRONMENT_VARIABLE,
            "fab_Limit",
            Some("Limit"),
            "cloud flow \"Run payroll\"",
            &variable_place,
        );
        let connector_place = self.place("release/FabFlows.zip:solution.xml", 50, 9);
        let connector = |name: &str| {
            let used_by = "cloud flow \"Run payroll\"";
            self.needed(ComponentType::CONNECTOR, &name.to_lowercase(), Some(name), used_by, &connector_place)
        };
        Plan {
            steps: vec![access, shared, robots, flows],
            cycles: vec![],
            policies: vec![Policy {
                before: ["FabRobotAccess", "FabVault", "FabVaultOld"].map(|name| self.text(name)).into(),
                after: vec![self.text("FabRobots")],
            }],
            unresolved: vec![
                Need {
                    provider: Some(self.text("FabConnectors")),
                    lowest_version: Some(Version::new("1.0.0.7")),
                    target_version: None,
                    platform: None,
                    components: vec![
                        connector("Payroll"),
                        connector("Bank"),
                        connector("Tax"),
                        connector("Tax"),
                    ],
                    needed_by: vec![self.text("FabFlows")],
                },
                Need {
                    provider: None,
                    lowest_version: None,
                    target_version: None,
                    platform: None,
                    components: vec![variable],
                    needed_by: vec![self.text("FabFlows")],
                },
            ],
            platform: vec![Need {
                provider: Some(self.text("MicrosoftFlowExtensionsCore")),
                lowest_version: Some(Version::new("1.10.18.1")),
                target_version: None,
                platform: Some(PlatformClass::Base),
                components: vec![queue],
                needed_by: vec![self.text("FabRobots")],
            }],
            unchanged: vec![],
            findings: vec![
                Finding {
                    place: Some(connector_place.clone()),
                    ..self.finding(
                        codes::MISSING_PROVIDER,
                        Severity::Error,
                        "FabConnectors is not in the set",
                    )
                },
                Finding {
                    place: Some(variable_place),
                    ..self.finding(codes::DANGLING_REFERENCE, Severity::Error, "nothing brings fab_Limit")
                },
                Finding {
                    place: Some(Place {
                        pointer: Some(self.text("/properties/definition")),
                        ..self.place("release/FabFlows.zip:Workflows/RunPayroll.json", 1, 212)
                    }),
                    help: Some(self.text("export FabFlows again, so that it lists what it needs")),
                    ..self.finding(
                        codes::UNDECLARED_REFERENCE,
                        Severity::Note,
                        "FabFlows does not declare desktop flow \"Post payroll\" of FabRobots",
                    )
                },
                self.finding(
                    codes::SAME_SOLUTION_TWICE,
                    Severity::Warning,
                    "FabShared is in two packages; 2.0.1.4 counts",
                ),
                Finding {
                    place: Some(queue_place),
                    ..self.finding(codes::PLATFORM_SOLUTION_NEEDED, Severity::Note, "the target must have it")
                },
            ],
        }
    }

    fn needed(
        &self,
        kind: ComponentType,
        key: &str,
        name: Option<&str>,
        used_by: &str,
        place: &Place,
    ) -> NeededPart {
        NeededPart {
            component: self.key(kind, key),
            name: name.map(|name| self.text(name)),
            solution: self.text("FabFlows"),
            used_by: self.text(used_by),
            declared: true,
            place: place.clone(),
        }
    }

    /// Two environments, with everything that can differ.
    pub(crate) fn environment_diff(&self) -> environments::EnvironmentDiff {
        use environments::*;
        use solship::environment::Role;
        use solship::environment::import::Origin;

        let text = |text: &str| self.text(text);
        fn differs<T>(
            component: ComponentKey,
            title: String,
            left: Option<T>,
            right: Option<T>,
        ) -> Difference<T> {
            Difference { component, title, left, right, hint: None }
        }
        let layer = |unmanaged: bool, covers: Option<&str>| WinningLayer {
            unmanaged,
            solutions: vec![text("FabFlows")],
            covers: covers.map(text),
        };
        let variable = |name: &str| (self.key(ComponentType::ENVIRONMENT_VARIABLE, name), text(name));
        let found = |name: &str, left, right| {
            let (component, title) = variable(name);
            Found { component, title, left, right }
        };
        let solution =
            |version: &str, managed| SolutionState { version: Version::new(version), managed, staged: false };
        let value = |source| VariableState { source, value: MASK.to_owned() };
        let table = || self.key(ComponentType::TABLE, "fab_robot");
        let (limit, limit_title) = variable("fab_Limit");
        let robot = || self.key(ComponentType::CREDENTIAL, "0c0ffee0-0000-4000-8000-000000000001");
        let credential = CredentialState {
            kind: CredentialKind::UserNamePassword,
            variables: vec![("username".to_owned(), text("fab_User"))],
            layer: layer(true, None),
        };
        let bound = BoundConnection {
            connector: text("shared_uiflow"),
            name: text("Robot 7"),
            parameter_set: Some("azureRelay".to_owned()),
            credential: Some(robot()),
            credential_title: Some(text("credential \"Robot 7\"")),
        };
        let reference = self.key(ComponentType::CONNECTION_REFERENCE, "fab_Desktop");
        let flow = self.key(ComponentType::WORKFLOW, "0c0ffee0-0000-4000-8000-000000000002");
        EnvironmentDiff {
            left: text("local:uat"),
            right: text("prod.json"),
            solutions: vec![
                SolutionDifference {
                    unique_name: text("FabFlows"),
                    left: Some(solution("3.1.0.0", true)),
                    right: Some(solution("3.0.0.0", true)),
                    other_content: false,
                },
                SolutionDifference {
                    unique_name: text("FabShared"),
                    left: Some(solution("1.0.0.0", true)),
                    right: Some(solution("1.0.0.0", true)),
                    other_content: true,
                },
                SolutionDifference {
                    unique_name: text("FabOld"),
                    left: None,
                    right: Some(solution("1.0.0.0", false)),
                    other_content: false,
                },
            ],
            components: vec![
                differs(
                    table(),
                    text("table fab_robot"),
                    Some(layer(false, None)),
                    Some(layer(true, Some("FabFlows"))),
                ),
                differs(table(), text("table fab_new"), Some(layer(false, None)), None),
                differs(table(), text("table fab_same"), Some(layer(false, None)), Some(layer(false, None))),
            ],
            variables: vec![
                differs(
                    limit.clone(),
                    limit_title.clone(),
                    Some(value(Origin::Own)),
                    Some(value(Origin::Default)),
                ),
                differs(
                    limit,
                    limit_title,
                    None,
                    Some(value(Origin::Managed { solution: text("FabFlows") })),
                ),
            ],
            connections: vec![
                ConnectionDifference { left: Some(bound.clone()), right: None },
                ConnectionDifference {
                    left: Some(BoundConnection { credential: None, credential_title: None, ..bound.clone() }),
                    right: Some(bound.clone()),
                },
            ],
            connection_references: vec![differs(
                reference,
                text("connection reference fab_Desktop"),
                Some(bound),
                None,
            )],
            credentials: vec![Difference {
                hint: Some(text("one of the same name has another id there")),
                ..differs(robot(), text("credential \"Robot 7\""), None, Some(credential))
            }],
            shares: vec![ShareDifference {
                component: robot(),
                title: text("credential \"Robot 7\""),
                principal: text("user:********#1"),
                left: Some(Role::View),
                right: Some(Role::CoOwner),
            }],
            flows: vec![differs(
                flow,
                text("cloud flow \"Run payroll\""),
                Some(FlowState { on: true }),
                Some(FlowState { on: false }),
            )],
            untold_shares: Vec::new(),
            untold: vec![Untold {
                component: self.key(ComponentType::ENVIRONMENT_VARIABLE, "fab_Region"),
                title: text("variable fab_Region"),
                left: Origin::Own,
                right: Origin::Managed { solution: text("FabShared") },
            }],
            unset: vec![found("fab_Password", true, false)],
            drift: vec![found("fab_robot", false, true)],
            plan: vec![
                Step {
                    number: 1,
                    action: Action::Import,
                    words: text("solution FabFlows 3.1.0.0 (managed)"),
                    note: Some(text("over 3.0.0.0")),
                    command: Some(text("solship deploy FabFlows_3_1_0_0_managed.zip --env ENV")),
                },
                Step {
                    number: 2,
                    action: Action::TurnOn,
                    words: text("cloud flow \"Run payroll\""),
                    note: None,
                    command: None,
                },
            ],
            plan_to: text("local:uat"),
            plan_from: text("prod.json"),
        }
    }

    /// A solution that was split into what the plan has, every component moved.
    pub(crate) fn split(&self) -> split::Split {
        let text = |text: &str| self.text(text);
        let plan = self.plan();
        let solutions = vec![plan.steps[1].solution.clone()];
        let component = |name: &str, because: Option<&str>| split::Placed {
            component: Some(self.key(ComponentType::ENVIRONMENT_VARIABLE, name)),
            title: text(name),
            because: because.map(text),
            moved: because.is_some(),
        };
        let part = |step: solship::plan::Step| split::Part {
            number: step.number,
            solution: step.solution,
            display_name: text("Robots - Rest"),
            what: Some(text("everything else")),
            contents: step.contents,
            after: step.after,
            policy: step.policy.map(|policy| policy.words),
            components: vec![component("fab_Limit", Some("a flow reads it")), component("fab_User", None)],
            entries: Vec::new(),
        };
        split::Split {
            unchanged: solutions.clone(),
            solutions,
            parts: plan.steps.into_iter().map(part).collect(),
            notes: vec![text("a note")],
            in_place: vec![text("import the parts first")],
        }
    }

    /// A solution that was made of several.
    pub(crate) fn merged(&self) -> split::Merged {
        let plan = self.plan();
        split::Merged {
            solution: plan.steps[0].solution.clone(),
            parts: plan.steps.into_iter().map(|step| step.solution).collect(),
            display_name: self.text("Robots"),
            components: 12,
            held_by_several: vec![self.text("connection reference fab_Mail")],
            entries: Vec::new(),
        }
    }

    /// Two states of a solution, with everything that can differ.
    pub(crate) fn diff(&self) -> SetDiff {
        let text = |text: &str| self.text(text);
        let path = |part: &[&str], field: &[&str]| Path {
            part: part.iter().map(|part| text(part)).collect(),
            field: field.iter().map(|field| text(field)).collect(),
        };
        let marked =
            vec![Piece::Same(text("every")), Piece::Removed(text("Day")), Piece::Added(text("Hour"))];
        let change = |changed| diff::Change {
            path: path(&["Scope", "Send mail"], &["inputs", "to"]),
            marked: if matches!(changed, Changed::Text(..)) { marked.clone() } else { Vec::new() },
            changed,
        };
        let hunk = Hunk {
            left: 1,
            right: 2,
            lines: vec![Line::Same(text("same")), Line::Removed(text("old")), Line::Added(text("new"))],
        };
        let changes = vec![
            change(Changed::Added(text("type Compose"))),
            change(Changed::Removed(text("type Compose"))),
            change(Changed::Moved(Some(text("Scope")))),
            change(Changed::Moved(None)),
            change(Changed::Set(text("1"))),
            change(Changed::Unset(text("1"))),
            change(Changed::Text(text("Day"), text("Hour"))),
            change(Changed::Lines(vec![hunk])),
            change(Changed::Hidden),
            change(Changed::Noted(text("it holds too much"))),
        ];
        let noise = || vec![NoiseCount { what: "order of dependencies".to_owned(), count: 2480 }];
        let component = |name: &str, state, changes: Vec<diff::Change>| ComponentDiff {
            component: self.key(ComponentType::ENVIRONMENT_VARIABLE, name),
            title: text(name),
            state,
            says: None,
            noise: if changes.is_empty() { Vec::new() } else { noise() },
            changes,
        };
        let diff = Diff {
            differs: true,
            left: self.identity("FabFlows", "3.0.0.4"),
            right: self.identity("FabFlows", "3.1.0.0"),
            components: vec![
                component("fab_Limit", State::Changed, changes),
                component("fab_New", State::Added, Vec::new()),
                component("fab_Old", State::Removed, Vec::new()),
            ],
            noise: noise(),
            risks: vec![
                Risk {
                    level: Level::Refused,
                    words: text("the publisher was fabrikam"),
                    component: None,
                    dataverse: Some(DataverseError::PUBLISHER_CHANGED),
                },
                Risk {
                    level: Level::Deletes,
                    words: text("an upgrade deletes variable fab_Old"),
                    component: Some(self.key(ComponentType::ENVIRONMENT_VARIABLE, "fab_Old")),
                    dataverse: None,
                },
            ],
        };
        SetDiff {
            some_types: true,
            left_out: vec![LeftOut {
                side: Which::Left,
                solution: self.identity("FabFlows", "2.0.0.0"),
                because: diff::Because::LowerVersion,
                instead: self.identity("FabFlows", "3.0.0.4"),
            }],
            solutions: vec![diff],
            added: vec![self.identity("FabNew", "1.0.0.0")],
            removed: vec![self.identity("FabOld", "1.0.0.0")],
            risks: vec![Risk {
                level: Level::Action,
                words: text("flow Pay of FabFlows still reads fab_Old of FabOld, which is gone"),
                component: None,
                dataverse: None,
            }],
        }
    }

    /// What was found in one solution, with the line of each finding.
    pub(crate) fn check(&self) -> Check {
        let excerpt = self.text("<Workflow Name=\"Pay\">");
        let length = excerpt.chars().count() as u32 - 2;
        let findings = self.gate().findings.into_iter().map(|finding| Finding {
            excerpt: Some(excerpt.clone()),
            mark: Some(Mark { start: 1, length }),
            ..finding
        });
        let solutions = vec![self.identity("FabFlows", "1.0.0.0")];
        Check { environment: Some(self.text("local:uat")), solutions, findings: findings.collect() }
    }

    /// An order in which a flow comes before its credential, with everything that a finding can say.
    pub(crate) fn gate(&self) -> Gate {
        let place = self.place("deploy/ImportConfig.xml", 5, 5);
        let finding = self.finding(
            codes::FLOW_BEFORE_CREDENTIAL,
            Severity::Error,
            "FabFlows is imported before FabRobotAccess",
        );
        let because = |words: &str, line| Because {
            words: self.text(words),
            place: Some(self.place("release/FabFlows.zip:customizations.xml", line, 5)),
        };
        let row = |name: &str, solution: Option<&str>| Listed {
            name: self.text(name),
            solution: solution.map(|solution| self.text(solution)),
            place: place.clone(),
        };
        Gate {
            order: self.text("deploy/ImportConfig.xml"),
            rows: vec![row("FabFlows.zip", Some("FabFlows")), row("FabGone.zip", None)],
            solutions: 2,
            findings: vec![
                Finding {
                    place: Some(place.clone()),
                    excerpt: Some(self.text("<configsolutionfile solutionpackagefilename=\"FabFlows.zip\"")),
                    because: vec![because("cloud flow \"Run payroll\" runs desktop flows", 12)],
                    otherwise: Some(self.text("the reference stays unbound")),
                    dataverse: Some(DataverseError::MISSING_DEPENDENCIES),
                    help: Some(self.text("solship plan --check deploy/ImportConfig.xml --fix")),
                    ..finding
                },
                self.finding(codes::PRESENT_BUT_NOT_LISTED, Severity::Warning, "FabShared is not listed"),
            ],
        }
    }

    /// Two solutions that need each other, and one after them.
    pub(crate) fn cycle(&self) -> Plan {
        let mut flows = self.step(1, "FabFlows", "3.1.0.0", &[("cloud flow", 6)]);
        let mut shared = self.step(2, "FabShared", "2.0.1.4", &[("connection reference", 3)]);
        let mut site = self.step(3, "FabSite", "1.0.0.0", &[("canvas app", 1)]);
        (flows.cycle, shared.cycle) = (Some(0), Some(0));
        let uses = self.uses("Run payroll", "fab_mail", 12);
        let calls = self.reason(
            Evidence::Observed,
            "cloud flow \"Remind\" calls cloud flow \"Run payroll\"",
            Some(self.place("release/FabShared.zip:Workflows/Remind.json", 1, 30)),
        );
        flows.after = vec![self.after("FabShared", vec![uses.clone()])];
        shared.after = vec![self.after("FabFlows", vec![calls.clone()])];
        site.after = vec![self.after("FabShared", vec![uses.clone()])];
        let arc = |solution: &str, needs: &str, reason| solship::plan::Arc {
            solution: self.text(solution),
            needs: self.text(needs),
            reasons: vec![reason],
        };
        Plan {
            steps: vec![flows, shared, site],
            cycles: vec![Cycle {
                members: vec![self.text("FabFlows"), self.text("FabShared")],
                arcs: vec![arc("FabFlows", "FabShared", uses), arc("FabShared", "FabFlows", calls)],
                way_out: self.text("move cloud flow \"Remind\" from FabShared to FabFlows"),
            }],
            policies: vec![],
            unresolved: vec![],
            platform: vec![],
            unchanged: vec![],
            findings: vec![self.finding(
                codes::DEPENDENCY_CYCLE,
                Severity::Error,
                "FabFlows and FabShared need each other",
            )],
        }
    }

    fn component(&self, kind: ComponentType, key: &str, name: &str, details: Details) -> Component {
        Component {
            key: self.key(kind, key),
            aliases: vec![],
            name: self.text(name),
            place: self.place("release/FabRobotAccess.zip:customizations.xml", 9, 5),
            table: None,
            unmodified: false,
            shell: false,
            details,
            uses: vec![],
        }
    }

    fn variable(
        &self,
        name: &str,
        kind: VariableType,
        value: Option<&str>,
        secret: Option<SecretReference>,
    ) -> Component {
        let details = Details::EnvironmentVariable(EnvironmentVariable {
            kind,
            default: Some(Masked::new("the default of it")),
            value: value.map(Masked::new),
            secret,
            user_name_form: (kind == VariableType::Text).then_some(UserNameForm::Domain),
            required: false,
            source: solship::model::VariableSource::default(),
        });
        self.component(ComponentType::ENVIRONMENT_VARIABLE, name, name, details)
    }

    /// One solution with a part of every kind that has a section.
    pub(crate) fn inspection(&self) -> Inspection {
        let variable = |key| self.key(ComponentType::ENVIRONMENT_VARIABLE, key);
        let credential = Details::Credential(Credential {
            kind: CredentialKind::UserNamePassword,
            uses: vec![CredentialUse::Connection, CredentialUse::Unknown(7)],
            variables: vec![
                (self.text("username"), variable("fab_Robot7User")),
                (self.text("password"), variable("fab_Robot7Password")),
                (self.text("certificate"), variable("fab_Elsewhere")),
            ],
            columns: vec![self.text("targettype")],
        });
        let secret = SecretReference::KeyVault(KeyVaultReference {
            subscription: self.text("0c0f0000-0000-0000-0000-000000000000"),
            resource_group: self.text("rg-robots"),
            vault: self.text("fab-kv"),
            secret: self.text("robot7"),
        });
        let mail = Details::ConnectionReference(ConnectionReference {
            connector_id: format!(
                "/providers/Microsoft.PowerApps/apis/{}",
                self.text("shared_office365").replace('/', "")
            ),
        });
        let flow = Details::CloudFlow(CloudFlow {
            on: true,
            runs_desktop_flows: true,
            connectors: vec![self.text("shared_office365")],
            ..CloudFlow::default()
        });
        let robot = Details::DesktopFlow(DesktopFlow {
            uses_credentials: true,
            binaries: 1,
            ..DesktopFlow::default()
        });
        let components = vec![
            self.component(
                ComponentType::CREDENTIAL,
                "11111111-2222-3333-4444-555555555555",
                "Robot 7",
                credential,
            ),
            self.variable("fab_Robot7User", VariableType::Text, None, None),
            self.variable("fab_Robot7Password", VariableType::Secret, Some("the value of it"), Some(secret)),
            self.variable(
                "fab_Broken",
                VariableType::Secret,
                None,
                Some(SecretReference::Invalid(KeyVaultFault::WebAddress)),
            ),
            self.component(ComponentType::CONNECTION_REFERENCE, "fab_mail", "Mail of the robots", mail),
            self.component(
                ComponentType::WORKFLOW,
                "0c0f0000-0000-0000-0000-000000000001",
                "Run payroll",
                flow,
            ),
            self.component(
                ComponentType::WORKFLOW,
                "0c0f0000-0000-0000-0000-000000000002",
                "Post payroll",
                robot,
            ),
            self.component(ComponentType::named(&self.text("fab_thing")), "a", "a", Details::Other),
        ];
        let reference = |relation, to: Option<ComponentKey>| Reference {
            from: components[5].key.clone(),
            to,
            relation: Some(relation),
            column: None,
            evidence: Evidence::Observed,
            place: Place {
                pointer: Some(self.text("/properties")),
                ..self.place("release/FabRobotAccess.zip:Workflows/RunPayroll.json", 1, 212)
            },
        };
        let references = vec![
            reference(Relation::FlowDesktopFlow, Some(components[6].key.clone())),
            reference(Relation::FlowConnectionReference, Some(components[4].key.clone())),
            reference(
                Relation::FlowConnectionReference,
                Some(self.key(ComponentType::CONNECTION_REFERENCE, "fab_excel")),
            ),
            reference(Relation::FlowVariable, None),
        ];
        let needs = vec![NeedFromElsewhere {
            provider: Some(self.text("FabShared")),
            lowest_version: Some(Version::new(&self.text("2.0.1.4"))),
            components: vec![ForeignComponent {
                component: self.key(ComponentType::CONNECTION_REFERENCE, "fab_excel"),
                words: self.text("connection reference fab_excel"),
                used_by: self.text("cloud flow \"Run payroll\""),
                declared: true,
                place: self.place("release/FabRobotAccess.zip:solution.xml", 31, 7),
            }],
        }];
        let mut finding =
            self.finding(codes::ILL_FORMED_FILE, Severity::Error, "ill-formed JSON: expected value");
        finding.place = Some(self.place("release/FabRobotAccess.zip:Workflows/Old.json", 3, 1));
        Inspection {
            solution: self.identity("FabRobotAccess", "1.2.0.0"),
            display_name: self.text("Access of the robots"),
            publisher_details: Publisher {
                unique_name: self.text("fabrikam"),
                display_name: self.text("Fabrikam"),
                prefix: self.text("fab"),
            },
            entries: 5,
            bytes: 6_200,
            counts: count_kinds(&components),
            components,
            references,
            needs,
            findings: vec![finding],
        }
    }
}
