//! The second reading: each line from left to right, each piece by its form
//! or because it is known.

use super::address::{self, Networks};
use super::files::{Line, Place};
use super::known::{self, Known};
use super::number::{Numbers, Series, numbered};
use super::secret::{self, Value, run};
use super::{host, notice, v6, words};
use anji_model::Personal;
use std::collections::BTreeMap;

/// What takes the place of a secret.
const SCRUBBED: &[u8] = b"scrubbed";
/// The longest name that is looked up.
const NAME_REACH: usize = 64;

/// A piece of a line that is dealt with: its length, and what it becomes.
type Hit = (usize, Vec<u8>);

/// Where in a line the scanner stands.
#[derive(Clone, Copy)]
struct At<'l> {
    line: &'l [u8],
    at: usize,
    frame: &'l str,
    /// Whether the line may hold telephone numbers of people.
    notice: bool,
    /// Whether an escaped byte stands before it, so that a word begins here.
    escaped: bool,
}

impl<'l> At<'l> {
    fn rest(&self) -> &'l [u8] {
        &self.line[self.at..]
    }

    fn before(&self, steps: usize) -> Option<u8> {
        self.line.get(self.at.checked_sub(steps)?).copied()
    }
}

/// Reads lines and writes them without what identifies.
#[derive(Debug, Clone)]
pub(super) struct Scanner {
    known: Known,
    numbers: Numbers,
    networks: Networks,
    survey: bool,
}

impl Scanner {
    /// A scanner that takes note of replacements that stand in the input.
    pub(super) fn survey(known: Known) -> Self {
        Self { known, numbers: Numbers::default(), networks: Networks::default(), survey: true }
    }

    /// The same, with what it knows by now, for writing.
    pub(super) fn rewriting(self) -> Self {
        Self { survey: false, ..self }
    }

    pub(super) fn replaced(self) -> BTreeMap<(Personal, Vec<u8>), u64> {
        self.numbers.replaced()
    }

    /// The host's own name.
    pub(super) fn own_host(&mut self, name: &str) -> String {
        if name.contains('.') && !words::is_public_domain(name.as_bytes()) {
            let new = self.dotted(name.as_bytes());
            return String::from_utf8_lossy(&new).into_owned();
        }
        let name = name.as_bytes();
        let new = match words::is_generic(name) || name.contains(&b'.') {
            true => name.to_vec(),
            false => self.label(name),
        };
        String::from_utf8_lossy(&new).into_owned()
    }

    /// The text of a whole frame.
    pub(super) fn frame(&mut self, id: &str, data: &[u8], out: &mut Vec<u8>) {
        let mut place = Place::default();
        let mut lines = data.split(|b| *b == b'\n').peekable();
        while let Some(line) = lines.next() {
            self.line(id, &mut place, line, out);
            if lines.peek().is_some() {
                out.push(b'\n');
            }
        }
    }

    fn line(&mut self, frame: &str, place: &mut Place, line: &[u8], out: &mut Vec<u8>) {
        let head = match place.take(line) {
            Line::File(head) => head,
            Line::Own => 0,
        };
        if place.key_text(&line[head..]) {
            out.extend_from_slice(&line[..head]);
            if line[head..] != *SCRUBBED {
                self.numbers.found(Personal::Secret, b"private key");
            }
            out.extend_from_slice(SCRUBBED);
            return;
        }
        if frame == "accounts.passwd"
            && let Some(account) = known::account(line)
        {
            let end = account.full_at + account.full.len();
            self.text(frame, false, &line[..account.full_at], out);
            let full = self.full_name(&account);
            out.extend_from_slice(&full);
            return self.text(frame, false, &line[end..], out);
        }
        let notice = !line.is_ascii() || place.is_below("/issue") || place.is_below("/motd");
        self.text(frame, notice, line, out);
    }

    /// What stands in the field of the full name.
    fn full_name(&mut self, account: &known::Account<'_>) -> Vec<u8> {
        let text = account.full;
        let digits = text.iter().filter(|b| b.is_ascii_digit()).count();
        let telling = account.is_person || !text.is_ascii() || digits >= 7 || text.contains(&b'@');
        if !telling || text.is_empty() || is_full_name(text) {
            return text.to_vec();
        }
        self.numbers.found(Personal::FullName, text);
        let number = self.person_number(&account.name.to_ascii_lowercase());
        format!("Person {number:02}").into_bytes()
    }

