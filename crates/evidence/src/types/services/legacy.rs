//! What starts services without systemd: the parser of its capture.

use super::super::{decimal, whole_lines};
use super::LEGACY;
use super::listing::{Entry, Lister, base};
use crate::frame::Frames;
use crate::problem::{Problem, whole};
use anji_model::FailureCategory;
use std::collections::{BTreeMap, BTreeSet};

/// The legacy capture.
#[derive(Debug, Default)]
pub(super) struct Legacy {
    /// What `/sbin/init` is: a path, `file` or `none`.
    pub(super) init: Vec<u8>,
    pub(super) there: BTreeSet<Vec<u8>>,
    folders: Lister,
    /// Folders by the names that they are looked up by.
    places: BTreeMap<Vec<u8>, Vec<u8>>,
    down: BTreeSet<Vec<u8>>,
    pub(super) default_level: Option<Vec<u8>>,
    pub(super) inittab: Vec<Line>,
    pub(super) inetd: Vec<Line>,
    pub(super) xinetd: Vec<Line>,
    /// Why units may be missing.
    pub(super) problems: Vec<Problem>,
}

/// One entry of a configuration file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) name: Vec<u8>,
    pub(super) enabled: bool,
    pub(super) user: Vec<u8>,
    pub(super) program: Vec<u8>,
    pub(super) tcp: Option<u16>,
    pub(super) udp: Option<u16>,
    pub(super) file: &'static str,
}

#[derive(Debug, Default)]
struct Block {
    defaults: bool,
    name: Vec<u8>,
    values: BTreeMap<Vec<u8>, Vec<u8>>,
}

/// Reads the capture.
pub(super) fn read(frames: &Frames) -> Result<Legacy, Problem> {
    let frame = whole(frames, LEGACY)?;
    let mut legacy = Legacy::default();
    let mut blocks: Vec<Block> = Vec::new();
    let (mut part, mut open) = (0, false);
    for line in whole_lines(frame) {
        let (word, rest) = split(line);
        match (part, word) {
            (_, b"denied") => legacy.problem(FailureCategory::Permission, "a folder or file"),
            (0, b"init") => legacy.init = rest.to_vec(),
            (0, b"there") => {
                legacy.there.insert(rest.to_vec());
            }
            (0, b"as") => {
                let (given, real) = split(rest);
                legacy.places.insert(given.to_vec(), real.to_vec());
            }
            (0, b"listed") => part = 1,
            (1, b"down") => {
                legacy.down.insert(rest.to_vec());
            }
            (1, b"unlisted") => legacy.problem(FailureCategory::CommandFailed, "a folder"),
            (1, b"files") => part = 2,
            (1, _) => legacy.folders.line(line),
            (2, b"end") => part = 3,
            (2, b"long") => legacy.problem(FailureCategory::Truncated, "a long file"),
            (2, b"inittab") => legacy.inittab_line(rest),
            (2, b"inetd") => legacy.inetd.extend(inetd_line(rest)),
            (2, b"xinetd" | b"}") => open = false,
            (2, b"service" | b"defaults") => {
                open = true;
                let defaults = word == b"defaults";
                blocks.push(Block { defaults, name: rest.to_vec(), ..Block::default() });
            }
            (2, b"=") => {
                let at = rest.iter().position(|&b| b == b'=').unwrap_or(rest.len());
                if let Some(block) = blocks.last_mut().filter(|_| open) {
                    let value = rest.get(at + 1..).unwrap_or_default().to_vec();
                    block.values.insert(rest[..at].to_vec(), value);
                }
            }
            _ => return Err(unreadable()),
        }
    }
    if part != 3 || legacy.init.is_empty() {
        return Err(unreadable());
    }
    if legacy.folders.unread > 0 {
        legacy.problem(FailureCategory::Unparsable, "a line of a listing");
    }
    legacy.xinetd = xinetd(&blocks);
    Ok(legacy)
}

