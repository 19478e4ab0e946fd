//! Registers: taking what is observed as the first approved list.

use crate::content;
use crate::context::{Actor, Home};
use crate::error::AppError;
use anji_engine::Content;
use anji_model::{Approval, Register, RegisterEntry, RegisterId, RunId, Snapshot, Subject};
use anji_store::{Reader, Store, StoreError};
use jiff::Timestamp;
use std::collections::BTreeSet;

/// What an adoption is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdoptRequest {
    /// The register's name.
    pub register: String,
    /// For whom.
    pub subject: Subject,
    /// Who approved it, where that is not the actor.
    pub approved_by: Option<String>,
    /// Why.
    pub reason: Option<String>,
    /// Whether to show what would be adopted only.
    pub dry_run: bool,
}

/// What an adoption came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Adoption {
    /// The register as adopted (or as it would be).
    pub register: Register,
    /// Entries that the version before did not have.
    pub added: Vec<RegisterEntry>,
    /// Entries that only the version before had.
    pub removed: Vec<RegisterEntry>,
    /// Whether it was stored.
    pub stored: bool,
}

/// Takes what the subject's last run observed as the approved list. Nothing is
/// collected anew: what is adopted is exactly what that run's report showed.
///
/// # Errors
/// When no check uses such a register, there is no run yet, the run's evidence
/// for it was not had or is incomplete (a list with holes would approve too
/// little without saying so), or nothing would change.
pub fn adopt(
    home: &Home,
    actor: &Actor,
    now: Timestamp,
    request: &AdoptRequest,
) -> Result<Adoption, AppError> {
    let content = content::load(home.content.as_deref())?;
    let id = register_id(&content, &request.register)?;
    let mut store = Store::open(&home.state)?;
    store.write(|writer| {
        let (run, observed) = observed(writer, &content, &id, &request.subject)?;
        let before = writer.register(&id, &request.subject)?;
        let register = next_version(before.as_ref(), &id, request, observed, run, actor, now)?;
        let difference = |a: &[RegisterEntry], b: &[RegisterEntry]| {
            let b: BTreeSet<_> = b.iter().collect();
            a.iter().filter(|entry| !b.contains(entry)).cloned().collect::<Vec<_>>()
        };
        let old = before.map(|before| before.entries).unwrap_or_default();
        let (added, removed) =
            (difference(&register.entries, &old), difference(&old, &register.entries));
        if !request.dry_run {
            writer.put_register(&register, "register.adopt")?;
        }
        Ok(Adoption { register, added, removed, stored: !request.dry_run })
    })
}

fn next_version(
    before: Option<&Register>,
    id: &RegisterId,
    request: &AdoptRequest,
    observed: BTreeSet<String>,
    run: RunId,
    actor: &Actor,
    now: Timestamp,
) -> Result<Register, AppError> {
    let entries: Vec<_> = observed.into_iter().map(|value| RegisterEntry { value }).collect();
    if let Some(before) = before.filter(|before| before.entries == entries) {
        return Err(AppError::NothingToAdopt { register: id.clone(), version: before.version });
    }
    Ok(Register {
        id: id.clone(),
        subject: request.subject.clone(),
        version: before.map_or(1, |before| before.version + 1),
        entries,
        adopted_from: Some(run),
        approval: Approval {
            recorded_by: actor.name.clone(),
            approved_by: request.approved_by.clone(),
            at: now,
            reason: request.reason.clone(),
        },
    })
}

/// What the last run about `subject` observed for `register`, by the checks
/// that compare with it.
fn observed(
    reader: &Reader<'_>,
    content: &Content,
    register: &RegisterId,
    subject: &Subject,
) -> Result<(RunId, BTreeSet<String>), AppError> {
    let run = crate::history::last_run_about(reader, subject)?;
    let snapshot: Snapshot = reader.snapshot_of(&run, subject)?;
    let manifest = crate::history::stored(reader, &run)?.signed.manifest;
    let baseline = crate::plan::baseline(content, crate::plan::baseline_name(&manifest.baseline))?;
    let entries = anji_engine::observed_entries(content, baseline, register, &snapshot).map_err(
        |reason| AppError::CannotAdopt { register: register.clone(), detail: reason.detail },
    )?;
    Ok((run, entries))
}

fn register_id(content: &Content, name: &str) -> Result<RegisterId, AppError> {
    content.registers().iter().find(|id| id.as_str() == name).cloned().ok_or_else(|| {
        AppError::NoSuchRegister {
            name: name.to_owned(),
            known: content
                .registers()
                .iter()
                .map(RegisterId::as_str)
                .collect::<Vec<_>>()
                .join(", "),
        }
    })
}

/// The newest version of each register of `subject`, and the names of those
/// that checks use and nobody has adopted.
///
/// # Errors
/// When the content or the store cannot be read.
pub fn registers(
    home: &Home,
    subject: &Subject,
) -> Result<(Vec<Register>, Vec<RegisterId>), AppError> {
    let content = content::load(home.content.as_deref())?;
    let adopted = match Store::open_read_only(&home.state) {
        Ok(store) => store.read(|reader| reader.registers(subject))?,
        Err(StoreError::Missing { .. }) => Vec::new(),
        Err(error) => return Err(error.into()),
    };
    let missing = content
        .registers()
        .iter()
        .filter(|id| adopted.iter().all(|register| register.id != **id))
        .cloned()
        .collect();
    Ok((adopted, missing))
}

/// Every version of a register of `subject`, newest first; empty when none was
/// adopted.
///
/// # Errors
/// When no check uses such a register, or the store cannot be read.
pub fn register_history(
    home: &Home,
    subject: &Subject,
    name: &str,
) -> Result<Vec<Register>, AppError> {
    let content = content::load(home.content.as_deref())?;
    let id = register_id(&content, name)?;
    let store = Store::open_read_only(&home.state)?;
    let mut versions = store.read(|reader| reader.register_history(&id, subject))?;
    versions.sort_by_key(|register| std::cmp::Reverse(register.version));
    Ok(versions)
}
