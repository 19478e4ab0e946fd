//! Pieces that several documents share.

use crate::escape;
use anji_model as model;
use schemars::JsonSchema;
use serde::Serialize;

/// The most characters of one text.
const TEXT_MAX: usize = 4096;
/// The most elements of one list inside a result.
pub(super) const LIST_MAX: usize = 200;
/// The largest number that a double holds exactly.
const NUMBER_MAX: u64 = (1 << 53) - 1;

/// A text, bounded; one that was longer ends with `…`.
pub(super) fn text(text: impl ToString) -> String {
    escape::bounded(&text.to_string(), TEXT_MAX)
}

/// A number, bounded to what a double holds exactly.
pub(super) fn number(number: u64) -> u64 {
    number.min(NUMBER_MAX)
}

/// Defines a word of a document and its meaning in the model.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident from $model:ty { $($from:pat => $to:ident),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
        #[serde(rename_all = "snake_case")]
        pub(super) enum $name { $($to),* }

        impl From<&$model> for $name {
            fn from(value: &$model) -> Self {
                match value { $($from => Self::$to),* }
            }
        }
    };
}
pub(super) use words;

/// A text in both languages.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Text {
    /// Simplified Chinese.
    zh: String,
    /// English.
    en: String,
}

impl From<&model::Text> for Text {
    fn from(from: &model::Text) -> Self {
        Self { zh: text(&from.zh), en: text(&from.en) }
    }
}

/// What a check came to, in the words of XCCDF 1.2.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum Word {
    Pass,
    Fail,
    Error,
    Unknown,
    NotApplicable,
    NotChecked,
    NotSelected,
    Informational,
    Fixed,
}

impl From<model::RawResult> for Word {
    fn from(raw: model::RawResult) -> Self {
        use model::RawResult as Raw;
        match raw {
            Raw::Pass => Self::Pass,
            Raw::Fail => Self::Fail,
            Raw::Error => Self::Error,
            Raw::Unknown => Self::Unknown,
            Raw::NotApplicable => Self::NotApplicable,
            Raw::NotChecked => Self::NotChecked,
            Raw::NotSelected => Self::NotSelected,
            Raw::Informational => Self::Informational,
            Raw::Fixed => Self::Fixed,
        }
    }
}

words! {
    /// How grave a failure is.
    Severity from model::Severity {
        model::Severity::Info => Info,
        model::Severity::Low => Low,
        model::Severity::Medium => Medium,
        model::Severity::High => High,
        model::Severity::Critical => Critical,
    }
}

words! {
    /// Which harm a check guards against.
    Guard from model::Guard {
        model::Guard::Interruption => Interruption,
        model::Guard::Data => Data,
        model::Guard::Compliance => Compliance,
    }
}

words! {
    /// The rights that evidence was collected with.
    Privilege from model::Privilege {
        model::Privilege::User => User,
        model::Privilege::Sudo => Sudo,
        model::Privilege::Root => Root,
    }
}

words! {
    /// How far a mapping line takes a clause.
    Mapping from model::MappingStatus {
        model::MappingStatus::Automated => Automated,
        model::MappingStatus::Partial => Partial,
        model::MappingStatus::Attested => Attested,
        model::MappingStatus::Planned => Planned,
        model::MappingStatus::NotApplicable => NotApplicable,
    }
}

words! {
    /// Why evidence was not had.
    Failure from model::FailureCategory {
        model::FailureCategory::Permission => Permission,
        model::FailureCategory::TimedOut => TimedOut,
        model::FailureCategory::Truncated => Truncated,
        model::FailureCategory::Unparsable => Unparsable,
        model::FailureCategory::ToolMissing => ToolMissing,
        model::FailureCategory::NotLive => NotLive,
        model::FailureCategory::Incomplete => Incomplete,
        model::FailureCategory::Unsupported => Unsupported,
        model::FailureCategory::Refused => Refused,
        model::FailureCategory::CommandFailed => CommandFailed,
        model::FailureCategory::Unreachable => Unreachable,
        model::FailureCategory::NotImported => NotImported,
        _ => Other,
    }
}