    fn person_number(&mut self, name: &[u8]) -> u64 {
        match numbered(name, "person") {
            Some(number) => number,
            None if self.survey => 0,
            None => self.numbers.of(Series::Person, name),
        }
    }

    fn text(&mut self, frame: &str, notice: bool, line: &[u8], out: &mut Vec<u8>) {
        let (mut at, mut escaped) = (0, false);
        while let Some(byte) = line.get(at).copied() {
            let place = At { line, at, frame, notice, escaped };
            escaped = false;
            if let Some((length, new)) = self.piece(place) {
                out.extend_from_slice(&new);
                at += length.max(1);
                continue;
            }
            let length = match byte {
                b if b.is_ascii_alphanumeric() => {
                    line[at..].iter().take_while(|b| b.is_ascii_alphanumeric()).count()
                }
                b'\\' => {
                    let length = escape_length(&line[at..]);
                    escaped = length > 1;
                    length
                }
                b if b >= 0x80 => {
                    // One character; a piece begins at none of its inner bytes.
                    1 + line[at + 1..].iter().take(3).take_while(|b| **b & 0xc0 == 0x80).count()
                }
                _ => 1,
            };
            out.extend_from_slice(&line[at..at + length]);
            at += length;
        }
    }

    /// The piece that begins here, if it is to be dealt with.
    fn piece(&mut self, place: At<'_>) -> Option<Hit> {
        if let Some(hit) = self.phrase(place).or_else(|| self.organisation(place)) {
            return Some(hit);
        }
        match place.rest()[0] {
            b'$' => return self.crypt(place.rest()),
            b':' if place.rest().starts_with(b"://") => return self.url(place),
            b'-' => return self.option(place),
            // As escaped by a target: a name of a domain's account may follow.
            b'\\' => {
                let after = At { at: place.at + 1, ..place };
                let (length, new) = (!after.rest().is_empty()).then(|| self.name(after))??;
                return Some((length + 1, [b"\\", new.as_slice()].concat()));
            }
            b':' => {}
            b if b.is_ascii_alphanumeric() || b == b'_' => {}
            _ => return None,
        }
        if !place.escaped && place.before(1).is_some_and(|b| b.is_ascii_alphanumeric()) {
            return None;
        }
        self.address6(place)
            .or_else(|| self.hardware(place))
            .or_else(|| self.identifier(place))
            .or_else(|| self.address4(place))
            .or_else(|| self.setting(place))
            .or_else(|| self.mail(place))
            .or_else(|| self.dotted_name(place))
            .or_else(|| self.name(place))
            .or_else(|| self.key(place))
            .or_else(|| self.phone(place))
    }

    /// Counts `old` as replaced by `new`, unless they are one.
    fn hit(&mut self, kind: Personal, old: &[u8], new: Vec<u8>) -> Option<Hit> {
        if old != new && !self.survey {
            self.numbers.found(kind, old);
        }
        Some((old.len(), new))
    }

    /// Full names and other texts of an account, as long as possible.
    fn phrase(&mut self, place: At<'_>) -> Option<Hit> {
        let rest = place.rest();
        let word_before = place.before(1).is_some_and(|b| b.is_ascii_alphanumeric());
        let owner = self.known.lengths.iter().find_map(|length| {
            let text = rest.get(..*length)?;
            let owner = self.known.phrases.get(text)?;
            let inside = |b: Option<&u8>| b.is_some_and(u8::is_ascii_alphanumeric);
            let cut = (word_before && inside(text.first()))
                || (inside(text.last()) && inside(rest.get(*length)) && !text.starts_with(b"\\"));
            (!cut).then(|| (*length, owner.clone()))
        });
        let (length, owner) = owner?;
        let number = self.person_number(&owner);
        let plain = owner == rest[..length].to_ascii_lowercase();
        let new = match plain {
            true => format!("person{number:02}"),
            false => format!("Person {number:02}"),
        };
        self.hit(Personal::FullName, &rest[..length], new.into_bytes())
    }

