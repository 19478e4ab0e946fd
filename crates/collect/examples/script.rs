//! Prints the collection script for evidence types: those that are named, or
//! all. For authors of evidence types, who have no check to plan from yet:
//! `cargo run -p anji-collect --example script -- accounts sshd.effective`.
//! Arguments that begin with a slash are paths for the types that take one.

use anji_collect::render_script;
use anji_evidence::{EvidenceKind, SelectorKind, registry};
use anji_model::{AbsPath, CollectionPlan, Selector, Subject};
use std::io::Write as _;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut paths = Vec::new();
    let mut names = Vec::new();
    for argument in std::env::args().skip(1) {
        match argument.starts_with('/') {
            true => paths.push(Selector::Path(AbsPath::new(argument).map_err(|e| e.to_string())?)),
            false => names.push(argument),
        }
    }
    let known = |name: &String| registry().iter().any(|kind| kind.name().as_str() == name);
    if let Some(name) = names.iter().find(|name| !known(name)) {
        return Err(format!("no evidence type is named `{name}`").into());
    }
    let wanted = |kind: &&&dyn EvidenceKind| {
        names.is_empty() || names.iter().any(|name| kind.name().as_str() == name)
    };
    let mut captures = Vec::new();
    for kind in registry().iter().filter(wanted) {
        captures.extend(match kind.selector() {
            SelectorKind::None => kind.captures(&[]),
            SelectorKind::Path => kind.captures(&paths),
        });
    }
    let subject = Subject::local();
    let plan = CollectionPlan { subject, root: None, wanted: Vec::new(), captures };
    std::io::stdout().write_all(render_script(&plan).as_bytes())?;
    Ok(())
}