words! {
    /// The kind of reason for a result that is neither pass nor fail.
    Category from model::ReasonCategory {
        model::ReasonCategory::Evidence(_) => Evidence,
        model::ReasonCategory::NotCollected => NotCollected,
        model::ReasonCategory::Stale => Stale,
        model::ReasonCategory::NoRegister(_) => NoRegister,
        model::ReasonCategory::Empty => Empty,
        model::ReasonCategory::Absent => Absent,
        model::ReasonCategory::Undecidable => Undecidable,
        model::ReasonCategory::Fault => Fault,
        _ => Other,
    }
}

/// Why a result is neither pass nor fail.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Reason {
    /// The kind, by which unknown results are grouped.
    category: Category,
    /// Why the evidence was not had, where `category` is `evidence`.
    failure: Option<Failure>,
    /// The approved list that is missing, where `category` is `no_register`.
    register: Option<String>,
    /// The evidence that it is about.
    evidence: Option<String>,
    /// More, in a few English words.
    detail: String,
}

impl From<&model::Reason> for Reason {
    fn from(reason: &model::Reason) -> Self {
        let (failure, register) = match &reason.category {
            model::ReasonCategory::Evidence(failure) => (Some(Failure::from(failure)), None),
            model::ReasonCategory::NoRegister(register) => (None, Some(text(register))),
            _ => (None, None),
        };
        Self {
            category: Category::from(&reason.category),
            failure,
            register,
            evidence: reason.key.as_ref().map(text),
            detail: text(&reason.detail),
        }
    }
}

/// A value that was looked at.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Observation {
    /// Where it stands in the evidence.
    path: String,
    /// The value as JSON text; bounded, and ends with `…` where it was cut.
    value: String,
}

/// One comparison that did not hold.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Term {
    /// Where the value stands in the evidence.
    path: String,
    /// The value as JSON text; bounded.
    observed: String,
    /// The comparison as the check wrote it, for instance `in`.
    operator: String,
    /// What would have held, as JSON text; bounded.
    allowed: String,
}

/// A piece of evidence that a result was decided from.
#[derive(Debug, Serialize, JsonSchema)]
struct Used {
    /// The evidence key, for instance `file.stat[/etc/shadow]`.
    key: String,
    /// SHA-256 of its body, if it had one.
    body: Option<String>,
    /// When it was seen, if it was (RFC 3339).
    observed_at: Option<String>,
    /// The rights that it was collected with.
    privilege: Option<Privilege>,
    /// Whether it was too old, or from the future, and so decided nothing.
    stale: bool,
}

/// What one check came to for one subject, or one element of it.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct CheckResult {
    /// The check.
    check: String,
    /// The business system.
    system: String,
    /// The subject, for instance `asset:local`.
    subject: String,
    /// The element, for checks with one result per element.
    element: Option<String>,
    /// The revision of the check that answered.
    revision: u32,
    /// The severity at that time.
    severity: Severity,
    /// The answer.
    result: Word,
    /// Values looked at, most telling first; at most 200.
    observed: Vec<Observation>,
    /// The comparisons that did not hold; at most 200.
    failed_terms: Vec<Term>,
    /// How many comparisons did not hold in all.
    failed_terms_total: u64,
    /// Why it is neither pass nor fail.
    reasons: Vec<Reason>,
    /// From what it was decided.
    evidence: Vec<Used>,
    /// The first instant at which time alone could change the answer (RFC 3339).
    valid_until: Option<String>,
}

