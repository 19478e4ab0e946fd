//! State: an embedded SQLite file with evidence bodies by digest, results as change intervals,
//! and a signed chain of runs that can be verified later.
//!
//! [`Store::write`] is one transaction: a run is whole or absent. [`Store::read`] sees one
//! consistent state. [`Reader`] and [`Writer`] speak the nouns of the model; SQL stands in one
//! private module, so that another database can come behind the same two types.

#![cfg_attr(test, allow(clippy::unwrap_used, reason = "a test fails by panicking"))]

mod codec;
mod error;
mod folder;
mod migrate;
mod span;
mod sql;
mod store;
pub mod trust;
mod types;
mod verify;

pub use error::{Cause, StoreError};
pub use sql::{Reader, Writer};
pub use store::{Store, key_file, public_key, store_file};
pub use types::{
    CommandRecord, DriftCounts, Interval, LatestResult, NewAudit, NewRun, StoredBody, StoredRun,
    VulnSetSummary,
};
pub use verify::{Place, Problem, VerifyReport};
