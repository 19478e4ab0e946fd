//! logrotate's configuration: global settings, included folders, and blocks.

use super::super::dump::{Dump, DumpedFile, Found};
use super::name::fits;
use crate::escape::escape_bounded;
use crate::problem::Problem;
use anji_model::FailureCategory;
use schemars::JsonSchema;
use serde::Serialize;

const MAIN: [&str; 2] = ["/etc/logrotate.conf", "/usr/etc/logrotate.conf"];
const FOLDERS: [&str; 2] = ["/etc/logrotate.d/*", "/usr/etc/logrotate.d/*"];

/// Every file that this module reads.
pub(super) const PATTERNS: [&str; 4] = [MAIN[0], MAIN[1], FOLDERS[0], FOLDERS[1]];

/// Names that logrotate passes over in an included folder.
const TABOO: [&str; 22] = [
    "~",
    ".bak",
    ".cfsaved",
    ".disabled",
    ".dpkg-bak",
    ".dpkg-del",
    ".dpkg-dist",
    ".dpkg-new",
    ".dpkg-old",
    ".dpkg-tmp",
    ".rhn-cfg-tmp-*",
    ".rpmnew",
    ".rpmorig",
    ".rpmsave",
    ".swp",
    ".ucf-dist",
    ".ucf-new",
    ".ucf-old",
    ",v",
    ".rpmrej",
    ".new",
    ".old",
];
/// So many rules are told.
const RULES_MAX: usize = 2_000;

/// How one log file, or all that fit a pattern, are rotated.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Rotation {
    /// The name or pattern, as the configuration says it.
    #[schemars(extend("x-sensitivity" = "internal", "x-label" = true))]
    pub pattern: String,
    /// The configuration's file.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub file: String,
    /// How many old files are kept; -1: all.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub rotate: i64,
    /// `hourly`, `daily`, `weekly`, `monthly`, `yearly`; absent where a size alone decides.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub period: Option<String>,
    /// The size beyond which it is rotated whatever its age (`size`, `maxsize`), as written.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub size: Option<String>,
    /// Days after which old files are deleted whatever their number.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub maxage: Option<i64>,
    /// How many days a line is kept; a month counts 30 days. Absent where a size decides, or
    /// all is kept.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub kept_days: Option<i64>,
    /// The mode of the new file, where it sets one.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub create_mode: Option<String>,
    /// Whether old files are packed.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub compress: bool,
    /// Whether the names of old files bear their date.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub dateext: bool,
    /// The user and group that rotate, where they are set.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub su: Option<String>,
}

#[derive(Clone)]
struct Settings {
    rotate: i64,
    period: Option<&'static str>,
    size: Option<String>,
    maxage: Option<i64>,
    create_mode: Option<String>,
    compress: bool,
    dateext: bool,
    su: Option<String>,
}

struct Walk<'d, 'f> {
    dump: &'d Dump<'f>,
    global: Settings,
    rotations: Vec<Rotation>,
    problems: Vec<Problem>,
}

/// The rules in the order of the configuration, of which the first that fits
/// holds; and what was not had.
pub(super) fn rotations(dump: &Dump<'_>) -> (Vec<Rotation>, Vec<Problem>) {
    let global = Settings {
        rotate: 0,
        period: None,
        size: None,
        maxage: None,
        create_mode: None,
        compress: false,
        dateext: false,
        su: None,
    };
    let mut walk = Walk { dump, global, rotations: Vec::new(), problems: Vec::new() };
    for path in MAIN {
        match dump.file(path) {
            Found::File(file) => {
                let file = file.clone();
                walk.file(&file, true);
                break;
            }
            Found::Absent => {}
            Found::Failed(problem) => walk.problems.push(problem),
        }
    }
    (walk.rotations, walk.problems)
}

