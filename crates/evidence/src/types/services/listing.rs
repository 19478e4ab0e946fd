//! Listings of folders as `ls -ln` gives them.

use std::collections::BTreeMap;

/// What a name in a folder is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Entry {
    /// A file; whether it is empty.
    File {
        empty: bool,
    },
    Folder,
    /// A link to this text.
    Link(Vec<u8>),
    Other,
}

/// Folders by path from the root (`./etc/systemd/system`), each with its names.
pub(super) type Listing = BTreeMap<Vec<u8>, BTreeMap<Vec<u8>, Entry>>;

/// Takes lines of listings one at a time.
#[derive(Debug, Default)]
pub(super) struct Lister {
    pub(super) folders: Listing,
    folder: Option<Vec<u8>>,
    /// Lines that are none of a listing.
    pub(super) unread: usize,
}

impl Lister {
    pub(super) fn line(&mut self, line: &[u8]) {
        if line.is_empty() || line.starts_with(b"total ") {
            return;
        }
        if line.starts_with(b"./")
            && let Some(path) = line.strip_suffix(b":")
        {
            let path = path.strip_suffix(b"/").unwrap_or(path).to_vec();
            self.folders.entry(path.clone()).or_default();
            self.folder = Some(path);
            return;
        }
        match (&self.folder, entry(line)) {
            (Some(folder), Some((name, entry))) => {
                if name != b"." && name != b".." {
                    self.folders.entry(folder.clone()).or_default().insert(name.to_vec(), entry);
                }
            }
            _ => self.unread += 1,
        }
    }
}

/// `lrwxrwxrwx 1 0 0 40 Nov 20 10:00 name -> target`. One blank stands before
/// the name, so that names may begin with blanks.
fn entry(line: &[u8]) -> Option<(&[u8], Entry)> {
    let mut rest = line;
    let mut size: &[u8] = b"";
    // A device has two numbers in the place of its size.
    let fields = if matches!(line.first(), Some(b'c' | b'b')) { 9 } else { 8 };
    for field in 0..fields {
        let end = rest.iter().position(|&b| b == b' ')?;
        if field == 4 {
            size = &rest[..end];
        }
        rest = &rest[end + 1..];
        if field + 1 < fields {
            let blanks = rest.iter().take_while(|&&b| b == b' ').count();
            rest = &rest[blanks..];
        }
    }
    if rest.is_empty() {
        return None;
    }
    let entry = match line.first()? {
        b'-' => Entry::File { empty: size == b"0" },
        b'd' => Entry::Folder,
        b'l' => {
            let at = rest.windows(4).position(|four| four == b" -> ")?;
            return Some((&rest[..at], Entry::Link(rest[at + 4..].to_vec())));
        }
        b'c' | b'b' | b'p' | b's' => Entry::Other,
        _ => return None,
    };
    Some((rest, entry))
}

/// The last part of a path.
pub(super) fn base(path: &[u8]) -> &[u8] {
    path.rsplit(|&b| b == b'/').next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_of_gnu_and_busybox() {
        for (line, name, expected) in [
            (
                "-rw-r--r-- 1 0 0 581 Nov 20 10:00 a.service",
                "a.service",
                Entry::File { empty: false },
            ),
            (
                "-rw-r--r--    1 0        0               0 Nov 20  2026  b",
                " b",
                Entry::File { empty: true },
            ),
            ("drwxr-xr-x. 2 0 0 4096 Nov  2 10:00 x.wants", "x.wants", Entry::Folder),
            (
                "lrwxrwxrwx 1 0 0 9 Nov 20 10:00 c.service -> /dev/null",
                "c.service",
                Entry::Link(b"/dev/null".to_vec()),
            ),
            ("crw-rw-rw- 1 0 0 1, 3 Nov 20 10:00 null", "null", Entry::Other),
        ] {
            assert_eq!(entry(line.as_bytes()), Some((name.as_bytes(), expected)), "{line}");
        }
        for bad in ["", "x", "-rw-r--r-- 1 0 0 581 Nov 20 10:00", "?rw- 1 0 0 1 Nov 20 10:00 a"] {
            assert_eq!(entry(bad.as_bytes()), None, "{bad}");
        }
    }
}
