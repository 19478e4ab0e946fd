//! A run with what is known around it: the document of a run, whole, and
//! beside it names, evidence, history and trend.

use super::Document;
use super::common::{Text, number, text};
use super::drift::Kind;
use super::explain::History;
use super::lists::Evidence;
use super::run::{Conformance, Run};
use crate::view::{EvidenceItem, HistoryView, ReportView, TrendView};
use anji_model as model;
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeSet;

/// Whom results are about.
#[derive(Debug, Serialize, JsonSchema)]
struct Subject {
    /// The subject, for instance `asset:local`.
    subject: String,
    /// What people call it.
    name: String,
    /// What was collected of it, without bodies.
    evidence: Vec<Evidence>,
}

/// A rule book that the checks answer.
#[derive(Debug, Serialize, JsonSchema)]
struct Framework {
    /// The rule book, for instance `gbt22239-2019`.
    framework: String,
    /// Its title.
    title: Text,
}

/// How the answer to one question came about over time.
#[derive(Debug, Serialize, JsonSchema)]
struct Question {
    /// The check.
    check: String,
    /// The business system.
    system: String,
    /// The subject.
    subject: String,
    /// The element, for checks with one result per element.
    element: Option<String>,
    /// The stretches of equal results, newest first.
    history: Vec<History>,
}

/// How many changes of one kind there were.
#[derive(Debug, Serialize, JsonSchema)]
struct Changes {
    /// What they mean.
    kind: Kind,
    /// How many.
    count: u64,
}

/// One of the runs that led to this one.
#[derive(Debug, Serialize, JsonSchema)]
struct Point {
    /// The run.
    run: String,
    /// When that run evaluated (RFC 3339).
    as_of: String,
    /// Its rate; null where it cannot be held beside the run's, because it had
    /// other rights or another baseline, or asked other questions. Of the
    /// runs of one day the last four have it.
    conformance: Option<Conformance>,
    /// What changed with it, kinds without a change left out; null for the
    /// first, which had nothing to compare with.
    changes: Option<Vec<Changes>>,
}

impl From<&TrendView> for Point {
    fn from(point: &TrendView) -> Self {
        let changes = |(kind, count): (&model::DriftKind, &u64)| Changes {
            kind: Kind::from(kind),
            count: number(*count),
        };
        Self {
            run: text(&point.run),
            as_of: text(point.as_of),
            conformance: point.conformance.as_ref().map(Conformance::from),
            changes: point.changes.as_ref().map(|all| all.iter().map(changes).collect()),
        }
    }
}

/// A run with what is known around it.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Report {
    /// The document's format and version.
    format: String,
    /// When the document was made (RFC 3339).
    made_at: String,
    /// The run, as `anji.run/1` has it.
    run: Run,
    /// The subjects with their names and evidence.
    subjects: Vec<Subject>,
    /// The rule books.
    frameworks: Vec<Framework>,
    /// The history of the results, in the order of the questions.
    history: Vec<Question>,
    /// The runs of the last days up to this one, oldest first.
    trend: Vec<Point>,
}

impl From<&ReportView> for Report {
    fn from(view: &ReportView) -> Self {
        let framework = |(id, title): (&model::FrameworkId, &model::Text)| Framework {
            framework: text(id),
            title: Text::from(title),
        };
        Self {
            format: Document::Report.format(),
            made_at: text(view.made_at),
            run: Run::from(&view.report),
            subjects: subjects(view),
            frameworks: view.frameworks.iter().map(framework).collect(),
            history: view.history.iter().map(question).collect(),
            trend: view.trend.iter().map(Point::from).collect(),
        }
    }
}

fn subjects(view: &ReportView) -> Vec<Subject> {
    let results = view.report.assessment.results.iter().map(|one| &one.identity.subject);
    let records = view.records.iter().map(|record| &record.subject);
    let all: BTreeSet<_> = results.chain(records).chain(view.subjects.keys()).collect();
    let evidence = |record: &model::EvidenceRecord| {
        Evidence::from(&EvidenceItem {
            record: record.clone(),
            body: None,
            value: None,
            title: None,
            pruned: false,
            hidden: 0,
        })
    };
    let subject = |subject: &model::Subject| Subject {
        subject: text(subject),
        name: text(view.subject_name(subject)),
        evidence: view.records.iter().filter(|one| one.subject == *subject).map(evidence).collect(),
    };
    all.into_iter().map(subject).collect()
}

fn question((identity, stretches): (&model::ResultIdentity, &Vec<HistoryView>)) -> Question {
    Question {
        check: text(&identity.check),
        system: text(&identity.system),
        subject: text(&identity.subject),
        element: identity.element.as_ref().map(text),
        history: stretches.iter().map(History::from).collect(),
    }
}
