//! The kernel's table of mounts, and which of them a path lies on.

use super::Mounted;
use crate::escape::escape;
use std::collections::{BTreeMap, BTreeSet};

/// One row.
#[derive(Debug, Clone)]
pub(super) struct Row {
    id: u64,
    parent: u64,
    device: Vec<u8>,
    root: Vec<u8>,
    pub(super) target: Vec<u8>,
    pub(super) options: Vec<Vec<u8>>,
    fstype: Vec<u8>,
    source: Vec<u8>,
}

impl Row {
    /// The words behind the mark of a line.
    pub(super) fn parse(line: &[u8]) -> Option<Self> {
        let mut words = line.split(|&b| b == b' ');
        let mut word = || words.next().filter(|word| !word.is_empty());
        let number = |word: &[u8]| super::super::decimal::<u64>(word);
        let row = Self {
            id: number(word()?)?,
            parent: number(word()?)?,
            device: word()?.to_vec(),
            root: octal(word()?),
            target: octal(word()?),
            options: word()?.split(|&b| b == b',').map(<[u8]>::to_vec).collect(),
            fstype: {
                word().filter(|dash| *dash == b"-")?;
                word()?.to_vec()
            },
            source: octal(word()?),
        };
        let end = words.next().is_none();
        (end && row.target.starts_with(b"/") && row.device.contains(&b':')).then_some(row)
    }

    pub(super) fn has(&self, option: &str) -> bool {
        self.options.iter().any(|have| have == option.as_bytes())
    }
}

/// The bytes of a word in which blanks and backslashes stand as `\040`.
pub(crate) fn octal(word: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(word.len());
    let mut rest = word;
    while let Some((&byte, tail)) = rest.split_first() {
        let digit = |b: u8| matches!(b, b'0'..=b'7').then(|| u32::from(b - b'0'));
        let code = match tail {
            [a, b, c, ..] if byte == b'\\' => {
                digit(*a).zip(digit(*b)).zip(digit(*c)).map(|((a, b), c)| a * 64 + b * 8 + c)
            }
            _ => None,
        };
        match code.and_then(|code| u8::try_from(code).ok()) {
            Some(code) => {
                bytes.push(code);
                rest = &tail[3..];
            }
            None => {
                bytes.push(byte);
                rest = tail;
            }
        }
    }
    bytes
}

/// The mount that `path`, which holds no links, lies on: from the root down,
/// and on each place through what is mounted over it.
pub(super) fn holder<'r>(rows: &'r [Row], path: &[u8]) -> Option<&'r Row> {
    let ids: BTreeSet<u64> = rows.iter().map(|row| row.id).collect();
    let mut over: BTreeMap<(u64, &[u8]), &Row> = BTreeMap::new();
    for row in rows {
        over.insert((row.parent, row.target.as_slice()), row);
    }
    let top =
        |row: &&Row| row.target == b"/" && (row.parent == row.id || !ids.contains(&row.parent));
    let mut at = rows.iter().find(top)?;
    let ends = path.iter().enumerate().filter(|(_, b)| **b == b'/').map(|(end, _)| end.max(1));
    for end in ends.skip(usize::from(path != b"/")).chain([1, path.len()]).collect::<BTreeSet<_>>()
    {
        let mut steps = 0;
        while let Some(next) = over.get(&(at.id, &path[..end])).filter(|next| next.id != at.id) {
            at = next;
            steps += 1;
            if steps > rows.len() {
                return None;
            }
        }
    }
    Some(at)
}

/// Folders whose mounts come and go by themselves.
const TRANSIENT: [&[u8]; 17] = [
    b"/media/",
    b"/proc/",
    b"/run/containerd/",
    b"/run/credentials/",
    b"/run/docker/",
    b"/run/media/",
    b"/run/netns/",
    b"/run/snapd/",
    b"/run/user/",
    b"/snap/",
    b"/sys/",
    b"/var/lib/containerd/",
    b"/var/lib/containers/",
    b"/var/lib/docker/",
    b"/var/lib/kubelet/",
    b"/var/lib/lxc/",
    b"/var/snap/",
];

