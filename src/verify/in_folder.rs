//! Places in the files of a folder, for findings.

use super::roots::Places;
use super::trip::parsed;
use crate::layout::{FolderView, LayoutError};
use crate::model::{Component, Place, RootComponent};
use crate::text::Position;
use crate::xml::Document;

const MANIFEST: &str = "Other/Solution.xml";

/// Places in the user's own files.
pub(super) struct InFolder {
    label: String,
    manifest: Option<Document>,
}

impl InFolder {
    pub(super) fn new(view: &dyn FolderView) -> Result<Self, LayoutError> {
        let file = view.files().iter().position(|file| file.path.eq_ignore_ascii_case(MANIFEST));
        let manifest = file.map(|file| parsed(MANIFEST, view.read(file)?)).transpose()?;
        Ok(Self { label: view.label().trim_end_matches('/').to_owned(), manifest })
    }

    pub(super) fn whole(&self, path: &str) -> Place {
        Place::whole(&format!("{}/{path}", self.label).into())
    }

    pub(super) fn at(&self, path: &str, position: Position) -> Place {
        Place::new(&format!("{}/{path}", self.label).into(), position)
    }
}

impl Places for InFolder {
    /// Pack keeps the rows of the manifest in their order.
    fn root(&self, number: usize, _: &RootComponent) -> Place {
        let row = self.manifest.as_ref().and_then(|manifest| {
            let components = manifest.root().child("SolutionManifest")?.child("RootComponents")?;
            let row = components.children().filter(|row| row.name() == "RootComponent").nth(number)?;
            Some(row.position())
        });
        row.map_or_else(|| self.whole(MANIFEST), |position| self.at(MANIFEST, position))
    }

    /// In which file a component lies is known to the layout only.
    fn component(&self, _: &Component) -> Place {
        self.whole(MANIFEST)
    }
}
