//! From a finding to the commands that would cure it. Nothing here runs them.
//!
//! A check states its steps in the content; the values of the finding (the
//! names of failing elements, what was observed) are put into them as single
//! words of a POSIX shell, whatever they hold. A name that cannot be told
//! exactly is left to people.

use crate::content::{Check, CureStep, ParamValue};
use anji_evidence::escape::unescape;
use anji_evidence::shell::quote;
use anji_model::{CheckResult, RawResult, Term, Text};

/// One command with its undoing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CureCommand {
    /// What to see to before it.
    pub before: Option<Text>,
    /// The command, for a POSIX shell as root.
    pub run: String,
    /// What takes it back.
    pub undo: String,
    /// What is left to do or to watch after it.
    pub after: Option<Text>,
}

/// What would cure the failing results of a check.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Cure {
    /// The commands, in their order.
    pub commands: Vec<CureCommand>,
    /// Places whose value cannot be written into a command exactly.
    pub by_hand: Vec<String>,
    /// Comparisons that failed beyond those that the results name.
    pub unnamed: u64,
}

/// The commands for what fails in `results`, those of `check`; `params` are the
/// values in force. Empty where nothing fails or the check states no steps.
pub fn cure(check: &Check, params: &[ParamValue], results: &[&CheckResult]) -> Cure {
    let failing = results.iter().filter(|result| result.raw == RawResult::Fail);
    let mut cure = Cure::default();
    let mut terms: Vec<&Term> = Vec::new();
    for result in failing {
        terms.extend(&result.failed_terms);
        cure.unnamed += result.failed_terms_total.saturating_sub(result.failed_terms.len() as u64);
    }
    if terms.is_empty() {
        return cure;
    }
    for step in &check.cure {
        let filling = Filling { check, params, step };
        match (&step.each, &step.when) {
            (Some(each), when) => {
                let of = |term: &&&Term| when.as_ref().is_none_or(|place| leads(&term.path, place));
                filling.for_each(each, terms.iter().filter(of).copied(), &mut cure);
            }
            (None, Some(when)) => {
                if let Some(term) = terms.iter().find(|term| leads(&term.path, when)) {
                    filling.push(None, Some(term), &mut cure);
                }
            }
            (None, None) => filling.push(None, None, &mut cure),
        }
    }
    cure
}

/// Whether `path` stands at `place` or below it. A `[]` in `place` stands for
/// any element.
fn leads(path: &str, place: &str) -> bool {
    let (head, tail) = match place.split_once("[]") {
        Some((head, tail)) => (head, Some(tail)),
        None => (place, None),
    };
    let Some(rest) = path.strip_prefix(head) else { return false };
    match tail {
        None => rest.is_empty() || rest.starts_with(['.', '[']),
        Some(tail) => rest.starts_with('[') && (rest.contains(&format!("]{tail}"))),
    }
}

/// The label of the element of `list` that `path` leads through.
fn label<'p>(path: &'p str, list: &str) -> Option<&'p str> {
    let rest = path.strip_prefix(list)?.strip_prefix('[')?;
    // A label may hold brackets; fields, which come behind it, may not.
    let end = match rest.rfind("].") {
        Some(end) => end,
        None => rest.len().checked_sub(1).filter(|end| rest.ends_with(']') && *end > 0)?,
    };
    rest.get(..end)
}

struct Filling<'c> {
    check: &'c Check,
    params: &'c [ParamValue],
    step: &'c CureStep,
}

impl Filling<'_> {
    fn for_each<'t>(&self, list: &str, terms: impl Iterator<Item = &'t Term>, cure: &mut Cure) {
        let mut done: Vec<&str> = Vec::new();
        for term in terms {
            let Some(label) = label(&term.path, list) else { continue };
            if !done.contains(&label) {
                done.push(label);
                self.push(Some(label), Some(term), cure);
            }
        }
    }

    fn push(&self, label: Option<&str>, term: Option<&Term>, cure: &mut Cure) {
        let fill = |command: &str| self.fill(command, label, term);
        match (fill(&self.step.run), fill(&self.step.undo)) {
            (Some(run), Some(undo)) => {
                let (before, after) = (self.step.before.clone(), self.step.after.clone());
                let command = CureCommand { before, run, undo, after };
                if !cure.commands.contains(&command) {
                    cure.commands.push(command);
                }
            }
            _ => cure.by_hand.extend(term.map(|term| term.path.clone())),
        }
    }

    fn fill(&self, command: &str, label: Option<&str>, term: Option<&Term>) -> Option<String> {
        let mut out = String::with_capacity(command.len());
        let mut rest = command;
        while let Some((before, name, after)) = next_placeholder(rest) {
            out.push_str(before);
            out.push_str(&match name {
                "label" => word(label?)?,
                "observed" => observed(term?)?,
                _ => self.param(name.strip_prefix("params.")?)?,
            });
            rest = after;
        }
        out.push_str(rest);
        Some(out)
    }

    fn param(&self, name: &str) -> Option<String> {
        let index = self.check.params.iter().position(|param| param.name == name)?;
        match self.params.get(index)? {
            ParamValue::Int(value) => Some(value.to_string()),
            ParamValue::Text(text) => Some(quote(text)),
            _ => None,
        }
    }
}

