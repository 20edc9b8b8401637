//! A settings file brought up to what solutions ask for: new entries added, those that are gone dropped, what was filled
//! kept.

use super::edit::{Beside, JsonText};
use super::needs::entry;
use super::{Kind, Needs, SettingsFile};

/// What was done to a settings file.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Synced {
    /// The file as it is now.
    pub bytes: Vec<u8>,
    /// Entries that are new.
    pub added: Vec<(Kind, String)>,
    /// Entries that no solution has any more, dropped.
    pub dropped: Vec<(Kind, String)>,
    /// Entries that no solution has any more, kept because they are filled, or say something that only their author knows.
    pub kept: Vec<(Kind, String)>,
}

/// Brings a file up. A filled entry that no solution has any more is dropped only with `prune`.
pub fn sync(file: &SettingsFile, needs: &Needs, prune: bool) -> Synced {
    let mut synced = Synced::default();
    // One of the same list shows best how an entry is written; the edits of a list are those of one text.
    let examples = |kind: Kind| {
        let (own, others): (Vec<_>, Vec<_>) = file.entries.iter().partition(|entry| entry.kind == kind);
        [own, others].concat().iter().map(|entry| &*entry.pointer).collect::<Vec<_>>()
    };
    let mut text = JsonText::new(&file.document);
    for kind in Kind::ALL {
        let array = format!("/{}", kind.list());
        text.write_like(&examples(kind));
        let entries: Vec<_> = file.entries.iter().filter(|entry| entry.kind == kind).collect();
        let mut gone = Vec::new();
        for (at, entry) in entries.iter().enumerate() {
            if needs.get(kind, &entry.name).is_some() {
                continue;
            }
            if (entry.is_filled() || entry.has_more) && !prune {
                synced.kept.push((kind, entry.name.clone()));
            } else {
                gone.push(at);
                synced.dropped.push((kind, entry.name.clone()));
            }
        }
        let missing: Vec<_> = needs.missing(kind, file).collect();
        synced.added.extend(missing.iter().map(|need| (kind, need.name.clone())));
        let is_there = file.document.value().get(kind.list()).is_some_and(serde_json::Value::is_array);
        if !is_there {
            if !missing.is_empty() {
                let items: Vec<_> = missing.iter().map(|need| entry(kind, need)).collect();
                match file.document.range(&array) {
                    // The member is there, and null.
                    Some(_) => text.replace_items(&array, &items),
                    None => text.add_array(kind.list(), &items),
                }
            }
            continue;
        }
        let kept: Vec<usize> = (0..entries.len()).filter(|at| !gone.contains(at)).collect();
        let key = |name: &str| name.to_lowercase();
        let is_sorted = kept.is_sorted_by_key(|at| key(&entries[*at].name));
        let Some(last) = kept.last() else {
            // Where all go, the new ones take their place.
            if !gone.is_empty() || !missing.is_empty() {
                let items: Vec<_> = missing.iter().map(|need| entry(kind, need)).collect();
                text.replace_items(&array, &items);
            }
            continue;
        };
        let beside = |name: &str| {
            let behind = kept.iter().find(|at| is_sorted && key(&entries[**at].name) > key(name));
            behind.map_or(Beside::After(*last), |at| Beside::Before(*at))
        };
        let items: Vec<_> = missing.iter().map(|need| (beside(&need.name), entry(kind, need))).collect();
        text.insert_items(&array, &items);
        text.remove_items(&array, &kept, &gone);
    }
    synced.bytes = text.finish();
    synced
}
