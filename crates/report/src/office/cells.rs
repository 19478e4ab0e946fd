//! A result, a change, a record: each told in lines.

use crate::escape::{bounded, printable};
use crate::moved::{Moved, moved};
use crate::style::Style;
use crate::told;
use crate::view::{Lookup, ReportView};
use crate::words::{self, office as w};
use anji_model::{
    CheckId, CheckInfo, CheckResult, Drift, EvidenceKey, EvidenceRecord, EvidenceStatus, Lang,
    Privilege, RawResult, Reason, ReasonCategory, Subject, Term,
};
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

/// The most characters of a name.
const NAME_MAX: usize = 300;
/// The most characters of a name that stands beside others.
const SHORT_MAX: usize = 80;
/// The most characters of one value or place.
const VALUE_MAX: usize = 500;
/// The most characters of a text of content.
const TEXT_MAX: usize = 2000;

/// How much of a result one place of a document holds.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Room {
    /// Characters of one value or place.
    pub(crate) value: usize,
    /// Lines of one cell.
    pub(crate) lines: usize,
}

impl Room {
    /// Cells that can be opened, sorted and copied from.
    pub(crate) const SHEET: Self = Self { value: VALUE_MAX, lines: 12 };
    /// Tables that are read on paper.
    pub(crate) const PAPER: Self = Self { value: 160, lines: 6 };
}

/// Tells what a report holds, in one language and zone.
pub(crate) struct Teller<'a> {
    pub(crate) view: &'a ReportView,
    pub(crate) style: &'a Style,
    pub(crate) lang: Lang,
    lookup: Lookup<'a>,
    room: Room,
    /// Names without what stands behind them, where they stay apart.
    shorts: BTreeMap<&'a Subject, String>,
}

impl<'a> Teller<'a> {
    pub(crate) fn new(view: &'a ReportView, style: &'a Style, room: Room) -> Self {
        Self {
            view,
            style,
            lang: style.lang,
            lookup: Lookup::new(view),
            room,
            shorts: shorts(view),
        }
    }

