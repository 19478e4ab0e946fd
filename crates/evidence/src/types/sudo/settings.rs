//! What the `Defaults` lines set, and for whom.

use super::Setting;
use super::aliases::{Aliases, Budget};
use super::lex::Arguments;
use super::parse::{self, Member, Value, What};
use super::rules::{shown, shown_member};
use crate::escape::escape_bounded;
use std::collections::{BTreeMap, BTreeSet};

/// A `Defaults` line with the file that it stands in.
pub(super) struct Line {
    pub(super) file: String,
    pub(super) binding: Option<u8>,
    pub(super) of: Vec<Member>,
    pub(super) settings: Vec<parse::Setting>,
}

/// The longest text of a setting that is kept.
const TEXT_MAX: usize = 240;

fn scope(binding: Option<u8>) -> (&'static str, u8) {
    match binding {
        Some(b':') => ("user", b'U'),
        Some(b'@') => ("host", b'H'),
        Some(b'>') => ("runas", b'R'),
        Some(_) => ("command", b'C'),
        None => ("all", b'U'),
    }
}

/// All settings in the order of their lines, one for each member of the binding.
pub(super) fn settings(lines: &[Line], aliases: &Aliases, budget: &mut Budget) -> Vec<Setting> {
    let mut all = Vec::new();
    for line in lines {
        let (scope, kind) = scope(line.binding);
        let bound: Vec<Option<String>> = match line.binding {
            None => vec![None],
            Some(_) => {
                let members = aliases.expand(kind, &line.of, budget);
                members.iter().map(|member| Some(bound(member))).collect()
            }
        };
        for of in bound {
            for setting in &line.settings {
                if !budget.take() {
                    return all;
                }
                all.push(one(line, scope, of.clone(), setting));
            }
        }
    }
    // The last line of the same thing holds, unless it only adds to a list.
    let mut seen = BTreeSet::new();
    for setting in all.iter_mut().rev() {
        let key = (setting.scope.clone(), setting.of.clone(), setting.name.clone());
        setting.effective = !seen.contains(&key);
        if !setting.value.starts_with("+=") && !setting.value.starts_with("-=") {
            seen.insert(key);
        }
    }
    all
}

/// A member of a binding; a command with arguments is not the bare one.
fn bound(member: &Member) -> String {
    let mark = match &member.what {
        What::Command(_, Arguments::Any) => "",
        What::Command(..) => " ...",
        _ => "",
    };
    format!("{}{mark}", shown_member(member))
}

fn one(line: &Line, scope: &str, of: Option<String>, setting: &parse::Setting) -> Setting {
    let name = shown(&setting.name);
    let (value, written) = match &setting.value {
        Value::On => ("on".to_owned(), name.clone()),
        Value::Off => ("off".to_owned(), format!("!{name}")),
        Value::Text(sign, text) => {
            let text = escape_bounded(text, TEXT_MAX);
            match sign {
                b'=' => (text.clone(), format!("{name}={text}")),
                b'+' => (format!("+={text}"), format!("{name}+={text}")),
                _ => (format!("-={text}"), format!("{name}-={text}")),
            }
        }
    };
    let sign = line.binding.map(|sign| char::from(sign).to_string()).unwrap_or_default();
    let bound = of.as_deref().unwrap_or_default();
    Setting {
        setting: format!("Defaults{sign}{bound} {written}"),
        file: line.file.clone(),
        scope: scope.to_owned(),
        of,
        name,
        value,
        effective: true,
    }
}

/// The settings that hold, by what they are bound to.
pub(super) struct Effective<'a> {
    values: BTreeMap<(&'a str, Option<&'a str>, &'a str), &'a str>,
}

impl<'a> Effective<'a> {
    pub(super) fn of(settings: &'a [Setting]) -> Self {
        let key = |s: &'a Setting| (s.scope.as_str(), s.of.as_deref(), s.name.as_str());
        Self { values: settings.iter().map(|s| (key(s), s.value.as_str())).collect() }
    }

    /// The value of `name` for a rule: that of the general lines, overruled by
    /// those bound to every host, to its user, to any account and to its command.
    pub(super) fn value(&self, name: &str, user: &str, command: &str) -> Option<&'a str> {
        let of = |scope, of| self.values.get(&(scope, of, name)).copied();
        of("command", Some(command))
            .or_else(|| of("command", Some("ALL")))
            .or_else(|| of("runas", Some("ALL")))
            .or_else(|| of("user", Some(user)))
            .or_else(|| of("user", Some("ALL")))
            .or_else(|| of("host", Some("ALL")))
            .or_else(|| of("all", None))
    }

    /// Whether a flag is on for a rule.
    pub(super) fn on(&self, name: &str, user: &str, command: &str) -> bool {
        self.value(name, user, command) == Some("on")
    }
}
