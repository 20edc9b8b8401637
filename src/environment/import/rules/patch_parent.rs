//! A patch needs its parent, is as managed as that, and has its major and minor version with a higher build or
//! revision (0x80048539); a patch has no patch [D PATCH, SOLT]. That a missing parent is answered with 0x80048034 is inferred.

use crate::environment::import::Refusal;
use crate::environment::import::checked::Checked;
use crate::model::{DataverseError, Provided, Version};

const RULE: &str = "patch-parent";

pub(super) fn broken(checked: &Checked<'_>) -> Vec<Refusal> {
    let incoming = checked.incoming;
    let name = &incoming.unique_name;
    let mut refusals = Vec::new();
    if let Some(there) = checked.existing {
        let there = there.parent.as_deref();
        let parent = incoming.parent.as_ref().map(|(parent, _)| parent.as_str());
        let words = match (there, parent) {
            (Some(there), None) => format!("{name} is there as a patch of {there}, and the package is no patch"),
            (None, Some(parent)) => format!("{name} is there and no patch, and the package is a patch of {parent}"),
            (Some(there), Some(parent)) if !there.eq_ignore_ascii_case(parent) => {
                format!("{name} is there as a patch of {there}, and the package is a patch of {parent}")
            }
            _ => String::new(),
        };
        if !words.is_empty() {
            refusals.push(Refusal::new(RULE, None, words).at(&incoming.place));
        }
    }
    let Some((parent, place)) = &incoming.parent else { return refusals };
    let Some(there) = checked.state.solution(parent) else {
        let words = format!("{name} is a patch of {parent}, which is not installed");
        let mut refusal = Refusal::new(RULE, DataverseError::SOLUTION_NOT_INSTALLED, words).at(place);
        let [major, minor, ..] = incoming.version.parts();
        let version = Some(Version::new(&format!("{major}.{minor}.0.0")));
        refusal.lacks = Some(Provided { unique_name: parent.clone(), version });
        refusals.push(refusal);
        return refusals;
    };
    if there.parent.is_some() {
        let words = format!("{name} is a patch of {parent}, which is a patch itself");
        refusals.push(Refusal::new(RULE, None, words).at(place));
    }
    let (version, of) = (&incoming.version, &there.version);
    if version.parts()[..2] != of.parts()[..2] || version <= of {
        let words = format!("{version} is no version of a patch of {parent} {of}");
        refusals.push(Refusal::new(RULE, DataverseError::PATCH_VERSION, words).at(place));
    }
    if !there.provided && there.managed != incoming.managed {
        let state = |managed| if managed { "managed" } else { "unmanaged" };
        let words =
            format!("{name} is {}, and its parent {parent} is {}", state(incoming.managed), state(there.managed));
        refusals.push(Refusal::new(RULE, None, words).at(place));
    }
    refusals
}
