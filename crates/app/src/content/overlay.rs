//! Reading a user's content: a folder, or one file. A file that cannot be
//! read is a problem beside the others, and not the end of the reading.

use super::ContentError;
use anji_model::{Diagnostic, Text};
use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Read as _};
use std::path::{Component, Path, PathBuf};

/// Larger content files are refused: a pack is text that people read.
const FILE_BYTES_MAX: usize = 4 << 20;
/// More files than this are a wrong folder, not content.
const FILES_MAX: usize = 10_000;
/// Characters of a line that are kept for a problem.
const LINE_MAX: usize = 400;

/// A file of the user's.
#[derive(Debug)]
pub(super) struct UserFile {
    /// The path as the user can open it.
    pub(super) at: PathBuf,
    /// What it holds; what is no UTF-8 is replaced.
    pub(super) text: String,
    /// Why it cannot be used, though its text is kept: what other files refer
    /// to is most likely in it.
    pub(super) fault: Option<Diagnostic>,
}

/// Everything read at one place.
#[derive(Debug, Default)]
pub(super) struct Overlay {
    /// Each file by its path from the content folder.
    pub(super) files: BTreeMap<String, UserFile>,
    /// Problems of what could not be read at all.
    pub(super) faults: Vec<Diagnostic>,
}

impl Overlay {
    /// Reads a content folder, or one file.
    pub(super) fn read(place: &Path) -> Result<Self, ContentError> {
        let unreadable = |source| ContentError::Unreadable { path: place.to_owned(), source };
        let mut overlay = Self::default();
        if fs::metadata(place).map_err(unreadable)?.is_dir() {
            overlay.folder(place, place)?;
        } else {
            overlay.file(logical_path(place), place);
        }
        if overlay.files.is_empty() && overlay.faults.is_empty() {
            return Err(ContentError::Nothing(place.to_owned()));
        }
        Ok(overlay)
    }

    fn folder(&mut self, root: &Path, folder: &Path) -> Result<(), ContentError> {
        let entries = match fs::read_dir(folder) {
            Ok(entries) => entries,
            Err(error) => {
                self.faults.push(unreadable(folder, &error));
                return Ok(());
            }
        };
        for entry in entries {
            let entry = match entry.and_then(|entry| Ok((entry.path(), entry.file_type()?))) {
                Ok(entry) => entry,
                Err(error) => {
                    self.faults.push(unreadable(folder, &error));
                    continue;
                }
            };
            // A link could lead back up; content has no need of links.
            let (path, kind) = entry;
            if kind.is_dir() {
                self.folder(root, &path)?;
            } else if kind.is_file() && path.extension().is_some_and(|end| end == "yaml") {
                let name = path.strip_prefix(root).unwrap_or(&path).to_string_lossy().into_owned();
                self.file(name, &path);
            }
            if self.files.len() + self.faults.len() > FILES_MAX {
                let source = io::Error::other("more than 10,000 content files");
                return Err(ContentError::Unreadable { path: folder.to_owned(), source });
            }
        }
        Ok(())
    }

    fn file(&mut self, logical: String, at: &Path) {
        match read_bytes(at) {
            Err(error) => self.faults.push(unreadable(at, &error)),
            Ok(bytes) if bytes.len() > FILE_BYTES_MAX => self.faults.push(too_large(at)),
            Ok(bytes) => {
                let at = at.to_owned();
                let file = match String::from_utf8(bytes) {
                    Ok(text) => UserFile { at, text, fault: None },
                    Err(error) => {
                        let fault = not_utf8(&at, error.as_bytes(), error.utf8_error());
                        let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
                        UserFile { at, text, fault: Some(fault) }
                    }
                };
                self.files.insert(logical, file);
            }
        }
    }
}

/// Where one file belongs in the content folder. A path that ends as one does
/// there (`packs/X/Y.yaml`, `mappings/Y.yaml`) takes the place of that file; any
/// other file is a pack of its own.
fn logical_path(place: &Path) -> String {
    // `ssh.yaml` inside its folder is the same file as by its whole path.
    let whole = std::path::absolute(place).unwrap_or_else(|_| place.to_owned());
    let parts: Vec<_> = whole
        .components()
        .filter_map(|part| match part {
            Component::Normal(part) => Some(part.to_string_lossy()),
            _ => None,
        })
        .collect();
    let tail = match parts.as_slice() {
        [.., area, pack, file] if area == "packs" => Some(format!("packs/{pack}/{file}")),
        [.., area, file] if matches!(area.as_ref(), "packs" | "mappings" | "baselines") => {
            Some(format!("{area}/{file}"))
        }
        _ => None,
    };
    tail.filter(|tail| tail.ends_with(".yaml")).unwrap_or_else(|| {
        let stem = place.file_stem().unwrap_or(place.as_os_str()).to_string_lossy();
        format!("packs/{stem}/{stem}.yaml")
    })
}

