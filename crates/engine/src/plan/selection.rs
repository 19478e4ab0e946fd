//! Which checks of a baseline a run asks.

use crate::compare::{Scope, ScopeChecks};
use crate::content::{Baseline, Check, Content};
use crate::plan::checks_of;
use anji_model::{BaselineVersion, CheckId, EvidenceType, Privilege, Subject, SystemId};
use std::collections::BTreeSet;

/// The evidence type whose collection reads whole file systems.
const WALK: &str = "file.walk";

/// Whether collecting this type walks the file systems.
pub(crate) fn is_walk(kind: &EvidenceType) -> bool {
    kind.as_str() == WALK
}

/// Which checks of a baseline a run asks; by default all.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Selection {
    /// Ids or aliases of the only checks to ask; none means all. Names that
    /// the baseline does not have select nothing: see [`Selection::unmatched`].
    pub only: Option<BTreeSet<String>>,
    /// Leave out what needs a walk over the file systems.
    pub skip_walk: bool,
}

/// What a selection makes of a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Choice {
    /// It is asked.
    Asked,
    /// It is not among the named ones.
    NotSelected,
    /// It needs a walk, and walks are left out. Its result is `notchecked`:
    /// nobody chose to leave out this question by name (that would be
    /// `notselected`), and nothing was tried that failed (that would be
    /// `unknown`, and would lower the rate of whoever saves a minute on a busy
    /// host). It stands in the coverage, so that the gap is seen.
    WalkLeftOut,
}

impl Selection {
    /// What the selection makes of `check`.
    pub(crate) fn choice(&self, check: &Check) -> Choice {
        let named = |only: &BTreeSet<String>| {
            only.contains(check.info.id.as_str()) || only.contains(&check.info.alias)
        };
        if self.only.as_ref().is_some_and(|only| !named(only)) {
            Choice::NotSelected
        } else if self.skip_walk && check.bindings.iter().any(|b| is_walk(&b.key.kind)) {
            Choice::WalkLeftOut
        } else {
            Choice::Asked
        }
    }

    /// The names that select no check of the baseline, sorted: most likely
    /// typing errors.
    pub fn unmatched(&self, content: &Content, baseline: &Baseline) -> Vec<String> {
        let known: BTreeSet<&str> = checks_of(content, baseline)
            .flat_map(|check| [check.info.id.as_str(), check.info.alias.as_str()])
            .collect();
        let names = self.only.iter().flatten();
        names.filter(|name| !known.contains(name.as_str())).cloned().collect()
    }

    /// What a run with this selection is able to answer, for
    /// [`compare`](crate::compare()). With all checks selected that includes
    /// the end of those which the baseline no longer has.
    ///
    /// # Panics
    /// When `baseline` was not loaded and its id has no valid form.
    pub fn scope(
        &self,
        content: &Content,
        baseline: &Baseline,
        system: &SystemId,
        subject: &Subject,
        privilege: Privilege,
    ) -> Scope {
        let with = |wanted: fn(Choice) -> bool| -> BTreeSet<CheckId> {
            checks_of(content, baseline)
                .filter(|check| wanted(self.choice(check)))
                .map(|check| check.info.id.clone())
                .collect()
        };
        let checks = match self.only {
            Some(_) => ScopeChecks::Only(with(|choice| choice == Choice::Asked)),
            None => ScopeChecks::AllBut(with(|choice| choice != Choice::Asked)),
        };
        Scope {
            baseline: version_of(baseline),
            system: system.clone(),
            subjects: BTreeSet::from([subject.clone()]),
            checks,
            privilege,
        }
    }
}

/// The version of a loaded baseline.
pub(crate) fn version_of(baseline: &Baseline) -> BaselineVersion {
    baseline.baseline_version().expect("the loader refuses baseline ids of another form")
}
