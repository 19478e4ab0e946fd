//! Opening the store, and its two kinds of transaction.

use crate::error::StoreError;
use crate::folder;
use crate::migrate::{self, Found, MIGRATIONS};
use crate::sql::rows::RunRow;
use crate::sql::{Fault, Place, Reader, Writer, sort};
use crate::trust::KeyPair;
use crate::verify::{VerifyReport, verify};
use anji_model::Digest;
use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// How long a write waits for another process at first.
const BUSY_TIMEOUT: Duration = Duration::from_secs(30);

/// The store of one state folder. One process may have several open, several processes may use
/// one folder: writers wait for each other, readers for nobody.
#[derive(Debug)]
pub struct Store {
    conn: Connection,
    file: PathBuf,
    busy: Duration,
    key: Option<KeyPair>,
    /// The public key that signatures must be made with, as far as the folder tells.
    trusted: Option<[u8; 32]>,
}

/// The database file of the state folder `dir`.
pub fn store_file(dir: &Path) -> PathBuf {
    dir.join("anji.db")
}

/// The signing key of the state folder `dir`.
pub fn key_file(dir: &Path) -> PathBuf {
    dir.join("signing.key")
}

/// The public key that belongs to the signing key of the state folder `dir`, as hexadecimal
/// digits; `None` when the folder holds no signing key.
///
/// # Errors
/// [`StoreError::BadKey`] when the file cannot be read, is no key, or others could have read it.
pub fn public_key(dir: &Path) -> Result<Option<String>, StoreError> {
    Ok(KeyPair::load(&key_file(dir))?.map(|key| hex::encode(key.public())))
}

impl Store {
    /// Opens the store of `dir` for reading and writing. Creates the folder (0700), the file
    /// (0600) and the signing key (0600) where they are missing, and upgrades an older schema.
    ///
    /// # Errors
    /// Everything that [`StoreError`] tells apart. [`StoreError::NotWritable`] and
    /// [`StoreError::ReadOnly`] leave [`Store::open_read_only`] as a way.
    pub fn open(dir: &Path) -> Result<Self, StoreError> {
        let dir = folder::prepare(dir)?;
        let file = store_file(&dir);
        folder::prepare_file(&file)?;
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE;
        let store = Self::connect(file.clone(), flags, "");
        let mut store = store.map_err(|fault| sort(&file, BUSY_TIMEOUT, fault))?;
        // SQLite opens a write-protected file for reading, and would say so at the first write.
        if store.lift(store.conn.is_readonly("main").map_err(Fault::from))? {
            return Err(StoreError::ReadOnly { path: store.file, source: None });
        }
        let is_new = store.lift(store.prepare_file())?;
        let path = key_file(&dir);
        let key = match KeyPair::load(&path)? {
            Some(key) => key,
            None if is_new || !store.has_signed()? => KeyPair::load_or_create(&path)?,
            None => {
                return Err(bad_key(
                    path,
                    "is missing, though it has signed runs here; put it back from a backup, or keep this folder as a record and choose a new one",
                ));
            }
        };
        if store.last_key()?.is_some_and(|last| last != key.public()) {
            return Err(bad_key(
                path,
                "is not the one that signed the runs here; put the right one back from a backup",
            ));
        }
        store.trusted = Some(key.public());
        store.key = Some(key);
        Ok(store)
    }

    /// Opens the store of `dir` for reading; changes nothing in it, and works where the folder is
    /// read-only.
    ///
    /// # Errors
    /// [`StoreError::Missing`] when there is no store, [`StoreError::UnfinishedLog`] when the
    /// newest runs stand in a log that cannot be read without writing, and what
    /// [`StoreError`] tells apart about the file.
    pub fn open_read_only(dir: &Path) -> Result<Self, StoreError> {
        let file = store_file(dir);
        let refused = |error: std::io::Error| match error.kind() {
            ErrorKind::NotFound => StoreError::Missing { path: file.clone() },
            _ => StoreError::io("read", &file, error),
        };
        let file = store_file(&dir.canonicalize().map_err(refused)?);
        let meta = file.symlink_metadata().map_err(refused)?;
        if !meta.is_file() {
            return Err(StoreError::ForeignFile { path: file });
        }
        if meta.len() == 0 {
            return Err(StoreError::Missing { path: file });
        }
        // SQLite would not say why it cannot read.
        folder::open_plain(&file).map(drop).map_err(refused)?;
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY;
        let opened = Self::connect(file.clone(), flags, "")
            .and_then(|store| migrate::found(&store.conn).map(|found| (store, found)));
        match opened {
            Ok((store, found)) => store.readable(found),
            Err(fault) if cannot_share(&fault) => Self::open_alone(file),
            Err(fault) => Err(sort(&file, BUSY_TIMEOUT, fault)),
        }
    }

