//! What a component that only one side has is told as, beside its name.

use crate::model::{Component, ComponentType, Details};

/// Whether nothing is known of such a component but its bytes.
pub(super) fn is_told_by_size(kind: &ComponentType) -> bool {
    [ComponentType::FILE, ComponentType::DESKTOP_FLOW_BINARY, ComponentType::WEB_RESOURCE].contains(kind)
}

/// Its type, its connector, or its state; none where its name says all that is known.
pub(super) fn said(component: &Component) -> Option<String> {
    match &component.details {
        Details::EnvironmentVariable(variable) => variable.kind.words().map(str::to_owned),
        Details::ConnectionReference(reference) => {
            Some(reference.connector().to_owned()).filter(|connector| !connector.is_empty())
        }
        Details::CloudFlow(flow) => Some(if flow.on { "on" } else { "off" }.to_owned()),
        Details::Process(process) => Some(if process.on { "on" } else { "off" }.to_owned()),
        Details::DesktopFlow(_) | Details::Credential(_) => None,
        Details::EnvironmentVariableValue(_) | Details::Other => None,
    }
}