fn unreadable() -> Problem {
    Problem::new(FailureCategory::Unparsable, "the capture of start files has another form")
}

fn split(line: &[u8]) -> (&[u8], &[u8]) {
    match line.iter().position(|&b| b == b' ') {
        Some(at) => (&line[..at], &line[at + 1..]),
        None => (line, &[]),
    }
}

impl Legacy {
    fn problem(&mut self, category: FailureCategory, what: &str) {
        let detail = format!("{what} of what starts services could not be read");
        self.problems.push(Problem::new(category, detail));
    }

    /// `3:initdefault:` or `2345:respawn:/sbin/getty`.
    fn inittab_line(&mut self, rest: &[u8]) {
        let mut fields = rest.splitn(3, |&b| b == b':');
        let (Some(levels), Some(action)) = (fields.next(), fields.next()) else { return };
        let program = fields.next().unwrap_or_default();
        if action == b"initdefault" {
            self.default_level = levels.last().map(|level| vec![*level]);
        } else if !program.is_empty() && program != b"?" {
            self.inittab.push(Line {
                name: base(program).to_vec(),
                enabled: action != b"off",
                user: Vec::new(),
                program: program.to_vec(),
                tcp: None,
                udp: None,
                file: "/etc/inittab",
            });
        }
    }

    fn folder(&self, given: &[u8]) -> Option<&BTreeMap<Vec<u8>, Entry>> {
        self.folders.folders.get(self.places.get(given)?)
    }

    /// The names of the start scripts.
    pub(super) fn scripts(&self) -> BTreeSet<&[u8]> {
        let places: [&[u8]; 2] = [b"./etc/init.d", b"./etc/rc.d/init.d"];
        let folders = places.into_iter().filter_map(|place| self.folder(place));
        let names = folders.flatten().filter(|(_, entry)| **entry != Entry::Folder);
        let none: [&[u8]; 7] =
            [b"README", b"skeleton", b"functions", b"functions.sh", b"rc", b"rcS", b"rc.local"];
        let plain = |b: &u8| b.is_ascii_alphanumeric() || b"_.@+-".contains(b);
        names
            .map(|(name, _)| name.as_slice())
            .filter(|name| name.iter().all(plain) && !none.contains(name))
            .filter(|name| !name.windows(6).any(|w| w == b".dpkg-" || w == b".rpmsa"))
            .collect()
    }

    /// Scripts that some of these runlevels start.
    pub(super) fn started_in(&self, levels: &[u8]) -> BTreeSet<&[u8]> {
        let mut names = BTreeSet::new();
        for place in self.places.keys() {
            let Some(level) = place.strip_suffix(b".d").and_then(|rest| rest.last()) else {
                continue;
            };
            if !base(place).starts_with(b"rc") || !levels.contains(level) {
                continue;
            }
            for name in self.folder(place).into_iter().flat_map(BTreeMap::keys) {
                names.extend(after_number(name));
            }
        }
        names
    }

    /// Scripts of the form `S50telnet`, which the start script of busybox roots runs.
    pub(super) fn numbered(&self) -> BTreeSet<&[u8]> {
        let scripts = self.folder(b"./etc/init.d").into_iter().flat_map(BTreeMap::keys);
        scripts.filter_map(|name| after_number(name)).collect()
    }

    /// Services that a runlevel of OpenRC starts.
    pub(super) fn in_runlevels(&self) -> BTreeSet<&[u8]> {
        let ends: [&[u8]; 3] = [b"off", b"shutdown", b"recovery"];
        let levels = self
            .places
            .keys()
            .filter(|place| place.starts_with(b"./etc/runlevels/") && !ends.contains(&base(place)));
        let names = levels.filter_map(|place| self.folder(place)).flat_map(BTreeMap::keys);
        names.map(Vec::as_slice).collect()
    }

