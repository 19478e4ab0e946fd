//! What changed since the last comparable results: [`compare`].

mod cause;
mod table;

use crate::evaluate::OBSERVED_MAX;
use anji_model::{
    BaselineVersion, CheckId, CheckResult, Drift, DriftKind, Privilege, RawResult, ReasonCategory,
    ResultIdentity, ResultSummary, RunId, Severity, Subject, SystemId, Term,
};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use table::Cell;

/// Which checks a run set out to answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ScopeChecks {
    /// Every check that the baseline has, and so also those that it has no
    /// more, but for these.
    AllBut(BTreeSet<CheckId>),
    /// These alone.
    Only(BTreeSet<CheckId>),
}

/// Which questions a run was able to answer. What lies outside is not
/// compared: a run over one host, over some checks or with fewer rights says
/// nothing about the rest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    /// The baseline; its other versions are the same questions.
    pub baseline: BaselineVersion,
    /// The business system.
    pub system: SystemId,
    /// Whom it looked at.
    pub subjects: BTreeSet<Subject>,
    /// What it asked.
    pub checks: ScopeChecks,
    /// The rights that it had.
    pub privilege: Privilege,
}

impl Scope {
    /// Whether the run set out to answer this question.
    pub fn covers(&self, identity: &ResultIdentity) -> bool {
        let asked = match &self.checks {
            ScopeChecks::AllBut(left_out) => !left_out.contains(&identity.check),
            ScopeChecks::Only(checks) => checks.contains(&identity.check),
        };
        asked
            && name(&identity.baseline) == name(&self.baseline)
            && identity.system == self.system
            && self.subjects.contains(&identity.subject)
    }

    /// Whether a result of an earlier run can be held against this run: one
    /// that was had with more rights cannot, because what is missed now may
    /// still be there.
    fn reaches(&self, before: &CheckResult) -> bool {
        before.evidence.iter().filter_map(|used| used.privilege).all(|had| had <= self.privilege)
    }
}

/// What came out of a comparison.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Comparison {
    /// The changes: new failures first, then by kind, severity and identity.
    pub drift: Vec<Drift>,
    /// How many results had a comparable one before.
    pub compared: u64,
    /// The runs that those stand in, with how many of them each.
    pub bases: BTreeMap<RunId, u64>,
}

impl Comparison {
    /// The run that most results were compared with, the newer of two.
    pub fn basis(&self) -> Option<&RunId> {
        self.bases.iter().max_by_key(|(run, count)| (**count, *run)).map(|(run, _)| run)
    }
}

/// Whether the change brings a failure that was not there, or was not seen,
/// before: regressed, appeared failing, or evidence restored and failing.
pub fn newly_failing(drift: &Drift) -> bool {
    let (before, after) = drift.words();
    after == Some(RawResult::Fail) && before != Some(RawResult::Fail)
}

/// Compares each result of `after` with the last comparable one of `before`.
/// Both stand in the order of the chain of runs, oldest first: which of two
/// results is the newer is never asked of their clocks, which may be set back.
///
/// `before` holds the newest results of each question; older ones beside them
/// are welcome, and are used where the newest cannot be compared. Comparable
/// is a result of the same question (another version of the baseline asks the
/// same) that `scope` covers and that was had with no more rights than this
/// run had. The first results of a subject are compared with nothing, and so
/// nothing appears.
pub fn compare(before: &[ResultSummary], after: &[ResultSummary], scope: &Scope) -> Comparison {
    let (earlier, later) = (by_question(before), by_question(after));
    let (known, met) = (versions(before), versions(after));
    let mut comparison = Comparison::default();
    for (question, sides) in &later {
        let Some(now) = sides.last().copied() else { continue };
        if !scope.covers(&now.result.identity) {
            continue;
        }
        if let Some(candidates) = earlier.get(question) {
            if let Some(last) = last_comparable(candidates, now, scope) {
                comparison.compared += 1;
                *comparison.bases.entry(last.run.clone()).or_insert(0) += 1;
                comparison.drift.extend(changed(last, now));
            }
        } else {
            comparison.drift.extend(appeared(now, &known));
        }
    }
    for (question, sides) in &earlier {
        if !later.contains_key(question) {
            comparison.drift.extend(gone(sides, &later, &met, scope));
        }
    }
    comparison.drift.sort_by(|a, b| order(a).cmp(&order(b)));
    comparison
}

type Order<'a> = (Reverse<bool>, DriftKind, Reverse<Severity>, &'a ResultIdentity);

fn order(drift: &Drift) -> Order<'_> {
    (Reverse(newly_failing(drift)), drift.kind, Reverse(drift.severity), &drift.identity)
}

/// A question across versions of a baseline; the element comes last, so that
/// the elements of one check stand together.
type Question<'a> = (&'a str, &'a SystemId, &'a Subject, &'a CheckId, Option<&'a str>);

