//! What the formats for other programs share: bounded texts without a
//! character that a format forbids, times, and ids that stay the same.
//!
//! Ids are name-based UUIDs (RFC 9562, version 5) under a name of our own, so
//! that the same run gives the same document and the same question has the
//! same id in every run.

use crate::escape;
use crate::told;
use crate::view::{Lookup, ReportView};
use crate::words::{self, machine as phrases};
use anji_model::{
    CheckInfo, CheckResult, Drift, DriftKind, Guard, Lang, MappingStatus, Privilege, RawResult,
    Reason, ReasonCategory, ResultIdentity, Severity, Subject,
};
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// The most characters of one text that evidence brings, before its escapes.
const TEXT_MAX: usize = 1000;
/// The most characters of one text that content brings.
const PROSE_MAX: usize = 4096;
/// The most comparisons, reasons or values of one result.
pub(crate) const LIST_MAX: usize = 20;
/// What our ids are derived under.
const NAMESPACE: &str = "urn:anji:id";

/// A text that evidence brings: bounded, on one line, every character that
/// steers a reader in its escaped form (`\n`, `\x1b`), which no format forbids.
pub(crate) fn text(text: &str) -> String {
    escape::printable(&escape::bounded(text, TEXT_MAX))
}

/// A text that content brings, its lines joined into one.
pub(crate) fn prose(text: &str) -> String {
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    escape::printable(&escape::bounded(&lines.join(" "), PROSE_MAX))
}

/// An instant as RFC 3339 in UTC.
pub(crate) fn time(at: Timestamp) -> String {
    at.to_string()
}

/// An id that says the same for the same kind and parts.
pub(crate) fn uuid(kind: &str, parts: &[&str]) -> String {
    let mut name = kind.to_owned();
    for part in parts {
        // The length keeps `a, bc` and `ab, c` apart.
        name.push_str(&format!("\0{}:{part}", part.len()));
    }
    let namespace = Uuid::new_v5(&Uuid::NAMESPACE_URL, NAMESPACE.as_bytes());
    Uuid::new_v5(&namespace, name.as_bytes()).to_string()
}

/// The id of the run, or of the moment where it was not stored.
pub(crate) fn run_uuid(view: &ReportView) -> String {
    match &view.report.run {
        Some(run) => uuid("run", &[run.as_str(), &head(view)]),
        None => uuid("moment", &[&time(view.report.assessment.as_of), &host(view, None)]),
    }
}

/// The head of the chain after the run, or nothing.
pub(crate) fn head(view: &ReportView) -> String {
    view.report.head.map(|head| head.to_string()).unwrap_or_default()
}

/// The name that tells this machine apart from others: every one calls itself `local`.
pub(crate) fn host<'a>(view: &'a ReportView, subject: Option<&'a Subject>) -> String {
    let name = match subject {
        Some(subject) => view.subject_name(subject),
        None => &view.report.subject_name,
    };
    // The operating system behind it changes with an upgrade, the host does not.
    name.split(" (").next().unwrap_or(name).to_owned()
}

/// The subject with its host: `his-db01/host:local`.
pub(crate) fn place(view: &ReportView, subject: &Subject) -> String {
    format!("{}/{}", text(&host(view, Some(subject))), text(&subject.to_string()))
}

/// The name of a baseline without its version.
pub(crate) fn baseline_name(baseline: &str) -> &str {
    baseline.rsplit_once('@').map_or(baseline, |(name, _)| name)
}

/// The id of a question: the same in every run, under every version of the
/// baseline, and another one on every host.
pub(crate) fn question(view: &ReportView, identity: &ResultIdentity) -> String {
    let ResultIdentity { baseline, system, check, subject, element } = identity;
    let (subject_id, host) = (subject.to_string(), host(view, Some(subject)));
    let mut parts = vec![baseline_name(baseline.as_str()), system.as_str(), check.as_str()];
    parts.extend([subject_id.as_str(), host.as_str()]);
    parts.extend(element.as_deref());
    uuid("question", &parts)
}

/// The results of a report with what is known around each.
pub(crate) struct Around<'a> {
    pub(crate) view: &'a ReportView,
    pub(crate) lang: Lang,
    pub(crate) lookup: Lookup<'a>,
    drift: BTreeMap<&'a ResultIdentity, &'a Drift>,
    asked: BTreeSet<&'a ResultIdentity>,
}

impl<'a> Around<'a> {
    pub(crate) fn new(view: &'a ReportView, lang: Lang) -> Self {
        let drift = view.report.drift.iter().map(|drift| (&drift.identity, drift)).collect();
        let asked = view.report.assessment.results.iter().map(|one| &one.identity).collect();
        Self { view, lang, lookup: Lookup::new(view), drift, asked }
    }

    /// Whether the run has a result of the question.
    pub(crate) fn has(&self, identity: &ResultIdentity) -> bool {
        self.asked.contains(identity)
    }

