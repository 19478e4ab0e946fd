//! The files of modules' settings under `/etc/security`.

use super::super::dump::{Dump, Found};
use crate::problem::Problem;

/// `name = value` of a settings file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Assignment {
    pub(super) name: String,
    pub(super) value: Vec<u8>,
    /// The line is too long for the library.
    pub(super) malformed: bool,
}

/// What the files say, in the order in which their modules read them.
pub(super) struct Settings {
    pub(super) pwquality: Result<Vec<Vec<Assignment>>, Problem>,
    pub(super) faillock: Result<Vec<Assignment>, Problem>,
    pub(super) pwhistory: Result<Vec<Assignment>, Problem>,
}

const PWQUALITY: [&str; 2] = ["/etc/security/pwquality.conf", "/usr/lib/security/pwquality.conf"];
const FAILLOCK: [&str; 2] = ["/etc/security/faillock.conf", "/usr/etc/security/faillock.conf"];
const PWHISTORY: [&str; 2] = ["/etc/security/pwhistory.conf", "/usr/etc/security/pwhistory.conf"];
const SNIPPETS: [&str; 2] =
    ["/etc/security/pwquality.conf.d/*.conf", "/usr/lib/security/pwquality.conf.d/*.conf"];

/// Every file that [`Settings::read`] asks for.
pub(super) fn patterns() -> Vec<&'static str> {
    [PWQUALITY, SNIPPETS, FAILLOCK, PWHISTORY].concat()
}

impl Settings {
    pub(super) fn read(dump: Result<&Dump<'_>, Problem>) -> Self {
        match dump {
            Ok(dump) => Self {
                pwquality: pwquality(dump),
                faillock: first_of(dump, FAILLOCK),
                pwhistory: first_of(dump, PWHISTORY),
            },
            Err(problem) => Self {
                pwquality: Err(problem.clone()),
                faillock: Err(problem.clone()),
                pwhistory: Err(problem),
            },
        }
    }
}

/// The first of the files that is there; none means that defaults hold.
fn first_of(dump: &Dump<'_>, paths: [&str; 2]) -> Result<Vec<Assignment>, Problem> {
    for path in paths {
        match dump.file(path) {
            Found::File(file) => {
                return match &file.problem {
                    Some(problem) => Err(problem.clone()),
                    None => Ok(assignments(&file.lines)),
                };
            }
            Found::Absent => {}
            Found::Failed(problem) => return Err(problem),
        }
    }
    Ok(Vec::new())
}

/// Snippets in order of their names, of which `/etc` has its own; then the file
/// itself, which so has the last word.
fn pwquality(dump: &Dump<'_>) -> Result<Vec<Vec<Assignment>>, Problem> {
    let mut snippets = std::collections::BTreeMap::new();
    for pattern in SNIPPETS.iter().rev() {
        let (files, problems) = dump.matching(pattern);
        if let Some(problem) = problems.into_iter().next() {
            return Err(problem);
        }
        for file in files {
            if let Some(problem) = &file.problem {
                return Err(problem.clone());
            }
            let name = file.path.rsplit(|&b| b == b'/').next().unwrap_or_default();
            // The library wants the first `.conf` of a name to be its end.
            let first = name.windows(5).position(|part| part == b".conf");
            if first.is_some_and(|at| at + 5 == name.len()) {
                snippets.insert(name.to_vec(), assignments(&file.lines));
            }
        }
    }
    let mut files: Vec<_> = snippets.into_values().collect();
    files.push(first_of(dump, PWQUALITY)?);
    Ok(files)
}

/// The longest line that libpwquality reads.
const LINE_MAX: usize = 1022;

fn assignments(lines: &[&[u8]]) -> Vec<Assignment> {
    let is_space = |b: &u8| b.is_ascii_whitespace() || *b == 0x0b;
    let mut all = Vec::new();
    for line in lines {
        let comment = line.iter().position(|&b| b == b'#').unwrap_or(line.len());
        let text = line[..comment].trim_ascii();
        if text.is_empty() {
            continue;
        }
        let end = text.iter().position(|b| is_space(b) || *b == b'=').unwrap_or(text.len());
        let rest = text[end..].trim_ascii_start();
        let value = rest.strip_prefix(b"=").unwrap_or(rest).trim_ascii_start();
        all.push(Assignment {
            name: String::from_utf8_lossy(&text[..end]).into_owned(),
            value: value.to_vec(),
            malformed: line.len() > LINE_MAX,
        });
    }
    all
}

/// The number at the beginning of a text, as `sscanf` reads it.
pub(super) fn leading_int(text: &[u8]) -> Option<i64> {
    let text = text.trim_ascii_start();
    let (sign, digits) = match text.split_first() {
        Some((b'-', rest)) => (-1, rest),
        Some((b'+', rest)) => (1, rest),
        _ => (1, text),
    };
    let end = digits.iter().position(|b| !b.is_ascii_digit()).unwrap_or(digits.len());
    let number: i64 = super::super::decimal(&digits[..end])?;
    Some(sign * number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn assignments_have_blanks_or_equals_signs() {
        let lines: [&[u8]; 6] = [
            b"minlen = 12",
            b"  dcredit=-1 # c",
            b"enforce_for_root",
            b"# minclass = 1",
            b"a\tb",
            b"x == 1",
        ];
        let read = assignments(&lines);
        let pairs: Vec<_> = read.iter().map(|a| (a.name.as_str(), a.value.as_slice())).collect();
        let expected: [(&str, &[u8]); 5] = [
            ("minlen", b"12"),
            ("dcredit", b"-1"),
            ("enforce_for_root", b""),
            ("a", b"b"),
            ("x", b"= 1"),
        ];
        assert_eq!(pairs, expected);
    }

    #[test]
    fn numbers_are_read_as_far_as_they_go() {
        for (text, number) in
            [("5", Some(5)), (" 5x", Some(5)), ("-1", Some(-1)), ("x", None), ("", None)]
        {
            assert_eq!(leading_int(text.as_bytes()), number, "{text}");
        }
    }
}