type ByQuestion<'a> = BTreeMap<Question<'a>, Vec<&'a ResultSummary>>;

/// The baseline's name without its version.
fn name(baseline: &BaselineVersion) -> &str {
    let text = baseline.as_str();
    text.rsplit_once('@').map_or(text, |(name, _)| name)
}

fn question(identity: &ResultIdentity) -> Question<'_> {
    let ResultIdentity { baseline, system, check, subject, element } = identity;
    (name(baseline), system, subject, check, element.as_deref())
}

fn by_question(summaries: &[ResultSummary]) -> ByQuestion<'_> {
    let mut map = ByQuestion::new();
    for summary in summaries {
        map.entry(question(&summary.result.identity)).or_default().push(summary);
    }
    map
}

/// Who is asked by whom: a baseline (by name), a system and a subject.
type Asker<'a> = (&'a str, &'a SystemId, &'a Subject);

fn asker(identity: &ResultIdentity) -> Asker<'_> {
    (name(&identity.baseline), &identity.system, &identity.subject)
}

/// The versions of each baseline that there are results of.
type Versions<'a> = BTreeMap<Asker<'a>, BTreeSet<&'a BaselineVersion>>;

fn versions(summaries: &[ResultSummary]) -> Versions<'_> {
    let mut map = Versions::new();
    for identity in summaries.iter().map(|summary| &summary.result.identity) {
        map.entry(asker(identity)).or_default().insert(&identity.baseline);
    }
    map
}

/// Whether the word answers a question that was really asked.
fn asked(word: RawResult) -> bool {
    !matches!(word, RawResult::NotChecked | RawResult::NotSelected)
}

/// The newest comparable result. One that was really asked, and was had with
/// more rights (up to those of this run), goes before a newer one that was
/// not: after a day without root, root's results are held against root's.
fn last_comparable<'a>(
    candidates: &[&'a ResultSummary],
    now: &ResultSummary,
    scope: &Scope,
) -> Option<&'a ResultSummary> {
    let rights =
        |side: &ResultSummary| side.result.evidence.iter().filter_map(|used| used.privilege).max();
    let reached = candidates.iter().copied().filter(|side| scope.reaches(&side.result));
    let newest = reached.max_by_key(|side| {
        let answered = !asked(now.result.raw) || asked(side.result.raw);
        // Of equals the last one is taken: the newest.
        (answered, rights(side))
    });
    // A failure that is seen with fewer rights is a failure all the same: it
    // may be held against the last time that more rights saw none.
    let held =
        |side: &&ResultSummary| matches!(side.result.raw, RawResult::Pass | RawResult::Fixed);
    let fails = now.result.raw == RawResult::Fail;
    newest.or_else(|| candidates.iter().copied().rfind(|side| fails && held(side)))
}

fn changed(before: &ResultSummary, after: &ResultSummary) -> Option<Drift> {
    let (b, a) = (&before.result, &after.result);
    let (mut new_terms, mut gone_terms) = term_changes(b, a);
    let kind = match table::cell(Some(b.raw), Some(a.raw)) {
        Cell::Quiet => return None,
        Cell::Kind(kind) => kind,
        Cell::Terms => {
            let other_rest = b.failed_terms_total != a.failed_terms_total
                || b.failed_terms_rest != a.failed_terms_rest;
            if new_terms.is_empty() && gone_terms.is_empty() && !other_rest {
                return None;
            }
            DriftKind::ValueMoved
        }
        Cell::Values if values_moved(b, a) => DriftKind::ValueMoved,
        Cell::Values => return None,
        Cell::Waiting => {
            (new_terms, gone_terms) = (waiting(a, b), waiting(b, a));
            if new_terms.is_empty() && gone_terms.is_empty() {
                return None;
            }
            DriftKind::ValueMoved
        }
    };
    if kind == DriftKind::EvidenceRestored && a.raw == RawResult::Fail {
        // Nobody has seen any of them before.
        new_terms.clone_from(&a.failed_terms);
    }
    Some(Drift {
        identity: a.identity.clone(),
        severity: a.severity,
        kind,
        cause: cause::between(b, a),
        before: Some(before.clone()),
        after: Some(after.clone()),
        new_terms,
        gone_terms,
    })
}

