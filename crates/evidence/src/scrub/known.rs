//! What the frames themselves say about names: the first reading.

use super::files::{Line, Place};
use super::host;
use super::secret::run;
use super::words::is_generic;
use crate::escape::{escape, unescape};
use crate::frame::{Frame, Header};
use std::collections::{BTreeMap, BTreeSet};

/// The longest name that is believed.
const NAME_MAX: usize = 64;

/// Names that are to be replaced wherever they stand. Lower case.
#[derive(Debug, Clone, Default)]
pub(super) struct Known {
    /// Accounts of people.
    pub(super) people: BTreeSet<Vec<u8>>,
    /// Texts that belong to an account: full names as they are written.
    pub(super) phrases: BTreeMap<Vec<u8>, Vec<u8>>,
    /// The lengths of phrases, longest first.
    pub(super) lengths: Vec<usize>,
    /// Names of hosts without their domains.
    pub(super) hosts: BTreeSet<Vec<u8>>,
    /// Domains.
    pub(super) domains: BTreeSet<Vec<u8>>,
    /// Accounts that stay.
    system: BTreeSet<Vec<u8>>,
}

/// The fields of a line of passwd that matter here.
pub(super) struct Account<'l> {
    pub(super) name: &'l [u8],
    pub(super) is_person: bool,
    pub(super) full: &'l [u8],
    /// Where `full` begins in the line.
    pub(super) full_at: usize,
}

/// A line of passwd taken apart, if it is one.
pub(super) fn account(line: &[u8]) -> Option<Account<'_>> {
    let fields: Vec<&[u8]> = line.splitn(8, |b| *b == b':').collect();
    let [name, _, uid, _, full, home, shell] = fields.as_slice() else { return None };
    let uid: u32 = std::str::from_utf8(uid).ok()?.parse().ok()?;
    let nobody = matches!(uid, 65_534 | 65_535 | u32::MAX | 4_294_967_294);
    // Systems of ten years ago began at 500.
    let old = uid >= 500 && home.starts_with(b"/home/");
    let full_at = line.len() - shell.len() - home.len() - full.len() - 2;
    Some(Account { name, is_person: (uid >= 1000 || old) && !nobody, full, full_at })
}

impl Known {
    /// Learns from all frames.
    pub(super) fn learn(header: &Header, frames: &[Frame]) -> Self {
        let mut known = Self::default();
        let own = unescape(header.host.as_bytes()).unwrap_or_else(|| header.host.clone().into());
        known.host(&own);
        let passwd = frames.iter().filter(|frame| frame.id == "accounts.passwd");
        for line in passwd.flat_map(|frame| frame.data.split(|b| *b == b'\n')) {
            known.account(line);
        }
        for frame in frames {
            let mut place = Place::default();
            for line in frame.data.split(|b| *b == b'\n') {
                let text = match place.take(line) {
                    Line::File(head) => &line[head..],
                    Line::Own => line,
                };
                known.folders(text);
                known.line(&frame.id, &place, text);
            }
        }
        let lengths: BTreeSet<usize> = known.phrases.keys().map(Vec::len).collect();
        known.lengths = lengths.into_iter().rev().take(64).collect();
        known
    }

    fn account(&mut self, line: &[u8]) {
        let Some(account) = account(line) else { return };
        if !account.is_person {
            self.system.insert(account.name.to_ascii_lowercase());
            return;
        }
        self.person(account.name);
        let whole = std::iter::once(account.full);
        for part in whole.chain(account.full.split(|b| *b == b',')) {
            let part = part.trim_ascii();
            let words = part.split(|b| *b == b' ').filter(|word| !word.is_empty()).count();
            let foreign = !part.is_ascii() && part.len() >= 6;
            let single = part.len() >= 4 && part.iter().all(u8::is_ascii_alphabetic);
            let number = part.len() >= 5 && part.iter().all(|b| b.is_ascii_digit() || *b == b'-');
            let telling = foreign || number || words > 1 && part.len() >= 5 || single;
            if telling && part.len() <= 200 && !is_generic(part) && part.is_ascii() | foreign {
                self.phrase(part, account.name);
            }
        }
    }

    fn phrase(&mut self, text: &[u8], owner: &[u8]) {
        if super::scan::is_full_name(text) {
            return;
        }
        self.phrases.entry(text.to_vec()).or_insert_with(|| owner.to_ascii_lowercase());
        if !text.is_ascii() {
            // As a target's escaping writes it.
            let hex = |b: &u8| match b {
                b' '..=b'~' => vec![*b],
                other => format!("\\x{other:02x}").into_bytes(),
            };
            let escaped = text.iter().flat_map(hex).collect();
            self.phrases.entry(escaped).or_insert_with(|| owner.to_ascii_lowercase());
        }
    }