/// At most one byte more than a content file may have.
fn read_bytes(at: &Path) -> io::Result<Vec<u8>> {
    // A pipe would keep us waiting, a device has no end.
    if !fs::metadata(at)?.is_file() {
        return Err(io::Error::from(io::ErrorKind::InvalidInput));
    }
    let mut bytes = Vec::new();
    fs::File::open(at)?.take(FILE_BYTES_MAX as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn fault(code: &str, at: &Path, zh: String, en: String) -> Diagnostic {
    Diagnostic {
        code: code.to_owned(),
        file: at.display().to_string(),
        line: 1,
        column: 1,
        length: 1,
        line_text: String::new(),
        message: Text { zh, en },
        help: None,
    }
}

fn too_large(at: &Path) -> Diagnostic {
    fault("yaml-limit", at, "文件大于 4 MiB".into(), "the file is larger than 4 MiB".into())
}

fn unreadable(at: &Path, error: &io::Error) -> Diagnostic {
    let (zh, en) = match error.kind() {
        io::ErrorKind::PermissionDenied => ("没有读取权限", "no permission to read it"),
        io::ErrorKind::NotFound => ("读取时已不存在", "it is no longer there"),
        io::ErrorKind::InvalidInput => ("不是普通文件", "it is no regular file"),
        _ => ("读取出错", "reading it failed"),
    };
    let number = error.raw_os_error().map(|number| format!(" (errno {number})"));
    let number = number.unwrap_or_default();
    fault(
        "unreadable",
        at,
        format!("无法读取：{zh}{number}"),
        format!("cannot be read: {en}{number}"),
    )
}

fn not_utf8(at: &Path, bytes: &[u8], error: std::str::Utf8Error) -> Diagnostic {
    let (good, bad) = bytes.split_at(error.valid_up_to());
    let begin = good.iter().rposition(|byte| *byte == b'\n').map_or(0, |newline| newline + 1);
    let before = String::from_utf8_lossy(&good[begin..]);
    let rest = bad.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let rest = String::from_utf8_lossy(rest);
    let line = good.iter().filter(|byte| **byte == b'\n').count() + 1;
    let byte = bad.first().copied().unwrap_or_default();
    let place = good.len() - begin + 1;
    let mut fault = fault(
        "not-utf8",
        at,
        format!("不是 UTF-8：第 {line} 行第 {place} 字节是 0x{byte:02X}"),
        format!("not UTF-8: byte {place} of line {line} is 0x{byte:02X}"),
    );
    fault.line = line;
    fault.column = before.chars().count() + 1;
    fault.line_text = before.chars().chain(rest.trim_end().chars()).take(LINE_MAX).collect();
    fault.help = Some(Text {
        zh: "请用 UTF-8 保存（原文件可能是 GBK）".to_owned(),
        en: "save the file as UTF-8 (it may be in GBK)".to_owned(),
    });
    fault
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_file_takes_the_place_that_its_path_names() {
        for (given, logical) in [
            ("/a/content/packs/host-linux/ssh.yaml", "packs/host-linux/ssh.yaml"),
            ("packs/host-linux/ssh.yaml", "packs/host-linux/ssh.yaml"),
            ("./cyc/mappings/own.yaml", "mappings/own.yaml"),
            ("cyc/baselines/own.yaml", "baselines/own.yaml"),
            ("cyc/packs/own.yaml", "packs/own.yaml"),
            ("packs/packs/packs.yaml", "packs/packs/packs.yaml"),
            ("elsewhere/mine.yaml", "packs/mine/mine.yaml"),
            ("/mine.yaml", "packs/mine/mine.yaml"),
            ("cyc/packs/own.txt", "packs/own/own.yaml"),
        ] {
            assert_eq!(logical_path(Path::new(given)), logical, "{given}");
        }
    }

    #[test]
    fn a_byte_that_is_no_utf8_is_shown_where_it_stands() {
        let bytes = "- id: X\n  名: 值".bytes().chain(*b"\xD6\xD0 end\nmore").collect::<Vec<_>>();
        let error = std::str::from_utf8(&bytes).expect_err("no UTF-8");
        let fault = not_utf8(Path::new("x.yaml"), &bytes, error);
        assert_eq!((fault.line, fault.column), (2, 7));
        assert_eq!(fault.message.en, "not UTF-8: byte 11 of line 2 is 0xD6");
        assert!(fault.line_text.starts_with("  名: 值\u{fffd}"), "{}", fault.line_text);
        assert!(fault.line_text.ends_with(" end"), "{}", fault.line_text);
    }

    #[test]
    fn why_a_file_cannot_be_read_is_said_in_words() {
        let denied = unreadable(Path::new("x"), &io::Error::from_raw_os_error(13));
        assert_eq!(denied.message.zh, "无法读取：没有读取权限 (errno 13)");
        assert_eq!(denied.message.en, "cannot be read: no permission to read it (errno 13)");
    }
}