/// The mounts that can be seen at their places and do not come and go.
pub(super) fn lasting(rows: &[Row]) -> Vec<Mounted> {
    let automatic: BTreeSet<u64> =
        rows.iter().filter(|row| row.fstype == b"autofs").map(|row| row.id).collect();
    let mut first: BTreeMap<(&[u8], &[u8]), u64> = BTreeMap::new();
    for row in rows {
        first.entry((&row.device, &row.root)).or_insert(row.id);
    }
    // What is mounted over hides what was there: of one place the last one stays.
    let mut seen: BTreeMap<&[u8], &Row> = BTreeMap::new();
    for row in rows {
        seen.insert(&row.target, row);
    }
    let kept = seen.into_values().filter(|row| {
        !TRANSIENT.iter().any(|folder| row.target.starts_with(folder))
            && !automatic.contains(&row.parent)
    });
    kept.map(|row| {
        let part = row.root != b"/" && !matches!(row.fstype.as_slice(), b"btrfs" | b"cgroup");
        let again = first.get(&(&row.device[..], &row.root[..])).is_some_and(|id| *id != row.id);
        Mounted {
            target: escape(&row.target),
            source: escape(&row.source),
            fstype: escape(&row.fstype),
            network: is_network(&row.fstype),
            bind: part || again,
            read_only: row.has("ro"),
            nosuid: row.has("nosuid"),
            nodev: row.has("nodev"),
            noexec: row.has("noexec"),
        }
    })
    .collect()
}

/// Whether a file system of this type lies on another machine.
fn is_network(fstype: &[u8]) -> bool {
    const TYPES: [&[u8]; 16] = [
        b"9p",
        b"afs",
        b"beegfs",
        b"ceph",
        b"cifs",
        b"davfs",
        b"fuse.ceph",
        b"fuse.davfs",
        b"fuse.glusterfs",
        b"fuse.s3fs",
        b"fuse.sshfs",
        b"glusterfs",
        b"lustre",
        b"nfs",
        b"nfs4",
        b"smb3",
    ];
    TYPES.contains(&fstype)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(lines: &[&str]) -> Vec<Row> {
        lines.iter().map(|line| Row::parse(line.as_bytes()).expect("a row")).collect()
    }

    #[test]
    fn a_path_lies_on_the_last_mount_over_it() {
        let rows = rows(&[
            "27 1 254:0 / / rw - ext4 /dev/vda",
            "30 27 254:1 / /var rw - ext4 /dev/vdb",
            "31 30 0:5 / /var/tmp rw,noexec - tmpfs tmpfs",
            "33 27 0:7 / /tmp rw,noexec - tmpfs tmpfs",
            "34 33 0:8 / /tmp rw - tmpfs over",
            "35 27 0:9 / /srv/with\\040blank rw - tmpfs x",
        ]);
        for (path, expected) in [
            ("/", 27),
            ("/etc", 27),
            ("/var", 30),
            ("/var/log", 30),
            ("/var/tmp", 31),
            ("/tmp", 34),
            ("/tmp/a/b", 34),
            ("/tmpfoo", 27),
            ("/srv/with blank/x", 35),
        ] {
            assert_eq!(holder(&rows, path.as_bytes()).map(|row| row.id), Some(expected), "{path}");
        }
    }

    #[test]
    fn a_mount_below_a_place_that_was_mounted_over_is_hidden() {
        let rows = rows(&[
            "27 1 254:0 / / rw - ext4 /dev/vda",
            "31 27 0:5 / /var/tmp rw,noexec - tmpfs tmpfs",
            "32 27 254:1 / /var rw - ext4 /dev/vdb",
        ]);
        assert_eq!(holder(&rows, b"/var/tmp").map(|row| row.id), Some(32));
    }

    #[test]
    fn tables_without_a_root_or_in_a_ring_have_no_holder() {
        assert!(holder(&rows(&["3 1 0:1 / /a rw - tmpfs x"]), b"/a").is_none());
        let ring =
            rows(&["1 1 0:1 / / rw - a b", "2 1 0:1 / /a rw - a b", "1 2 0:1 / /a rw - a b"]);
        assert!(holder(&ring, b"/a").is_none());
    }

    #[test]
    fn rows_of_another_form_are_refused() {
        for bad in
            ["", "1 2 0:1 / /a rw - tmpfs", "1 2 0:1 / a rw - x y", "1 2 0:1 / /a rw x y z", "a"]
        {
            assert!(Row::parse(bad.as_bytes()).is_none(), "{bad}");
        }
    }
}