    /// Learns an account of a person, unless it is one of the system's.
    fn person(&mut self, name: &[u8]) {
        let name = name.strip_suffix(b"$").unwrap_or(name);
        if let Some(at) = name.iter().position(|b| *b == b'@') {
            self.domain(&name[at + 1..]);
            return self.person(&name[..at]);
        }
        if let Some(at) = name.iter().position(|b| *b == b'\\') {
            return self.person(&name[at + 1..]);
        }
        let lower = name.to_ascii_lowercase();
        if self.system.contains(&lower) || is_generic(&lower) || !is_name(&lower) {
            return;
        }
        if lower.is_ascii() {
            self.people.insert(lower);
        } else {
            self.phrase(name, name);
        }
    }

    /// Learns a host's name, with its domain.
    fn host(&mut self, name: &[u8]) {
        let name = name.strip_suffix(b".").unwrap_or(name);
        if host::address_like(name) {
            return;
        }
        let mut labels = name.splitn(2, |b| *b == b'.');
        let first = labels.next().unwrap_or_default().to_ascii_lowercase();
        if let Some(domain) = labels.next() {
            if super::words::is_public_domain(name) {
                return;
            }
            self.domain(domain);
        }
        if !is_generic(&first) && is_name(&first) && first.is_ascii() {
            self.hosts.insert(first);
        }
    }

    fn domain(&mut self, name: &[u8]) {
        let name = name.strip_suffix(b".").unwrap_or(name).to_ascii_lowercase();
        let plain = name.iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-'));
        if plain
            && (3..=253).contains(&name.len())
            && !host::address_like(&name)
            && !super::words::is_public_domain(&name)
            && !super::words::is_domain_end(&name)
            && !is_generic(&name)
        {
            self.domains.insert(host::registered(&name).to_vec());
        }
    }

    /// Names of folders that bear a person's name.
    fn folders(&mut self, text: &[u8]) {
        const ABOVE: [&[u8]; 6] = [
            b"/home/",
            b"/var/spool/cron/crontabs/",
            b"/var/spool/cron/",
            b"/var/mail/",
            b"/var/spool/mail/",
            b"/AccountsService/users/",
        ];
        const OTHERS: [&[u8]; 6] =
            [b"crontabs", b"atjobs", b"atspool", b"lastrun", b"tabs", b"root"];
        for at in (0..text.len()).filter(|at| text[*at] == b'/') {
            for above in ABOVE {
                let Some(rest) = text[at..].strip_prefix(above) else { continue };
                let inside =
                    |b: u8| b.is_ascii_alphanumeric() || b >= 0x80 || b"._-@+".contains(&b);
                let mut name = run(rest, 4 * NAME_MAX + 1, inside);
                if let Some(escaped) = escaped_name(rest) {
                    self.person(&escaped);
                }
                if name.len() <= NAME_MAX && !OTHERS.contains(&name) {
                    name = name.strip_suffix(b".").unwrap_or(name);
                    self.person(name);
                }
            }
        }
    }

    /// What a line says by its frame, its file or its first word.
    fn line(&mut self, frame: &str, place: &Place, text: &[u8]) {
        let mut words = text.split(|b| b.is_ascii_whitespace()).filter(|word| !word.is_empty());
        match frame {
            "accounts.group" => {
                let members = text.rsplit(|b| *b == b':').next().unwrap_or_default();
                members.split(|b| *b == b',').for_each(|member| self.person(member));
                return;
            }
            "accounts.shadow" => {
                return self.person(text.split(|b| *b == b':').next().unwrap_or_default());
            }
            "mounts.running" | "mounts.fstab" | "mounts.units" => {
                return words.for_each(|word| self.mounted(word));
            }
            _ => {}
        }
        let first = words.next().unwrap_or_default().to_ascii_lowercase();
        match first.as_slice() {
            b"allowusers" | b"denyusers" => {
                for word in words {
                    let mut parts = word.splitn(2, |b| *b == b'@');
                    self.person(parts.next().unwrap_or_default());
                    parts.next().into_iter().for_each(|host| self.named_host(host));
                }
            }
            _ if first.starts_with(b"#") || place.file.is_empty() => {}
            _ if place.is("/hosts") && host::address_like(&first) => {
                words.take_while(|word| !word.starts_with(b"#")).for_each(|word| self.host(word));
            }
            b"search" | b"domain" if place.is("/resolv.conf") => {
                words.for_each(|word| self.domain(word));
            }
            b"server" | b"pool" | b"peer" if place.is_below("ntp") || place.is_below("chrony") => {
                words.next().into_iter().for_each(|word| self.named_host(word));
            }
            _ if place.is_below("/sudoers") => self.sudoers(text),
            _ => self.settings(place, text),
        }
    }

