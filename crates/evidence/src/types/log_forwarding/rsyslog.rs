//! rsyslog's configuration: the old lines and the new objects, with includes.

mod object;

use super::super::dump::{Dump, DumpedFile, Found};
use super::Collector;
use super::scan::Scan;
use super::selector::Cover;
use crate::escape::escape_bounded;
use crate::problem::Problem;
use anji_model::FailureCategory;
use object::{Target, braces_passed, host_port, parameters, target};
use std::collections::BTreeMap;

pub(super) const MAIN: &str = "/etc/rsyslog.conf";
pub(super) const MORE: &str = "/etc/rsyslog.d/*.conf";

/// Blocks and includes may stand within each other so deep.
const DEPTH_MAX: usize = 16;
/// Files may be included again and again until so many bytes were read.
const BYTES_MAX: usize = 8 << 20;
/// So many places that messages are sent to are told.
const COLLECTORS_MAX: usize = 256;
/// The ruleset of the messages that arise on the host.
const LOCAL: &str = "RSYSLOG_DefaultRuleset";
const OBJECTS: [&str; 13] = [
    "module",
    "input",
    "global",
    "main_queue",
    "template",
    "ruleset",
    "action",
    "include",
    "parser",
    "timezone",
    "lookup_table",
    "dyn_stats",
    "percentile_stats",
];

/// What is sent somewhere, before it is known which rulesets are used.
struct Sending {
    ruleset: String,
    /// None where a condition decides.
    cover: Option<Cover>,
    selector: String,
    target: Target,
}

/// Where a statement stands.
#[derive(Clone)]
struct Place {
    ruleset: String,
    cover: Option<Cover>,
    selector: String,
    depth: usize,
}

struct Walk<'d, 'f> {
    dump: &'d Dump<'f>,
    sendings: Vec<Sending>,
    /// What is thrown away before the statement at hand, by ruleset.
    stopped: BTreeMap<String, Cover>,
    /// Rulesets that are used, with what gets into them.
    used: BTreeMap<String, Option<Cover>>,
    calls: Vec<(String, String, Option<Cover>)>,
    default: String,
    driver_tls: bool,
    mode_tls: bool,
    bytes: usize,
    problems: Vec<Problem>,
}

/// The collectors of rsyslog's configuration, and what was not understood.
pub(super) fn collectors(dump: &Dump<'_>) -> (Vec<Collector>, Vec<Problem>) {
    let mut walk = Walk {
        dump,
        sendings: Vec::new(),
        stopped: BTreeMap::new(),
        used: BTreeMap::new(),
        calls: Vec::new(),
        default: LOCAL.to_owned(),
        driver_tls: false,
        mode_tls: false,
        bytes: 0,
        problems: Vec::new(),
    };
    match dump.file(MAIN) {
        Found::File(file) => {
            let place = Place {
                ruleset: LOCAL.to_owned(),
                cover: Some(Cover::ALL),
                selector: "*.*".to_owned(),
                depth: 0,
            };
            walk.file(file, place);
        }
        Found::Absent => {}
        Found::Failed(problem) => walk.problems.push(problem),
    }
    walk.finish()
}