    fn organisation(&mut self, place: At<'_>) -> Option<Hit> {
        let starts = !place.before(1).is_some_and(|b| b.is_ascii_alphanumeric());
        let (length, new) = notice::find_organisation(place.rest(), starts)?;
        self.hit(Personal::Organisation, &place.rest()[..length], new)
    }

    fn phone(&mut self, place: At<'_>) -> Option<Hit> {
        if !place.notice || place.before(1) == Some(b'.') {
            return None;
        }
        let (length, new) = notice::find_phone(place.rest())?;
        self.hit(Personal::Phone, &place.rest()[..length], new)
    }

    /// `scheme://user:password@host:port/`.
    fn url(&mut self, place: At<'_>) -> Option<Hit> {
        let rest = &place.rest()[3..];
        let inside = |b: u8| b > b' ' && b < 0x7f && !b"/?#\"'<>()\\,;|`{}".contains(&b);
        let authority = run(rest, 300, inside);
        let mut new = b"://".to_vec();
        let mut at = 3;
        if let Some(end) = authority.iter().rposition(|b| *b == b'@') {
            let user = &authority[..end];
            if user != SCRUBBED && !self.survey {
                self.numbers.found(Personal::Secret, user);
            }
            new.extend_from_slice(SCRUBBED);
            new.push(b'@');
            at += end + 1;
        }
        let named = &place.rest()[at..];
        let numeric = address::find4(named).is_some() || named.starts_with(b"[");
        if !numeric && let Some(length) = host::find(named, &self.known, true) {
            let name = &named[..length];
            let generic = words::is_generic(name) || words::is_public_domain(name);
            let replaced = match generic {
                true => name.to_vec(),
                false if name.contains(&b'.') => self.dotted(name),
                false => self.label(name),
            };
            new.extend_from_slice(&replaced);
            at += length;
        }
        Some((at, new))
    }

    fn mail(&mut self, place: At<'_>) -> Option<Hit> {
        let rest = place.rest();
        let local =
            run(rest, NAME_REACH + 1, |b| b.is_ascii_alphanumeric() || b"._%+-".contains(&b));
        let after = rest[local.len()..].strip_prefix(b"@")?;
        if local.len() > NAME_REACH {
            return None;
        }
        let length = host::find(after, &self.known, false)?;
        let domain = &after[..length];
        if words::is_public_domain(domain) {
            // As it stands: algorithms are named so, and so is what we give.
            return Some((local.len() + 1 + length, rest[..local.len() + 1 + length].to_vec()));
        }
        let lower = local.to_ascii_lowercase();
        let mut new = match words::is_generic(&lower) {
            true => local.to_vec(),
            false => format!("person{:02}", self.person_number(&lower)).into_bytes(),
        };
        new.push(b'@');
        new.extend(self.dotted(domain));
        let old = &rest[..local.len() + 1 + length];
        self.hit(Personal::Mail, old, new)
    }

    fn hardware(&mut self, place: At<'_>) -> Option<Hit> {
        let rest = place.rest();
        // Names of network devices hold it: enx525400123456.
        let inner = rest.strip_prefix(b"enx").filter(|tail| {
            run(tail, 13, |b| b.is_ascii_hexdigit()).len() == 12
                && tail.get(12).is_none_or(|b| !b.is_ascii_alphanumeric())
        });
        let (bytes, sign, length) = match inner {
            Some(tail) => {
                let pairs: Vec<&[u8]> = tail[..12].chunks(2).collect();
                let (bytes, _) = address::find_hardware(&pairs.join(&b':'))?;
                (bytes, None, 15)
            }
            None => {
                let (bytes, sign) = address::find_hardware(rest)?;
                if place.before(1) == Some(sign) {
                    return None;
                }
                (bytes, Some(sign), 17)
            }
        };
        if self.survey {
            address::hardware_number(bytes)
                .into_iter()
                .for_each(|number| self.numbers.take(Series::Hardware, number));
        }
        if address::is_neutral_hardware(bytes) || self.survey {
            return Some((length, rest[..length].to_vec()));
        }
        let new = address::hardware(self.numbers.of(Series::Hardware, &bytes));
        let pairs: Vec<String> = new.iter().map(|byte| format!("{byte:02x}")).collect();
        let text = match sign {
            Some(sign) => pairs.join(&char::from(sign).to_string()),
            None => format!("enx{}", pairs.concat()),
        };
        self.hit(Personal::Hardware, &rest[..length], text.into_bytes())
    }

