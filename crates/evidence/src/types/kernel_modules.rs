//! `kernel.modules`: which modules the kernel has loaded, and which ones
//! `modprobe` is told not to load.

use super::conf_files::{in_order, matches};
use super::dump::{Dump, dump_capture};
use super::{capture, text, type_name, whole_lines};
use crate::body::canonical_list;
use crate::escape::{escape, escape_bounded};
use crate::frame::{Frame, Frames};
use crate::kind::{EvidenceKind, Parsed, SelectorKind};
use crate::problem::{Problem, arrived, whole};
use crate::schema;
use anji_model::{Capture, EvidenceType, FailureCategory, Limits, Selector, Source, Text};
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// The kernel's modules.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Body {
    /// The loaded modules; what is built into the kernel is none.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub loaded: Vec<String>,
    /// Whether no module can be loaded until the next start.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub locked: Option<bool>,
    /// What the files of `modprobe.d` say of modules.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub rules: Vec<Rule>,
    /// Modules that the kernel's command line keeps away.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub refused_by_command_line: Vec<String>,
}

/// What is said of one module.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Rule {
    /// Its name with underscores, or a pattern of an `install` line.
    #[schemars(extend("x-sensitivity" = "internal", "x-label" = true))]
    pub module: String,
    /// Not loaded for a device or by an alias; who asks for it by name gets it.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub blacklisted: bool,
    /// The program that is run in place of loading it.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub install: Option<String>,
    /// Whether that program loads nothing: `false` or `true`.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub disabled: bool,
    /// The names of its options.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub options: Vec<String>,
}

/// The type `kernel.modules`.
#[derive(Debug, Clone, Copy)]
pub struct KernelModules;

const RUNNING: &str = "modules.running";
const FILES: &str = "modules.files";

/// `l NAME` for a loaded module, `k NAME` for one that the command line keeps
/// away, `locked 0`, and `none` where the kernel knows no modules.
const RUNNING_BODY: &str = r#"[ -z "$R" ] || return 46
[ -d /proc/sys ] || { printf 'no /proc\n' >&2; return 45; }
if [ -r /proc/modules ]; then awk '{ print "l " $1 }' /proc/modules
elif [ -e /proc/modules ]; then return 43
else printf 'none\n'; fi
if [ -r /proc/sys/kernel/modules_disabled ]; then
  printf 'locked '
  cat /proc/sys/kernel/modules_disabled
else printf 'locked absent\n'; fi
tr -s ' \n' '\n\n' </proc/cmdline | sed -n 's/^modprobe\.blacklist=/k /p; s/^module_blacklist=/k /p'"#;

const FOLDERS: [&str; 5] = [
    "/etc/modprobe.d",
    "/run/modprobe.d",
    "/usr/local/lib/modprobe.d",
    "/usr/lib/modprobe.d",
    "/lib/modprobe.d",
];

impl EvidenceKind for KernelModules {
    fn name(&self) -> EvidenceType {
        type_name("kernel.modules")
    }

    fn title(&self) -> Text {
        text("内核模块", "Kernel modules")
    }

    fn parser_revision(&self) -> u32 {
        1
    }

    fn limits(&self) -> Limits {
        Limits { bytes_max: 2 << 20, timeout_seconds: 20, age_seconds_max: 86_400 }
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
        let limits = self.limits();
        let patterns = FOLDERS.map(|folder| format!("{folder}/*.conf"));
        let patterns: Vec<&str> = patterns.iter().map(String::as_str).collect();
        vec![
            capture(RUNNING, Source::Live, limits, RUNNING_BODY),
            dump_capture(FILES, limits, &patterns),
        ]
    }

    fn parse(&self, _selector: Option<&Selector>, frames: &Frames) -> Parsed {
        match read(frames) {
            Ok(parsed) => parsed,
            Err(problem) => problem.failed(),
        }
    }
}

#[derive(Debug, Default)]
struct Running {
    loaded: BTreeSet<String>,
    refused: BTreeSet<String>,
    locked: Option<bool>,
}

