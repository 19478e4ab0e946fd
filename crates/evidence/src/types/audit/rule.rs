//! Rules as `auditctl` takes and prints them, in one normal form.
//!
//! A watch `-w P -p wa -k K` is the same rule as
//! `-a always,exit -F path=P -F perm=wa -F key=K`; `-k` is `-F key=`; `unset`,
//! `-1` and `4294967295` are one value; system calls are ordered by name. What
//! is left differs in effect.

use crate::body::canonical_list;
use crate::escape::escape_bounded;
use schemars::JsonSchema;
use serde::Serialize;

/// Longer words of a rule are shown in part.
const WORD_MAX: usize = 4096;

/// One rule in normal form.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Rule {
    /// Its place: the kernel asks the rules of one list in this order, and the
    /// first that fits decides.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub position: u32,
    /// The whole rule in normal form.
    #[schemars(extend("x-sensitivity" = "internal", "x-label" = true))]
    pub rule: String,
    /// The list that it stands in: `exit`, `task`, `user`, `exclude`, `filesystem` ...
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub list: String,
    /// `always` or `never`.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub action: String,
    /// `b64` or `b32`; absent where it is for both.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub arch: Option<String>,
    /// The system calls, ordered by name; `all` alone where it names none.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub syscalls: Vec<String>,
    /// The watched path (`-w`, `path=`).
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub path: Option<String>,
    /// The watched folder with all below it (`dir=`).
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub dir: Option<String>,
    /// The watched ways of access, as the letters `r`, `w`, `x`, `a` in this order.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub perm: Option<String>,
    /// The keys that its records bear, joined by commas.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub key: Option<String>,
    /// What else must hold, ordered: `auid!=-1`, `auid>=1000`, `exit=-EACCES`.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub fields: Vec<String>,
    /// Whether it was written as a watch, which takes in what is below a folder.
    #[serde(skip)]
    #[schemars(skip)]
    pub(super) watch: bool,
}

/// One line of a rules file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Line {
    /// Nothing: empty or a comment.
    Nothing,
    /// A rule; `first` says that it goes before the others of its list.
    Rule { rule: Box<Rule>, first: bool },
    /// Takes all rules away.
    Clear,
    /// Takes one rule away.
    Remove(Box<Rule>),
    /// A setting of the kernel: `enabled 2`, `backlog_limit 8192`, `failure 1`.
    Setting(&'static str, i64),
    /// Another option, without meaning here.
    Other,
    /// No line that auditctl takes.
    Unreadable,
}

#[derive(Default)]
struct Draft {
    list: Option<(String, String)>,
    first: bool,
    removed: bool,
    watch: Option<String>,
    arch: Option<String>,
    syscalls: Vec<String>,
    path: Option<String>,
    dir: Option<String>,
    perm: Option<String>,
    keys: Vec<String>,
    fields: Vec<String>,
    other: Option<Line>,
}

/// Reads one line. Total; linear in its length.
pub(super) fn read(line: &[u8]) -> Line {
    let line = line.trim_ascii();
    if line.is_empty() || line.starts_with(b"#") {
        return Line::Nothing;
    }
    let words = words(line);
    let mut draft = Draft::default();
    let mut at = words.iter();
    while let Some(option) = at.next() {
        if draft.option(option, &mut at).is_none() {
            return Line::Unreadable;
        }
    }
    draft.finish().unwrap_or(Line::Unreadable)
}

/// The words of a line; a backslash takes a blank into its word, as in auditctl.
fn words(line: &[u8]) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Vec<u8> = Vec::new();
    let mut bytes = line.iter().copied().peekable();
    while let Some(byte) = bytes.next() {
        match byte {
            b'\\' if bytes.peek() == Some(&b' ') => {
                bytes.next();
                word.push(b' ');
            }
            b if b.is_ascii_whitespace() => {
                if !word.is_empty() {
                    words.push(escape_bounded(&std::mem::take(&mut word), WORD_MAX));
                }
            }
            b => word.push(b),
        }
    }
    if !word.is_empty() {
        words.push(escape_bounded(&word, WORD_MAX));
    }
    words
}

