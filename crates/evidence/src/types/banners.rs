//! `login.banners`: what is shown to whoever comes to log in, and what it gives away.

use super::dump::{Dump, DumpedFile, Found, dump_capture};
use super::{text, type_name};
use crate::body::canonical_list;
use crate::escape::escape;
use crate::frame::Frames;
use crate::kind::{EvidenceKind, Parsed, SelectorKind};
use crate::problem::{Problem, arrived};
use crate::schema;
use anji_model::{Capture, EvidenceType, FailureCategory, Gap, Limits, Selector, Source, Text};
use schemars::JsonSchema;
use serde::Serialize;

/// The banners of the system.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Body {
    /// The files that there are, of the usual names and those that sshd is told to show.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub files: Vec<Banner>,
}

/// One banner.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Banner {
    /// The file.
    #[schemars(extend("x-sensitivity" = "internal", "x-label" = true))]
    pub path: String,
    /// Where it is shown: `console` (`issue`, `issue.d`) or `network` (all others).
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub shown: String,
    /// Whether there is nothing in it but blanks.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub empty: bool,
    /// What the login program puts the system's name or version in place of:
    /// `\r`, `\S{PRETTY_NAME}`; on the console alone, as others are shown as they are.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub escapes: Vec<String>,
    /// Names of systems and distributions that stand in it, in lower case.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub names: Vec<String>,
    /// Whether a number stands behind such a name, or behind a word such as
    /// `version`, `release` or `kernel`.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub version: bool,
    /// Whether any of these three tells what the system is.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub reveals: bool,
}

/// The type `login.banners`.
#[derive(Debug, Clone, Copy)]
pub struct LoginBanners;

const FILES: &str = "login.banner_files";

const PATTERNS: [&str; 5] =
    ["/etc/issue", "/etc/issue.net", "/etc/motd", "/etc/issue.d/*", "/etc/ssh/*banner*"];

/// The files that the configuration of sshd names, each once. One that not
/// everybody may read is no banner, and is not read.
const NAMED: &str = r#"set --
anji_path /etc/ssh/sshd_config.d >/dev/null
d=$anji_at
anji_path /etc/ssh/sshd_config >/dev/null
for f in "$anji_at" "$d"/*.conf; do
  [ -f "$f" ] && [ -r "$f" ] || continue
  for b in $(set -f; head -c 262144 "$f" |
    sed -n 's/^[[:blank:]]*[Bb][Aa][Nn][Nn][Ee][Rr][[:blank:]=]\{1,\}"\{0,1\}\(\/[A-Za-z0-9._/-]*\).*/\1/p'); do
    case " /etc/issue /etc/issue.net /etc/motd $* " in *" $b "*) continue ;; esac
    printf '//D banner:%s\n' "$b"
    anji_path "$b" >/dev/null
    case $(ls -ldL "$anji_at" 2>/dev/null) in
      '' | -??????r*) set -- "$@" "$b" ;;
      *) printf '//- denied %s\n' "$b" ;;
    esac
  done
done
"#;

/// Words that name a system. Longer ones come before those within them.
const NAMES: [&str; 30] = [
    "almalinux",
    "alibaba cloud linux",
    "alpine",
    "amazon linux",
    "anolis",
    "arch linux",
    "asianux",
    "centos",
    "debian",
    "deepin",
    "euleros",
    "fedora",
    "gentoo",
    "kylin",
    "linux mint",
    "neokylin",
    "nfschina",
    "openeuler",
    "opensuse",
    "oracle linux",
    "red hat",
    "rhel",
    "rocky",
    "suse",
    "tencentos",
    "ubuntu",
    "uniontech",
    "gnu/linux",
    "麒麟",
    "统信",
];
const VERSION_WORDS: [&str; 6] = ["version", "release", "kernel", "版本", "内核", "linux"];

impl EvidenceKind for LoginBanners {
    fn name(&self) -> EvidenceType {
        type_name("login.banners")
    }

    fn title(&self) -> Text {
        text("登录警示信息", "Login banners")
    }

    fn parser_revision(&self) -> u32 {
        1
    }

    fn limits(&self) -> Limits {
        Limits { bytes_max: 1 << 20, timeout_seconds: 10, age_seconds_max: 86_400 }
    }

    fn selector(&self) -> SelectorKind {
        SelectorKind::None
    }

    fn source(&self) -> Source {
        Source::Files
    }

    fn schema(&self) -> schemars::Schema {
        schema::derive::<Body>()
    }

    fn captures(&self, _selectors: &[Selector]) -> Vec<Capture> {
        let dump = dump_capture(FILES, self.limits(), &PATTERNS);
        vec![Capture { command: format!("{NAMED}{} \\\n  \"$@\"", dump.command), ..dump }]
    }

    fn parse(&self, _selector: Option<&Selector>, frames: &Frames) -> Parsed {
        match read(frames) {
            Ok(parsed) => parsed,
            Err(problem) => problem.failed(),
        }
    }
}

fn read(frames: &Frames) -> Result<Parsed, Problem> {
    let frame = arrived(frames, FILES)?;
    let dump = Dump::read(frame)?;
    let named = super::whole_lines(frame)
        .filter_map(|line| line.strip_prefix(b"//D banner:"))
        .map(|path| String::from_utf8_lossy(path).into_owned());
    let paths: Vec<String> = PATTERNS.iter().map(|p| (*p).to_owned()).chain(named).collect();
    let mut files = Vec::new();
    let mut gaps: Vec<Gap> = Vec::new();
    for path in canonical_list(paths) {
        if path.contains('*') {
            let (found, problems) = dump.matching(&path);
            gaps.extend(problems.iter().map(|problem| problem.partial("files")));
            files.extend(found.into_iter().map(|file| banner(file, &mut gaps)));
            continue;
        }
        match dump.file(&path) {
            Found::Absent => {}
            Found::File(file) => files.push(banner(file, &mut gaps)),
            Found::Failed(problem) => gaps.push(problem.partial("files")),
        }
    }
    Ok(Parsed::collected(&Body { files: canonical_list(files) }, gaps))
}

