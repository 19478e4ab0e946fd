//! Mappings: which checks answer which clauses.

use super::lint::Lint;
use crate::content::{Mapping, MappingLine};
use crate::yaml::{Node, Span};
use anji_model::{CheckId, ClauseId, FrameworkId, MappingStatus};
use std::collections::{BTreeMap, BTreeSet};

const STATUSES: [(&str, MappingStatus); 6] = [
    ("automated", MappingStatus::Automated),
    ("partial", MappingStatus::Partial),
    ("attested", MappingStatus::Attested),
    ("planned", MappingStatus::Planned),
    ("notapplicable", MappingStatus::NotApplicable),
    ("not_applicable", MappingStatus::NotApplicable),
];

/// Reads a mapping, and where its framework stands.
pub(super) fn read(
    lint: &mut Lint<'_>,
    tree: &Node,
    check: &dyn Fn(&str) -> Option<CheckId>,
    all: &[&str],
) -> Option<(Mapping, Span)> {
    let mut fields = lint.fields(tree)?;
    let framework_node = fields.required(lint, "framework");
    let framework = framework_node.and_then(|node| lint.parsed(node, str::parse::<FrameworkId>));
    let title = fields.required(lint, "title").and_then(|node| lint.both_languages(node));
    let source = fields.required(lint, "source").and_then(|node| lint.text(node));
    let lines = fields.required(lint, "clauses").and_then(|node| lint.list(node));
    fields.finish(lint);
    let mut clauses: Vec<MappingLine> = Vec::new();
    let mut seen = BTreeMap::new();
    for node in lines.unwrap_or_default() {
        let Some(line) = read_line(lint, node, check, all) else { continue };
        let clause = &line.clause;
        if let Some(first) = seen.get(clause) {
            let at = super::place(lint.file, *first);
            let (zh, en) = (
                format!("条款 {clause} 已有一行（{at}）"),
                format!("clause {clause} has a line already ({at})"),
            );
            lint.report("duplicate-id", node.span, zh, en);
        } else {
            seen.insert(clause.clone(), node.span.line);
        }
        clauses.push(line);
    }
    let mapping = Mapping {
        framework: framework?,
        title: title?,
        source: source?.trim().to_owned(),
        clauses,
    };
    Some((mapping, framework_node?.span))
}

fn read_line(
    lint: &mut Lint<'_>,
    node: &Node,
    check: &dyn Fn(&str) -> Option<CheckId>,
    all: &[&str],
) -> Option<MappingLine> {
    let mut fields = lint.fields(node)?;
    let clause =
        fields.required(lint, "clause").and_then(|node| lint.parsed(node, str::parse::<ClauseId>));
    let status = fields.required(lint, "status").and_then(|node| lint.word(node, &STATUSES));
    let checks_node = fields.optional("checks");
    let mut checks = Vec::new();
    let mut seen = BTreeSet::new();
    let items = checks_node.and_then(|node| lint.list(node)).unwrap_or_default();
    for item in items {
        let Some(name) = lint.text(item) else { continue };
        match check(&name) {
            None => {
                let words = ("没有检查项", "there is no check");
                lint.unknown_name("unknown-check", item.span, words, &name, all.iter().copied());
            }
            Some(id) if !seen.insert(id.clone()) => {
                lint.report(
                    "duplicate-member",
                    item.span,
                    "检查项重复",
                    "this check stands here twice",
                );
            }
            Some(id) => checks.push(id),
        }
    }
    let how = fields.required(lint, "how").and_then(|node| lint.both_languages(node));
    let left = match status {
        Some(MappingStatus::Partial) => fields.required(lint, "left"),
        _ => fields.optional("left"),
    };
    let left = left.map(|node| lint.both_languages(node));
    let confidence = fields.required(lint, "confidence").and_then(|node| lint.text(node));
    let span = fields.span;
    fields.finish(lint);
    let needs_checks = matches!(status, Some(MappingStatus::Automated | MappingStatus::Partial));
    if needs_checks && items.is_empty() {
        let (zh, en) = ("该状态需要列出检查项", "a line of this status names its checks");
        lint.report("missing-field", checks_node.map_or(span, |node| node.span), zh, en);
    }
    Some(MappingLine {
        clause: clause?,
        status: status?,
        checks,
        how: how?,
        left: left.flatten(),
        confidence: confidence?,
    })
}
