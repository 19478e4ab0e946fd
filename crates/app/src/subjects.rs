//! Whom the stored runs are about, and whom a person means by a name.

use crate::context::Home;
use crate::error::AppError;
use crate::history::{newest_first, stored, subject_names};
use anji_model::{RunId, Subject};
use anji_store::{Reader, Store, StoreError};
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

/// A subject of the stored runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownSubject {
    /// The subject.
    pub subject: Subject,
    /// What people call it, by its last run.
    pub name: String,
    /// Its last run.
    pub run: RunId,
    /// When that run evaluated.
    pub as_of: Timestamp,
    /// Every name that a run has recorded for it.
    names: BTreeSet<String>,
}

impl KnownSubject {
    /// Whether a person may mean it by `asked`: its id, with or without its
    /// kind, or a name that a run recorded, with or without the operating
    /// system that stands in brackets behind it.
    fn is_called(&self, asked: &str) -> bool {
        let host = |name: &str| name.split_once(" (").map_or(name, |(host, _)| host) == asked;
        self.subject.id == asked
            || self.subject.to_string() == asked
            || self.names.iter().any(|name| name == asked || host(name))
    }
}

/// The subjects of the stored runs, in their order; none when nothing was
/// stored yet.
///
/// # Errors
/// When the store cannot be read.
pub fn subjects(home: &Home) -> Result<Vec<KnownSubject>, AppError> {
    match Store::open_read_only(&home.state) {
        Ok(store) => store.read(known),
        Err(StoreError::Missing { .. }) => Ok(Vec::new()),
        Err(error) => Err(error.into()),
    }
}

pub(crate) fn known(reader: &Reader<'_>) -> Result<Vec<KnownSubject>, AppError> {
    let mut found: BTreeMap<Subject, KnownSubject> = BTreeMap::new();
    for summary in newest_first(reader)? {
        for (subject, name) in subject_names(&stored(reader, &summary.run)?) {
            let one = found.entry(subject.clone()).or_insert_with(|| KnownSubject {
                subject,
                name: name.clone(),
                run: summary.run.clone(),
                as_of: summary.as_of,
                names: BTreeSet::new(),
            });
            one.names.insert(name);
        }
    }
    Ok(found.into_values().collect())
}

/// The subject that a person calls `asked`: `local`, `asset:local`,
/// `root:/path`, or a name that a stored run recorded. This machine is known
/// before its first run.
///
/// # Errors
/// [`AppError::NoSuchSubject`] with those there are, [`AppError::ManySubjects`]
/// when several are called so, and when the store cannot be read.
pub fn subject_called(home: &Home, asked: &str) -> Result<Subject, AppError> {
    let local = Subject::local();
    if asked == local.id || asked == local.to_string() {
        return Ok(local);
    }
    let known = subjects(home)?;
    let called: Vec<_> = known.iter().filter(|one| one.is_called(asked)).collect();
    match called.as_slice() {
        [one] => Ok(one.subject.clone()),
        [] => Err(AppError::NoSuchSubject { name: asked.to_owned(), known: list(&known) }),
        _ => Err(AppError::ManySubjects { name: asked.to_owned(), known: list(called) }),
    }
}

/// What the last run about `subject` calls it, else its id.
pub(crate) fn name_of(reader: &Reader<'_>, subject: &Subject) -> Result<String, AppError> {
    let known = known(reader)?.into_iter().find(|one| one.subject == *subject);
    Ok(known.map_or_else(|| subject.to_string(), |one| one.name))
}

fn list<'k>(known: impl IntoIterator<Item = &'k KnownSubject>) -> String {
    let names = known.into_iter().map(|one| match one.name == one.subject.to_string() {
        true => one.name.clone(),
        false => format!("{} = {}", one.subject, one.name),
    });
    names.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(subject: Subject, names: &[&str]) -> KnownSubject {
        KnownSubject {
            subject,
            name: names[0].to_owned(),
            run: RunId::new("20261123T225900Z-4f1c9a2b").expect("a run id"),
            as_of: Timestamp::UNIX_EPOCH,
            names: names.iter().map(|name| (*name).to_owned()).collect(),
        }
    }

    #[test]
    fn a_subject_is_called_by_its_id_and_by_each_name_a_run_recorded() {
        let local = known(Subject::local(), &["his-db01 (Debian GNU/Linux 12)", "his-db (Debian)"]);
        for name in ["local", "asset:local", "his-db01", "his-db01 (Debian GNU/Linux 12)", "his-db"]
        {
            assert!(local.is_called(name), "{name}");
        }
        for name in ["", "his", "Debian", "system:local", "his-db01 (Debian"] {
            assert!(!local.is_called(name), "{name}");
        }
        let root = Subject::asset("root:/mnt/a").expect("an id");
        let root = known(root, &["/mnt/a (Debian)"]);
        for name in ["root:/mnt/a", "asset:root:/mnt/a", "/mnt/a"] {
            assert!(root.is_called(name), "{name}");
        }
    }

    #[test]
    fn known_subjects_are_listed_with_what_people_call_them() {
        let all =
            [known(Subject::local(), &["his-db01"]), known(Subject::local(), &["asset:local"])];
        assert_eq!(list(&all), "asset:local = his-db01, asset:local");
    }
}
