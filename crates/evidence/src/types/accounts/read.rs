//! The parser of the projected account files.

use super::super::{decimal, whole_lines};
use super::{Body, GROUP, Group, NSSWITCH, PASSWD, Password, SHADOW, User};
use crate::body::canonical_list;
use crate::escape::escape;
use crate::frame::{Frame, Frames};
use crate::kind::Parsed;
use crate::problem::{Problem, arrived, exit_problem, stopped};
use crate::status;
use anji_model::{FailureCategory, Gap};
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

#[derive(Default)]
struct Reader {
    gaps: Vec<Gap>,
    compat: Vec<String>,
    malformed: Vec<String>,
}

/// An account with what its own passwd line says of the password.
struct Account {
    user: User,
    own: Field,
}

/// A projected password field.
#[derive(Clone, PartialEq, Eq)]
enum Field {
    /// `x`: the shadow file knows.
    Shadowed,
    State(&'static str, Option<String>),
}

pub(super) fn read(frames: &Frames) -> Result<Parsed, Problem> {
    let passwd = arrived(frames, PASSWD)?;
    if passwd.exit == Some(status::ABSENT) {
        return Ok(Parsed::absent("no passwd file"));
    }
    let mut reader = Reader::default();
    let half = stopped(passwd);
    match half.clone().or_else(|| exit_problem(passwd)) {
        Some(problem) if half.is_none() || passwd.data.is_empty() => return Err(problem),
        Some(problem) => {
            let lists = ["users", "compat_entries", "malformed_lines", "shadow_without_account"];
            reader.gaps.extend(lists.map(|list| problem.partial(list)));
        }
        None => {}
    }
    let accounts = reader.accounts(passwd);
    let shadow = reader.shadow(frames, &accounts);
    let groups = reader.groups(frames);
    let sources = reader.sources(frames);
    let names: BTreeSet<&str> = accounts.iter().map(|a| a.user.name.as_str()).collect();
    // Of half a passwd file it cannot be said who is missing from it.
    let entries = shadow.iter().filter(|_| half.is_none()).flat_map(BTreeMap::keys);
    let orphans = entries.filter(|name| !names.contains(name.as_str()));
    let body = Body {
        shadow_without_account: canonical_list(orphans.cloned()),
        users: canonical_list(accounts.into_iter().map(|a| a.resolve(shadow.as_ref()))),
        groups,
        compat_entries: canonical_list(reader.compat),
        malformed_lines: canonical_list(reader.malformed),
        sources,
    };
    Ok(Parsed::collected(&body, reader.gaps))
}

impl Account {
    fn resolve(self, shadow: Option<&BTreeMap<String, Option<Password>>>) -> User {
        let password = match self.own {
            Field::State(state, scheme) => Some(Password::bare(state, scheme)),
            Field::Shadowed => shadow.and_then(|entries| match entries.get(&self.user.name) {
                Some(entry) => entry.clone(),
                None => Some(Password::bare("missing", None)),
            }),
        };
        User { password, ..self.user }
    }
}

impl Password {
    fn bare(state: &str, scheme: Option<String>) -> Self {
        Self {
            state: state.to_owned(),
            scheme,
            last_change_day: None,
            min_days: None,
            max_days: None,
            warn_days: None,
            inactive_days: None,
            expire_day: None,
        }
    }
}

impl Reader {
    /// Notes a line that programs may read in different ways. What it says is
    /// not known, so that the list is not whole: one library sees an account
    /// where another sees nothing.
    fn malformed(&mut self, file: &str, line: usize) {
        self.malformed.push(format!("{file}:{line}"));
        let list = match file {
            "passwd" => "users",
            "group" => "groups",
            // The gap of the shadow file is that of the entries: see `shadow`.
            _ => return,
        };
        let detail = format!("line {line} of {file} can be read in different ways");
        self.gaps.push(Problem::new(FailureCategory::Unparsable, &detail).partial(list));
    }

    fn accounts(&mut self, frame: &Frame) -> Vec<Account> {
        let mut accounts = Vec::new();
        for (index, line) in whole_lines(frame).enumerate() {
            let (line, count) = field_count(line, 7);
            let fields: Vec<&[u8]> = line.split(|&b| b == b':').collect();
            if line == b"#" {
                continue;
            }
            if line.starts_with(b"+") || line.starts_with(b"-") {
                self.compat.push(format!("passwd:{}", escape(fields[0])));
                continue;
            }
            match account(&fields).filter(|account| is_name(&account.user.name)) {
                Some(account) => {
                    if count != 7 {
                        self.malformed("passwd", index + 1);
                    }
                    accounts.push(account);
                }
                None => self.malformed("passwd", index + 1),
            }
        }
        accounts
    }