    fn address6(&mut self, place: At<'_>) -> Option<Hit> {
        let rest = place.rest();
        let first = rest[0];
        let before = place.before(1);
        let starts = first.is_ascii_hexdigit() || rest.starts_with(b"::");
        if !starts || (first == b':' && before == Some(b':')) || before == Some(b'.') {
            return None;
        }
        let found = v6::find6(rest, before == Some(b':'))?;
        let old = &rest[..found.length];
        if self.survey {
            v6::survey(found, &mut self.networks, &mut self.numbers);
            return Some((found.length, old.to_vec()));
        }
        let new = match v6::replace(found, &mut self.networks, &mut self.numbers) {
            Some(new) => new.to_string().into_bytes(),
            None => old.to_vec(),
        };
        self.hit(Personal::Address, old, new)
    }

    fn address4(&mut self, place: At<'_>) -> Option<Hit> {
        let rest = place.rest();
        let found = address::find4(rest)?;
        let before = place.before(1);
        let keep = Some((found.length, rest[..found.length].to_vec()));
        let last = rest[found.length..].strip_prefix(b"-").and_then(address::find4);
        if last.is_some_and(|last| address::is_wide_range(found.address, last.address)) {
            return keep;
        }
        // Part of a version or of a longer row of numbers.
        let range = || place.before(2).is_some_and(|b| b.is_ascii_digit());
        let part = match before {
            Some(b'.' | b'~' | b'+') => true,
            Some(b'-') => match address_before(&place.line[..place.at - 1]).filter(|_| range()) {
                Some(first) if address::is_wide_range(first, found.address) => return keep,
                Some(_) => false,
                None => true,
            },
            _ => false,
        };
        let versions = ["packages.", "package.", "os."];
        if part || (versions.iter().any(|one| place.frame.starts_with(one)) && !in_url(place)) {
            return None;
        }
        let old = &rest[..found.length];
        if self.survey {
            self.networks.survey(found);
            address::take_networks(found, &mut self.numbers);
            return Some((found.length, old.to_vec()));
        }
        let new = match self.networks.replace(found, &mut self.numbers) {
            Some(new) => new.to_string().into_bytes(),
            None => old.to_vec(),
        };
        self.hit(Personal::Address, old, new)
    }

    /// Identifiers and digests, and process ids.
    fn identifier(&mut self, place: At<'_>) -> Option<Hit> {
        let rest = place.rest();
        if let Some(uuid) = secret::find_uuid(rest) {
            let given = secret::given_uuid(uuid);
            if let Some(number) = given.filter(|_| self.survey) {
                self.numbers.take(Series::Uuid, number);
            }
            if words::is_known_uuid(uuid) || self.survey {
                return Some((uuid.len(), uuid.to_vec()));
            }
            let number = self.numbers.of(Series::Uuid, &uuid.to_ascii_lowercase());
            let new = format!("00000000-0000-4000-8000-{number:012}");
            return self.hit(Personal::Identifier, uuid, new.into_bytes());
        }
        if let Some(digits) = rest.strip_prefix(b"pid=") {
            let digits = run(digits, 11, |b| b.is_ascii_digit());
            let stays = digits.is_empty() || digits == b"1" || digits.len() > 10 || self.survey;
            let number = match stays {
                true => digits.to_vec(),
                false => (1000 + self.numbers.of(Series::Process, digits)).to_string().into_bytes(),
            };
            let old = &rest[..4 + digits.len()];
            return self.hit(Personal::Process, old, [b"pid=", number.as_slice()].concat());
        }
        let (digest, given) = match secret::find_pairs(rest) {
            Some(pairs) => (pairs, secret::given_pairs(pairs)),
            None => {
                let digest = secret::find_digest(rest)?;
                (digest, secret::given_digest(digest))
            }
        };
        match given {
            Some(number) if self.survey => self.numbers.take(Series::Digest, number),
            Some(_) => {}
            None if self.survey => {}
            None => {
                let number = self.numbers.of(Series::Digest, &digest.to_ascii_lowercase());
                let new = secret::digest_like(digest, number);
                return self.hit(Personal::Identifier, digest, new);
            }
        }
        Some((digest.len(), digest.to_vec()))
    }

