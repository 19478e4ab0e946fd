//! Rules from checks, taxonomies from rule books.

use crate::machine::{self, Around};
use crate::markdown;
use crate::words;
use anji_model::{CheckId, CheckInfo, ClauseId, ClauseLink, FrameworkId, Severity};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// The checks and rule books that results refer to, each with its place.
pub(super) struct Rules<'a> {
    around: &'a Around<'a>,
    checks: BTreeMap<&'a CheckId, Option<&'a CheckInfo>>,
    books: BTreeMap<&'a FrameworkId, BTreeSet<&'a ClauseId>>,
}

impl<'a> Rules<'a> {
    pub(super) fn new(around: &'a Around<'a>) -> Self {
        let report = &around.view.report;
        let results = report.assessment.results.iter().map(|one| &one.identity.check);
        let changed = report.drift.iter().map(|one| &one.identity.check);
        let known = report.checks.iter().map(|check| &check.id);
        let ids = results.chain(changed).chain(known);
        let mut books: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
        for link in report.checks.iter().flat_map(|check| &check.clauses) {
            books.entry(&link.framework).or_default().insert(&link.clause);
        }
        Self { around, checks: ids.map(|id| (id, around.lookup.check(id))).collect(), books }
    }

    /// The place of a rule among the driver's.
    pub(super) fn index(&self, id: &CheckId) -> Option<usize> {
        self.checks.keys().position(|known| *known == id)
    }

    pub(super) fn driver(&self) -> Value {
        let rules: Vec<_> = self.checks.iter().map(|(id, check)| self.rule(id, *check)).collect();
        let books: Vec<_> = self.books.keys().map(|book| self.book(book)).collect();
        json!({
            "name": "anji",
            "version": machine::text(&self.around.view.report.program),
            "language": machine::language(self.around.lang),
            "rules": rules,
            "supportedTaxonomies": books,
        })
    }

    fn rule(&self, id: &CheckId, check: Option<&CheckInfo>) -> Value {
        let Some(check) = check else { return json!({ "id": id }) };
        let lang = self.around.lang;
        let [title, why, fix] =
            [&check.title, &check.why, &check.fix].map(|text| machine::prose(text.get(lang)));
        let markdown = format!(
            "**{}** {}\n\n**{}** {}",
            words::WHY.get(lang),
            markdown::prose(&why),
            words::FIX.get(lang),
            markdown::prose(&fix),
        );
        let mut tags = vec!["security".to_owned(), machine::text(&check.pack)];
        tags.extend(check.guards.iter().map(|guard| machine::guard(*guard).to_owned()));
        json!({
            "id": id,
            "name": machine::text(&check.alias),
            "shortDescription": { "text": title },
            "fullDescription": { "text": why },
            "help": { "text": format!("{why}\n\n{fix}"), "markdown": markdown },
            "defaultConfiguration": { "level": level(check.severity) },
            "relationships": check.clauses.iter().map(|link| self.relationship(link)).collect::<Vec<_>>(),
            "properties": {
                "security-severity": security_severity(check.severity),
                "severity": machine::severity(check.severity),
                "revision": check.revision,
                "tags": tags,
                "clauses": self.around.clauses_of(check),
            },
        })
    }

    fn relationship(&self, link: &ClauseLink) -> Value {
        let lang = self.around.lang;
        let how = words::ASIDE.fill(
            lang,
            &[
                ("text", &machine::prose(link.how.get(lang))),
                ("aside", words::mapping(link.status).get(lang)),
            ],
        );
        json!({
            "target": {
                "id": machine::text(link.clause.as_str()),
                "toolComponent": self.book(&link.framework),
            },
            "kinds": ["relevant"],
            "description": { "text": how },
        })
    }

    /// A reference to the taxonomy of a rule book.
    fn book(&self, id: &FrameworkId) -> Value {
        json!({
            "name": id,
            "guid": machine::uuid("rule-book", &[id.as_str()]),
            "index": self.books.keys().position(|known| *known == id),
        })
    }

    pub(super) fn taxonomies(&self) -> Vec<Value> {
        let taxon = |clause: &&ClauseId| json!({ "id": machine::text(clause.as_str()) });
        let taxonomy = |(id, clauses): (&&FrameworkId, &BTreeSet<&ClauseId>)| {
            json!({
                "name": id,
                "guid": machine::uuid("rule-book", &[id.as_str()]),
                "shortDescription": { "text": self.around.framework(id) },
                "language": machine::language(self.around.lang),
                "isComprehensive": false,
                "taxa": clauses.iter().map(taxon).collect::<Vec<_>>(),
            })
        };
        self.books.iter().map(taxonomy).collect()
    }
}

/// How loud a failure is.
pub(super) fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical | Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low | Severity::Info => "note",
    }
}

/// The middle of the range that code hosts take for the severity.
fn security_severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "9.5",
        Severity::High => "8.0",
        Severity::Medium => "5.5",
        Severity::Low => "2.0",
        Severity::Info => "0.0",
    }
}