impl<'f> Walk<'_, 'f> {
    fn note(&mut self, detail: String) {
        if self.problems.len() < 64 {
            self.problems.push(Problem::new(FailureCategory::Unsupported, detail));
        }
    }

    fn file(&mut self, file: &DumpedFile<'f>, place: Place) {
        self.problems.extend(file.problem.clone());
        let text = file.lines.join(&b'\n');
        // A file counts for something even where it is empty.
        self.bytes = self.bytes.saturating_add(text.len()).saturating_add(1 << 10);
        if self.bytes > BYTES_MAX {
            return self.note("more included text than is read".to_owned());
        }
        let mut scan = Scan::new(&text);
        self.block(&mut scan, place);
        if scan.peek().is_some() {
            self.note(format!(
                "{}: a block ends that did not begin",
                escape_bounded(&file.path, 200)
            ));
        }
    }

    /// Statements up to the end of the text or of the block.
    fn block(&mut self, scan: &mut Scan<'_>, mut place: Place) {
        let mut before = (place.cover, place.selector.clone());
        let outer = (place.cover, place.selector.clone());
        loop {
            scan.blanks();
            match scan.peek() {
                None | Some(b'}') => return,
                Some(b'&') => {
                    // One more action for the messages of the line before.
                    scan.skip(1);
                    (place.cover, place.selector) = before.clone();
                    self.action(scan, &place);
                }
                _ => {
                    (place.cover, place.selector) = outer.clone();
                    if let Some(met) = self.statement(scan, &mut place) {
                        before = met;
                    }
                }
            }
        }
    }

    /// One statement; gives the selector of a line that has one.
    fn statement(
        &mut self,
        scan: &mut Scan<'_>,
        place: &mut Place,
    ) -> Option<(Option<Cover>, String)> {
        if is_action(scan.rest()) {
            // An old action stands alone in the block of a condition.
            self.action(scan, place);
            return Some((place.cover, place.selector.clone()));
        }
        match scan.peek()? {
            b'$' => {
                let line = scan.line();
                self.directive(&line, place);
                return None;
            }
            b'+' | b'-' | b'!' => {
                // Lines for one host or program, as BSD has them: `!*` ends that.
                let line = scan.line();
                if !line.get(1..).unwrap_or_default().trim_ascii().starts_with(b"*") {
                    self.note("a block for one program or host is not read".to_owned());
                }
                return None;
            }
            b'{' => {
                self.braces(scan, place.clone());
                return None;
            }
            _ => {}
        }
        let head = scan.rest();
        let mut ahead = Scan::new(head);
        let word = escape_bounded(ahead.word(), 64).to_ascii_lowercase();
        let begun = head.len() - ahead.rest().len();
        ahead.blanks();
        match word.as_str() {
            object if OBJECTS.contains(&object) && ahead.peek() == Some(b'(') => {
                scan.skip(begun);
                self.object(&word, scan, place);
                return None;
            }
            "if" => {
                scan.skip(begun);
                self.condition(scan, place);
                return Some((None, "if".to_owned()));
            }
            "else" => {
                scan.skip(begun);
                let inner = Place { cover: None, ..place.clone() };
                self.inner(scan, inner);
                return None;
            }
            "stop" => {
                scan.skip(begun);
                self.stop(place);
                return None;
            }
            "call" => {
                scan.skip(begun);
                scan.blanks();
                let name = escape_bounded(scan.word(), 128);
                let cover = self.passing(place);
                self.calls.push((place.ruleset.clone(), name, cover));
                return None;
            }
            "set" | "unset" | "reset" | "foreach" | "call_indirect" | "continue" => {
                if matches!(word.as_str(), "foreach" | "call_indirect") {
                    self.note(format!("{word} is not followed"));
                }
                while scan.peek().is_some_and(|b| b != b';' && b != b'{') {
                    if matches!(scan.peek(), Some(b'"' | b'\'')) {
                        scan.quoted();
                    } else {
                        scan.skip(1);
                    }
                }
                if scan.peek() == Some(b';') {
                    scan.skip(1);
                }
                return None;
            }
            _ => {}
        }
        self.selector_line(scan, place)
    }

    /// `*.*;auth.none   action`, `:msg, contains, "x"   action`.
    fn selector_line(
        &mut self,
        scan: &mut Scan<'_>,
        place: &mut Place,
    ) -> Option<(Option<Cover>, String)> {
        let mut selector = Vec::new();
        let property = scan.peek() == Some(b':');
        while let Some(byte) = scan.peek() {
            match byte {
                b'"' => {
                    selector.push(b'"');
                    selector.extend(scan.quoted());
                    selector.push(b'"');
                    if property {
                        break;
                    }
                }
                b'\n' | b'{' | b'}' => break,
                b' ' | b'\t' if !property => break,
                byte => {
                    selector.push(byte);
                    scan.skip(1);
                }
            }
        }
        let text = escape_bounded(selector.trim_ascii(), 200);
        let own = if property { None } else { Cover::parse(&text) };
        if own.is_none() && !property {
            // A line of no form that is known here; nothing after it on the line counts.
            if selector.is_empty() {
                scan.skip(1);
            } else {
                scan.line();
            }
            self.note(format!("a line that is not understood: {text}"));
            return None;
        }
        place.cover = place.cover.and_then(|outer| Some(outer.and(own?)));
        place.selector = text;
        let met = (place.cover, place.selector.clone());
        self.action(scan, place);
        Some(met)
    }

    /// The action of a line: to its end, an object, or a block.
    fn action(&mut self, scan: &mut Scan<'_>, place: &Place) {
        while scan.peek().is_some_and(|b| b == b' ' || b == b'\t') {
            scan.skip(1);
        }
        let rest = scan.rest();
        let is = |word: &[u8]| {
            let start = rest.get(..word.len()).unwrap_or_default();
            let after = rest.get(word.len()).copied().unwrap_or(b'\n');
            start.eq_ignore_ascii_case(word) && !after.is_ascii_alphanumeric() && after != b'_'
        };
        if is(b"action") {
            scan.skip(6);
            self.object("action", scan, &mut place.clone());
        } else if is(b"stop") {
            scan.line();
            self.stop(place);
        } else if is(b"call") {
            scan.skip(4);
            scan.blanks();
            let name = escape_bounded(scan.word(), 128);
            let cover = self.passing(place);
            self.calls.push((place.ruleset.clone(), name, cover));
        } else if scan.peek() == Some(b'{') {
            self.braces(scan, place.clone());
        } else {
            let line = scan.line();
            self.old_action(line.trim_ascii(), place);
        }
    }

    fn old_action(&mut self, text: &[u8], place: &Place) {
        if text == b"~" {
            return self.stop(place);
        }
        let (protocol, rest) = if let Some(rest) = text.strip_prefix(b"@@") {
            ("tcp", rest)
        } else if let Some(rest) = text.strip_prefix(b"@") {
            ("udp", rest)
        } else if let Some(rest) = text.strip_prefix(b":omrelp:") {
            ("relp", rest)
        } else if let Some(rest) = text.strip_prefix(b":omgssapi:") {
            ("gssapi", rest)
        } else {
            return;
        };
        // `@@(o,z9)host:port;template`
        let rest = match (rest.first(), rest.iter().position(|&b| b == b')')) {
            (Some(b'('), Some(end)) => &rest[end + 1..],
            _ => rest,
        };
        let end = rest.iter().position(|&b| b == b';' || b.is_ascii_whitespace());
        let (host, port) = host_port(&rest[..end.unwrap_or(rest.len())]);
        let tls = protocol == "tcp" && self.driver_tls && self.mode_tls;
        let target = Target { protocol: protocol.to_owned(), host, port, tls };
        self.send(place, target);
    }

    /// What of a place's messages were not thrown away before.
    fn passing(&self, place: &Place) -> Option<Cover> {
        let stopped = self.stopped.get(&place.ruleset).copied().unwrap_or(Cover::NOTHING);
        place.cover.map(|cover| cover.without(stopped))
    }

    fn stop(&mut self, place: &Place) {
        // Of a condition it is not known what it takes away; what follows stands
        // as if it took nothing.
        if let Some(cover) = place.cover {
            let stopped = self.stopped.entry(place.ruleset.clone()).or_insert(Cover::NOTHING);
            *stopped = stopped.or(cover);
        }
    }

    fn send(&mut self, place: &Place, target: Target) {
        if self.sendings.len() >= COLLECTORS_MAX {
            return self.note("more places to send to than are read".to_owned());
        }
        self.sendings.push(Sending {
            ruleset: place.ruleset.clone(),
            cover: self.passing(place),
            selector: place.selector.clone(),
            target,
        });
    }

    fn braces(&mut self, scan: &mut Scan<'_>, mut place: Place) {
        scan.skip(1);
        place.depth += 1;
        if place.depth > DEPTH_MAX {
            self.note("blocks too deep within each other".to_owned());
            scan.skip(usize::MAX);
            return;
        }
        self.block(scan, place);
        if scan.next().is_none() {
            self.note("a block that does not end".to_owned());
        }
    }

    /// A statement or a block of a condition.
    fn inner(&mut self, scan: &mut Scan<'_>, mut place: Place) {
        scan.blanks();
        place.depth += 1;
        if place.depth > DEPTH_MAX {
            self.note("conditions too deep within each other".to_owned());
            scan.skip(usize::MAX);
            return;
        }
        match scan.peek() {
            Some(b'{') => self.braces(scan, place),
            Some(_) => {
                self.statement(scan, &mut place);
            }
            None => {}
        }
    }

    fn condition(&mut self, scan: &mut Scan<'_>, place: &Place) {
        let mut text = Vec::new();
        loop {
            match scan.peek() {
                None => return self.note("a condition that does not end".to_owned()),
                Some(quote @ (b'"' | b'\'')) => {
                    text.push(quote);
                    text.extend(scan.quoted());
                    text.push(quote);
                }
                Some(byte) if byte.is_ascii_alphanumeric() || byte == b'_' => {
                    let word = scan.word();
                    if word.eq_ignore_ascii_case(b"then") {
                        break;
                    }
                    text.extend(word);
                    // A word may be empty only where no letter stands.
                }
                Some(byte) => {
                    text.push(byte);
                    scan.skip(1);
                }
            }
        }
        let selector = format!("if {}", escape_bounded(text.trim_ascii(), 200));
        self.inner(scan, Place { cover: None, selector, ..place.clone() });
    }

    fn directive(&mut self, line: &[u8], place: &mut Place) {
        let text = line.get(1..).unwrap_or_default().trim_ascii();
        let end = text.iter().position(u8::is_ascii_whitespace).unwrap_or(text.len());
        let value = text[end..].trim_ascii();
        match escape_bounded(&text[..end], 64).to_ascii_lowercase().as_str() {
            "includeconfig" => self.include(value, true, place),
            "ruleset" => place.ruleset = escape_bounded(value, 128),
            "defaultruleset" => self.default = escape_bounded(value, 128),
            "defaultnetstreamdriver" => self.driver_tls = matches!(value, b"gtls" | b"ossl"),
            "actionsendstreamdrivermode" => self.mode_tls = value == b"1",
            _ => {}
        }
    }

    fn include(&mut self, value: &[u8], optional: bool, place: &Place) {
        let place = Place { depth: place.depth + 1, ..place.clone() };
        if place.depth > DEPTH_MAX {
            return self.note("includes too deep within each other".to_owned());
        }
        if value == MORE.as_bytes() {
            let (files, problems) = self.dump.matching(MORE);
            self.problems.extend(problems);
            let files: Vec<DumpedFile<'f>> = files.into_iter().cloned().collect();
            for file in &files {
                self.file(file, place.clone());
            }
        } else if !(optional && value.is_empty()) {
            self.note(format!("the included {} is not read", escape_bounded(value, 200)));
        }
    }

    /// `name(key="value" ...)`, the place at its bracket.
    fn object(&mut self, name: &str, scan: &mut Scan<'_>, place: &mut Place) {
        scan.blanks();
        let values = parameters(scan);
        let value = |key: &str| values.get(key).map(Vec::as_slice).unwrap_or_default();
        match name {
            "include" => {
                let optional = value("mode") == b"optional";
                self.include(value("file"), optional, place);
            }
            "global" => {
                self.driver_tls |= matches!(value("defaultnetstreamdriver"), b"gtls" | b"ossl");
            }
            "module" | "input" => {
                let local = [&b"imuxsock"[..], b"imjournal", b"imklog"];
                let source = if name == "module" { value("load") } else { value("type") };
                let into = value("ruleset");
                if local.contains(&source) && !into.is_empty() {
                    self.used.insert(escape_bounded(into, 128), Some(Cover::ALL));
                }
            }
            "ruleset" => {
                scan.blanks();
                if scan.peek() == Some(b'{') {
                    let inner = Place {
                        ruleset: escape_bounded(value("name"), 128),
                        cover: Some(Cover::ALL),
                        selector: "*.*".to_owned(),
                        depth: place.depth,
                    };
                    self.braces(scan, inner);
                }
            }
            "template" => {
                scan.blanks();
                if scan.peek() == Some(b'{') {
                    braces_passed(scan);
                }
            }
            "action" => {
                if let Some(target) = target(&values, self.driver_tls) {
                    self.send(place, target);
                }
            }
            _ => {}
        }
    }

    fn finish(mut self) -> (Vec<Collector>, Vec<Problem>) {
        let default = self.default.clone();
        self.used.insert(default, Some(Cover::ALL));
        // Each pass follows calls one step; a chain is no longer than the calls.
        for _ in 0..self.calls.len().min(DEPTH_MAX) {
            for (from, to, cover) in &self.calls {
                let Some(into) = self.used.get(from) else { continue };
                let through = into.and_then(|into| Some(into.and((*cover)?)));
                let known = self.used.get(to).copied();
                let sum = match (known, through) {
                    (None, through) => through,
                    (Some(None), _) | (_, None) => None,
                    (Some(Some(had)), Some(more)) => Some(had.or(more)),
                };
                self.used.insert(to.clone(), sum);
            }
        }
        let used = &self.used;
        let collectors = self.sendings.into_iter().filter_map(|sending| {
            let into = used.get(&sending.ruleset)?;
            let cover = into.and_then(|into| Some(into.and(sending.cover?)));
            if cover.is_some_and(Cover::is_nothing) {
                return None;
            }
            let Target { protocol, host, port, tls } = sending.target;
            Some(Collector {
                entry: super::entry("rsyslog", &protocol, &host, port),
                program: "rsyslog".to_owned(),
                protocol,
                host,
                port,
                tls,
                selector: sending.selector,
                everything: cover.map(Cover::everything),
                authentication: cover.map(Cover::authentication),
                running: None,
            })
        });
        (collectors.collect(), self.problems)
    }
}

/// Whether a statement is an action of the old form: a file, a target, a pipe,
/// a program, a module.
fn is_action(text: &[u8]) -> bool {
    match text {
        [b'/' | b'@' | b'|' | b'?' | b'~' | b'^', ..] => !text.starts_with(b"/*"),
        [b'-', b'/' | b'?', ..] => true,
        _ => text.starts_with(b":om"),
    }
}

#[cfg(test)]
mod tests;