    pub(crate) fn check(&self, id: &CheckId) -> Option<&'a CheckInfo> {
        self.lookup.check(id)
    }

    /// How a transport is told to people, for instance `local`.
    pub(crate) fn way(&self, transport: &str) -> String {
        match transport {
            "local" => w::COLLECTED_LOCALLY.get(self.lang).to_owned(),
            other => w::COLLECTED_BY.fill(self.lang, &[("way", &name(other))]),
        }
    }

    /// The way that a piece of evidence was collected.
    pub(crate) fn source(&self, subject: &Subject, key: &EvidenceKey) -> Option<String> {
        let record = self.lookup.record(subject, key)?;
        Some(self.way(&record.collector.transport))
    }

    /// A check's title; its id where content no longer has it.
    pub(crate) fn title(&self, id: &CheckId) -> String {
        self.check(id).map_or_else(|| id.to_string(), |check| name(check.title.get(self.lang)))
    }

    /// A text of content in the language of the document.
    pub(crate) fn text(&self, text: &anji_model::Text) -> String {
        prose(text.get(self.lang))
    }

    /// What people call a subject.
    pub(crate) fn subject(&self, subject: &Subject) -> String {
        name(self.view.subject_name(subject))
    }

    /// The same, short enough to stand in a column.
    pub(crate) fn subject_short(&self, subject: &Subject) -> String {
        let short = self.shorts.get(subject).cloned();
        bounded(&short.unwrap_or_else(|| self.subject(subject)), SHORT_MAX)
    }

    /// What people call the subject of the run.
    pub(crate) fn subject_of_run(&self) -> String {
        name(&self.view.report.subject_name)
    }

    /// The name of a piece of evidence.
    pub(crate) fn key(&self, key: &EvidenceKey) -> String {
        self.value(&key.to_string())
    }

    /// A value or place of evidence, printable and within the room there is.
    fn value(&self, text: &str) -> String {
        bounded(&value_of(text), self.room.value)
    }

    pub(crate) fn time(&self, at: Timestamp) -> String {
        self.style.time(at)
    }

    /// The values of a result: those that fail, else those that were looked at.
    pub(crate) fn observed(&self, result: &CheckResult) -> Vec<String> {
        let pair = |(path, value): (&str, &str)| {
            let path = self.value(&told::place(path, self.lang));
            w::PAIR.fill(self.lang, &[("path", &path), ("value", &self.value(value))])
        };
        let line = |(path, value): (&str, &str)| match told::names_itself(path, value) {
            true => self.value(value),
            false => pair((path, value)),
        };
        if result.failed_terms.is_empty() {
            let seen = result.observed.iter().map(|one| (one.path.as_str(), one.value.as_str()));
            return self.few(seen.map(line), result.observed.len() as u64);
        }
        let total = result.failed_terms_total.max(result.failed_terms.len() as u64);
        let terms =
            result.failed_terms.iter().map(|term| (term.path.as_str(), term.observed.as_str()));
        self.few(self.numbered(terms.map(line).collect(), self.apart(result)).into_iter(), total)
    }

    /// What would have held: one line where it is the same for all.
    pub(crate) fn allowed(&self, result: &CheckResult) -> Vec<String> {
        let terms = result.failed_terms.iter();
        let mut lines: Vec<String> = terms.map(|term| self.allowed_of(term)).collect();
        let apart = self.apart(result);
        if !apart {
            lines.truncate(1);
        }
        let total = lines.len() as u64;
        self.few(self.numbered(lines, apart).into_iter(), total)
    }

    /// What one comparison allows.
    pub(crate) fn allowed_of(&self, term: &Term) -> String {
        printable(&told::allowed_within(term, self.lang, self.room.value))
    }

    /// What was seen and what is allowed, comparison by comparison, where a
    /// result has several that allow different things.
    pub(crate) fn side_by_side(&self, result: &CheckResult) -> Option<Vec<(String, String)>> {
        if !self.apart(result) {
            return None;
        }
        let mut allowed = self.allowed(result);
        // The line that counts the rest stands once, beside what was seen.
        allowed.truncate(self.room.lines.min(result.failed_terms.len()));
        let allowed = allowed.into_iter().chain(std::iter::repeat(String::new()));
        Some(self.observed(result).into_iter().zip(allowed).collect())
    }

    /// Whether the comparisons of a result allow different things.
    fn apart(&self, result: &CheckResult) -> bool {
        let mut terms = result.failed_terms.iter();
        let Some(first) = terms.next() else { return false };
        terms.any(|term| term.operator != first.operator || term.allowed != first.allowed)
    }

    fn numbered(&self, lines: Vec<String>, apart: bool) -> Vec<String> {
        if !apart {
            return lines;
        }
        let number = |(place, text): (usize, String)| format!("{}. {text}", place + 1);
        lines.into_iter().enumerate().map(number).collect()
    }

    /// At most the lines of a cell, the last of which counts the rest.
    fn few(&self, lines: impl Iterator<Item = String>, total: u64) -> Vec<String> {
        let mut kept: Vec<String> = lines.take(self.room.lines).collect();
        let rest = total.saturating_sub(kept.len() as u64);
        if rest > 0 {
            kept.push(w::MORE_LINES.get(self.lang, rest));
        }
        kept
    }

    /// Why a result stands as it does: what a failure leads to, or why there is no answer.
    pub(crate) fn reason(&self, result: &CheckResult) -> Vec<String> {
        if result.raw == RawResult::Fail {
            let check = self.check(&result.identity.check);
            return check.map(|check| self.text(&check.why)).into_iter().collect();
        }
        let check = &result.identity.check;
        let lines = result.reasons.iter().map(|reason| self.reason_of(check, reason));
        self.few(lines, result.reasons.len() as u64)
    }

    /// One reason with the evidence that it is about and the words of the collector.
    pub(crate) fn reason_of(&self, check: &CheckId, reason: &Reason) -> String {
        let mut line = printable(&told::reason(reason, self.lang));
        let mut aside = Vec::new();
        if let Some(key) = &reason.key {
            aside.push(words::EVIDENCE_OF.fill(self.lang, &[("key", &self.key(key))]));
        }
        // What content says of the undecidable it says in both languages; the
        // detail repeats the English.
        let own = reason.category == ReasonCategory::Undecidable;
        let foreign = own && self.lang == Lang::Zh;
        let content = self.check(check).and_then(|check| check.undecided.as_ref());
        if let Some(content) = content.filter(|_| own) {
            aside.push(self.text(content));
        } else if !reason.detail.is_empty() && !foreign {
            let detail = self.value(&reason.detail);
            aside.push(words::ORIGINAL.fill(self.lang, &[("text", &detail)]));
        }
        if !aside.is_empty() {
            let aside = aside.join(words::SEMICOLON.get(self.lang));
            line = words::ASIDE.fill(self.lang, &[("text", &line), ("aside", &aside)]);
        }
        line
    }

    /// What to do about a result that fails or is open.
    pub(crate) fn advice(&self, result: &CheckResult) -> Vec<String> {
        match result.raw {
            RawResult::Fail => {
                let check = self.check(&result.identity.check);
                check.map(|check| self.text(&check.fix)).into_iter().collect()
            }
            RawResult::Unknown | RawResult::Error => {
                let mut lines: Vec<String> = Vec::new();
                for reason in &result.reasons {
                    let line = self.help(&reason.category, result);
                    if !lines.contains(&line) {
                        lines.push(line);
                    }
                }
                let total = lines.len() as u64;
                self.few(lines.into_iter(), total)
            }
            RawResult::NotChecked => {
                let planned = |one: &Reason| one.category == ReasonCategory::Undecidable;
                let planned = result.reasons.iter().any(planned);
                let phrase = if planned { w::BY_HAND } else { w::BY_HAND_OR_AGAIN };
                vec![phrase.get(self.lang).to_owned()]
            }
            _ => Vec::new(),
        }
    }

    /// What was not checked, most severe first, the results of one check together.
    pub(crate) fn not_checked(&self) -> Vec<&'a CheckResult> {
        let mut found = self.view.settled();
        found.retain(|one| one.raw == RawResult::NotChecked);
        found.sort_by_key(|one| std::cmp::Reverse(one.severity));
        found
    }

    /// What would help against a cause.
    fn help(&self, category: &ReasonCategory, result: &CheckResult) -> String {
        let register = match category {
            ReasonCategory::NoRegister(register) => register.as_str(),
            _ => "",
        };
        let as_root = self.view.report.privilege == Privilege::Root;
        let phrase = words::advice_for(category, as_root);
        let scope = told::scope(&result.identity.subject);
        let id = result.identity.check.as_str();
        let values = [("register", register), ("id", id), ("scope", scope.as_str())];
        printable(&phrase.plain(self.lang, &values))
    }

    /// The clauses that a check answers, each with how far.
    pub(crate) fn clauses(&self, id: &CheckId) -> Vec<String> {
        let Some(check) = self.check(id) else { return Vec::new() };
        let line = |link: &anji_model::ClauseLink| {
            let known = self.view.frameworks.get(&link.framework);
            let framework = known.map_or_else(|| link.framework.to_string(), |t| self.text(t));
            let status = words::mapping(link.status).get(self.lang);
            let clause = printable(link.clause.as_str());
            let values =
                [("framework", framework.as_str()), ("clause", &clause), ("status", status)];
            w::CLAUSE.fill(self.lang, &values)
        };
        let mut lines: Vec<String> = check.clauses.iter().take(self.room.lines).map(line).collect();
        let rest = check.clauses.len().saturating_sub(self.room.lines) as u64;
        if rest > 0 {
            lines.push(w::MORE_CLAUSES.get(self.lang, rest));
        }
        lines
    }

    /// From what a result was decided, and when that was seen.
    pub(crate) fn evidence(&self, result: &CheckResult) -> Vec<String> {
        let line = |used: &anji_model::EvidenceUse| {
            let key = self.key(&used.key);
            let time = used.observed_at.map(|at| self.time(at)).unwrap_or_default();
            let phrase = match (used.observed_at, used.stale) {
                (None, _) => w::SEEN_NEVER,
                (Some(_), true) => w::SEEN_STALE,
                (Some(_), false) => w::SEEN_AT,
            };
            phrase.fill(self.lang, &[("key", &key), ("time", &time)])
        };
        self.few(result.evidence.iter().map(line), result.evidence.len() as u64)
    }

    /// Since when the result carries its word.
    pub(crate) fn since(&self, result: &CheckResult) -> Option<Timestamp> {
        let stretches = self.view.history.get(&result.identity)?;
        let same = stretches.iter().take_while(|stretch| stretch.raw == result.raw);
        same.last().map(|stretch| stretch.since)
    }

    /// The element that a result is about.
    pub(crate) fn element(&self, result: &CheckResult) -> String {
        result.identity.element.as_deref().map(|value| self.value(value)).unwrap_or_default()
    }

    /// The values behind a change.
    pub(crate) fn moved(&self, drift: &Drift) -> Vec<String> {
        let all = moved(drift);
        self.few(all.iter().map(|one| self.moved_one(one)), all.len() as u64)
    }

    fn moved_one(&self, one: &Moved<'_>) -> String {
        let path = self.value(&told::place(one.path, self.lang));
        let [old, new] = [one.old, one.new]
            .map(|value| value.map(|value| self.value(value)).unwrap_or_default());
        let phrase = match (one.old, one.new) {
            (Some(_), Some(_)) => words::MOVED,
            (None, _) => words::CAME,
            (Some(_), None) if one.failed => words::FAILS_NO_MORE,
            (Some(_), None) => words::WENT,
        };
        let mut line = phrase.fill(self.lang, &[("path", &path), ("old", &old), ("new", &new)]);
        if let Some(term) = one.term {
            let aside = self.allowed_of(term);
            line = words::ASIDE.fill(self.lang, &[("text", &line), ("aside", &aside)]);
        }
        line
    }

    /// How a piece of evidence was had.
    pub(crate) fn state(&self, record: &EvidenceRecord) -> Vec<String> {
        let mut lines = match &record.status {
            EvidenceStatus::Collected if record.gaps.is_empty() => {
                vec![words::STATE_COLLECTED.get(self.lang).to_owned()]
            }
            EvidenceStatus::Collected => vec![words::STATE_PARTIAL.get(self.lang).to_owned()],
            EvidenceStatus::Absent { detail } => {
                let state = words::STATE_ABSENT.get(self.lang).to_owned();
                vec![state, words::ORIGINAL.fill(self.lang, &[("text", &self.value(detail))])]
            }
            EvidenceStatus::Failed { category, detail } => {
                let category = words::failure(*category).get(self.lang);
                let state = words::STATE_FAILED.fill(self.lang, &[("category", category)]);
                vec![state, words::ORIGINAL.fill(self.lang, &[("text", &self.value(detail))])]
            }
        };
        for gap in record.gaps.iter().take(self.room.lines) {
            let kind = words::gap_kind(gap.kind).get(self.lang);
            let category = words::failure(gap.category).get(self.lang);
            let path = self.value(&gap.path);
            let values = [("path", path.as_str()), ("kind", kind), ("category", category)];
            lines.push(words::GAP.fill(self.lang, &values));
        }
        let rest = record.gaps.len().saturating_sub(self.room.lines) as u64;
        if rest > 0 {
            lines.push(w::MORE_LINES.get(self.lang, rest));
        }
        lines
    }

    /// What is said where there is no change to list.
    pub(crate) fn unchanged(&self) -> String {
        let report = &self.view.report;
        let lang = self.lang;
        match (&report.compared_with, &report.run) {
            (Some(_), _) if report.compared_results == 0 => {
                words::NOT_COMPARABLE.get(lang).to_owned()
            }
            (Some(earlier), _) => {
                let time = self.time(earlier.as_of);
                let compared = report.compared_results;
                let mut line = words::NO_CHANGE.plain(lang, compared, &[("time", &time)]);
                let total = report.assessment.results.len() as u64;
                if total > compared {
                    line.push_str(words::SEMICOLON.get(lang));
                    line.push_str(&words::NOT_COMPARED.get(lang, total - compared));
                }
                line
            }
            (None, Some(_)) => words::FIRST_RUN.get(lang).to_owned(),
            (None, None) => words::NOT_STORED.get(lang).to_owned(),
        }
    }
}