impl Draft {
    fn option(&mut self, option: &str, at: &mut std::slice::Iter<'_, String>) -> Option<()> {
        match option {
            "-a" | "-A" | "-d" => {
                self.first = option == "-A";
                self.removed = option == "-d";
                self.list = Some(list_and_action(at.next()?)?);
            }
            "-w" | "-W" => {
                self.removed = option == "-W";
                self.watch = Some(plain_path(at.next()?));
            }
            "-p" => self.perm = Some(permissions(at.next()?)?),
            "-k" => self.keys.push(at.next()?.clone()),
            "-S" => {
                let names = at.next()?.split(',').filter(|name| !name.is_empty());
                self.syscalls.extend(names.map(str::to_owned));
            }
            "-F" | "-C" => self.field(at.next()?)?,
            "-D" => self.other = Some(Line::Clear),
            "-e" => self.setting("enabled", at.next()?)?,
            "-b" => self.setting("backlog_limit", at.next()?)?,
            "-f" => self.setting("failure", at.next()?)?,
            "-r" => self.setting("rate_limit", at.next()?)?,
            "--backlog_wait_time" | "-q" | "-R" | "-m" | "-t" => {
                at.next()?;
                self.other = Some(Line::Other);
            }
            "-i"
            | "-c"
            | "-s"
            | "-l"
            | "--loginuid-immutable"
            | "--reset-lost"
            | "--reset_backlog_wait_time_actual" => {
                self.other = Some(Line::Other);
            }
            _ => return None,
        }
        Some(())
    }

    fn setting(&mut self, name: &'static str, value: &str) -> Option<()> {
        self.other = Some(Line::Setting(name, value.parse().ok()?));
        Some(())
    }

    fn field(&mut self, word: &str) -> Option<()> {
        let at = word.find(['=', '!', '<', '>', '&'])?;
        let (name, rest) = word.split_at(at);
        let end = rest.find(|c| !matches!(c, '=' | '!' | '<' | '>' | '&')).unwrap_or(rest.len());
        let (operator, value) = rest.split_at(end);
        match (name, operator) {
            ("", _) => return None,
            ("arch", "=") => self.arch = Some(arch(value)),
            ("path", "=") => self.path = Some(plain_path(value)),
            ("dir", "=") => self.dir = Some(plain_path(value)),
            ("perm", "=") => self.perm = Some(permissions(value)?),
            ("key", "=") => self.keys.push(value.to_owned()),
            _ => {
                let name = if name == "loginuid" { "auid" } else { name };
                self.fields.push(format!("{name}{operator}{}", plain_value(value)));
            }
        }
        Some(())
    }

    fn finish(self) -> Option<Line> {
        let plain = self.list.is_none() && self.watch.is_none();
        if plain {
            let alone = self.syscalls.is_empty() && self.fields.is_empty() && self.arch.is_none();
            // `-D -k KEY` takes away the rules of that key alone.
            return match self.other {
                Some(Line::Clear) if !self.keys.is_empty() => Some(Line::Other),
                other if alone => other,
                _ => None,
            };
        }
        let watch = self.watch.is_some();
        if watch && self.list.is_some() {
            return None;
        }
        let (list, action) = self.list.unwrap_or(("exit".to_owned(), "always".to_owned()));
        let mut syscalls = canonical_list(self.syscalls);
        if syscalls.is_empty() || syscalls.iter().any(|name| name == "all") {
            syscalls = vec!["all".to_owned()];
        }
        let keys = canonical_list(self.keys);
        let mut rule = Rule {
            position: 0,
            rule: String::new(),
            list,
            action,
            arch: self.arch,
            syscalls,
            path: self.watch.or(self.path),
            dir: self.dir,
            // A watch without letters is for every way of access.
            perm: self.perm.or_else(|| watch.then(|| "rwxa".to_owned())),
            key: (!keys.is_empty()).then(|| keys.join(",")),
            fields: canonical_list(self.fields),
            watch,
        };
        rule.rule = rule.normal(&keys);
        let rule = Box::new(rule);
        Some(if self.removed { Line::Remove(rule) } else { Line::Rule { rule, first: self.first } })
    }
}

impl Rule {
    fn normal(&self, keys: &[String]) -> String {
        let mut text = format!("-a {},{}", self.action, self.list);
        let mut add = |option: &str, name: &str, value: &str| {
            text.push_str(option);
            text.push_str(name);
            text.push_str(value);
        };
        if let Some(arch) = &self.arch {
            add(" -F ", "arch=", arch);
        }
        if self.syscalls != ["all"] {
            add(" -S ", "", &self.syscalls.join(","));
        }
        for (name, value) in [("path=", &self.path), ("dir=", &self.dir), ("perm=", &self.perm)] {
            if let Some(value) = value {
                add(" -F ", name, value);
            }
        }
        for field in &self.fields {
            add(" -F ", "", field);
        }
        for key in keys {
            add(" -F ", "key=", key);
        }
        text
    }

