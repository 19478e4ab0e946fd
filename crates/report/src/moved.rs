//! The values behind a change.

use anji_model::{Drift, RawResult, ResultSummary, Term};
use std::collections::BTreeMap;

/// One value that moved.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Moved<'a> {
    pub(crate) path: &'a str,
    pub(crate) old: Option<&'a str>,
    pub(crate) new: Option<&'a str>,
    /// The comparison that fails now.
    pub(crate) term: Option<&'a Term>,
    /// Whether the old value failed.
    pub(crate) failed: bool,
}

/// The values behind a change: comparisons that began or ceased to fail, each
/// with the value on the other side where that is known, else whatever was
/// observed differently.
#[must_use]
pub(crate) fn moved(drift: &Drift) -> Vec<Moved<'_>> {
    let before = observed(drift.before.as_ref());
    let after = observed(drift.after.as_ref());
    let mut found: Vec<Moved<'_>> = Vec::new();
    for term in &drift.new_terms {
        let gone = drift.gone_terms.iter().find(|gone| gone.path == term.path);
        let old = gone.map(|gone| gone.observed.as_str());
        let old = old.or_else(|| before.get(term.path.as_str()).copied());
        let new = Some(term.observed.as_str());
        found.push(Moved { path: &term.path, old, new, term: Some(term), failed: gone.is_some() });
    }
    for term in &drift.gone_terms {
        if !drift.new_terms.iter().any(|new| new.path == term.path) {
            let new = after.get(term.path.as_str()).copied();
            found.push(Moved {
                path: &term.path,
                old: Some(&term.observed),
                new,
                term: None,
                failed: true,
            });
        }
    }
    if found.is_empty() && drift.before.is_none() {
        let terms = drift.after.iter().flat_map(|side| &side.result.failed_terms);
        found.extend(terms.map(|term| Moved {
            path: &term.path,
            old: None,
            new: Some(&term.observed),
            term: Some(term),
            failed: false,
        }));
    }
    // A side that could not be decided says nothing about values.
    let told = |side: &Option<ResultSummary>| {
        side.as_ref()
            .is_some_and(|s| !matches!(s.result.raw, RawResult::Unknown | RawResult::Error))
    };
    if found.is_empty() && told(&drift.before) && told(&drift.after) {
        for (path, new) in &after {
            let old = before.get(path).copied();
            if old != Some(*new) {
                found.push(Moved { path, old, new: Some(*new), term: None, failed: false });
            }
        }
        for (path, old) in &before {
            if !after.contains_key(path) {
                found.push(Moved { path, old: Some(*old), new: None, term: None, failed: false });
            }
        }
    }
    found
}

/// Values by path: what was compared, and what was looked at.
fn observed(side: Option<&ResultSummary>) -> BTreeMap<&str, &str> {
    let Some(side) = side else { return BTreeMap::new() };
    let seen = side.result.observed.iter().map(|one| (one.path.as_str(), one.value.as_str()));
    let terms = side.result.failed_terms.iter();
    seen.chain(terms.map(|term| (term.path.as_str(), term.observed.as_str()))).collect()
}