impl<'f> Walk<'_, 'f> {
    fn note(&mut self, file: &DumpedFile<'_>, what: &str) {
        let detail = format!("{}: {what}", escape_bounded(&file.path, 200));
        self.problems.push(Problem::new(FailureCategory::Unsupported, detail));
    }

    fn file(&mut self, file: &DumpedFile<'f>, main: bool) {
        self.problems.extend(file.problem.clone());
        let mut patterns: Vec<String> = Vec::new();
        let mut block: Option<Settings> = None;
        let mut script = false;
        for line in &file.lines {
            let line = line.trim_ascii();
            if script {
                script = line != b"endscript";
                continue;
            }
            if line.is_empty() || line.starts_with(b"#") {
                continue;
            }
            let text = escape_bounded(line, 4096);
            if let Some(settings) = &mut block {
                if text.starts_with('}') {
                    let settings = block.take();
                    for pattern in patterns.drain(..) {
                        self.rule(pattern, file, settings.as_ref());
                    }
                } else {
                    script = settings.directive(&text);
                }
                continue;
            }
            let (head, opens) = match text.strip_suffix('{') {
                Some(head) => (head.trim_end(), true),
                None => (text.as_str(), false),
            };
            if head.starts_with(['/', '"', '\'']) || (head.is_empty() && opens) {
                patterns.extend(words(head));
                if opens {
                    block = Some(self.global.clone());
                }
            } else if let Some(path) = included(head).filter(|_| main) {
                self.include(path, file);
            } else if self.global.directive(head) {
                script = true;
            }
        }
        if block.is_some() || !patterns.is_empty() || script {
            self.note(file, "a block that does not end");
        }
    }

    fn include(&mut self, path: &str, from: &DumpedFile<'_>) {
        let wanted = format!("{}/*", path.trim_end_matches('/'));
        let Some(pattern) = FOLDERS.iter().find(|known| **known == wanted) else {
            return self.note(from, "an included file or folder that is not read");
        };
        let (files, problems) = self.dump.matching(pattern);
        self.problems.extend(problems);
        let files: Vec<DumpedFile<'f>> = files.into_iter().cloned().collect();
        for file in &files {
            let name = escape_bounded(&file.path, 4096);
            if !TABOO.iter().any(|end| name.ends_with(end)) {
                self.file(file, false);
            }
        }
    }

    fn rule(&mut self, pattern: String, file: &DumpedFile<'_>, settings: Option<&Settings>) {
        let Some(settings) = settings.filter(|_| self.rotations.len() < RULES_MAX) else {
            return self.note(file, "more rules than are read");
        };
        self.rotations.push(Rotation {
            pattern,
            file: escape_bounded(&file.path, 400),
            rotate: settings.rotate,
            period: settings.period.map(str::to_owned),
            size: settings.size.clone(),
            maxage: settings.maxage,
            kept_days: settings.kept_days(),
            create_mode: settings.create_mode.clone(),
            compress: settings.compress,
            dateext: settings.dateext,
            su: settings.su.clone(),
        });
    }
}

impl Settings {
    /// Takes one directive; true where a script begins.
    fn directive(&mut self, text: &str) -> bool {
        // `rotate=4` is another form of `rotate 4`.
        let text = text.replacen('=', " ", 1);
        let mut words = text.split_ascii_whitespace();
        let name = words.next().unwrap_or_default();
        let value = words.next();
        let number = || value.and_then(|value| value.parse::<i64>().ok());
        match name {
            "hourly" => self.every("hourly"),
            "daily" => self.every("daily"),
            "weekly" => self.every("weekly"),
            "monthly" => self.every("monthly"),
            "yearly" => self.every("yearly"),
            "rotate" => self.rotate = number().unwrap_or(self.rotate),
            "size" => {
                self.size = value.map(str::to_owned);
                self.period = None;
            }
            "maxsize" => self.size = value.map(str::to_owned),
            "maxage" => self.maxage = number().filter(|days| *days > 0),
            "create" => {
                let octal = |mode: &&str| {
                    !mode.is_empty() && mode.bytes().all(|b| (b'0'..=b'7').contains(&b))
                };
                let mode = value.filter(octal).and_then(|mode| u16::from_str_radix(mode, 8).ok());
                self.create_mode = mode.map(|mode| format!("{mode:04o}"));
            }
            "nocreate" => self.create_mode = None,
            "compress" => self.compress = true,
            "nocompress" => self.compress = false,
            "dateext" => self.dateext = true,
            "nodateext" => self.dateext = false,
            "su" => self.su = Some(text.trim_start_matches("su").trim().to_owned()),
            "postrotate" | "prerotate" | "firstaction" | "lastaction" | "preremove" => return true,
            _ => {}
        }
        false
    }

    fn every(&mut self, period: &'static str) {
        self.period = Some(period);
    }

    fn kept_days(&self) -> Option<i64> {
        if self.size.is_some() || self.rotate < 0 {
            return self.maxage.filter(|_| self.size.is_none());
        }
        let hours = match self.period? {
            "hourly" => 1,
            "daily" => 24,
            "weekly" => 7 * 24,
            "monthly" => 30 * 24,
            _ => 365 * 24,
        };
        let days = self.rotate.saturating_mul(hours) / 24;
        Some(self.maxage.map_or(days, |most| most.min(days)))
    }
}

