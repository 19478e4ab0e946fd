//! What statements fail with, before it is known which file they ran on.

use crate::error::StoreError;
use rusqlite::ffi::{self, ErrorCode};
use std::path::Path;
use std::time::Duration;

/// A failure inside the SQL module.
#[derive(Debug)]
pub(crate) enum Fault {
    /// The database said no.
    Sql(rusqlite::Error),
    /// A row holds what no program wrote.
    Damaged(String),
    /// Already sorted.
    Store(StoreError),
}

impl From<rusqlite::Error> for Fault {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::Error as E;
        match error {
            // Types are checked by the schema, so a value of another type or range is damage. So
            // is a schema that our statements, all fixed, do not fit.
            E::FromSqlConversionFailure(..)
            | E::IntegralValueOutOfRange(..)
            | E::InvalidColumnType(..)
            | E::SqlInputError { .. }
            | E::Utf8Error(..) => Self::Damaged(error.to_string()),
            other => Self::Sql(other),
        }
    }
}

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl Fault {
    /// A row holds what no program wrote.
    pub(crate) fn damaged(what: impl Into<String>) -> Self {
        Self::Damaged(what.into())
    }

    /// Whether the file itself is damaged, and what the database says about it.
    pub(crate) fn damage(&self) -> Option<String> {
        match self {
            Self::Damaged(what) => Some(what.clone()),
            Self::Store(StoreError::BodyChanged { digest }) => Some(format!("body `{digest}`")),
            Self::Store(StoreError::Corrupt { what, .. }) => Some(what.clone()),
            Self::Sql(error) => match error.sqlite_error_code() {
                Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
                    Some(error.to_string())
                }
                // A query that cannot even be prepared: the tables are not ours any more.
                Some(ErrorCode::Unknown) => Some(error.to_string()),
                _ => None,
            },
            Self::Store(_) => None,
        }
    }
}

/// Sorts a fault on `file` by what a person has to do.
pub(crate) fn sort(file: &Path, busy: Duration, fault: Fault) -> StoreError {
    let path = file.to_path_buf();
    let error = match fault {
        Fault::Store(error) => return error,
        Fault::Damaged(what) => return StoreError::Corrupt { path, what, source: None },
        Fault::Sql(error) => error,
    };
    let extended = error.sqlite_error().map_or(0, |error| error.extended_code);
    match error.sqlite_error_code() {
        Some(ErrorCode::NotADatabase) => StoreError::ForeignFile { path },
        Some(ErrorCode::DatabaseCorrupt) => {
            StoreError::Corrupt { path, what: error.to_string(), source: Some(error.into()) }
        }
        Some(ErrorCode::DiskFull) => StoreError::DiskFull { path, source: Some(error.into()) },
        // SQLite calls only ENOSPC a full disk; a quota, a size limit, and a wal-index that cannot
        // grow come as these.
        Some(ErrorCode::SystemIoFailure)
            if matches!(extended, ffi::SQLITE_IOERR_SHMSIZE | ffi::SQLITE_IOERR_WRITE) =>
        {
            StoreError::DiskFull { path, source: Some(error.into()) }
        }
        Some(ErrorCode::SystemIoFailure) => StoreError::DiskFailed { path, source: error.into() },
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            StoreError::Busy { path, seconds: busy.as_secs() }
        }
        Some(ErrorCode::ReadOnly) => StoreError::ReadOnly { path, source: Some(error.into()) },
        Some(ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => StoreError::NotWritable {
            dir: file.parent().unwrap_or(file).to_path_buf(),
            source: Some(error.into()),
        },
        _ => StoreError::Database { path, source: error.into() },
    }
}