    pub(crate) fn check(&self, result: &CheckResult) -> Option<&'a CheckInfo> {
        self.lookup.check(&result.identity.check)
    }

    /// The title of the check, or its id where the content has lost it.
    pub(crate) fn title(&self, result: &CheckResult) -> String {
        match self.check(result) {
            Some(check) => prose(check.title.get(self.lang)),
            None => result.identity.check.to_string(),
        }
    }

    /// What changed about the question, if anything did.
    pub(crate) fn change(&self, result: &CheckResult) -> Option<&'a Drift> {
        self.drift.get(&result.identity).copied()
    }

    /// Whether the question was not asked before, as far as is known.
    pub(crate) fn is_new(&self, result: &CheckResult) -> bool {
        match self.change(result) {
            Some(change) => change.kind == DriftKind::Appeared,
            None => {
                let stretches = self.view.history.get(&result.identity).map(Vec::as_slice);
                matches!(stretches, Some([only]) if Some(&only.run) == self.view.report.run.as_ref())
            }
        }
    }

    /// Whether an earlier run of the same way is known to have given the same word.
    pub(crate) fn is_unchanged(&self, result: &CheckResult) -> bool {
        let newest = self.view.history.get(&result.identity).and_then(|all| all.first());
        let earlier = newest.filter(|one| Some(&one.run) != self.view.report.run.as_ref());
        let asked = !matches!(result.raw, RawResult::NotSelected | RawResult::NotChecked);
        asked && earlier.is_some_and(|one| one.raw == result.raw)
    }

    /// Since when the result has been as it is, and when the question was
    /// first answered, as far as is known.
    pub(crate) fn seen(&self, result: &CheckResult) -> (Option<Timestamp>, Option<Timestamp>) {
        let stretches = self.view.history.get(&result.identity).map_or(&[][..], Vec::as_slice);
        // A history that ends with another word does not lead to this result.
        let leads_here = stretches.first().is_some_and(|newest| newest.raw == result.raw);
        let since = self.view.since(&result.identity).filter(|_| leads_here);
        (since, stretches.last().map(|one| one.since))
    }

    /// The result in a word, and why.
    pub(crate) fn message(&self, result: &CheckResult) -> String {
        let word = words::raw(result.raw).get(self.lang).to_owned();
        let why = self.why(result);
        match why.is_empty() {
            true => word,
            false => {
                let why = why.join(words::SEMICOLON.get(self.lang));
                format!("{word}{}{why}", words::COLON.get(self.lang))
            }
        }
    }

    /// The comparisons that do not hold and the reasons, a sentence each.
    pub(crate) fn why(&self, result: &CheckResult) -> Vec<String> {
        let mut lines = self.terms(result);
        let check = self.check(result);
        let reasons = result.reasons.iter().take(LIST_MAX);
        lines.extend(reasons.map(|reason| self.reason(reason, check)));
        lines.extend(self.more(result.reasons.len()));
        lines
    }

    /// How many more of `total` there are than a list shows, if any.
    pub(crate) fn more(&self, total: usize) -> Option<String> {
        let rest = total.saturating_sub(LIST_MAX) as u64;
        (rest > 0).then(|| phrases::MORE.get(self.lang, rest))
    }

    /// The comparisons that do not hold, and how many are left out.
    fn terms(&self, result: &CheckResult) -> Vec<String> {
        let lang = self.lang;
        let sentence = |term: &anji_model::Term| {
            let phrase = match told::names_itself(&term.path, &term.observed) {
                true => words::TERM_BARE,
                false => words::TERM,
            };
            let (path, observed) = (told::place(&term.path, lang), told::value(&term.observed));
            let allowed = told::allowed(term, lang);
            let values = [("path", path.as_str()), ("observed", &observed), ("allowed", &allowed)];
            escape::printable(&phrase.fill(lang, &values))
        };
        let shown = result.failed_terms.len().min(LIST_MAX);
        let mut lines: Vec<_> = result.failed_terms.iter().take(shown).map(sentence).collect();
        let total = result.failed_terms_total.max(result.failed_terms.len() as u64);
        let rest = total - shown as u64;
        if rest > 0 {
            lines.push(words::MORE.get(lang, rest));
        }
        lines
    }

    /// The cause with the evidence and the collector's own words.
    pub(crate) fn reason(&self, reason: &Reason, check: Option<&CheckInfo>) -> String {
        let lang = self.lang;
        let cause = told::reason(reason, lang);
        let mut asides = Vec::new();
        if let Some(key) = &reason.key {
            asides.push(words::EVIDENCE_OF.fill(lang, &[("key", &text(&key.to_string()))]));
        }
        match told::undecided(reason, check) {
            Some(why) => asides.push(text(why.get(lang))),
            None if told::is_foreign(reason, lang) => {}
            None => asides.push(words::ORIGINAL.fill(lang, &[("text", &text(&reason.detail))])),
        }
        match asides.is_empty() {
            true => cause,
            false => {
                let aside = asides.join(words::SEMICOLON.get(lang));
                words::ASIDE.fill(lang, &[("text", &cause), ("aside", &aside)])
            }
        }
    }

    /// What to do about a result that is not settled: the repair of the check,
    /// or how to come to a verdict.
    pub(crate) fn remedy(&self, result: &CheckResult) -> Option<String> {
        use RawResult::{Error, Fail, NotChecked, Unknown};
        if !matches!(result.raw, Fail | Unknown | Error | NotChecked) {
            return None;
        }
        let mut lines: Vec<String> = Vec::new();
        for reason in &result.reasons {
            let line = self.advice(&reason.category, result);
            if !lines.contains(&line) {
                lines.push(line);
            }
        }
        match lines.is_empty() {
            true => self.check(result).map(|check| prose(check.fix.get(self.lang))),
            false => {
                let more = self.more(lines.len());
                lines.truncate(LIST_MAX);
                lines.extend(more);
                Some(lines.join(words::SEMICOLON.get(self.lang)))
            }
        }
    }

    /// What helps against one cause, for a reader who types commands as they stand.
    fn advice(&self, cause: &ReasonCategory, result: &CheckResult) -> String {
        let register = match cause {
            ReasonCategory::NoRegister(register) => register.as_str(),
            _ => "",
        };
        let scope = told::scope(&result.identity.subject);
        let id = result.identity.check.as_str();
        let values = [("register", register), ("id", id), ("scope", scope.as_str())];
        let as_root = self.view.report.privilege == Privilege::Root;
        text(&words::advice_for(cause, as_root).plain(self.lang, &values))
    }

    /// The clauses that the check of a result answers, `rule book clause`.
    pub(crate) fn clauses(&self, result: &CheckResult) -> Vec<String> {
        self.check(result).map(|check| self.clauses_of(check)).unwrap_or_default()
    }

    /// The clauses that a check answers, `rule book clause`.
    pub(crate) fn clauses_of(&self, check: &CheckInfo) -> Vec<String> {
        let clauses = &check.clauses;
        clauses
            .iter()
            .map(|link| format!("{} {}", link.framework, text(link.clause.as_str())))
            .collect()
    }

    /// The title of a rule book, or its id.
    pub(crate) fn framework(&self, id: &anji_model::FrameworkId) -> String {
        match self.view.frameworks.get(id) {
            Some(title) => prose(title.get(self.lang)),
            None => id.to_string(),
        }
    }

    /// The change in words, where there is one.
    pub(crate) fn change_words(&self, result: &CheckResult) -> Option<&'static str> {
        match self.change(result) {
            Some(change) => Some(words::drift_kind(change.kind).get(self.lang)),
            None if self.is_new(result) => Some(phrases::NEW.get(self.lang)),
            None => None,
        }
    }
}

