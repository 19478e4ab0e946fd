//! Explaining a check: what it means, how it is decided, what it saw.

use crate::content;
use crate::context::Home;
use crate::error::AppError;
use crate::history::{answered, answers, newest_first, places};
use crate::subjects::name_of;
use anji_engine::ParamValue;
use anji_model::{CheckInfo, EvidenceKey, Privilege, ResultSummary, Subject};
use anji_store::{Interval, LatestResult, Reader, Store, StoreError};
use std::collections::BTreeMap;

/// A parameter of a check with the value in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParamInForce {
    /// Its name.
    pub name: String,
    /// The value.
    pub value: ParamValue,
    /// The check's own default, where the baseline says otherwise.
    pub default: Option<ParamValue>,
}

/// Everything there is to say about a check.
#[derive(Debug, Clone)]
pub struct Explained {
    /// The check.
    pub check: CheckInfo,
    /// Its parameters in force.
    pub params: Vec<ParamInForce>,
    /// The evidence that it is decided from.
    pub evidence: Vec<EvidenceKey>,
    /// What people call the subject.
    pub subject_name: String,
    /// Its latest results about the subject, each with its history, newest first.
    pub results: Vec<(LatestResult, Vec<Interval>)>,
}

/// Explains a check (by id or alias) with what it last came to about `subject`,
/// and its parameters under the baseline that asked then (the starter baseline
/// where it never ran).
///
/// # Errors
/// When there is no such check, or content or store cannot be read.
pub fn explain(home: &Home, subject: &Subject, name: &str) -> Result<Explained, AppError> {
    let content = content::load(home.content.as_deref())?;
    let id = crate::plan::check_id(&content, name)?;
    let check = content
        .check(id.as_str())
        .ok_or_else(|| AppError::NoSuchCheck { name: name.to_owned(), near: None })?;
    let (subject_name, results) = match Store::open_read_only(&home.state) {
        Ok(store) => store.read(|reader| -> Result<_, AppError> {
            Ok((name_of(reader, subject)?, results(reader, subject, &check.info)?))
        })?,
        Err(StoreError::Missing { .. }) => (subject.to_string(), Vec::new()),
        Err(error) => return Err(error.into()),
    };
    let asked = results.last().map(|(latest, _)| {
        crate::plan::baseline_name(&latest.summary.result.identity.baseline).to_owned()
    });
    let in_force = match content.baseline(asked.as_deref().unwrap_or(crate::plan::STARTER)) {
        Some(baseline) => baseline.params_of(check),
        None => check.params.iter().map(|param| param.default.clone()).collect(),
    };
    let params = check
        .params
        .iter()
        .zip(in_force)
        .map(|(param, value)| ParamInForce {
            name: param.name.clone(),
            default: (param.default != value).then(|| param.default.clone()),
            value,
        })
        .collect();
    Ok(Explained {
        check: check.info.clone(),
        params,
        evidence: check.bindings.iter().map(|binding| binding.key.clone()).collect(),
        subject_name,
        results,
    })
}

/// What a stretch came to at its end.
fn last_of(stretch: &Interval) -> ResultSummary {
    ResultSummary {
        run: stretch.last_run.clone(),
        as_of: stretch.last_as_of,
        result: stretch.result.clone(),
    }
}

fn results(
    reader: &Reader<'_>,
    subject: &Subject,
    check: &CheckInfo,
) -> Result<Vec<(LatestResult, Vec<Interval>)>, AppError> {
    // Oldest first: what stays of each question is its newest result.
    let newest: BTreeMap<_, _> = reader
        .latest_results(subject, Privilege::Root)?
        .into_iter()
        .filter(|latest| latest.summary.result.identity.check == check.id)
        .map(|latest| (latest.summary.result.identity.clone(), latest))
        .collect();
    let runs = newest_first(reader)?;
    let places = places(&runs);
    let mut found = Vec::new();
    for (identity, mut latest) in newest {
        let history = answered(reader.history(&identity)?, &places);
        if let (Some(newest), false) = (history.first(), answers(&latest.summary.result)) {
            // The last run left the question out: the answer before it still stands.
            latest = LatestResult { privilege: newest.privilege, summary: last_of(newest) };
        }
        found.push((latest, history));
    }
    Ok(found)
}