impl From<&model::CheckResult> for CheckResult {
    fn from(from: &model::CheckResult) -> Self {
        let observed = from.observed.iter().take(LIST_MAX);
        let terms = from.failed_terms.iter().take(LIST_MAX);
        Self {
            check: text(&from.identity.check),
            system: text(&from.identity.system),
            subject: text(&from.identity.subject),
            element: from.identity.element.as_ref().map(text),
            revision: from.revision,
            severity: Severity::from(&from.severity),
            result: Word::from(from.raw),
            observed: observed.map(Observation::from).collect(),
            failed_terms: terms.map(Term::from).collect(),
            failed_terms_total: number(from.failed_terms_total),
            reasons: from.reasons.iter().take(LIST_MAX).map(Reason::from).collect(),
            evidence: from.evidence.iter().take(LIST_MAX).map(Used::from).collect(),
            valid_until: from.valid_until.map(text),
        }
    }
}

impl From<&model::Observation> for Observation {
    fn from(one: &model::Observation) -> Self {
        Self { path: text(&one.path), value: text(&one.value) }
    }
}

impl From<&model::Term> for Term {
    fn from(term: &model::Term) -> Self {
        Self {
            path: text(&term.path),
            observed: text(&term.observed),
            operator: text(&term.operator),
            allowed: text(&term.allowed),
        }
    }
}

impl From<&model::EvidenceUse> for Used {
    fn from(used: &model::EvidenceUse) -> Self {
        Self {
            key: text(&used.key),
            body: used.body.map(text),
            observed_at: used.observed_at.map(text),
            privilege: used.privilege.as_ref().map(Privilege::from),
            stale: used.stale,
        }
    }
}

/// A clause that a check answers.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Clause {
    /// The rule book, for instance `gbt22239-2019`.
    framework: String,
    /// The clause, as the rule book numbers it.
    clause: String,
    /// How far the mapping takes the clause.
    status: Mapping,
    /// How the check decides or contributes.
    how: Text,
}

impl From<&model::ClauseLink> for Clause {
    fn from(link: &model::ClauseLink) -> Self {
        Self {
            framework: text(&link.framework),
            clause: text(&link.clause),
            status: Mapping::from(&link.status),
            how: Text::from(&link.how),
        }
    }
}

/// The readable side of a check.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Check {
    /// The id, for instance `LNX-001`.
    id: String,
    /// A readable second name.
    alias: String,
    /// Raised whenever the check's meaning changes.
    revision: u32,
    /// The pack that holds it.
    pack: String,
    /// The property that is verified.
    title: Text,
    /// What goes wrong without it.
    why: Text,
    /// What to do about a failure.
    fix: Text,
    /// How grave a failure is.
    severity: Severity,
    /// Which harms it guards against; the first is the main one.
    guards: Vec<Guard>,
    /// The clauses it answers.
    clauses: Vec<Clause>,
    /// The approved lists it needs.
    registers: Vec<String>,
    /// The assertion as written.
    assertion: String,
}

impl From<&model::CheckInfo> for Check {
    fn from(check: &model::CheckInfo) -> Self {
        Self {
            id: text(&check.id),
            alias: text(&check.alias),
            revision: check.revision,
            pack: text(&check.pack),
            title: Text::from(&check.title),
            why: Text::from(&check.why),
            fix: Text::from(&check.fix),
            severity: Severity::from(&check.severity),
            guards: check.guards.iter().map(Guard::from).collect(),
            clauses: check.clauses.iter().map(Clause::from).collect(),
            registers: check.registers.iter().map(text).collect(),
            assertion: text(&check.assertion),
        }
    }
}

/// A stored run.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct RunSummary {
    /// The run.
    run: String,
    /// The instant that the evaluation took as now (RFC 3339).
    as_of: String,
    /// Evidence records in it.
    records: u64,
    /// Check results in it.
    results: u64,
    /// Changes in it.
    drift: u64,
    /// The head of the signed chain after it.
    head: String,
}

impl From<&model::RunSummary> for RunSummary {
    fn from(run: &model::RunSummary) -> Self {
        Self {
            run: text(&run.run),
            as_of: text(run.as_of),
            records: number(run.counts.records),
            results: number(run.counts.results),
            drift: number(run.counts.drift),
            head: text(run.head),
        }
    }
}