/// The severity as a word for programs.
pub(crate) fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Info => "info",
        Severity::Low => "low",
        Severity::Medium => "medium",
        Severity::High => "high",
        Severity::Critical => "critical",
    }
}

/// The harm that a check guards against as a word for programs.
pub(crate) fn guard(guard: Guard) -> &'static str {
    match guard {
        Guard::Interruption => "interruption",
        Guard::Data => "data",
        Guard::Compliance => "compliance",
    }
}

/// What a change means as a word for programs.
pub(crate) fn change(kind: DriftKind) -> &'static str {
    match kind {
        DriftKind::Regressed => "regressed",
        DriftKind::EvidenceLost => "evidence_lost",
        DriftKind::Appeared => "appeared",
        DriftKind::Gone => "gone",
        DriftKind::Recovered => "recovered",
        DriftKind::EvidenceRestored => "evidence_restored",
        DriftKind::ValueMoved => "value_moved",
    }
}

/// How far a check takes a clause, as a word for programs.
pub(crate) fn mapping(status: MappingStatus) -> &'static str {
    match status {
        MappingStatus::Automated => "automated",
        MappingStatus::Partial => "partial",
        MappingStatus::Attested => "attested",
        MappingStatus::Planned => "planned",
        MappingStatus::NotApplicable => "not_applicable",
    }
}

/// The language as the formats write it.
pub(crate) fn language(lang: Lang) -> &'static str {
    match lang {
        Lang::Zh => "zh-CN",
        Lang::En => "en-US",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_depend_on_every_part_and_on_nothing_else() {
        assert_eq!(uuid("a", &["x", "y"]), uuid("a", &["x", "y"]));
        assert_ne!(uuid("a", &["x", "y"]), uuid("a", &["xy"]));
        assert_ne!(uuid("a", &["x", "y"]), uuid("a", &["xy", ""]));
        assert_ne!(uuid("a", &["x"]), uuid("b", &["x"]));
        // Version 5, variant of the RFC: what OSCAL asks for.
        let id = uuid("a", &[]);
        assert_eq!(&id[14..15], "5");
        assert!("89ab".contains(&id[19..20]));
    }

    #[test]
    fn texts_are_bounded_and_on_one_line() {
        assert_eq!(text("a\nb\u{0}\u{ffff}"), "a\\nb\\x00\\xef\\xbf\\xbf");
        assert_eq!(text(&"x".repeat(5000)).chars().count(), TEXT_MAX + 1);
        assert_eq!(prose("one\n  two\n\n"), "one two");
    }

    #[test]
    fn a_baseline_keeps_its_name_over_versions() {
        assert_eq!(baseline_name("starter@12"), "starter");
        assert_eq!(baseline_name("own"), "own");
    }
}