    /// Reads a file in a folder where SQLite cannot keep its wal-index.
    fn open_alone(file: PathBuf) -> Result<Self, StoreError> {
        let log = PathBuf::from(format!("{}-wal", file.display()));
        if log.metadata().is_ok_and(|meta| meta.len() > 0) {
            return Err(StoreError::UnfinishedLog { path: file });
        }
        // We cannot write there, and whoever can has not got it open, or its log would be there.
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY;
        let (store, found) = Self::connect(file.clone(), flags, "?immutable=1")
            .and_then(|store| migrate::found(&store.conn).map(|found| (store, found)))
            .map_err(|fault| sort(&file, BUSY_TIMEOUT, fault))?;
        store.readable(found)
    }

    fn readable(mut self, found: Found) -> Result<Self, StoreError> {
        // Whoever may read the key can tell a chain signed by another one. Others cannot, and the
        // report prints the key that was found.
        let key = self.file.parent().map(|dir| KeyPair::load(&key_file(dir)));
        self.trusted = key.and_then(Result::ok).flatten().map(|key| key.public());
        let known = migrate::newest(MIGRATIONS);
        match found {
            Found::Ours(found) if found > known => Err(StoreError::NewerSchema { found, known }),
            Found::Ours(found) if found < known => Err(StoreError::OlderSchema { found, known }),
            Found::Ours(_) => Ok(self),
            Found::Empty => Err(StoreError::Missing { path: self.file }),
            Found::Foreign => Err(StoreError::ForeignFile { path: self.file }),
        }
    }

    fn connect(file: PathBuf, flags: OpenFlags, query: &str) -> Result<Self, Fault> {
        let flags = flags
            | OpenFlags::SQLITE_OPEN_NO_MUTEX
            | OpenFlags::SQLITE_OPEN_NOFOLLOW
            | OpenFlags::SQLITE_OPEN_URI;
        let conn = Connection::open_with_flags(uri(&file, query), flags)?;
        conn.busy_timeout(BUSY_TIMEOUT)?;
        conn.execute_batch(
            "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; \
             PRAGMA recursive_triggers = ON; PRAGMA trusted_schema = OFF; \
             PRAGMA cell_size_check = ON;",
        )?;
        conn.set_prepared_statement_cache_capacity(64);
        Ok(Self { conn, file, busy: BUSY_TIMEOUT, key: None, trusted: None })
    }

    /// Makes the file ours, or finds that it is. Returns whether it was empty.
    fn prepare_file(&self) -> Result<bool, Fault> {
        let found = migrate::found(&self.conn)?;
        if found == Found::Foreign {
            return Err(StoreError::ForeignFile { path: self.file.clone() }.into());
        }
        let known = migrate::newest(MIGRATIONS);
        if let Found::Ours(found) = found
            && found > known
        {
            return Err(StoreError::NewerSchema { found, known }.into());
        }
        self.use_log()?;
        match migrate::upgrade(&self.conn, MIGRATIONS)? {
            Found::Ours(version) if version == known => Ok(found == Found::Empty),
            Found::Ours(found) => Err(StoreError::NewerSchema { found, known }.into()),
            _ => Err(StoreError::ForeignFile { path: self.file.clone() }.into()),
        }
    }

    /// Switches to the write-ahead log. SQLite does not wait for others here, so we do.
    fn use_log(&self) -> Result<(), Fault> {
        let begun = Instant::now();
        loop {
            let mode =
                self.conn.query_row("PRAGMA journal_mode = WAL", [], |row| row.get::<_, String>(0));
            match mode {
                Ok(mode) if mode == "wal" => return Ok(()),
                Ok(_) => {
                    return Err(
                        StoreError::ReadOnly { path: self.file.clone(), source: None }.into()
                    );
                }
                Err(error) if is_busy(&error) && begun.elapsed() < self.busy => {
                    std::thread::sleep(Duration::from_millis(10));
                }
                Err(error) => return Err(error.into()),
            }
        }
    }

