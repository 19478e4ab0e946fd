//! Where a document goes: standard output, or a file that is replaced whole.

use crate::Context;
use crate::exit::{Exit, Failure};
use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{MetadataExt, chown};
use std::path::{Path, PathBuf};

/// Names of standard output. Opened anew they would begin at the start of the
/// file that it goes to, and destroy what stands there.
const STANDARD_OUTPUT: &[&str] = &["-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"];

/// Whether the document goes to standard output.
pub(super) fn is_standard(output: Option<&Path>) -> bool {
    output.is_none_or(|file| STANDARD_OUTPUT.iter().any(|name| file == Path::new(name)))
}

/// Writes a document to standard output, or into the file that is named.
pub(super) fn write(output: Option<&Path>, bytes: &[u8], context: &Context) -> Result<(), Failure> {
    match output {
        Some(file) if !is_standard(output) => replace(file, bytes).map_err(|error| {
            Failure::new(
                format!("无法写入 {}：{error}", file.display()),
                format!("cannot write `{}`: {error}", file.display()),
            )
        }),
        _ => {
            context.terminal.print_bytes(bytes);
            Ok(())
        }
    }
}

/// A terminal cannot show `bytes` of this kind.
pub(super) fn not_for_a_terminal() -> Failure {
    Failure::new("这种格式不能显示在终端上", "a terminal cannot show this form")
        .with_help("用 --output 写入文件", "write it to a file with --output")
        .with_exit(Exit::Usage)
}

/// Puts `bytes` into `file`. What stands there already is replaced only once
/// the new content is whole on the disk, and keeps its mode and owner; a new
/// file is for its owner alone, because it says where hosts are weak.
fn replace(file: &Path, bytes: &[u8]) -> io::Result<()> {
    let target = target(file)?;
    let there = match fs::metadata(&target) {
        Ok(there) if there.is_dir() => return Err(io::ErrorKind::IsADirectory.into()),
        Ok(there) if !there.is_file() => {
            // A device or pipe cannot be replaced, only written to.
            return OpenOptions::new().append(true).open(&target)?.write_all(bytes);
        }
        Ok(there) => Some(there),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => return Err(error),
    };
    let folder = match target.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let mut part = tempfile::Builder::new().prefix(".anji-").tempfile_in(folder)?;
    part.write_all(bytes)?;
    if let Some(there) = &there {
        keep_rights(part.as_file(), part.path(), there)?;
    }
    part.as_file().sync_all()?;
    part.persist(&target)?;
    File::open(folder)?.sync_all()
}

/// Through a link the file that it leads to is replaced, not the link.
fn target(file: &Path) -> io::Result<PathBuf> {
    match fs::symlink_metadata(file) {
        Ok(there) if there.is_symlink() => fs::canonicalize(file),
        _ => Ok(file.to_owned()),
    }
}

/// The mode and owner of the file that is replaced.
fn keep_rights(part: &File, path: &Path, there: &Metadata) -> io::Result<()> {
    let own = part.metadata()?;
    if (own.uid(), own.gid()) != (there.uid(), there.gid()) {
        // Only root may give a file away. An ordinary account that may replace
        // it takes it over, as with any other program.
        if chown(path, Some(there.uid()), Some(there.gid())).is_err() && own.uid() == 0 {
            return Err(io::ErrorKind::PermissionDenied.into());
        }
    }
    part.set_permissions(there.permissions())
}