/// The host of a name such as `his-db01 (Debian ...)`.
pub(crate) fn host(name: &str) -> &str {
    let end = [" (", " · "].iter().filter_map(|mark| name.find(mark)).min();
    end.filter(|end| *end > 0).map_or(name, |end| &name[..end])
}

/// The hosts of the subjects' names, where no two of them are alike.
fn shorts(view: &ReportView) -> BTreeMap<&Subject, String> {
    let subjects = view.subjects.iter();
    let hosts: BTreeMap<_, _> =
        subjects.map(|(subject, text)| (subject, name(host(text)))).collect();
    let apart: BTreeSet<_> = hosts.values().collect();
    if apart.len() == hosts.len() { hosts } else { BTreeMap::new() }
}

/// A name of a thing, printable and bounded.
pub(crate) fn name(text: &str) -> String {
    bounded(&printable(&bounded(text, NAME_MAX)), NAME_MAX)
}

/// A value or place of evidence, printable and bounded.
pub(crate) fn value_of(text: &str) -> String {
    bounded(&printable(&bounded(text, VALUE_MAX)), VALUE_MAX)
}

/// A text of content, printable and bounded.
pub(crate) fn prose(text: &str) -> String {
    bounded(&printable(&bounded(text, TEXT_MAX)), TEXT_MAX)
}
