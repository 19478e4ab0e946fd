//! Opening the store, and its two kinds of transaction.

use crate::error::StoreError;
use crate::sql::{Reader, Writer};
use crate::verify::VerifyReport;
use anji_model::Digest;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The store of one state folder.
pub struct Store {
    _dir: PathBuf,
}

/// The database file of the state folder `dir`.
pub fn store_file(dir: &Path) -> PathBuf {
    dir.join("anji.db")
}
/// The signing key of the state folder `dir`.
pub fn key_file(dir: &Path) -> PathBuf {
    dir.join("signing.key")
}

#[allow(unused_variables, missing_docs, clippy::missing_errors_doc)]
impl Store {
    /// Opens for reading and writing; creates the folder, the file and the signing key.
    pub fn open(dir: &Path) -> Result<Self, StoreError> {
        todo!()
    }
    /// Opens for reading; changes nothing.
    pub fn open_read_only(dir: &Path) -> Result<Self, StoreError> {
        todo!()
    }
    /// How long a write waits for another process (30 s at first).
    pub fn set_busy_timeout(&mut self, timeout: Duration) -> Result<(), StoreError> {
        todo!()
    }
    pub fn read<T, E: From<StoreError>>(
        &self,
        action: impl FnOnce(&Reader<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        todo!()
    }
    pub fn write<T, E: From<StoreError>>(
        &mut self,
        action: impl FnOnce(&Writer<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        todo!()
    }
    pub fn verify(&self, expect_head: Option<Digest>) -> Result<VerifyReport, StoreError> {
        todo!()
    }
}