    /// Services in the folders of a supervisor, and whether each is started.
    pub(super) fn supervised(&self) -> BTreeMap<&[u8], bool> {
        let places: [&[u8]; 5] = [
            b"./etc/service",
            b"./service",
            b"./var/service",
            b"./etc/runit/runsvdir/current",
            b"./etc/runit/runsvdir/default",
        ];
        // The folders are other names of one another where there is more than one.
        let folder = places.into_iter().find_map(|place| self.folder(place));
        let services = folder.into_iter().flatten().filter(|(name, entry)| {
            matches!(entry, Entry::Folder | Entry::Link(_)) && !name.starts_with(b".")
        });
        services.map(|(name, _)| (name.as_slice(), !self.down.contains(name))).collect()
    }
}

/// `telnet` of `S20telnet`.
fn after_number(name: &[u8]) -> Option<&[u8]> {
    match name {
        [b'S', a, b, rest @ ..] if a.is_ascii_digit() && b.is_ascii_digit() && !rest.is_empty() => {
            Some(rest)
        }
        _ => None,
    }
}

/// The ports of the names that super-servers use for remote services.
fn known_port(name: &[u8]) -> Option<u16> {
    Some(match name {
        b"ftp" => 21,
        b"ssh" => 22,
        b"telnet" => 23,
        b"time" => 37,
        b"tftp" => 69,
        b"finger" => 79,
        b"exec" => 512,
        b"login" => 513,
        b"shell" => 514,
        b"klogin" => 543,
        b"kshell" => 544,
        b"telnets" => 992,
        _ => return decimal(name),
    })
}

fn ports(name: &[u8], protocol: &[u8], kind: &[u8]) -> (Option<u16>, Option<u16>) {
    let port = known_port(name);
    let udp = protocol.starts_with(b"udp") || protocol.is_empty() && kind == b"dgram";
    if udp { (None, port) } else { (port, None) }
}

/// `telnet stream tcp root /usr/sbin/in.telnetd`.
fn inetd_line(rest: &[u8]) -> Option<Line> {
    let words: Vec<&[u8]> = rest.split(|&b| b == b' ').collect();
    let [name, kind, protocol, user, program] = <[&[u8]; 5]>::try_from(words).ok()?;
    let (tcp, udp) = ports(name, protocol, kind);
    let (name, user, program) = (name.to_vec(), user.to_vec(), program.to_vec());
    Some(Line { name, enabled: true, user, program, tcp, udp, file: "/etc/inetd.conf" })
}

fn xinetd(blocks: &[Block]) -> Vec<Line> {
    let words = |value: &Vec<u8>| -> BTreeSet<Vec<u8>> {
        value.split(|&b| b == b' ').filter(|w| !w.is_empty()).map(<[u8]>::to_vec).collect()
    };
    let defaults = |key: &[u8]| {
        let all = blocks.iter().filter(|block| block.defaults);
        all.filter_map(|block| block.values.get(key)).map(words).next_back()
    };
    let (only, off) = (defaults(b"enabled"), defaults(b"disabled").unwrap_or_default());
    let entry = |block: &Block| {
        let get = |key: &[u8]| block.values.get(key).cloned().unwrap_or_default();
        let id = Some(get(b"id")).filter(|id| !id.is_empty()).unwrap_or_else(|| block.name.clone());
        let mut program = get(b"server");
        if base(&program) == b"tcpd" && !get(b"wrapped").is_empty() {
            program = get(b"wrapped");
        }
        let port = Some(get(b"port")).filter(|port| !port.is_empty());
        let (tcp, udp) = ports(
            &port.unwrap_or_else(|| block.name.clone()),
            &get(b"protocol"),
            &get(b"socket_type"),
        );
        let named =
            only.as_ref().is_none_or(|only| only.contains(&id) || only.contains(&block.name));
        let enabled = !get(b"disable").eq_ignore_ascii_case(b"yes")
            && named
            && !off.contains(&id)
            && !off.contains(&block.name);
        Line { name: id, enabled, user: get(b"user"), program, tcp, udp, file: "/etc/xinetd.d" }
    };
    blocks.iter().filter(|block| !block.defaults).map(entry).collect()
}