    /// A host that a setting names: without wildcards.
    fn named_host(&mut self, word: &[u8]) {
        let name = run(word, 254, |b| b.is_ascii_alphanumeric() || b"._-".contains(&b));
        if name.iter().any(u8::is_ascii_alphabetic) {
            self.host(name);
        }
    }

    /// The server of a mount: `NAME:/export`, `//NAME/share`. A line of passwd
    /// never stands in these frames, and a path has no host.
    fn mounted(&mut self, word: &[u8]) {
        let server = match word.strip_prefix(b"//") {
            Some(share) => share.split(|b| *b == b'/').next(),
            None => word.windows(2).position(|two| two == b":/").map(|at| &word[..at]),
        };
        if let Some(name) = server.filter(|name| is_name(name) && !name.contains(&b'=')) {
            self.named_host(name);
        }
    }

    /// `NAME HOST = ...` and `User_Alias NAME = A, B`.
    fn sudoers(&mut self, text: &[u8]) {
        let Some(at) = text.iter().position(|b| *b == b'=') else { return };
        let (left, right) = (text[..at].trim_ascii(), &text[at + 1..]);
        let is_alias = |text: &[u8]| text.iter().all(|b| b.is_ascii_uppercase() || *b == b'_');
        let mut list = |names: &[u8]| {
            for name in names.split(|b| *b == b',').map(<[u8]>::trim_ascii) {
                let name = name.strip_prefix(b"!").unwrap_or(name);
                if !name.starts_with(b"%") && !name.starts_with(b"+") && !is_alias(name) {
                    self.person(name);
                }
            }
        };
        if left.starts_with(b"User_Alias") || left.starts_with(b"Runas_Alias") {
            list(right);
        } else if !left.starts_with(b"Defaults") && !left.windows(6).any(|part| part == b"_Alias") {
            let users = left.iter().rposition(|b| b.is_ascii_whitespace()).unwrap_or(0);
            list(&left[..users]);
            let hosts = left[users..].split(|b| *b == b',').map(<[u8]>::trim_ascii);
            hosts.filter(|host| !is_alias(host)).for_each(|host| self.named_host(host));
        }
    }

    /// Settings that name a server, by the program that they are for:
    /// `@@loghost:514`, `target="loghost"`.
    fn settings(&mut self, place: &Place, text: &[u8]) {
        const NAMES: [(&str, &[u8]); 13] = [
            ("rsyslog", b"@@"),
            ("rsyslog", b" @"),
            ("rsyslog", b"\t@"),
            ("rsyslog", b"target=\""),
            ("syslog-ng", b"network(\""),
            ("syslog-ng", b"tcp(\""),
            ("syslog-ng", b"udp(\""),
            ("syslog-ng", b"syslog(\""),
            ("audi", b"remote_server = "),
            ("audi", b"remote_server="),
            ("timesyncd", b"ntp="),
            ("", b"host="),
            ("", b"hostname="),
        ];
        let names: Vec<&[u8]> =
            NAMES.iter().filter(|(part, _)| place.is_below(part)).map(|(_, name)| *name).collect();
        let lower: Vec<u8> = text.iter().take(1024).map(u8::to_ascii_lowercase).collect();
        for at in 0..lower.len() {
            let starts = at == 0 || !lower[at - 1].is_ascii_alphanumeric();
            for name in names.iter().filter(|_| starts || lower[at].is_ascii_whitespace()) {
                if let Some(rest) = lower[at..].strip_prefix(*name) {
                    self.named_host(rest.strip_prefix(b"\"").unwrap_or(rest));
                }
            }
        }
    }
}

/// A name that a target's escaping has written: `\xe5\xbc\xa0`.
fn escaped_name(text: &[u8]) -> Option<Vec<u8>> {
    let inside = |b: u8| b.is_ascii_alphanumeric() || b >= 0x80 || b"._-\\".contains(&b);
    let name = run(text, 4 * NAME_MAX + 1, inside);
    let plain = name.len() <= 4 * NAME_MAX && name.contains(&b'\\');
    plain.then(|| unescape(name)).flatten().filter(|name| escape(name).len() <= 4 * NAME_MAX)
}

/// Whether the text has the form of an account's or host's name.
fn is_name(name: &[u8]) -> bool {
    let inside = |b: &u8| b.is_ascii_alphanumeric() || *b >= 0x80 || b"._-".contains(b);
    let first = name.first().is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'_' || *b >= 0x80);
    let letter = name.iter().any(|b| b.is_ascii_alphabetic() || *b >= 0x80);
    (2..=NAME_MAX).contains(&name.len()) && first && letter && name.iter().all(inside)
}