fn banner(file: &DumpedFile<'_>, gaps: &mut Vec<Gap>) -> Banner {
    if file.problem.is_some() {
        let problem = Problem::new(FailureCategory::Incomplete, "a banner was not read to its end");
        for field in ["empty", "escapes", "names", "version", "reveals"] {
            gaps.push(problem.unknown(&format!("files[].{field}")));
        }
    }
    let path = escape(&file.path);
    let agetty = path == "/etc/issue" || path.starts_with("/etc/issue.d/");
    let escapes = if agetty { escapes(&file.lines) } else { Vec::new() };
    let text = String::from_utf8_lossy(&file.lines.join(&b'\n')).to_lowercase();
    let names = NAMES.iter().filter(|name| stands_in(&text, name)).map(|name| (*name).to_owned());
    let names = canonical_list(names);
    let version = NAMES.iter().chain(&VERSION_WORDS).any(|word| number_behind(&text, word));
    Banner {
        path,
        shown: if agetty { "console" } else { "network" }.to_owned(),
        empty: text.trim().is_empty(),
        reveals: version || !names.is_empty() || !escapes.is_empty(),
        names,
        version,
        escapes,
    }
}

/// The escapes of agetty that show what the system is: its name, release,
/// version, machine, and fields of os-release.
fn escapes(lines: &[&[u8]]) -> Vec<String> {
    let mut found = Vec::new();
    for line in lines {
        let mut rest = *line;
        while let Some(at) = rest.iter().position(|&b| b == b'\\') {
            rest = &rest[at + 1..];
            let Some((&letter, after)) = rest.split_first() else { break };
            if matches!(letter, b's' | b'r' | b'v' | b'm' | b'S') {
                let field = after.strip_prefix(b"{").and_then(|field| {
                    let end = field.iter().take(64).position(|&b| b == b'}')?;
                    Some(&field[..end])
                });
                let field = field.map(|f| format!("{{{}}}", escape(f))).unwrap_or_default();
                found.push(format!("\\{}{field}", char::from(letter)));
            }
            rest = after;
        }
    }
    canonical_list(found)
}

/// The places behind a word that is no part of a longer one.
fn behind<'t>(text: &'t str, word: &'t str) -> impl Iterator<Item = &'t str> {
    text.match_indices(word).filter_map(move |(at, _)| {
        let letter = |c: char| c.is_ascii_alphanumeric();
        let before = text[..at].chars().next_back();
        let after = &text[at + word.len()..];
        let joined =
            before.is_some_and(letter) || after.starts_with(|c: char| c.is_ascii_alphabetic());
        (!joined || !word.is_ascii()).then_some(after)
    })
}

fn stands_in(text: &str, word: &str) -> bool {
    behind(text, word).next().is_some()
}

/// Whether a number follows the word, a few signs between them.
fn number_behind(text: &str, word: &str) -> bool {
    behind(text, word).any(|after| {
        let rest = after.trim_start_matches([' ', '\t', ':', '-', '/', '=', 'v', '：', '(', '#']);
        after.len() - rest.len() <= 8 && rest.starts_with(|c: char| c.is_ascii_digit())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(path: &str, text: &str) -> Banner {
        let lines = text.as_bytes().split(|&b| b == b'\n').collect();
        let file = DumpedFile { path: path.into(), facts: None, lines, problem: None };
        banner(&file, &mut Vec::new())
    }

    #[test]
    fn what_a_banner_gives_away() {
        type Row =
            (&'static str, &'static str, &'static [&'static str], &'static [&'static str], bool);
        let rows: [Row; 9] = [
            ("/etc/issue", "Debian GNU/Linux 12 \\n \\l\n", &[], &["debian", "gnu/linux"], true),
            ("/etc/issue", "\\S\nKernel \\r on an \\m", &["\\S", "\\m", "\\r"], &[], false),
            ("/etc/issue", "Welcome to \\S{PRETTY_NAME} \\n", &["\\S{PRETTY_NAME}"], &[], false),
            ("/etc/issue.net", "Kernel \\r", &[], &[], false),
            ("/etc/motd", "银河麒麟 V10 (SP1)", &[], &["麒麟"], true),
            ("/etc/motd", "Linux db01 6.1.0", &[], &[], false),
            ("/etc/issue", "Authorised users only. 未经授权禁止访问", &[], &[], false),
            ("/etc/issue", "Call 8210.1234 or 10.0.0.1; rockyou, suseptible", &[], &[], false),
            ("/etc/motd", "系统版本：7.9", &[], &[], true),
        ];
        for (path, text, escapes, names, version) in rows {
            let banner = of(path, text);
            assert_eq!(banner.escapes, escapes, "{text}");
            assert_eq!(banner.names, names, "{text}");
            assert_eq!(banner.version, version, "{text}");
            let told = version || !names.is_empty() || !escapes.is_empty();
            assert_eq!((banner.reveals, banner.empty), (told, false), "{text}");
        }
        assert!(of("/etc/motd", "\n  \t\n").empty);
    }
}
