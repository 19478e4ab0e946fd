//! Explaining a check: what it means, how it is decided, what it saw.

use crate::content;
use crate::context::Home;
use crate::error::AppError;
use anji_engine::ParamValue;
use anji_model::{CheckInfo, EvidenceKey, Privilege, Subject, Text};
use anji_store::{Interval, LatestResult, Store, StoreError};

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
    /// Why it cannot decide both ways yet.
    pub undecided: Option<Text>,
    /// Its latest results about the subject, each with its history, newest first.
    pub results: Vec<(LatestResult, Vec<Interval>)>,
}

/// Explains a check (by id or alias) under the starter baseline, with what it
/// last came to about `subject`.
///
/// # Errors
/// When there is no such check, or content or store cannot be read.
pub fn explain(home: &Home, subject: &Subject, name: &str) -> Result<Explained, AppError> {
    let content = content::load(home.content.as_deref())?;
    let id = crate::plan::check_id(&content, name)?;
    let check = content
        .check(id.as_str())
        .ok_or_else(|| AppError::NoSuchCheck { name: name.to_owned(), near: None })?;
    let in_force = match content.baseline(crate::plan::STARTER) {
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
    let results = match Store::open_read_only(&home.state) {
        Ok(store) => results(&store, subject, &check.info)?,
        Err(StoreError::Missing { .. }) => Vec::new(),
        Err(error) => return Err(error.into()),
    };
    Ok(Explained {
        check: check.info.clone(),
        params,
        evidence: check.bindings.iter().map(|binding| binding.key.clone()).collect(),
        undecided: check.undecided.clone(),
        results,
    })
}

fn results(
    store: &Store,
    subject: &Subject,
    check: &CheckInfo,
) -> Result<Vec<(LatestResult, Vec<Interval>)>, AppError> {
    store.read(|reader| {
        let latest = reader.latest_results(subject, Privilege::Root)?;
        let mut found = Vec::new();
        for latest in latest {
            let identity = &latest.summary.result.identity;
            if identity.check == check.id {
                let mut history = reader.history(identity)?;
                history.sort_by_key(|stretch| std::cmp::Reverse(stretch.first_as_of));
                found.push((latest, history));
            }
        }
        Ok(found)
    })
}