fn read(frames: &Frames) -> Result<Parsed, Problem> {
    let mut gaps = Vec::new();
    let running = whole(frames, RUNNING).and_then(running);
    let rules = arrived(frames, FILES).and_then(Dump::read).and_then(|dump| rules(&dump));
    if let (Err(problem), Err(_)) = (&running, &rules) {
        return Err(problem.clone());
    }
    let running = running.unwrap_or_else(|problem| {
        gaps.push(problem.partial("loaded"));
        gaps.push(problem.partial("refused_by_command_line"));
        gaps.push(problem.unknown("locked"));
        Running::default()
    });
    let rules = rules.unwrap_or_else(|problem| {
        gaps.push(problem.partial("rules"));
        Vec::new()
    });
    let body = Body {
        loaded: canonical_list(running.loaded),
        locked: running.locked,
        rules: canonical_list(rules),
        refused_by_command_line: canonical_list(running.refused),
    };
    Ok(Parsed::collected(&body, gaps))
}

fn running(frame: &Frame) -> Result<Running, Problem> {
    let mut running = Running::default();
    let mut told = false;
    for line in whole_lines(frame) {
        let at = line.iter().position(|&b| b == b' ').unwrap_or(line.len());
        let rest = line.get(at + 1..).unwrap_or_default();
        match &line[..at] {
            b"l" => {
                running.loaded.insert(module(rest));
            }
            b"k" => {
                let names = rest.split(|&b| b == b',').filter(|name| !name.is_empty());
                running.refused.extend(names.map(module));
            }
            b"none" => {}
            b"locked" => {
                told = true;
                running.locked = match rest {
                    b"0" => Some(false),
                    b"1" => Some(true),
                    // A kernel without modules loads none.
                    b"absent" => Some(true),
                    _ => return Err(unreadable()),
                };
            }
            _ => return Err(unreadable()),
        }
    }
    if told { Ok(running) } else { Err(unreadable()) }
}

fn unreadable() -> Problem {
    Problem::new(FailureCategory::Unparsable, "the kernel's modules were told in another form")
}

/// A module's name: to the kernel a hyphen is an underscore.
fn module(name: &[u8]) -> String {
    let name: Vec<u8> = name.iter().map(|&b| if b == b'-' { b'_' } else { b }).collect();
    escape_bounded(&name, 100)
}

/// The rules of all files in the order in which `modprobe` reads them.
fn rules(dump: &Dump<'_>) -> Result<Vec<Rule>, Problem> {
    let mut files: Vec<(String, &[&[u8]])> = Vec::new();
    let patterns = FOLDERS.map(|folder| format!("{folder}/*.conf"));
    for pattern in &patterns {
        let (found, problems) = dump.matching(pattern);
        if let Some(problem) = problems.into_iter().next() {
            return Err(problem);
        }
        for file in found {
            if let Some(problem) = &file.problem {
                return Err(problem.clone());
            }
            files.push((escape(&file.path), &file.lines));
        }
        // A link to /dev/null stands for an empty file.
        files.extend(dump.masks(pattern).map(|path| (escape(path), &[][..])));
    }
    let mut rules = Rules::default();
    for (_, lines) in in_order(&FOLDERS, files.iter().map(|(path, lines)| (path.as_str(), *lines)))
    {
        for line in joined(lines) {
            rules.line(&line);
        }
    }
    rules.finish()
}

/// Lines, of which one that ends in a backslash goes on in the next.
fn joined(lines: &[&[u8]]) -> Vec<Vec<u8>> {
    let mut all = Vec::new();
    let mut open: Option<Vec<u8>> = None;
    for line in lines {
        let mut whole = open.take().unwrap_or_default();
        match line.strip_suffix(b"\\") {
            Some(part) => {
                whole.extend_from_slice(part);
                open = Some(whole);
            }
            None => {
                whole.extend_from_slice(line);
                all.push(whole);
            }
        }
    }
    all.extend(open);
    all
}

