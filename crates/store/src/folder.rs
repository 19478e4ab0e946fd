//! The state folder and the files in it: ours, and closed to others.

use crate::error::StoreError;
use rustix::fs::OFlags;
use std::fs::{DirBuilder, File, Metadata, OpenOptions};
use std::io::ErrorKind;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

/// Creates `dir` with mode 0700 where it is missing, and refuses one that others can write or
/// that belongs to someone else. Returns its path without symbolic links.
pub(crate) fn prepare(dir: &Path) -> Result<PathBuf, StoreError> {
    let refused = |error| sort(dir, "create", error);
    if !dir.exists() {
        DirBuilder::new().recursive(true).mode(0o700).create(dir).map_err(refused)?;
    }
    let dir = dir.canonicalize().map_err(|error| sort(dir, "open", error))?;
    let meta = dir.metadata().map_err(|error| sort(&dir, "look at", error))?;
    if !meta.is_dir() {
        return Err(bad(&dir, "is not a folder; choose another"));
    }
    check_owner(&dir, &meta)?;
    check_closed(&dir, &meta)?;
    Ok(dir)
}

/// Creates `file` empty with mode 0600 where it is missing, and refuses one that is a symbolic
/// link, that others can write or that belongs to someone else.
pub(crate) fn prepare_file(file: &Path) -> Result<(), StoreError> {
    let dir = file.parent().unwrap_or(file);
    match file.symlink_metadata() {
        Ok(meta) if !meta.is_file() => {
            Err(bad(file, "is not a plain file; move it away or choose another folder"))
        }
        Ok(meta) => check_owner(file, &meta).and_then(|()| check_closed(file, &meta)),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            let created = OpenOptions::new().write(true).create_new(true).mode(0o600).open(file);
            match created {
                Ok(_) => sync(dir),
                // Another process was quicker: it made the same file.
                Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
                Err(error) => Err(sort(dir, "create a file in", error)),
            }
        }
        Err(error) => Err(sort(file, "look at", error)),
    }
}

/// Opens a file of ours without following a symbolic link or waiting for a pipe.
pub(crate) fn open_plain(file: &Path) -> std::io::Result<File> {
    let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK;
    OpenOptions::new().read(true).custom_flags(flags.bits().cast_signed()).open(file)
}

/// Makes a new name in `dir` survive a power cut.
pub(crate) fn sync(dir: &Path) -> Result<(), StoreError> {
    File::open(dir).and_then(|dir| dir.sync_all()).map_err(|error| sort(dir, "sync", error))
}

/// Whether the effective user owns the file.
pub(crate) fn is_ours(meta: &Metadata) -> bool {
    meta.uid() == rustix::process::geteuid().as_raw()
}

fn check_owner(path: &Path, meta: &Metadata) -> Result<(), StoreError> {
    if is_ours(meta) {
        return Ok(());
    }
    let us = rustix::process::geteuid().as_raw();
    let owner = meta.uid();
    Err(bad(
        path,
        &format!(
            "belongs to user {owner}, not to user {us} who runs this; run as its owner or choose another folder"
        ),
    ))
}

fn check_closed(path: &Path, meta: &Metadata) -> Result<(), StoreError> {
    if meta.mode() & 0o022 == 0 {
        return Ok(());
    }
    let mode = meta.mode() & 0o7777;
    Err(bad(
        path,
        &format!("can be written by others (mode {mode:04o}); close it with `chmod go-w`"),
    ))
}

fn bad(path: &Path, problem: &str) -> StoreError {
    StoreError::BadPermissions { path: path.to_path_buf(), problem: problem.to_owned() }
}

fn sort(path: &Path, action: &'static str, error: std::io::Error) -> StoreError {
    match error.kind() {
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => {
            StoreError::NotWritable { dir: path.to_path_buf(), source: Some(error.into()) }
        }
        _ => StoreError::io(action, path, error),
    }
}
