//! What can go wrong with the store, told apart by what a person has to do.

use anji_model::{Digest, RegisterId, RunId};
use std::path::{Path, PathBuf};

/// The error underneath, kept for `source()` chains and logs.
pub type Cause = Box<dyn std::error::Error + Send + Sync>;

/// Why the store could not do what was asked. Nothing that was stored before is lost by any of
/// these: a write is whole or absent.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// There is no store yet.
    #[error("no store at `{}` yet", path.display())]
    Missing {
        /// Where it was looked for.
        path: PathBuf,
    },
    /// The file is damaged.
    #[error(
        "the store `{}` is damaged ({what}); keep a copy of the folder and restore the newest backup",
        path.display()
    )]
    Corrupt {
        /// The database file.
        path: PathBuf,
        /// What was found damaged.
        what: String,
        /// What the database said, if it did.
        source: Option<Cause>,
    },
    /// The file may be read only.
    #[error(
        "the store `{}` can only be read; give this account write access to it or choose another folder",
        path.display()
    )]
    ReadOnly {
        /// The database file.
        path: PathBuf,
        /// What the system said, if it did.
        source: Option<Cause>,
    },
    /// The folder may not be written.
    #[error(
        "the folder `{}` cannot be written; give this account write access to it or choose another folder",
        dir.display()
    )]
    NotWritable {
        /// The state folder.
        dir: PathBuf,
        /// What the system said.
        source: Option<Cause>,
    },
    /// A read-only folder holds a write-ahead log that cannot be read without writing.
    #[error(
        "the store `{}` has an unfinished write-ahead log, and its folder is read-only; open it once with write access",
        path.display()
    )]
    UnfinishedLog {
        /// The database file.
        path: PathBuf,
    },
    /// No room is left, or a quota or size limit is reached.
    #[error(
        "no room left for the store `{}`, or its disk refuses to write; free some space or look at the disk, and run again",
        path.display()
    )]
    DiskFull {
        /// The database file.
        path: PathBuf,
        /// What the system said.
        source: Option<Cause>,
    },
    /// The disk, or the file system on it, failed.
    #[error(
        "the disk failed under the store `{}`; look at the system's log before anything else",
        path.display()
    )]
    DiskFailed {
        /// The database file.
        path: PathBuf,
        /// What the database said.
        source: Cause,
    },
    /// Another process held the store for too long.
    #[error(
        "another process has been writing the store `{}` for {seconds} s; wait for it to end and run again",
        path.display()
    )]
    Busy {
        /// The database file.
        path: PathBuf,
        /// How long was waited.
        seconds: u64,
    },
    /// The store was written by a newer program.
    #[error(
        "the store has schema {found}, this program knows up to {known}; use the newer program that wrote it"
    )]
    NewerSchema {
        /// The schema of the store.
        found: u32,
        /// The newest schema that this program knows.
        known: u32,
    },
    /// A store opened for reading needs an upgrade first.
    #[error(
        "the store has schema {found}, this program reads {known}; open it once with write access to upgrade it"
    )]
    OlderSchema {
        /// The schema of the store.
        found: u32,
        /// The schema that this program reads.
        known: u32,
    },
    /// The file is something else.
    #[error(
        "`{}` is not an Anji store, or its first bytes are damaged; move it away or choose another folder",
        path.display()
    )]
    ForeignFile {
        /// The file.
        path: PathBuf,
    },
    /// The folder or a file in it is open to others, or is not ours.
    #[error("`{}` {problem}", path.display())]
    BadPermissions {
        /// The folder or file.
        path: PathBuf,
        /// What is wrong, and what to do.
        problem: String,
    },
    /// The key file cannot be used.
    #[error("the signing key `{}` {problem}", path.display())]
    BadKey {
        /// The key file.
        path: PathBuf,
        /// What is wrong, and what to do.
        problem: String,
        /// What the system said, if it did.
        source: Option<Cause>,
    },
    /// A run with this id is stored already.
    #[error("run `{run}` is stored already")]
    RunExists {
        /// The run.
        run: RunId,
    },
    /// There is no such run.
    #[error("no run `{run}` in the store")]
    NoRun {
        /// The run.
        run: RunId,
    },
    /// What was to be stored contradicts itself.
    #[error("refused to store: {problem}")]
    Invalid {
        /// The contradiction.
        problem: String,
    },
    /// Someone else recorded the list in the meantime.
    #[error(
        "register `{register}` is to get version {given}, but its next version is {next}; look at it again"
    )]
    RegisterConflict {
        /// The list.
        register: RegisterId,
        /// The version that was given.
        given: u32,
        /// The version that would have been right.
        next: u32,
    },
    /// A body that was asked for has another digest than its name.
    #[error("the body `{digest}` does not have that digest")]
    BodyChanged {
        /// The name of the body.
        digest: Digest,
    },
    /// The operating system refused something.
    #[error("could not {action} `{}`", path.display())]
    Io {
        /// What was tried, for instance `create`.
        action: &'static str,
        /// On which file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The database refused for another reason: a fault of the program.
    #[error("the store `{}` did not take a statement", path.display())]
    Database {
        /// The database file.
        path: PathBuf,
        /// What the database said.
        source: Cause,
    },
}

impl StoreError {
    /// Sorts an I/O error by what a person has to do about it.
    pub(crate) fn io(action: &'static str, path: &Path, source: std::io::Error) -> Self {
        use std::io::ErrorKind as K;
        let path = path.to_path_buf();
        match source.kind() {
            K::StorageFull | K::QuotaExceeded | K::FileTooLarge => {
                Self::DiskFull { path, source: Some(source.into()) }
            }
            _ => Self::Io { action, path, source },
        }
    }

    pub(crate) fn invalid(problem: impl Into<String>) -> Self {
        Self::Invalid { problem: problem.into() }
    }
}
