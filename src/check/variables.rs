//! The texts that packages carry for environment variables: values and defaults. None of them is ever shown.

use super::rule::Report;
use super::set::Set;
use crate::model::{Component, Details, EnvironmentVariable, Finding, MASK, Masked, Place, Solution, Target};

/// One value or default.
pub(super) struct VariableText<'s> {
    pub(super) solution: &'s Solution,
    /// The variable, or the value that travels without it.
    pub(super) component: &'s Component,
    /// The variable; none when no package of the set defines it.
    pub(super) variable: Option<&'s EnvironmentVariable>,
    pub(super) text: &'s Masked,
    pub(super) is_default: bool,
    place: &'s Place,
}

/// Every value and default in the set.
pub(super) fn texts<'s>(set: &Set<'s>) -> Vec<VariableText<'s>> {
    let mut texts = Vec::new();
    for solution in set.solutions.iter().copied() {
        for component in &solution.components {
            match &component.details {
                Details::EnvironmentVariable(variable) => {
                    let both = [
                        (&variable.default, &variable.source.default_place, true),
                        (&variable.value, &variable.source.value_place, false),
                    ];
                    for (text, place, is_default) in both {
                        let Some(text) = text else { continue };
                        let place = place.as_ref().unwrap_or(&component.place);
                        let variable = Some(variable);
                        texts.push(VariableText { solution, component, variable, text, is_default, place });
                    }
                }
                Details::EnvironmentVariableValue(value) => {
                    let Some(text) = &value.value else { continue };
                    let place = &component.place;
                    let variable = component.uses.iter().find_map(|used| variable(set, &used.target));
                    texts.push(VariableText {
                        solution,
                        component,
                        variable,
                        text,
                        is_default: false,
                        place,
                    });
                }
                _ => {}
            }
        }
    }
    texts
}

fn variable<'s>(set: &Set<'s>, target: &Target) -> Option<&'s EnvironmentVariable> {
    let Target::Component(key) = target else { return None };
    match &set.find(key)?.1.details {
        Details::EnvironmentVariable(variable) => Some(variable),
        _ => None,
    }
}

impl VariableText<'_> {
    /// `value` or `default value`.
    pub(super) fn words(&self) -> &'static str {
        if self.is_default { "default value" } else { "value" }
    }

    /// A finding where the text stands, without it.
    pub(super) fn report<'r>(&self, report: &'r mut Report<'_>, message: String) -> &'r mut Finding {
        let shown = if self.is_default {
            format!("<defaultvalue>{MASK}</defaultvalue>")
        } else {
            format!("\"value\": \"{MASK}\"")
        };
        report.about_of(self.solution, self.component, message).at(self.place.clone()).shown(shown)
    }
}

#[cfg(test)]
mod tests {
    use crate::check::Example;

    const SOLUTION: &str = r#"
`environmentvariabledefinitions/fab_Limit/environmentvariabledefinition.xml`:

```xml
<environmentvariabledefinition schemaname="fab_Limit"><defaultvalue>geheim</defaultvalue><type>100000001</type></environmentvariabledefinition>
```

`environmentvariabledefinitions/fab_Limit/environmentvariablevalues.json`:

```json
{ "environmentvariablevalues": { "environmentvariablevalue": { "value": "geheim, too" } } }
```

`FabOther.zip:environmentvariabledefinitions/fab_Limit/environmentvariablevalues.json`:

```json
{ "environmentvariablevalues": { "environmentvariablevalue": { "value": "geheim as well" } } }
```
"#;

    #[test]
    fn every_text_is_looked_at_and_none_is_shown() {
        let check = Example::read(SOLUTION).unwrap().check().unwrap();
        let found: Vec<_> = check.findings.iter().filter(|finding| finding.code.id == "VAR003").collect();
        let places: Vec<String> =
            found.iter().filter_map(|finding| Some(finding.place.as_ref()?.to_string())).collect();
        assert_eq!(
            places,
            [
                "FabFlows.zip:environmentvariabledefinitions/fab_Limit/environmentvariabledefinition.xml:1:55",
                "FabFlows.zip:environmentvariabledefinitions/fab_Limit/environmentvariablevalues.json:1:62",
                "FabOther.zip:environmentvariabledefinitions/fab_Limit/environmentvariablevalues.json:1:62",
            ]
        );
        assert!(found.iter().all(|finding| finding.excerpt.is_some()));
        assert!(!format!("{:?}", check.findings).contains("geheim"));
    }
}