    fn crypt(&mut self, rest: &[u8]) -> Option<Hit> {
        let (head, hash) = secret::find_crypt(rest)?;
        let old = &rest[..head.len() + hash.len()];
        self.hit(Personal::Secret, old, [head, SCRUBBED].concat())
    }

    fn option(&mut self, place: At<'_>) -> Option<Hit> {
        let (head, value) = secret::find_option(place.rest())?;
        let old = &place.rest()[..head + value.len()];
        self.hit(Personal::Secret, old, [&old[..head], SCRUBBED].concat())
    }

    fn setting(&mut self, place: At<'_>) -> Option<Hit> {
        let rest = place.rest();
        let (kind, head, value) = secret::find_setting(rest)?;
        let old = &rest[..head + value.len()];
        let (personal, new) = match kind {
            Value::Secret => (Personal::Secret, SCRUBBED.to_vec()),
            Value::Serial | Value::Volume => {
                let (series, given) = match kind {
                    Value::Serial => (Series::Serial, numbered(value, "SERIAL")),
                    _ => (Series::Volume, value.strip_prefix(b"0000-").and_then(decimal)),
                };
                if let Some(number) = given {
                    if self.survey {
                        self.numbers.take(series, number);
                    }
                    return Some((old.len(), old.to_vec()));
                }
                // Longer forms have their own rule, which comes to them next.
                if secret::find_uuid(value).or(secret::find_digest(value)).is_some() {
                    return None;
                }
                if self.survey {
                    return None;
                }
                let number = self.numbers.of(series, value);
                let text = match kind {
                    Value::Serial => format!("SERIAL{number:02}"),
                    _ => format!("0000-{:04}", number % 10_000),
                };
                (Personal::Identifier, text.into_bytes())
            }
        };
        self.hit(personal, old, [&old[..head], &new].concat())
    }

    fn key(&mut self, place: At<'_>) -> Option<Hit> {
        let rest = place.rest();
        if rest.starts_with(b"scrubbed-key-") {
            let number = run(&rest[13..], 12, |b| b.is_ascii_digit());
            if let Some(number) = decimal(number).filter(|_| self.survey) {
                self.numbers.take(Series::Key, number);
            }
            return Some((13 + number.len(), rest[..13 + number.len()].to_vec()));
        }
        let key = secret::find_key(rest)?;
        let number = if self.survey { 0 } else { self.numbers.of(Series::Key, key) };
        self.hit(Personal::Secret, key, format!("scrubbed-key-{number:02}").into_bytes())
    }

    /// A name with dots in running text.
    fn dotted_name(&mut self, place: At<'_>) -> Option<Hit> {
        let before = place.before(1);
        let inside_name = match before {
            Some(b'-') => true,
            Some(b'.') => place.before(2).is_some_and(|b| b.is_ascii_alphanumeric() || b == b'_'),
            _ => false,
        };
        let rest = place.rest();
        let length = host::find(rest, &self.known, false).filter(|_| !inside_name)?;
        let name = &rest[..length];
        let in_path = before == Some(b'/') && place.before(2) != Some(b'/');
        let known = self.known.domains.contains(host::registered(&name.to_ascii_lowercase()));
        if words::is_public_domain(name) {
            return Some((length, name.to_vec()));
        }
        if in_path && !known {
            return None;
        }
        Some((length, self.dotted(name)))
    }