    /// The shadow entries by name; the first entry of a name holds. `None`
    /// where they were not had, with the gap said. An entry that cannot be
    /// read is null, and a gap too.
    fn shadow(
        &mut self,
        frames: &Frames,
        accounts: &[Account],
    ) -> Option<BTreeMap<String, Option<Password>>> {
        const PATH: &str = "users[].password";
        let frame = match arrived(frames, SHADOW) {
            Ok(frame) if frame.exit == Some(status::ABSENT) => {
                // A passwd file that points to a file which is not there says
                // nothing about passwords.
                if accounts.iter().any(|account| account.own == Field::Shadowed) {
                    let detail = "/etc/shadow does not exist though passwd refers to it";
                    self.shadow_gap(&Problem::new(FailureCategory::Incomplete, detail));
                    return None;
                }
                return Some(BTreeMap::new());
            }
            Ok(frame) => frame,
            Err(problem) => {
                self.shadow_gap(&problem);
                return None;
            }
        };
        let halt = stopped(frame);
        if let Some(problem) = halt.clone().or_else(|| exit_problem(frame)) {
            self.shadow_gap(&problem);
            halt.as_ref()?;
        }
        let mut entries = BTreeMap::new();
        let malformed = self.malformed.len();
        for (index, line) in whole_lines(frame).enumerate() {
            let Some((name, entry)) = self.shadow_line(index + 1, line) else { continue };
            if entry.is_none() {
                let detail = "a line of the shadow file cannot be read";
                let problem = Problem::new(FailureCategory::Unparsable, detail);
                self.gaps.push(problem.unknown(PATH));
            }
            if let Entry::Vacant(vacant) = entries.entry(name) {
                vacant.insert(entry);
            }
        }
        let unread = self.malformed.len() > malformed;
        if unread {
            let detail = "a line of shadow can be read in different ways";
            let problem = Problem::new(FailureCategory::Unparsable, detail);
            self.gaps.push(problem.unknown(PATH));
        }
        if halt.is_some() || unread {
            // Whoever is not among the entries read may stand in the rest.
            for account in accounts {
                entries.entry(account.user.name.clone()).or_insert(None);
            }
        }
        Some(entries)
    }

    fn shadow_gap(&mut self, problem: &Problem) {
        self.gaps.push(problem.unknown("users[].password"));
        self.gaps.push(problem.partial("shadow_without_account"));
    }

    fn shadow_line(&mut self, number: usize, line: &[u8]) -> Option<(String, Option<Password>)> {
        let (line, count) = field_count(line, 9);
        let fields: Vec<&[u8]> = line.split(|&b| b == b':').collect();
        if line == b"#" {
            return None;
        }
        if line.starts_with(b"+") || line.starts_with(b"-") {
            self.compat.push(format!("shadow:{}", escape(fields[0])));
            return None;
        }
        let [name, state, days @ ..] = fields.as_slice() else {
            self.malformed("shadow", number);
            return None;
        };
        // The old form has five fields, today's nine; the last may be missing.
        // A line of another form is skipped by some libraries, and then a later
        // line of the same name holds.
        let entry = password(state, days).filter(|_| matches!(count, 5 | 8 | 9));
        let name = escape(name);
        if entry.is_none() || !is_name(&name) {
            self.malformed("shadow", number);
        }
        is_name(&name).then_some((name, entry))
    }

    fn groups(&mut self, frames: &Frames) -> Vec<Group> {
        let frame = match arrived(frames, GROUP) {
            Ok(frame) if frame.exit == Some(status::ABSENT) => return Vec::new(),
            Ok(frame) => frame,
            Err(problem) => {
                self.gaps.push(problem.partial("groups"));
                return Vec::new();
            }
        };
        if let Some(problem) = stopped(frame).or_else(|| exit_problem(frame)) {
            self.gaps.push(problem.partial("groups"));
        }
        let mut groups = Vec::new();
        for (index, line) in whole_lines(frame).enumerate() {
            let line = line.trim_ascii_start();
            let fields: Vec<&[u8]> = line.split(|&b| b == b':').collect();
            if line == b"#" {
                continue;
            }
            if line.starts_with(b"+") || line.starts_with(b"-") {
                self.compat.push(format!("group:{}", escape(fields[0])));
                continue;
            }
            match group(&fields) {
                Some(group) => groups.push(group),
                None => self.malformed("group", index + 1),
            }
        }
        canonical_list(groups)
    }

    fn sources(&mut self, frames: &Frames) -> Vec<String> {
        let files = || vec!["files".to_owned()];
        let frame = match arrived(frames, NSSWITCH) {
            Ok(frame) if frame.exit == Some(status::ABSENT) => return files(),
            Ok(frame) => frame,
            Err(problem) => {
                self.gaps.push(problem.partial("sources"));
                return Vec::new();
            }
        };
        if let Some(problem) = stopped(frame).or_else(|| exit_problem(frame)) {
            self.gaps.push(problem.partial("sources"));
            return Vec::new();
        }
        let Some(line) = whole_lines(frame).next() else { return files() };
        let value = line.splitn(2, |&b| b == b':').nth(1).unwrap_or_default();
        let value = value.split(|&b| b == b'#').next().unwrap_or_default();
        let words = value.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty());
        canonical_list(words.filter(|word| !word.starts_with(b"[")).map(escape))
    }
}

/// Whether an escaped name stands for one account alone: not one that the
/// projection hid because it looks like a hash, and none with characters that
/// libraries strip.
fn is_name(name: &str) -> bool {
    !name.is_empty() && name != "?redacted" && !name.contains(['\\', ' '])
}