/// More patterns than any real configuration has.
const PATTERNS_MAX: usize = 200;

#[derive(Debug, Default)]
struct Rules {
    found: BTreeMap<String, Rule>,
    /// Of the `install` lines the first that matches counts: names and patterns
    /// with their places in the order, and their programs.
    installs: BTreeMap<String, (usize, String)>,
    patterns: Vec<(String, (usize, String))>,
    count: usize,
}

impl Rules {
    fn line(&mut self, line: &[u8]) {
        let mut words = line.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty());
        let (Some(command), Some(name)) = (words.next(), words.next()) else { return };
        match command {
            b"blacklist" => self.rule(module(name)).blacklisted = true,
            b"install" => {
                let name = module(name);
                let program = escape_bounded(words.next().unwrap_or_default(), 100);
                self.rule(name.clone());
                self.count += 1;
                let place = (self.count, program);
                if name.contains(['*', '?', '[']) {
                    self.patterns.push((name.clone(), place.clone()));
                }
                self.installs.entry(name).or_insert(place);
            }
            b"options" => {
                let names: Vec<String> = words
                    .map(|word| word.split(|&b| b == b'=').next().unwrap_or_default())
                    .map(|name| escape_bounded(name, 60))
                    .collect();
                self.rule(module(name)).options.extend(names);
            }
            _ => {}
        }
    }

    fn rule(&mut self, module: String) -> &mut Rule {
        self.found.entry(module.clone()).or_insert_with(|| Rule {
            module,
            blacklisted: false,
            install: None,
            disabled: false,
            options: Vec::new(),
        })
    }

    fn finish(mut self) -> Result<Vec<Rule>, Problem> {
        if self.patterns.len() > PATTERNS_MAX {
            let detail = "more patterns than are followed";
            return Err(Problem::new(FailureCategory::Truncated, detail));
        }
        for rule in self.found.values_mut() {
            let by_pattern = self
                .patterns
                .iter()
                .find(|(pattern, _)| matches(pattern.as_bytes(), rule.module.as_bytes()));
            let by_name = self.installs.get(&rule.module);
            let met = by_name.into_iter().chain(by_pattern.map(|(_, place)| place)).min();
            rule.install = met.map(|(_, program)| program.clone());
            rule.disabled = rule.install.as_deref().is_some_and(loads_nothing);
            rule.options = canonical_list(std::mem::take(&mut rule.options));
        }
        Ok(self.found.into_values().collect())
    }
}

fn loads_nothing(program: &str) -> bool {
    let name = program.rsplit('/').next().unwrap_or_default();
    matches!(name, "false" | "true" | ":")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(text: &str) -> Vec<Rule> {
        let lines: Vec<&[u8]> = text.as_bytes().split(|&b| b == b'\n').collect();
        let mut rules = Rules::default();
        joined(&lines).iter().for_each(|line| rules.line(line));
        rules.finish().expect("few patterns")
    }

    #[test]
    fn the_first_install_line_counts_and_lines_go_on() {
        let all = rules(
            "# install a /bin/false\ninstall usb-storage /bin/false\ninstall usb_storage /sbin/x\n\
             blacklist \\\nfoo-bar\noptions foo_bar a=1 b\noptions foo-bar a=2\ninstall fire* /bin/true\n\
             blacklist firewire-core\ninstall cramfs\n",
        );
        let of = |name: &str| all.iter().find(|rule| rule.module == name).expect("a rule");
        assert_eq!(of("usb_storage").install.as_deref(), Some("/bin/false"));
        assert!(of("usb_storage").disabled && !of("usb_storage").blacklisted);
        assert!(of("foo_bar").blacklisted && !of("foo_bar").disabled);
        assert_eq!(of("foo_bar").options, ["a", "b"]);
        assert!(of("firewire_core").disabled && of("fire*").disabled);
        assert!(!of("cramfs").disabled);
        assert_eq!(all.len(), 5);
    }
}
