//! Loading and linting of content files: all problems, each with its place.

mod baseline;
mod case;
mod check;
mod cure;
mod lint;
mod mapping;
mod param;
mod schema;
#[cfg(test)]
mod tests;
mod vulns;

use crate::content::{Check, Content, ContentFile, Mapping};
use crate::yaml;
use anji_model::{CheckId, ClauseLink, Diagnostic, FrameworkId, RegisterId, Text};
use baseline::RawBaseline;
use check::Found;
use lint::Lint;
use std::collections::{BTreeMap, BTreeSet};

pub(crate) use schema::Schemas;

/// Loads content files. Every problem of every file is reported, in the order
/// of files and lines. Two files of one path are a mistake of the caller: an
/// overlay has to replace the file below it before this is called.
///
/// # Errors
/// All problems, never none.
pub fn load(files: &[ContentFile]) -> Result<Content, Vec<Diagnostic>> {
    load_with(files, &mut Schemas::registered())
}

/// [`load`] over given evidence schemas.
pub(crate) fn load_with(
    files: &[ContentFile],
    schemas: &mut Schemas,
) -> Result<Content, Vec<Diagnostic>> {
    let mut files: Vec<&ContentFile> = files.iter().collect();
    files.sort_by(|a, b| a.path.cmp(&b.path));
    let mut loading = Loading::default();
    let parsed: Vec<_> = files.iter().map(|file| parse(file, &mut loading.problems)).collect();
    for (file, tree) in files.iter().zip(&parsed) {
        if area(&file.path) == Area::Pack {
            loading.pack(file, tree.as_ref(), schemas);
        }
    }
    let names = loading.names();
    for (file, tree) in files.iter().zip(&parsed) {
        loading.rest(file, tree.as_ref(), &names);
    }
    loading.link(&names);
    let baselines = loading.baselines(&files, &names);
    let mut problems = loading.problems;
    problems.sort_by(|a, b| (&a.file, a.line, a.column).cmp(&(&b.file, b.line, b.column)));
    if !problems.is_empty() {
        return Err(problems);
    }
    let checks: Vec<Check> = loading.found.into_iter().map(|found| found.check).collect();
    let registers: BTreeSet<RegisterId> =
        checks.iter().flat_map(|check| check.info.registers.iter().cloned()).collect();
    Ok(Content {
        by_name: names.checks.into_iter().collect(),
        checks,
        mappings: loading.mappings,
        baselines,
        registers: registers.into_iter().collect(),
        digest: digest(&files),
    })
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Area {
    Pack,
    Mapping,
    Baseline,
    Other,
}

fn area(path: &str) -> Area {
    match path.split_once('/').map(|(area, _)| area) {
        Some("packs") => Area::Pack,
        Some("mappings") => Area::Mapping,
        Some("baselines") => Area::Baseline,
        _ => Area::Other,
    }
}

/// `packs/host-linux/ssh.yaml` belongs to `host-linux`, `packs/own.yaml` to `own`.
fn pack_name(path: &str) -> &str {
    let rest = path.strip_prefix("packs/").unwrap_or(path);
    let first = rest.split('/').next().unwrap_or(rest);
    first.strip_suffix(".yaml").unwrap_or(first)
}

fn parse(file: &ContentFile, problems: &mut Vec<Diagnostic>) -> Option<yaml::Node> {
    let (tree, found) = yaml::read(&file.text);
    let mut lint = Lint::new(&file.path, &file.text);
    let empty = tree.is_none() && found.is_empty();
    for problem in found {
        lint.report_text(problem.code, problem.span, problem.message, None);
    }
    let span = yaml::Span { line: 1, column: 1, length: 1 };
    if area(&file.path) == Area::Other {
        let (zh, en) = (
            "文件应位于 packs/、mappings/ 或 baselines/ 之下",
            "the file stands in none of packs/, mappings/ and baselines/",
        );
        lint.report("unknown-area", span, zh, en);
    } else if empty {
        // Most likely cut off, or saved in the wrong place: it holds no content.
        let message = Text {
            zh: "文件里没有内容".to_owned(),
            en: "there is nothing in the file".to_owned(),
        };
        let help = (area(&file.path) == Area::Pack).then(|| Text {
            zh: "没有检查项的包写作 []".to_owned(),
            en: "a pack without checks is written []".to_owned(),
        });
        lint.report_text("nothing-in-file", span, message, help);
    }
    problems.append(&mut lint.problems);
    tree
}

/// The names that content gives to its things.
struct Names {
    /// Index of each check by id and alias.
    checks: BTreeMap<String, usize>,
    packs: BTreeSet<String>,
}

#[derive(Default)]
struct Loading {
    found: Vec<Found>,
    mappings: Vec<Mapping>,
    /// Where each framework's mapping stands.
    mapped: BTreeMap<FrameworkId, String>,
    raw_baselines: Vec<RawBaseline>,
    problems: Vec<Diagnostic>,
}

impl Loading {
    fn pack(&mut self, file: &ContentFile, tree: Option<&yaml::Node>, schemas: &mut Schemas) {
        let Some(tree) = tree else { return };
        let mut lint = Lint::new(&file.path, &file.text);
        if let Some(entries) = lint.list(tree) {
            let pack = pack_name(&file.path);
            for entry in entries {
                self.found.extend(check::read(&mut lint, entry, pack, schemas));
            }
        }
        self.problems.append(&mut lint.problems);
    }

    /// Orders the checks by id and reports names that two of them have.
    fn names(&mut self) -> Names {
        self.found.sort_by(|a, b| a.check.info.id.cmp(&b.check.info.id));
        let mut checks: BTreeMap<String, usize> = BTreeMap::new();
        for (index, found) in self.found.iter().enumerate() {
            let info = &found.check.info;
            for (name, diagnostic) in
                [(info.id.to_string(), &found.id_at), (info.alias.clone(), &found.alias_at)]
            {
                match checks.get(&name) {
                    Some(other) => {
                        let first = &self.found[*other];
                        let other = &first.check.info.id;
                        let at =
                            if other.as_str() == name { &first.id_at } else { &first.alias_at };
                        let at = place(&at.file, at.line);
                        let mut diagnostic = diagnostic.clone();
                        diagnostic.message.zh = format!("`{name}` 已被检查项 {other} 使用（{at}）");
                        diagnostic.message.en =
                            format!("`{name}` already names check {other} ({at})");
                        self.problems.push(diagnostic);
                    }
                    None => {
                        checks.insert(name, index);
                    }
                }
            }
        }
        let packs = self.found.iter().map(|found| found.check.info.pack.clone()).collect();
        Names { checks, packs }
    }

    /// Reads mappings and baselines.
    fn rest(&mut self, file: &ContentFile, tree: Option<&yaml::Node>, names: &Names) {
        let Some(tree) = tree else { return };
        let mut lint = Lint::new(&file.path, &file.text);
        match area(&file.path) {
            Area::Mapping => {
                let known = |name: &str| -> Option<CheckId> {
                    names.checks.get(name).map(|at| self.found[*at].check.info.id.clone())
                };
                let all: Vec<&str> = names.checks.keys().map(String::as_str).collect();
                if let Some((mapping, span)) = mapping::read(&mut lint, tree, &known, &all) {
                    let framework = &mapping.framework;
                    if let Some(at) = self.mapped.get(framework) {
                        let (zh, en) = (
                            format!("`{framework}` 已有映射（{at}）"),
                            format!("`{framework}` has a mapping already ({at})"),
                        );
                        lint.report("duplicate-id", span, zh, en);
                    } else {
                        self.mapped.insert(framework.clone(), place(&file.path, span.line));
                    }
                    self.mappings.push(mapping);
                }
            }
            Area::Baseline => {
                let check = |name: &str| names.checks.get(name).map(|at| &self.found[*at].check);
                let all: Vec<&str> = names.checks.keys().map(String::as_str).collect();
                self.raw_baselines.extend(baseline::read(&mut lint, tree, &check, &all));
            }
            Area::Pack | Area::Other => {}
        }
        self.problems.append(&mut lint.problems);
    }

    /// Gives each check the clauses that it answers.
    fn link(&mut self, names: &Names) {
        self.mappings.sort_by(|a, b| a.framework.cmp(&b.framework));
        for mapping in &self.mappings {
            for line in &mapping.clauses {
                for check in &line.checks {
                    let Some(index) = names.checks.get(check.as_str()) else { continue };
                    self.found[*index].check.info.clauses.push(ClauseLink {
                        framework: mapping.framework.clone(),
                        clause: line.clause.clone(),
                        status: line.status,
                        how: line.how.clone(),
                    });
                }
            }
        }
    }

    fn baselines(
        &mut self,
        files: &[&ContentFile],
        names: &Names,
    ) -> Vec<crate::content::Baseline> {
        let (baselines, mut problems) =
            baseline::resolve(&self.raw_baselines, &self.found, &names.packs, files);
        self.problems.append(&mut problems);
        baselines
    }
}

/// A place in a message. The quotes let whoever shows it know where the path
/// of the file begins.
fn place(file: &str, line: usize) -> String {
    format!("`{file}:{line}`")
}

fn digest(files: &[&ContentFile]) -> anji_model::Digest {
    let mut bytes = Vec::new();
    for file in files {
        for part in [&file.path, &file.text] {
            bytes.extend_from_slice(&(part.len() as u64).to_be_bytes());
            bytes.extend_from_slice(part.as_bytes());
        }
    }
    anji_evidence::digest(&bytes)
}
