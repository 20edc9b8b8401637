//! Work queues of desktop flows: section `workqueues` of customizations.xml (`FORMATS.md` §1.7). Their items are data and in
//! no package. Read [`read`] first.

use super::reading::Reading;
use super::{Component, ComponentKey, ComponentType, ModelError};

/// Rows of `workqueues`.
pub(crate) fn read(reading: &mut Reading<'_>) -> Result<(), ModelError> {
    reading.rows("workqueues", "workqueue", &mut |_, part, row| {
        let id = row.attribute("workqueueid").or_else(|| row.child_text("workqueueid"))?;
        let key = ComponentKey::new(ComponentType::WORK_QUEUE, &id);
        let name = row.child_text("name").unwrap_or_default();
        (!key.key.is_empty()).then(|| Component::new(key, name.trim(), part.place(row)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::testing::customizations;

    #[test]
    fn work_queues_are_rows() {
        let solution = customizations(
            "<workqueues><workqueue workqueueid='0c0ffee0-0000-4000-8000-00000000000a'><name>Invoices</name>\
             </workqueue><workqueue /></workqueues>",
            &[],
        );
        let [queue] = &solution.components[..] else { panic!("one row") };
        assert_eq!((&queue.key.kind, &*queue.name), (&ComponentType::WORK_QUEUE, "Invoices"));
    }
}