    /// Whether it names `syscall` of `arch`. A rule that names calls and no
    /// arch has the numbers of the machine's own.
    pub(super) fn takes(&self, arch: &str, syscall: &str, own: &str) -> bool {
        let all = self.syscalls == ["all"];
        let fits = match &self.arch {
            Some(named) => named == arch,
            None => all || arch == own,
        };
        fits && (all || self.syscalls.iter().any(|name| name == syscall))
    }
}

fn list_and_action(word: &str) -> Option<(String, String)> {
    let (one, two) = word.split_once(',')?;
    let action = |word: &str| matches!(word, "always" | "never" | "possible");
    let list =
        |word: &str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
    match (action(one), action(two)) {
        (true, false) if list(two) => Some((two.to_owned(), one.to_owned())),
        (false, true) if list(one) => Some((one.to_owned(), two.to_owned())),
        _ => None,
    }
}

fn plain_path(path: &str) -> String {
    let plain = path.trim_end_matches('/');
    if plain.is_empty() { "/".to_owned() } else { plain.to_owned() }
}

fn permissions(letters: &str) -> Option<String> {
    let known = |c: char| matches!(c, 'r' | 'w' | 'x' | 'a');
    if letters.is_empty() || !letters.chars().all(known) {
        return None;
    }
    Some("rwxa".chars().filter(|c| letters.contains(*c)).collect())
}

fn arch(value: &str) -> String {
    match value {
        "b64" | "x86_64" | "aarch64" | "ppc64" | "ppc64le" | "s390x" | "riscv64"
        | "loongarch64" => "b64",
        "b32" | "i386" | "i486" | "i586" | "i686" | "arm" | "armeb" | "armv7l" | "ppc" | "s390" => {
            "b32"
        }
        other => other,
    }
    .to_owned()
}

fn plain_value(value: &str) -> &str {
    match value {
        "unset" | "4294967295" | "0xffffffff" => "-1",
        "0x0" => "0",
        "yes" => "1",
        "no" => "0",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(line: &str) -> String {
        match read(line.as_bytes()) {
            Line::Rule { rule, .. } => rule.rule,
            other => panic!("{line}: {other:?}"),
        }
    }

    #[test]
    fn one_rule_has_one_form() {
        let watch = rule("-w /etc/sudoers.d/ -p aw -k scope");
        assert_eq!(watch, "-a always,exit -F path=/etc/sudoers.d -F perm=wa -F key=scope");
        assert_eq!(watch, rule("-a exit,always -F path=/etc/sudoers.d -F perm=wa -F key=scope"));
        let written = "-a always,exit -F arch=b64 -S open,creat -S openat -F exit=-EACCES \
                       -F auid>=1000 -F auid!=unset -k access";
        let listed = "-a always,exit -F arch=b64 -S creat,openat,open -F exit=-EACCES \
                      -F auid!=4294967295 -F auid>=1000 -F key=access";
        assert_eq!(rule(written), rule(listed));
        assert_eq!(rule("-a always,exit -S all -F path=/a -F perm=x"), rule("-w /a -p x"));
        assert_eq!(rule("-a always,exit -F a2&03"), "-a always,exit -F a2&03");
        assert_ne!(rule("-a never,exit -S mount"), rule("-a always,exit -S mount"));
        assert_eq!(
            rule("-w /with\\ blank -p wa"),
            rule("-a always,exit -F path=/with\\ blank -p wa")
        );
    }

    #[test]
    fn settings_and_lines_without_a_rule() {
        assert_eq!(read(b"-e 2"), Line::Setting("enabled", 2));
        assert_eq!(read(b" -b 8192 "), Line::Setting("backlog_limit", 8192));
        assert_eq!(read(b"-D"), Line::Clear);
        assert_eq!(read(b"-D -k x"), Line::Other);
        assert_eq!(read(b"# -w /etc/passwd"), Line::Nothing);
        assert_eq!(read(b"--loginuid-immutable"), Line::Other);
        for bad in [
            "-w",
            "-p wa",
            "-k x",
            "-a always",
            "-a exit,task",
            "-S mount",
            "rules",
            "-F x",
            "-a always,exit -w /x",
            "-w /x -p q",
            "-e two",
            "\u{1b}[2J",
        ] {
            assert_eq!(read(bad.as_bytes()), Line::Unreadable, "{bad}");
        }
    }

    #[test]
    fn a_rule_without_arch_has_the_own_numbers() {
        let Line::Rule { rule, .. } = read(b"-a always,exit -S mount") else { panic!() };
        assert!(rule.takes("b64", "mount", "b64") && !rule.takes("b32", "mount", "b64"));
        let Line::Rule { rule, .. } = read(b"-a always,exit -F uid=0") else { panic!() };
        assert!(rule.takes("b32", "mount", "b64"));
    }
}