/// A printable text of the evidence as one shell word; none where it was cut,
/// or holds bytes that a script of text cannot carry.
fn word(printable: &str) -> Option<String> {
    let mut letters = printable.chars();
    while let Some(letter) = letters.next() {
        // What had to be escaped cannot be shown to whoever reads the command.
        if letter == '…' || (letter == '\\' && letters.next() == Some('x')) {
            return None;
        }
    }
    let text = String::from_utf8(unescape(printable.as_bytes())?).ok()?;
    (!text.is_empty()).then(|| quote(&text))
}

fn observed(term: &Term) -> Option<String> {
    match serde_json::from_str(&term.observed).ok()? {
        serde_json::Value::String(text) => word(&text),
        serde_json::Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// The names in braces that stand in a command: `{label}`, `{params.max}`.
/// Braces around anything else are the shell's.
pub(crate) fn placeholders(command: &str) -> Vec<&str> {
    let mut names = Vec::new();
    let mut rest = command;
    while let Some((_, name, after)) = next_placeholder(rest) {
        names.push(name);
        rest = after;
    }
    names
}

/// The first placeholder, with what stands before and after it.
fn next_placeholder(text: &str) -> Option<(&str, &str, &str)> {
    let mut from = 0;
    while let Some(open) = text[from..].find('{').map(|at| from + at) {
        let inner = &text[open + 1..];
        if let Some(close) = inner.find('}') {
            let name = &inner[..close];
            let letters = name.bytes().all(|b| b.is_ascii_alphanumeric() || b"._".contains(&b));
            // `${name}` is the shell's.
            if letters && !name.is_empty() && !text[..open].ends_with('$') {
                return Some((&text[..open], name, &inner[close + 1..]));
            }
        }
        from = open + 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{binding, check, key};

    fn term(path: &str, observed: &str) -> Term {
        let (operator, allowed) = ("==".to_owned(), "1".to_owned());
        Term { path: path.to_owned(), observed: observed.to_owned(), operator, allowed }
    }

    fn step(each: Option<&str>, when: Option<&str>, run: &str) -> CureStep {
        CureStep {
            each: each.map(str::to_owned),
            when: when.map(str::to_owned),
            before: None,
            run: run.to_owned(),
            undo: format!("undo {run}"),
            after: None,
        }
    }

    fn cured(steps: Vec<CureStep>, terms: Vec<Term>) -> Cure {
        let mut check = check("T-1", vec![binding("walk", key("file.walk"))]);
        check.cure = steps;
        let mut result = crate::samples::result("T-1", RawResult::Fail, anji_model::Severity::High);
        result.failed_terms_total = terms.len() as u64 + 2;
        result.failed_terms = terms;
        cure(&check, &[], &[&result])
    }

    fn runs(cure: &Cure) -> Vec<&str> {
        cure.commands.iter().map(|command| command.run.as_str()).collect()
    }

    #[test]
    fn each_failing_element_gets_its_command_once_whatever_its_name_holds() {
        let cure = cured(
            vec![step(Some("walk.entries"), None, "chmod o-w -- {label}")],
            vec![
                term("walk.entries[/srv/a].world_writable", "true"),
                term("walk.entries[/srv/a].mode", "\"0666\""),
                term("walk.entries[/srv/it's $(x)].mode", "\"0666\""),
                term("walk.entries[/srv/a].b].mode", "\"0666\""),
                term("walk.entries[/srv/new\\nline].mode", "\"0666\""),
                term("walk.entries[/srv/\\xff].mode", "\"0666\""),
                term("walk.entries[/srv/cut…", "\"0666\""),
                term("other.entries[/srv/b].mode", "\"0666\""),
            ],
        );
        assert_eq!(
            runs(&cure),
            [
                "chmod o-w -- '/srv/a'",
                "chmod o-w -- '/srv/it'\\''s $(x)'",
                "chmod o-w -- '/srv/a].b'",
                "chmod o-w -- '/srv/new\nline'",
            ]
        );
        assert_eq!(cure.by_hand, ["walk.entries[/srv/\\xff].mode"]);
        assert_eq!(cure.unnamed, 2);
    }

    #[test]
    fn a_step_comes_where_its_place_fails() {
        let steps = || {
            vec![
                step(None, Some("walk.mode"), "chmod 0640 x # was {observed} ${HOME} {}"),
                step(None, Some("walk.list[].uid"), "chown"),
                step(None, None, "always"),
            ]
        };
        let mode = cured(steps(), vec![term("walk.mode", "\"0644\"")]);
        assert_eq!(runs(&mode), ["chmod 0640 x # was '0644' ${HOME} {}", "always"]);
        let uid = cured(steps(), vec![term("walk.list[a].uid", "7")]);
        assert_eq!(runs(&uid), ["chown", "always"]);
        assert_eq!(runs(&cured(steps(), vec![term("walk.modes", "1")])), ["always"]);
        assert!(cured(steps(), Vec::new()).commands.is_empty(), "nothing fails by name");
    }
}
