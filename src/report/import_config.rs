//! `--format importconfig`: a plan as the `ImportConfig.xml` of a Package Deployer package (`FORMATS.md` §7.4).

use std::fmt::Write as _;

use super::escape;
use crate::order::file_name;
use crate::plan::{Plan, Step};

/// Every solution once, in import order. A folder is listed as the zip that it is packed to.
pub fn plan(plan: &Plan) -> String {
    let mut text = String::from(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n\
         <configdatastorage installsampledata=\"false\" waitforsampledatatoinstall=\"true\" agentdesktopzipfile=\"\" agentdesktopexename=\"\" crmmigdataimportfile=\"\">\n  \
         <solutions>\n",
    );
    for step in &plan.steps {
        let _ = writeln!(
            text,
            "    <configsolutionfile solutionpackagefilename=\"{}\" overwriteunmanagedcustomizations=\"false\" publishworkflowsandactivateplugins=\"true\" />",
            escape::xml_attribute(&packed_name(step))
        );
    }
    text.push_str("  </solutions>\n</configdatastorage>\n");
    text
}

fn packed_name(step: &Step) -> String {
    let source = &step.solution.source;
    let name = file_name(source);
    if name.to_ascii_lowercase().ends_with(".zip") {
        return name.to_owned();
    }
    let managed = if step.solution.managed { "_managed" } else { "" };
    format!("{}{managed}.zip", step.solution.unique_name)
}