impl Rotation {
    /// Whether it holds for a log file.
    pub(super) fn holds_for(&self, path: &str) -> bool {
        fits(&self.pattern, path)
    }

    /// Whether a size decides when lines go.
    pub(super) fn by_size(&self) -> bool {
        self.rotate >= 0 && (self.size.is_some() || self.period.is_none())
    }
}

/// The folder or file of an `include`.
fn included(text: &str) -> Option<&str> {
    let rest = text.strip_prefix("include")?;
    rest.starts_with(|c: char| c.is_ascii_whitespace()).then_some(rest.trim())
}

/// Names apart by blanks, in quotes where they hold some.
fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let (word, after) = match first {
            quote @ ('"' | '\'') => {
                let inner = &rest[1..];
                inner.split_once(quote).unwrap_or((inner, ""))
            }
            _ => rest.split_once(|c: char| c.is_ascii_whitespace()).unwrap_or((rest, "")),
        };
        words.push(word.to_owned());
        rest = after.trim_start();
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::Frame;

    fn read(main: &str, more: &[(&str, &str)]) -> (Vec<Rotation>, usize) {
        let mut data = String::from("//D /etc/logrotate.d/*\n//- absent /usr/etc/logrotate.conf\n");
        for (name, text) in [("/etc/logrotate.conf", main)].iter().chain(more) {
            data.push_str(&format!("//F 81a4 0 0 9 {name}\n"));
            text.lines().for_each(|line| data.push_str(&format!(" {line}\n")));
            data.push_str("//E 0\n");
        }
        let frame = Frame { data: data.into_bytes(), exit: Some(0), ..Frame::empty("log.rotate") };
        let (rotations, problems) = rotations(&Dump::read(&frame).unwrap());
        (rotations, problems.len())
    }

    #[test]
    fn blocks_take_the_global_settings_before_them() {
        let main = "weekly\nrotate 27\ncreate\ndateext\ncompress\ninclude /etc/logrotate.d\n";
        let block = "/var/log/syslog\n/var/log/auth.log \"/var/log/a b.log\"\n{\n\tdaily # no comment\n\tcreate 640 root adm\n\tsu root adm\n\tpostrotate\n\t\trotate 1\n\t}\n\tendscript\n}\n/var/log/x { \n rotate 4\n}";
        let (rotations, problems) = read(
            main,
            &[("/etc/logrotate.d/rsyslog", block), ("/etc/logrotate.d/x.dpkg-old", "/y {\n}")],
        );
        assert_eq!(problems, 0);
        let names: Vec<_> = rotations.iter().map(|rule| rule.pattern.as_str()).collect();
        assert_eq!(
            names,
            ["/var/log/syslog", "/var/log/auth.log", "/var/log/a b.log", "/var/log/x"]
        );
        assert_eq!(rotations[0].kept_days, Some(27));
        assert_eq!(rotations[0].create_mode.as_deref(), Some("0640"));
        assert_eq!(rotations[0].su.as_deref(), Some("root adm"));
        assert!(rotations[0].compress && rotations[0].dateext);
        assert_eq!(rotations[3].kept_days, Some(28));
    }

    #[test]
    fn sizes_leave_the_days_open() {
        let kept = |block: &str| {
            read("", &[]).0.len().checked_add(0).and_then(|_| {
                let (rotations, _) = read(&format!("/x {{\n{block}\n}}"), &[]);
                rotations[0].kept_days
            })
        };
        assert_eq!(kept("weekly\nrotate 26"), Some(182));
        assert_eq!(kept("monthly\nrotate 6"), Some(180));
        assert_eq!(kept("weekly\nrotate 26\nmaxage 90"), Some(90));
        assert_eq!(kept("weekly\nrotate 26\nmaxsize 100M"), None);
        assert_eq!(kept("size 1M\nrotate 26"), None);
        assert_eq!(kept("rotate 26"), None);
        assert_eq!(kept("weekly\nrotate -1"), None);
        assert_eq!(kept("daily\nminsize 1M\nrotate 200"), Some(200));
    }

    #[test]
    fn broken_files_are_said() {
        assert_eq!(read("/x {\n weekly", &[]).1, 1);
        assert_eq!(read("include /opt/rotate.d", &[]).1, 1);
    }
}