/// A line without the mark of an unusual number of fields, and that number.
fn field_count(line: &[u8], usual: u32) -> (&[u8], u32) {
    let line = line.trim_ascii_start();
    let marked = line.strip_prefix(b"~").and_then(|rest| {
        let at = rest.iter().position(|&b| b == b' ')?;
        Some((rest[at + 1..].trim_ascii_start(), decimal(&rest[..at])?))
    });
    marked.unwrap_or((line, usual))
}

/// An account, as the C library would take the line: numeric ids are what
/// makes one, the fields after them may be missing.
fn account(fields: &[&[u8]]) -> Option<Account> {
    let [name, password, uid, gid, gecos, home, shell @ ..] = fields else { return None };
    if name.is_empty() {
        return None;
    }
    let user = User {
        name: escape(name),
        uid: account_id(uid)?,
        gid: account_id(gid)?,
        home: escape(home),
        shell: escape(&shell.join(&b':')),
        gecos: escape(gecos),
        password: None,
    };
    Some(Account { user, own: field(password)? })
}

fn field(text: &[u8]) -> Option<Field> {
    if text == b"x" {
        return Some(Field::Shadowed);
    }
    let (state, scheme) = state(text)?;
    Some(Field::State(state, scheme))
}

/// A projected state; anything else is not from our program.
fn state(text: &[u8]) -> Option<(&'static str, Option<String>)> {
    let mut words = text.splitn(2, |&b| b == b',');
    let (word, scheme) = (words.next()?, words.next());
    let plain = |b: &u8| b.is_ascii_lowercase() || b.is_ascii_digit() || *b == b'-';
    match (word, scheme) {
        (b"empty", None) => Some(("empty", None)),
        (b"disabled", None) => Some(("disabled", None)),
        (b"set", Some(s)) if s.iter().all(plain) && s.len() <= 20 => Some(("set", Some(escape(s)))),
        (b"locked", Some(s)) if s.iter().all(plain) && s.len() <= 20 => {
            Some(("locked", Some(escape(s))))
        }
        _ => None,
    }
}

fn password(text: &[u8], days: &[&[u8]]) -> Option<Password> {
    let (state, scheme) = state(text)?;
    let mut numbers = [None; 6];
    for (number, text) in numbers.iter_mut().zip(days) {
        *number = day(text)?;
    }
    let [last_change_day, min_days, max_days, warn_days, inactive_days, expire_day] = numbers;
    Some(Password {
        last_change_day,
        min_days,
        max_days,
        warn_days,
        inactive_days,
        expire_day,
        ..Password::bare(state, scheme)
    })
}

/// A count of days: empty and negative ones mean that there is none. `None`
/// when it is no number at all.
fn day(text: &[u8]) -> Option<Option<i64>> {
    let text = text.trim_ascii();
    match text.split_first() {
        None => Some(None),
        Some((b'-', digits)) => decimal::<u64>(digits).map(|_| None),
        Some(_) => decimal::<u32>(text).map(|days| Some(i64::from(days))),
    }
}

/// A numeric id as the C library reads it: leading blanks and a sign are
/// taken, and what does not fit becomes the largest id.
fn account_id(text: &[u8]) -> Option<u32> {
    let text = text.trim_ascii_start();
    let (negative, digits) = match text.split_first() {
        Some((b'-', rest)) => (true, rest),
        Some((b'+', rest)) => (false, rest),
        _ => (false, text),
    };
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let value = decimal::<u32>(digits).unwrap_or(u32::MAX);
    Some(if negative && value != 0 { u32::MAX } else { value })
}

fn group(fields: &[&[u8]]) -> Option<Group> {
    let [name, _password, gid, members] = fields else { return None };
    if name.is_empty() {
        return None;
    }
    let members = members.split(|&b| b == b',').map(<[u8]>::trim_ascii);
    Some(Group {
        name: escape(name),
        gid: account_id(gid)?,
        members: canonical_list(members.filter(|member| !member.is_empty()).map(escape)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_read_as_the_c_library_does() {
        for (text, id) in [
            ("0", Some(0)),
            ("00", Some(0)),
            (" 0", Some(0)),
            ("-0", Some(0)),
            ("+0", Some(0)),
            ("1000", Some(1000)),
            ("4294967295", Some(u32::MAX)),
            ("4294967296", Some(u32::MAX)),
            ("99999999999999999999999", Some(u32::MAX)),
            ("-1", Some(u32::MAX)),
            ("", None),
            ("0x0", None),
            ("-", None),
            ("1 ", None),
        ] {
            assert_eq!(account_id(text.as_bytes()), id, "{text}");
        }
    }

    #[test]
    fn days_may_be_missing_but_not_words() {
        for (text, days) in [
            ("", Some(None)),
            ("0", Some(Some(0))),
            ("99999", Some(Some(99999))),
            ("-1", Some(None)),
            ("9999999999", None),
            ("never", None),
        ] {
            assert_eq!(day(text.as_bytes()), days, "{text}");
        }
    }
}
