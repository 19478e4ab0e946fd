//! Evidence that is computed after collection, with what the user imported.

use crate::context::{Home, Ports};
use crate::error::AppError;
use crate::plan::Prepared;
use anji_collect::Collected;
use anji_model::{EvidenceRecord, VulnKnowledge};
use anji_store::{Store, StoreError};

/// Puts the derived evidence that the selected checks need into the snapshot,
/// and gives its records. Without a store nothing was imported.
pub(crate) fn derive(
    prepared: &Prepared<'_>,
    home: &Home,
    ports: &Ports<'_>,
    collected: &mut Collected,
) -> Result<Vec<EvidenceRecord>, AppError> {
    let keys = anji_engine::derived_keys(prepared.content, prepared.baseline, &prepared.selection);
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    let knowledge = match anji_engine::lookup(&collected.snapshot) {
        Some(lookup) => match Store::open_read_only(&home.state) {
            Ok(store) => store
                .read(|reader| reader.vulnerabilities(&lookup.distributions, &lookup.packages))?,
            // A store of an older schema holds none either.
            Err(StoreError::Missing { .. } | StoreError::OlderSchema { .. }) => {
                VulnKnowledge::default()
            }
            Err(error) => return Err(error.into()),
        },
        None => VulnKnowledge::default(),
    };
    let snapshot = &mut collected.snapshot;
    let now = (ports.clock)();
    Ok(keys.iter().filter_map(|key| anji_engine::derive(snapshot, key, &knowledge, now)).collect())
}
