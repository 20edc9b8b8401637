//! PKG025: a file is of a type that environments block as an attachment.
//!
//! Only what becomes the content of a file column is blocked at import. Web resources, plug-in assemblies and the parts of
//! controls and canvas apps are not, and real exports are full of scripts among them.

use std::collections::HashSet;

use crate::check::rule::{Report, Rule, Run};
use crate::check::subject::Subject;
use crate::model::{DataverseError, Place, codes};

pub(super) const RULE: Rule = Rule {
    code: codes::BLOCKED_ATTACHMENT,
    dataverse: Some(DataverseError::ATTACHMENT_BLOCKED),
    page: include_str!("../../../docs/rules/blocked-attachment.md"),
    run: Run::Solution(check),
};

/// The default of the column `blockedattachments` of the table `organization`, as the documentation of file columns shows it.
const BLOCKED: &str = "ade;adp;app;asa;ashx;asmx;asp;bas;bat;cdx;cer;chm;class;cmd;com;config;cpl;crt;csh;dll;exe;fxp;hlp;\
     hta;htr;htw;ida;idc;idq;inf;ins;isp;its;jar;js;jse;ksh;lnk;mad;maf;mag;mam;maq;mar;mas;mat;mau;mav;maw;mda;mdb;mde;mdt;\
     mdw;mdz;msc;msh;msh1;msh1xml;msh2;msh2xml;mshxml;msi;msp;mst;ops;pcd;pif;prf;prg;printer;pst;reg;rem;scf;scr;sct;shb;\
     shs;shtm;shtml;soap;stm;tmp;url;vb;vbe;vbs;vsmacros;vss;vst;vsw;ws;wsc;wsf;wsh;svg";

fn check(subject: &Subject<'_>, report: &mut Report<'_>) {
    let mut rows: Option<HashSet<String>> = None;
    for entry in subject.package.entries() {
        let [set, key, _, file] = entry.path.split('/').collect::<Vec<_>>()[..] else { continue };
        let Some((_, extension)) = file.rsplit_once('.').filter(|(_, extension)| is_blocked(extension))
        else {
            continue;
        };
        let rows = rows.get_or_insert_with(|| rows_with_files(subject));
        if rows.contains(&format!("{set}/{key}").to_lowercase()) {
            let place = Place::whole(&subject.package.place_of(&entry.path).into());
            report
                .add(&place, format!("files of the type {extension} are blocked in an environment as it comes"))
                .otherwise("the import of the row that has it fails")
                .help(format!(
                    "take {extension} from the blocked file extensions of the target before the import: Settings, Privacy + Security"
                ));
        }
    }
}

fn is_blocked(extension: &str) -> bool {
    BLOCKED.split(';').any(|blocked| blocked.eq_ignore_ascii_case(extension))
}

/// `<set>/<key>` of the rows whose files lie beside them: `<set>/<key>/<table>.xml`.
fn rows_with_files(subject: &Subject<'_>) -> HashSet<String> {
    let tables: HashSet<&str> =
        subject.solution.components.iter().map(|component| component.key.kind.as_str()).collect();
    let entries = subject.package.entries().iter().map(|entry| entry.path.to_lowercase());
    entries
        .filter_map(|path| {
            let (folder, file) = path.rsplit_once('/')?;
            let table = file.strip_suffix(".xml")?;
            let is_row = folder.matches('/').count() == 1 && tables.contains(table);
            is_row.then(|| folder.to_owned())
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use crate::check::testing::{file, found};
    use crate::model::codes;

    #[test]
    fn only_what_a_file_column_holds() {
        let row = "powerpagecomponents/1/powerpagecomponent.xml";
        for (place, count) in [
            ("powerpagecomponents/1/filecontent/main.JS", 1),
            ("powerpagecomponents/1/filecontent/main.css", 0),
            ("WebResources/fab_/js/main.js", 0),
            ("Controls/fab_Grid/js/bundle.js", 0),
            ("PluginAssemblies/Fab/Fab.dll", 0),
        ] {
            let example = file(row, "<powerpagecomponent />")
                + &file("Controls/fab_Grid/ControlManifest.xml", "<manifest />")
                + &file(place, "x");
            assert_eq!(found(codes::BLOCKED_ATTACHMENT, &example).len(), count, "{place}");
        }
    }
}
