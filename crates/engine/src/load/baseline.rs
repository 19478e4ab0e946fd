//! Baselines: selections of checks with parameters, and their imports.

use super::case::read_params;
use super::check::Found;
use super::lint::Lint;
use crate::content::{Baseline, Check, ContentFile, ParamValue};
use crate::predicate::did_you_mean;
use crate::yaml::{Node, Span};
use anji_model::{CheckId, Diagnostic, Text};
use std::collections::{BTreeMap, BTreeSet};

/// A baseline before its imports are followed.
pub(super) struct RawBaseline {
    file: String,
    id: String,
    id_span: Span,
    version: u32,
    title: Text,
    imports: Vec<(String, Span)>,
    params: Vec<(CheckId, Span, BTreeMap<String, ParamValue>)>,
}

/// Reads a baseline file.
pub(super) fn read<'c>(
    lint: &mut Lint<'_>,
    tree: &Node,
    check: &dyn Fn(&str) -> Option<&'c Check>,
    all: &[&str],
) -> Option<RawBaseline> {
    let mut fields = lint.fields(tree)?;
    let id_node = fields.required(lint, "id");
    let id = id_node.and_then(|node| {
        lint.parsed(node, |text| {
            let good = text.len() <= 100
                && text
                    .bytes()
                    .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-_.".contains(&b));
            if good { Ok(text.to_owned()) } else { Err("a baseline id such as starter") }
        })
    });
    let version = fields.required(lint, "version").and_then(|node| lint.positive(node));
    let title = fields.required(lint, "title").and_then(|node| lint.both_languages(node));
    let imports_node = fields.required(lint, "imports");
    let mut imports = Vec::new();
    for item in imports_node.and_then(|node| lint.list(node)).unwrap_or_default() {
        imports.extend(lint.text(item).map(|name| (name, item.span)));
    }
    let mut params = Vec::new();
    let entries = match fields.optional("params") {
        Some(node) => lint.entries(node),
        None => &[],
    };
    for (key, node) in entries {
        match check(&key.text) {
            Some(check) => {
                let values = read_params(lint, node, &check.params);
                params.push((check.info.id.clone(), key.span, values));
            }
            None => {
                let words = ("没有检查项", "there is no check");
                let all = all.iter().copied();
                lint.unknown_name("unknown-check", key.span, words, &key.text, all);
            }
        }
    }
    fields.finish(lint);
    Some(RawBaseline {
        file: lint.file.to_owned(),
        id: id?,
        id_span: id_node?.span,
        version: version?,
        title: title?,
        imports,
        params,
    })
}

/// Follows the imports.
pub(super) fn resolve(
    raw: &[RawBaseline],
    found: &[Found],
    packs: &BTreeSet<String>,
    files: &[&ContentFile],
) -> (Vec<Baseline>, Vec<Diagnostic>) {
    let checks: Vec<&Check> = found.iter().map(|found| &found.check).collect();
    let mut resolver = Resolver { raw, checks: &checks, packs, files, problems: Vec::new() };
    let mut seen: BTreeMap<&str, String> = BTreeMap::new();
    for baseline in raw {
        let id = &baseline.id;
        let first = if packs.contains(id) {
            let of_pack = found.iter().find(|found| found.check.info.pack == *id);
            let at = of_pack.map(|found| &found.id_at);
            at.map_or_else(String::new, |at| super::place(&at.file, at.line))
        } else if let Some(first) = seen.get(id.as_str()) {
            first.clone()
        } else {
            seen.insert(id, super::place(&baseline.file, baseline.id_span.line));
            continue;
        };
        let message = Text {
            zh: format!("`{id}` 已是另一个包或基线的名称（{first}）"),
            en: format!("`{id}` already names another pack or baseline ({first})"),
        };
        resolver.report("duplicate-id", baseline, baseline.id_span, message, None);
    }
    let mut baselines: Vec<Baseline> = raw.iter().map(|raw| resolver.baseline(raw)).collect();
    baselines.sort_by(|a, b| a.id.cmp(&b.id));
    (baselines, resolver.problems)
}

struct Resolver<'r> {
    raw: &'r [RawBaseline],
    checks: &'r [&'r Check],
    packs: &'r BTreeSet<String>,
    files: &'r [&'r ContentFile],
    problems: Vec<Diagnostic>,
}

#[derive(Default)]
struct Gathered {
    checks: BTreeSet<CheckId>,
    params: BTreeMap<CheckId, BTreeMap<String, ParamValue>>,
}

impl<'r> Resolver<'r> {
    fn report(
        &mut self,
        code: &str,
        baseline: &RawBaseline,
        span: Span,
        message: Text,
        help: Option<Text>,
    ) {
        let text = self.files.iter().find(|f| f.path == baseline.file).map_or("", |f| &f.text);
        let mut lint = Lint::new(&baseline.file, text);
        lint.report_text(code, span, message, help);
        self.problems.append(&mut lint.problems);
    }

    fn baseline(&mut self, raw: &'r RawBaseline) -> Baseline {
        let mut gathered = Gathered::default();
        self.gather(raw, &mut vec![&raw.id], &mut gathered);
        for (check, span, _) in &raw.params {
            if !gathered.checks.contains(check) {
                let message = Text {
                    zh: format!("该基线没有导入 {check}"),
                    en: format!("the baseline does not import {check}"),
                };
                self.report("unknown-check", raw, *span, message, None);
            }
        }
        Baseline {
            id: raw.id.clone(),
            version: raw.version,
            title: raw.title.clone(),
            imports: raw.imports.iter().map(|(name, _)| name.clone()).collect(),
            checks: gathered.checks.into_iter().collect(),
            params: gathered.params,
        }
    }

    /// Adds what `raw` asks for. Parameters of the importing baseline are there
    /// already and stay.
    fn gather(&mut self, raw: &'r RawBaseline, way: &mut Vec<&'r str>, gathered: &mut Gathered) {
        for (check, _, values) in &raw.params {
            let known = gathered.params.entry(check.clone()).or_default();
            for (name, value) in values {
                known.entry(name.clone()).or_insert_with(|| value.clone());
            }
        }
        for (name, span) in &raw.imports {
            if self.packs.contains(name) {
                let of_pack = self.checks.iter().filter(|check| check.info.pack == *name);
                gathered.checks.extend(of_pack.map(|check| check.info.id.clone()));
            } else if way.contains(&name.as_str()) {
                // Reported once, where the circle starts.
                if way.first() == Some(&name.as_str()) {
                    let circle = way.join(" -> ");
                    let message = Text {
                        zh: format!("基线循环导入：{circle} -> {name}"),
                        en: format!("baselines import each other: {circle} -> {name}"),
                    };
                    self.report("import-cycle", raw, *span, message, None);
                }
            } else if let Some(next) = self.raw.iter().find(|other| other.id == *name) {
                way.push(&next.id);
                self.gather(next, way, gathered);
                way.pop();
            } else if way.len() == 1 {
                let known = self.packs.iter().map(String::as_str);
                let known = known.chain(self.raw.iter().map(|other| other.id.as_str()));
                let help = did_you_mean(name, known);
                let message = Text {
                    zh: format!("没有名为 `{name}` 的包或基线"),
                    en: format!("there is no pack or baseline `{name}`"),
                };
                self.report("unknown-import", raw, *span, message, help);
            }
        }
    }
}
