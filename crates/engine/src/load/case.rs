//! The cases of a check.

use super::check::has_case;
use super::lint::Lint;
use super::param;
use super::vulns;
use crate::content::{Case, CasePatch, Decides, Param, RegisterUse};
use crate::yaml::{Node, Yaml};
use anji_model::RawResult;
use std::collections::{BTreeMap, BTreeSet};

/// Reads the list of cases.
pub(super) fn read(
    lint: &mut Lint<'_>,
    node: &Node,
    params: &[Param],
    registers: &[RegisterUse],
) -> Vec<Case> {
    let items = lint.list(node).unwrap_or_default();
    let mut names = BTreeSet::new();
    let mut cases = Vec::new();
    for item in items {
        let Some(case) = read_case(lint, item, params, registers) else { continue };
        if !names.insert(case.name.clone()) {
            let (zh, en) = (
                format!("已有名为 `{}` 的用例", case.name),
                format!("another case is named `{}`", case.name),
            );
            lint.report("duplicate-id", item.span, zh, en);
        }
        cases.push(case);
    }
    cases
}

/// Reports answers that no case has.
pub(super) fn require(lint: &mut Lint<'_>, node: &Node, cases: &[Case], decides: Decides) {
    if !matches!(node.value, Yaml::List(_)) {
        return;
    }
    let wanted: &[RawResult] = match decides {
        Decides::Both => &[RawResult::Pass, RawResult::Fail],
        Decides::Fail => &[RawResult::Fail, RawResult::Unknown],
        Decides::Pass => &[RawResult::Pass, RawResult::Unknown],
        Decides::Nothing => &[RawResult::NotChecked],
    };
    for answer in wanted {
        if !has_case(cases, *answer) {
            let (zh, en) =
                (format!("缺少预期为 {answer} 的用例"), format!("no case expects {answer}"));
            lint.report("missing-case", node.span, zh, en);
        }
    }
    let impossible = match decides {
        Decides::Both => &[][..],
        Decides::Fail => &[RawResult::Pass],
        Decides::Pass => &[RawResult::Fail],
        Decides::Nothing => &[RawResult::Pass, RawResult::Fail, RawResult::Unknown],
    };
    for answer in impossible {
        if has_case(cases, *answer) {
            let (zh, en) = (
                format!("该检查项不可能得出 {answer}"),
                format!("a case expects {answer}, which the check never answers"),
            );
            lint.report("impossible-case", node.span, zh, en);
        }
    }
}

fn read_case(
    lint: &mut Lint<'_>,
    node: &Node,
    params: &[Param],
    registers: &[RegisterUse],
) -> Option<Case> {
    let mut fields = lint.fields(node)?;
    let name = fields.required(lint, "name").and_then(|node| lint.text(node));
    let recording = fields.required(lint, "recording").and_then(|node| lint.text(node));
    let patches = fields.optional("patch").map(|node| read_patches(lint, node));
    let registers = fields.optional("registers").map(|node| read_registers(lint, node, registers));
    let params = fields.optional("params").map(|node| read_params(lint, node, params));
    let vulnerabilities = fields.optional("vulnerabilities").map(|node| vulns::read(lint, node));
    let now = fields.optional("now").map(|node| lint.parsed(node, str::parse));
    let expect = fields.required(lint, "expect").and_then(|node| {
        let words = [
            ("pass", RawResult::Pass),
            ("fail", RawResult::Fail),
            ("unknown", RawResult::Unknown),
            ("error", RawResult::Error),
            ("notapplicable", RawResult::NotApplicable),
            ("notchecked", RawResult::NotChecked),
        ];
        lint.word(node, &words)
    });
    let terms_node = fields.optional("terms");
    let terms = terms_node.map(|node| lint.texts(node));
    fields.finish(lint);
    if let (Some(node), Some(expect)) = (terms_node, expect)
        && expect != RawResult::Fail
    {
        let (zh, en) = ("只有 fail 用例才有 terms", "only a case that expects fail has terms");
        lint.report("superfluous-field", node.span, zh, en);
    }
    Some(Case {
        name: name?,
        recording: recording?,
        patches: patches.unwrap_or_default(),
        registers: registers.unwrap_or_default(),
        params: params.unwrap_or_default(),
        vulnerabilities: match vulnerabilities {
            Some(data) => data?,
            None => anji_model::VulnKnowledge::default(),
        },
        now: match now {
            Some(now) => Some(now?),
            None => None,
        },
        expect: expect?,
        terms: match terms {
            Some(terms) => terms?,
            None => Vec::new(),
        },
        file: lint.file.to_owned(),
        line: node.span.line,
    })
}

fn read_patches(lint: &mut Lint<'_>, node: &Node) -> Vec<CasePatch> {
    let items = lint.list(node).unwrap_or_default();
    items
        .iter()
        .filter_map(|item| {
            let mut fields = lint.fields(item)?;
            let capture = fields.required(lint, "capture").and_then(|node| lint.text(node));
            let find = fields.required(lint, "find").and_then(|node| lint.text(node));
            let replace = fields.required(lint, "replace").and_then(|node| lint.any_text(node));
            fields.finish(lint);
            Some(CasePatch { capture: capture?, find: find?, replace: replace? })
        })
        .collect()
}

fn read_registers(
    lint: &mut Lint<'_>,
    node: &Node,
    registers: &[RegisterUse],
) -> BTreeMap<String, Vec<String>> {
    let mut lists = BTreeMap::new();
    for (key, node) in lint.entries(node) {
        if !registers.iter().any(|register| register.name == key.text) {
            let known = registers.iter().map(|register| register.name.as_str());
            let words = ("该检查项未绑定登记清单", "the check binds no register");
            lint.unknown_name("unknown-register", key.span, words, &key.text, known);
        }
        if let Some(list) = lint.texts(node) {
            lists.insert(key.text.clone(), list);
        }
    }
    lists
}

/// Parameters that differ from their defaults.
pub(super) fn read_params(
    lint: &mut Lint<'_>,
    node: &Node,
    params: &[Param],
) -> BTreeMap<String, crate::content::ParamValue> {
    let mut values = BTreeMap::new();
    for (key, node) in lint.entries(node) {
        let Some(declared) = params.iter().find(|param| param.name == key.text) else {
            let known = params.iter().map(|param| param.name.as_str());
            let words = ("该检查项没有参数", "the check has no parameter");
            lint.unknown_name("unknown-param", key.span, words, &key.text, known);
            continue;
        };
        if let Some(value) = param::value(lint, node, declared.kind) {
            values.insert(key.text.clone(), value);
        }
    }
    values
}
