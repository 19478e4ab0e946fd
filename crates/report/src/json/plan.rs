//! The document of `anji plan`.

use super::Document;
use super::common::{Check, Clause, number, text, words};
use anji_model as model;
use schemars::JsonSchema;
use serde::Serialize;

words! {
    /// Where a command looks.
    Source from model::Source {
        model::Source::Files => Files,
        model::Source::Live => Live,
    }
}

/// A check that a key serves.
#[derive(Debug, Serialize, JsonSchema)]
struct Served {
    /// The check.
    check: String,
    /// The clauses that the check answers.
    clauses: Vec<Clause>,
}

/// One key to collect.
#[derive(Debug, Serialize, JsonSchema)]
struct Wanted {
    /// The evidence key, for instance `file.stat[/etc/shadow]`.
    key: String,
    /// Most bytes that a capture may bring.
    bytes_max: u64,
    /// Seconds after which its command is killed.
    timeout_seconds: u32,
    /// Seconds after which the evidence no longer decides.
    age_seconds_max: u32,
    /// The checks that it serves.
    serves: Vec<Served>,
}

/// One command.
#[derive(Debug, Serialize, JsonSchema)]
struct Capture {
    /// The name of its frame.
    id: String,
    /// Where it looks.
    source: Source,
    /// Most bytes it may bring.
    bytes_max: u64,
    /// Seconds after which it is killed.
    timeout_seconds: u32,
    /// Exact commands that need root or sudo, as argument vectors.
    sudo: Vec<Vec<String>>,
}

/// What would be collected, and for what.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct PlanDocument {
    /// The document's format and version.
    format: String,
    /// From whom, for instance `asset:local`.
    subject: String,
    /// The root directory to look in, where it is not the live host.
    root: Option<String>,
    /// Every key once.
    evidence: Vec<Wanted>,
    /// The commands, in the order they run.
    captures: Vec<Capture>,
    /// The checks that the keys serve.
    checks: Vec<Check>,
}

impl PlanDocument {
    pub(super) fn new(plan: &model::Plan, checks: &[model::CheckInfo]) -> Self {
        let collection = &plan.collection;
        let wanted = |wanted: &model::WantedEvidence| Wanted {
            key: text(&wanted.key),
            bytes_max: number(wanted.limits.bytes_max),
            timeout_seconds: wanted.limits.timeout_seconds,
            age_seconds_max: wanted.limits.age_seconds_max,
            serves: plan.serves.get(&wanted.key).into_iter().flatten().map(Served::from).collect(),
        };
        let named = |check: &&model::CheckInfo| {
            plan.serves.values().flatten().any(|served| served.check == check.id)
        };
        Self {
            format: Document::Plan.format(),
            subject: text(&collection.subject),
            root: collection.root.as_ref().map(text),
            evidence: collection.wanted.iter().map(wanted).collect(),
            captures: collection.captures.iter().map(Capture::from).collect(),
            checks: checks.iter().filter(named).map(Check::from).collect(),
        }
    }
}

impl From<&model::Served> for Served {
    fn from(served: &model::Served) -> Self {
        Self {
            check: text(&served.check),
            clauses: served.clauses.iter().map(Clause::from).collect(),
        }
    }
}

impl From<&model::Capture> for Capture {
    fn from(capture: &model::Capture) -> Self {
        Self {
            id: text(&capture.id),
            source: Source::from(&capture.source),
            bytes_max: number(capture.bytes_max),
            timeout_seconds: capture.timeout_seconds,
            sudo: capture.sudo.iter().map(|vector| vector.iter().map(text).collect()).collect(),
        }
    }
}