    /// What a name with dots becomes: `host01.d01.example`.
    fn dotted(&mut self, name: &[u8]) -> Vec<u8> {
        let domain = host::registered(name);
        if let Some(number) =
            domain.strip_suffix(b".example").and_then(|label| numbered(label, "d"))
            && self.survey
        {
            self.numbers.take(Series::Domain, number);
        }
        if words::is_public_domain(name) || self.survey {
            if self.survey && !words::is_public_domain(name) {
                self.known.domains.insert(domain.to_ascii_lowercase());
            }
            return name.to_vec();
        }
        let number = self.numbers.of(Series::Domain, &domain.to_ascii_lowercase());
        self.numbers.found(Personal::Domain, domain);
        let mut new = Vec::new();
        let labels = name[..name.len() - domain.len()].split(|b| *b == b'.');
        for label in labels.filter(|label| !label.is_empty()) {
            new.extend(self.label(label));
            new.push(b'.');
        }
        new.extend(format!("d{number:02}.example").into_bytes());
        new
    }

    /// What a host's name without its domain becomes.
    fn label(&mut self, name: &[u8]) -> Vec<u8> {
        let lower = name.to_ascii_lowercase();
        if let Some(number) = numbered(&lower, "host") {
            if self.survey {
                self.numbers.take(Series::Host, number);
            }
            return name.to_vec();
        }
        if self.survey {
            return name.to_vec();
        }
        self.numbers.found(Personal::Host, name);
        format!("host{:02}", self.numbers.of(Series::Host, &lower)).into_bytes()
    }

    /// A known name of an account or host, the longest that stands here.
    fn name(&mut self, place: At<'_>) -> Option<Hit> {
        let rest = place.rest();
        let inside = |b: &&u8| b.is_ascii_alphanumeric() || b"._-".contains(b);
        let all = rest.iter().take(NAME_REACH).take_while(inside).count();
        let lower = rest[..all].to_ascii_lowercase();
        let ends = |end: usize| rest.get(end).is_none_or(|b| !b.is_ascii_alphanumeric());
        for end in (1..=all).rev().filter(|end| ends(*end)) {
            let (name, old) = (&lower[..end], &rest[..end]);
            if let Some(number) = numbered(name, "person") {
                self.numbers.take(Series::Person, number);
                return Some((end, old.to_vec()));
            }
            if let Some(number) = numbered(name, "host") {
                self.numbers.take(Series::Host, number);
                return Some((end, old.to_vec()));
            }
            if self.survey {
                continue;
            }
            if self.known.people.contains(name) {
                let number = self.person_number(name);
                return self.hit(Personal::Account, old, format!("person{number:02}").into_bytes());
            }
            if self.known.hosts.contains(name) {
                return Some((end, self.label(old)));
            }
        }
        None
    }
}

fn decimal(digits: &[u8]) -> Option<u64> {
    let plain = !digits.is_empty() && digits.len() < 12 && digits.iter().all(u8::is_ascii_digit);
    plain.then(|| std::str::from_utf8(digits).ok()?.parse().ok())?
}

/// `Person 01`, as we write full names.
pub(super) fn is_full_name(text: &[u8]) -> bool {
    text.strip_prefix(b"Person ")
        .is_some_and(|digits| numbered(&[b"person", digits].concat(), "person").is_some())
}

/// How many bytes a backslash and what it escapes take.
fn escape_length(text: &[u8]) -> usize {
    match text.get(1) {
        Some(b'x') => match text.get(2..4) {
            Some(pair) if pair.iter().all(u8::is_ascii_hexdigit) => 4,
            _ => 1,
        },
        Some(b'n' | b't' | b'\\') => 2,
        _ => 1,
    }
}

/// The IPv4 address that the text ends with, as the first of a range.
fn address_before(text: &[u8]) -> Option<std::net::Ipv4Addr> {
    let from = text.len().saturating_sub(16);
    let tail = &text[from..];
    let start = tail.iter().rposition(|b| !b.is_ascii_digit() && *b != b'.').map_or(0, |at| at + 1);
    let found = address::find4(&tail[start..])?;
    (found.length == tail.len() - start).then_some(found.address)
}

/// Whether the place stands in a URL: `://` before it and no blank between.
fn in_url(place: At<'_>) -> bool {
    let from = place.at.saturating_sub(256);
    let before = &place.line[from..place.at];
    let word = before.iter().rposition(u8::is_ascii_whitespace).map_or(0, |at| at + 1);
    before[word..].windows(3).any(|part| part == b"://")
}