    fn has_signed(&self) -> Result<bool, StoreError> {
        let count = self.conn.query_row("SELECT count(*) FROM chain_end", [], |row| row.get(0));
        self.lift(count.map(|count: i64| count > 0).map_err(Fault::from))
    }

    fn last_key(&self) -> Result<Option<[u8; 32]>, StoreError> {
        self.lift(RunRow::last(&self.conn).map(|row| row.map(|row| row.public_key)))
    }

    fn place(&self) -> Place<'_> {
        Place { conn: &self.conn, file: &self.file, busy: self.busy }
    }

    fn lift<T>(&self, result: Result<T, Fault>) -> Result<T, StoreError> {
        self.place().lift(result)
    }

    /// How long a write waits for another process; 30 seconds unless set.
    ///
    /// # Errors
    /// [`StoreError::Database`] when the database refuses.
    pub fn set_busy_timeout(&mut self, timeout: Duration) -> Result<(), StoreError> {
        self.busy = timeout;
        self.lift(self.conn.busy_timeout(timeout).map_err(Fault::from))
    }

    /// Lends one consistent state of the store to `action`; what others write meanwhile is not in
    /// it. Not to be called inside another `read` of the same store.
    ///
    /// # Errors
    /// What `action` returns, and [`StoreError`] when the state cannot be read.
    pub fn read<T, E: From<StoreError>>(
        &self,
        action: impl FnOnce(&Reader<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let begin = Transaction::new_unchecked(&self.conn, TransactionBehavior::Deferred);
        let _transaction = self.lift(begin.map_err(Fault::from))?;
        action(&Reader::new(self.place()))
    }

    /// Runs `action` as one write transaction: when it returns `Ok`, everything it wrote is on
    /// the disk; when it fails, or the process dies at any moment, nothing of it is there.
    ///
    /// # Errors
    /// What `action` returns; [`StoreError::Busy`] when another process writes for too long;
    /// [`StoreError::ReadOnly`] on a store opened for reading.
    pub fn write<T, E: From<StoreError>>(
        &mut self,
        action: impl FnOnce(&Writer<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let Some(key) = &self.key else {
            return Err(StoreError::ReadOnly { path: self.file.clone(), source: None }.into());
        };
        let begin = Transaction::new_unchecked(&self.conn, TransactionBehavior::Immediate);
        let transaction = self.lift(begin.map_err(Fault::from))?;
        let value = action(&Writer::new(self.place(), key))?;
        self.lift(transaction.commit().map_err(Fault::from))?;
        Ok(value)
    }

    /// Recomputes everything that was signed, and runs the database's own check. What is wrong
    /// stands in the report; with `expect_head` (from a printed report) a cut tail is found too.
    ///
    /// # Errors
    /// [`StoreError`] when the check itself cannot be carried out, for instance for lack of
    /// memory or rights.
    pub fn verify(&self, expect_head: Option<Digest>) -> Result<VerifyReport, StoreError> {
        self.read(|reader| self.lift(verify(reader.conn(), self.trusted, expect_head)))
    }
}

/// The file as a URI, so that no character of its path is special.
fn uri(file: &Path, query: &str) -> String {
    use std::os::unix::ffi::OsStrExt;
    let mut uri = "file:".to_owned();
    for byte in file.as_os_str().as_bytes() {
        if byte.is_ascii_alphanumeric() || b"/._-".contains(byte) {
            uri.push(char::from(*byte));
        } else {
            uri.push_str(&format!("%{byte:02X}"));
        }
    }
    uri + query
}

fn is_busy(error: &rusqlite::Error) -> bool {
    use rusqlite::ffi::ErrorCode as C;
    matches!(error.sqlite_error_code(), Some(C::DatabaseBusy | C::DatabaseLocked))
}

/// Whether the folder does not let SQLite keep the files beside the database.
fn cannot_share(fault: &Fault) -> bool {
    use rusqlite::ffi::ErrorCode as C;
    match fault {
        Fault::Sql(error) => {
            matches!(error.sqlite_error_code(), Some(C::CannotOpen | C::ReadOnly))
        }
        _ => false,
    }
}

fn bad_key(path: PathBuf, problem: &str) -> StoreError {
    StoreError::BadKey { path, problem: problem.to_owned(), source: None }
}
