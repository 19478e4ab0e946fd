//! Files that a command writes.

use crate::exit::Failure;
use std::io::Write;
use std::path::Path;

/// Puts `bytes` into `file`. What stands there already is replaced only once
/// the new content is whole on the disk; after a failure it is as it was.
pub(crate) fn replace(file: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let failed = |error: std::io::Error| {
        Failure::new(
            format!("无法写入 {}：{error}", file.display()),
            format!("cannot write `{}`: {error}", file.display()),
        )
    };
    // A device or pipe cannot be replaced, only written to.
    if std::fs::metadata(file).is_ok_and(|there| !there.is_file()) {
        let mut stream = std::fs::OpenOptions::new().write(true).open(file).map_err(failed)?;
        return stream.write_all(bytes).map_err(failed);
    }
    // Through a link the file itself is replaced, not the link.
    let target = std::fs::canonicalize(file).unwrap_or_else(|_| file.to_owned());
    let mut name = target.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.part", std::process::id()));
    let part = target.with_file_name(name);
    let written = std::fs::File::create(&part).and_then(|mut stream| {
        stream.write_all(bytes)?;
        stream.sync_all()?;
        std::fs::rename(&part, &target)
    });
    written.map_err(|error| {
        // The first failure is the one to tell.
        drop(std::fs::remove_file(&part));
        failed(error)
    })
}
