//! The vulnerability data of a case: what a user would have imported.

use super::lint::Lint;
use crate::yaml::Node;
use anji_model::{Advisory, Digest, NamedBy, Severity, VulnKnowledge, VulnSource};
use jiff::civil::{Date, date};
use std::collections::BTreeSet;

/// Reads `{as_of, complete, advisories, exploited}`.
pub(super) fn read(lint: &mut Lint<'_>, node: &Node) -> Option<VulnKnowledge> {
    let mut fields = lint.fields(node)?;
    let as_of = fields.required(lint, "as_of").and_then(|node| day(lint, node));
    let complete = fields.required(lint, "complete").and_then(|node| lint.texts(node));
    let advisories = fields.optional("advisories").map(|node| {
        let items = lint.list(node).unwrap_or_default();
        items.iter().filter_map(|item| advisory(lint, item)).collect::<Vec<_>>()
    });
    let exploited = fields.optional("exploited").map(|node| lint.texts(node));
    fields.finish(lint);
    let source = VulnSource {
        name: "case".to_owned(),
        as_of_day: as_of?,
        digest: Digest([0; 32]),
        complete: complete?.into_iter().collect(),
    };
    Some(VulnKnowledge {
        sources: vec![source],
        advisories: advisories.unwrap_or_default(),
        exploited: match exploited {
            Some(names) => names?.into_iter().collect(),
            None => BTreeSet::new(),
        },
    })
}

fn advisory(lint: &mut Lint<'_>, node: &Node) -> Option<Advisory> {
    let mut fields = lint.fields(node)?;
    let distribution = fields.required(lint, "distribution").and_then(|node| lint.text(node));
    let package = fields.required(lint, "package").and_then(|node| lint.text(node));
    let id = fields.required(lint, "id").and_then(|node| lint.text(node));
    let words = [("source", NamedBy::Source), ("binary", NamedBy::Binary)];
    let named = fields.optional("named").map(|node| lint.word(node, &words));
    let words = [
        ("critical", Severity::Critical),
        ("high", Severity::High),
        ("medium", Severity::Medium),
        ("low", Severity::Low),
        ("info", Severity::Info),
    ];
    let severity = fields.optional("severity").map(|node| lint.word(node, &words));
    let fixed = fields.optional("fixed").map(|node| lint.text(node));
    let published = fields.optional("published").map(|node| day(lint, node));
    fields.finish(lint);
    let severity = present(severity)?;
    Some(Advisory {
        distribution: distribution?,
        package: package?,
        named: present(named)?.unwrap_or(NamedBy::Source),
        id: id?,
        aliases: Vec::new(),
        severity,
        severity_from: severity.map(|_| "vendor".to_owned()),
        introduced: None,
        fixed: present(fixed)?,
        published_day: present(published)?,
        exploited: false,
    })
}

/// A field that is there must be readable.
fn present<T>(field: Option<Option<T>>) -> Option<Option<T>> {
    match field {
        Some(None) => None,
        Some(value) => Some(value),
        None => Some(None),
    }
}

fn day(lint: &mut Lint<'_>, node: &Node) -> Option<i64> {
    let read: Date = lint.parsed(node, str::parse)?;
    let days = read.since((jiff::Unit::Day, date(1970, 1, 1))).ok()?;
    Some(i64::from(days.get_days()))
}