/// What waits for an approved list in `from` and not in `other`, as far as
/// both lists reach: they are sorted and bounded, and beyond the end of a
/// shorter one nothing is said.
fn waiting(from: &CheckResult, other: &CheckResult) -> Vec<Term> {
    let register = |result: &CheckResult| {
        result.reasons.iter().find_map(|reason| match &reason.category {
            ReasonCategory::NoRegister(register) => Some(register.to_string()),
            _ => None,
        })
    };
    let (Some(wanted), Some(same)) = (register(from), register(other)) else { return Vec::new() };
    if wanted != same || lost_sight(from) || lost_sight(other) {
        return Vec::new();
    }
    let there: BTreeSet<&str> = other.observed.iter().map(|o| o.value.as_str()).collect();
    let reach = (other.observed.len() >= OBSERVED_MAX).then(|| there.last().copied()).flatten();
    let news = from.observed.iter().filter(|seen| {
        let within = reach.is_none_or(|last| seen.value.as_str() <= last);
        within && !there.contains(seen.value.as_str())
    });
    news.map(|seen| Term {
        path: seen.path.clone(),
        observed: seen.value.clone(),
        operator: "in".to_owned(),
        allowed: "null".to_owned(),
    })
    .collect()
}

/// Whether more than the list is missing: what was not seen did not come or go.
fn lost_sight(result: &CheckResult) -> bool {
    result.reasons.iter().any(|reason| matches!(reason.category, ReasonCategory::Evidence(_)))
}

/// Terms that fail on one side alone, by path and observed value. A bounded
/// list says nothing about what it leaves out, so that a term is new only
/// against a whole list before, and gone only against a whole list after; and
/// a result that is not decided shows no term gone.
fn term_changes(before: &CheckResult, after: &CheckResult) -> (Vec<Term>, Vec<Term>) {
    let decided = |result: &CheckResult| {
        !matches!(result.raw, RawResult::Unknown | RawResult::Error) && asked(result.raw)
    };
    let whole = |result: &CheckResult| {
        decided(result) && result.failed_terms.len() as u64 >= result.failed_terms_total
    };
    let lacking = |from: &CheckResult, other: &CheckResult| -> Vec<Term> {
        if !whole(other) {
            return Vec::new();
        }
        let there: BTreeSet<(&str, &str)> =
            other.failed_terms.iter().map(|t| (t.path.as_str(), t.observed.as_str())).collect();
        let absent = |t: &&Term| !there.contains(&(t.path.as_str(), t.observed.as_str()));
        from.failed_terms.iter().filter(absent).cloned().collect()
    };
    (lacking(after, before), lacking(before, after))
}

/// Whether a value that the check compares is another now. Only paths seen on
/// both sides count: the lists are bounded, and an element that came or went
/// while the check holds is no changed value.
fn values_moved(before: &CheckResult, after: &CheckResult) -> bool {
    let values: BTreeMap<&str, &str> =
        before.observed.iter().map(|o| (o.path.as_str(), o.value.as_str())).collect();
    let moved = |path: &str, value: &str| values.get(path).is_some_and(|was| *was != value);
    after.observed.iter().any(|o| moved(&o.path, &o.value))
}

/// A question without any earlier result: new, unless everything about the
/// subject is.
fn appeared(now: &ResultSummary, known: &Versions<'_>) -> Option<Drift> {
    let Cell::Kind(kind) = table::cell(None, Some(now.result.raw)) else { return None };
    let identity = &now.result.identity;
    Some(Drift {
        identity: identity.clone(),
        severity: now.result.severity,
        kind,
        cause: cause::of_one_side(identity, known.get(&asker(identity))?),
        before: None,
        after: Some(now.clone()),
        new_terms: now.result.failed_terms.clone(),
        gone_terms: Vec::new(),
    })
}

/// A question without any result now, though the run would have asked it.
fn gone(
    sides: &[&ResultSummary],
    later: &ByQuestion<'_>,
    met: &Versions<'_>,
    scope: &Scope,
) -> Option<Drift> {
    let last = sides.last().copied()?;
    let identity = &last.result.identity;
    if !scope.covers(identity) || !scope.reaches(&last.result) || elements_unknown(last, later) {
        return None;
    }
    let Cell::Kind(kind) = table::cell(Some(last.result.raw), None) else { return None };
    // A subject of which nothing at all came back was not looked at.
    let others = met.get(&asker(identity))?;
    Some(Drift {
        identity: identity.clone(),
        severity: last.result.severity,
        kind,
        cause: cause::of_one_side(identity, others),
        before: Some(last.clone()),
        after: None,
        new_terms: Vec::new(),
        gone_terms: last.result.failed_terms.clone(),
    })
}

/// Whether the check of an element's result answers now that it does not know
/// its elements: then the element is not gone by fact.
fn elements_unknown(last: &ResultSummary, later: &ByQuestion<'_>) -> bool {
    let (baseline, system, subject, check, element) = question(&last.result.identity);
    let whole = later.get(&(baseline, system, subject, check, None));
    let undecided = |side: &&ResultSummary| {
        !asked(side.result.raw) || matches!(side.result.raw, RawResult::Unknown | RawResult::Error)
    };
    element.is_some() && whole.is_some_and(|sides| sides.iter().any(undecided))
}

#[cfg(test)]
mod tests;
