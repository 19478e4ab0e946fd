//! One check of a pack.

use super::lint::{Fields, Lint};
use super::schema::Schemas;
use super::{case, cure, param};
use crate::content::{AbsentAnswer, Binding, Case, Check, Decides, Param, Platform, RegisterUse};
use crate::predicate::{Predicate, Type, Uses};
use crate::yaml::{Key, Node, Span, Yaml};
use anji_evidence::SelectorKind;
use anji_model::{
    AbsPath, CheckId, CheckInfo, Diagnostic, EvidenceKey, EvidenceType, Guard, RegisterId,
    Selector, Severity, Text,
};

/// More names of one kind are refused.
const NAMES_MAX: usize = 32;

/// A check, and where its names stand, for problems that other checks bring.
pub(super) struct Found {
    pub(super) check: Check,
    pub(super) id_at: Diagnostic,
    pub(super) alias_at: Diagnostic,
}

/// Reads one entry of a pack; none when it has problems that leave no check.
pub(super) fn read(
    lint: &mut Lint<'_>,
    entry: &Node,
    pack: &str,
    schemas: &Schemas,
) -> Option<Found> {
    let before = lint.problems.len();
    let mut fields = lint.fields(entry)?;
    let (info, id_span, alias_span) = read_info(lint, &mut fields, pack);
    let layer = fields.required(lint, "layer").and_then(|node| lint.text(node));
    let platform = read_platform(lint, &mut fields);
    let parts = read_parts(lint, &mut fields, schemas);
    let (decides, undecided) = read_decides(lint, &mut fields);
    let assertion = read_assertion(lint, &mut fields, &parts, decides);
    let cure = cure::read(lint, &mut fields, &parts);
    let cases_node = fields.required(lint, "cases");
    let cases = cases_node.map(|node| case::read(lint, node, &parts.params, &parts.registers));
    let span = fields.span;
    fields.finish(lint);
    if let (Some(cases), Some(node)) = (&cases, cases_node) {
        case::require(lint, node, cases, decides);
    }
    let place = |lint: &mut Lint<'_>, span: Span| -> Option<Diagnostic> {
        lint.report("duplicate-id", span, "", "");
        lint.problems.pop()
    };
    let id_at = place(lint, id_span.unwrap_or(span));
    let alias_at = place(lint, alias_span.unwrap_or(span));
    // A check with problems still takes its names, so that what refers to it is
    // not reported as well.
    let mut info = info?;
    info.registers = parts.registers.iter().map(|register| register.register.clone()).collect();
    let (assertion, text) = match assertion {
        Some((predicate, text)) => (predicate, text),
        None if lint.problems.len() > before => (None, String::new()),
        None => (None, String::new()),
    };
    info.assertion = text;
    info.undecided = undecided;
    let check = Check {
        info,
        platform: platform.unwrap_or(Platform::Linux),
        layer: layer.unwrap_or_default(),
        bindings: parts.bindings.into_iter().map(|(binding, _)| binding).collect(),
        params: parts.params,
        registers: parts.registers,
        assertion,
        decides,
        cure,
        cases: cases.unwrap_or_default(),
    };
    Some(Found { check, id_at: id_at?, alias_at: alias_at? })
}

fn read_info(
    lint: &mut Lint<'_>,
    fields: &mut Fields<'_>,
    pack: &str,
) -> (Option<CheckInfo>, Option<Span>, Option<Span>) {
    let id_node = fields.required(lint, "id");
    if let Some(node) = id_node {
        fields.span = node.span;
    }
    let id = id_node.and_then(|node| lint.parsed(node, str::parse::<CheckId>));
    let alias_node = fields.required(lint, "alias");
    let alias = alias_node.and_then(|node| {
        let slug = |text: &str| {
            let good = text.starts_with(|c: char| c.is_ascii_lowercase())
                && text.bytes().all(|b| {
                    b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'.'
                });
            if good {
                Ok(text.to_owned())
            } else {
                Err("an alias has lower-case letters, digits, hyphens")
            }
        };
        lint.parsed(node, slug)
    });
    let revision = fields.required(lint, "revision").and_then(|node| lint.positive(node));
    let mut text = |lint: &mut Lint<'_>, name| {
        let node = fields.required(lint, name)?;
        lint.both_languages(node)
    };
    let (title, why, fix) = (text(lint, "title"), text(lint, "why"), text(lint, "fix"));
    let severity = fields.required(lint, "severity").and_then(|node| {
        let words = [
            ("info", Severity::Info),
            ("low", Severity::Low),
            ("medium", Severity::Medium),
            ("high", Severity::High),
            ("critical", Severity::Critical),
        ];
        lint.word(node, &words)
    });
    let guards = fields.required(lint, "guards").map(|node| read_guards(lint, node));
    let empty = || Text { zh: String::new(), en: String::new() };
    let info = id.map(|id| CheckInfo {
        alias: alias.unwrap_or_else(|| id.as_str().to_lowercase()),
        id,
        revision: revision.unwrap_or(1),
        pack: pack.to_owned(),
        title: title.unwrap_or_else(empty),
        why: why.unwrap_or_else(empty),
        fix: fix.unwrap_or_else(empty),
        severity: severity.unwrap_or(Severity::Info),
        guards: guards.unwrap_or_default(),
        clauses: Vec::new(),
        registers: Vec::new(),
        assertion: String::new(),
        undecided: None,
    });
    (info, id_node.map(|node| node.span), alias_node.map(|node| node.span))
}

fn read_guards(lint: &mut Lint<'_>, node: &Node) -> Vec<Guard> {
    let words = [
        ("interruption", Guard::Interruption),
        ("data", Guard::Data),
        ("compliance", Guard::Compliance),
    ];
    let items = lint.list(node).unwrap_or_default();
    if items.is_empty() && matches!(node.value, Yaml::List(_)) {
        lint.report(
            "empty-list",
            node.span,
            "至少防护一种危害",
            "a check guards against something",
        );
    }
    items.iter().filter_map(|item| lint.word(item, &words)).collect()
}

fn read_platform(lint: &mut Lint<'_>, fields: &mut Fields<'_>) -> Option<Platform> {
    let node = fields.required(lint, "applies")?;
    let mut applies = lint.fields(node)?;
    let platform = applies
        .required(lint, "platform")
        .and_then(|node| lint.word(node, &[("linux", Platform::Linux)]));
    applies.finish(lint);
    platform
}

/// The names that an assertion can use.
pub(super) struct Parts {
    /// With their types, as far as those are known, and the spans of their names.
    pub(super) bindings: Vec<(Binding, Named)>,
    pub(super) params: Vec<Param>,
    pub(super) param_spans: Vec<Span>,
    pub(super) registers: Vec<RegisterUse>,
    pub(super) register_spans: Vec<Span>,
    evidence_span: Option<Span>,
}

pub(super) struct Named {
    ty: Option<Type>,
    span: Span,
}

fn read_parts(lint: &mut Lint<'_>, fields: &mut Fields<'_>, schemas: &Schemas) -> Parts {
    let mut parts = Parts {
        bindings: Vec::new(),
        params: Vec::new(),
        param_spans: Vec::new(),
        registers: Vec::new(),
        register_spans: Vec::new(),
        evidence_span: None,
    };
    if let Some(node) = fields.required(lint, "evidence") {
        parts.evidence_span = Some(node.span);
        let entries = lint.entries(node);
        if entries.is_empty() && matches!(node.value, Yaml::Map(_)) {
            lint.report("empty-map", node.span, "没有绑定任何证据", "no evidence is bound");
        }
        bound(lint, entries, node.span);
        for (key, node) in entries.iter().take(NAMES_MAX) {
            if !param::is_name(&key.text) {
                param::name_problem(lint, key);
            }
            parts.bindings.extend(read_binding(lint, key, node, schemas));
        }
    }
    if let Some(node) = fields.optional("registers") {
        let entries = lint.entries(node);
        bound(lint, entries, node.span);
        for (key, node) in entries.iter().take(NAMES_MAX) {
            if !param::is_name(&key.text) {
                param::name_problem(lint, key);
            }
            let register = lint.parsed(node, str::parse::<RegisterId>);
            parts
                .registers
                .extend(register.map(|register| RegisterUse { name: key.text.clone(), register }));
            parts.register_spans.push(key.span);
        }
    }
    if let Some(node) = fields.optional("params") {
        let entries = lint.entries(node);
        bound(lint, entries, node.span);
        for (key, node) in entries.iter().take(NAMES_MAX) {
            if let Some(param) = param::read(lint, key, node) {
                parts.params.push(param);
                parts.param_spans.push(key.span);
            }
        }
    }
    read_when_absent(lint, fields, &mut parts);
    parts
}

fn bound(lint: &mut Lint<'_>, entries: &[(Key, Node)], span: Span) {
    if entries.len() > NAMES_MAX {
        let en = format!("more than {NAMES_MAX} names");
        lint.report("yaml-limit", span, "名称过多", en);
    }
}

/// What a binding says, before it is known whether its type wants it so.
struct RawBinding<'n> {
    type_node: &'n Node,
    path: Option<&'n Node>,
    empty_ok: bool,
    age_seconds_max: Option<u32>,
}

fn raw_binding<'n>(lint: &mut Lint<'_>, key: &Key, node: &'n Node) -> Option<RawBinding<'n>> {
    if !matches!(node.value, Yaml::Map(_)) {
        let (path, age_seconds_max) = (None, None);
        return Some(RawBinding { type_node: node, path, empty_ok: false, age_seconds_max });
    }
    let mut fields = lint.fields(node)?;
    fields.span = key.span;
    let type_node = fields.required(lint, "type");
    let path = fields.optional("path");
    let empty = fields.optional("empty").and_then(|node| lint.word(node, &[("ok", true)]));
    let age_seconds_max = fields.optional("max_age_seconds").and_then(|node| lint.positive(node));
    fields.finish(lint);
    let empty_ok = empty.unwrap_or(false);
    Some(RawBinding { type_node: type_node?, path, empty_ok, age_seconds_max })
}

fn read_binding(
    lint: &mut Lint<'_>,
    key: &Key,
    node: &Node,
    schemas: &Schemas,
) -> Option<(Binding, Named)> {
    let raw = raw_binding(lint, key, node)?;
    let kind = lint.parsed(raw.type_node, str::parse::<EvidenceType>)?;
    let selector = raw.path.and_then(|node| lint.parsed(node, |text| AbsPath::new(text)));
    let schema = schemas.find(kind.as_str());
    match (schema.map(|(_, selector)| selector), raw.path) {
        (None, _) => {
            let (span, words) = (raw.type_node.span, ("未知的证据类型", "unknown evidence type"));
            let known = schemas.names();
            lint.unknown_name("unknown-evidence-type", span, words, kind.as_str(), known);
        }
        (Some(SelectorKind::Path), None) => {
            let help = Text {
                zh: format!("写作 {{type: {kind}, path: /etc/…}}"),
                en: format!("write {{type: {kind}, path: /etc/...}}"),
            };
            let message = Text {
                zh: format!("证据类型 `{kind}` 需要 path"),
                en: format!("evidence type `{kind}` needs a path"),
            };
            lint.report_text("missing-selector", raw.type_node.span, message, Some(help));
        }
        (Some(SelectorKind::None), Some(path)) => {
            let (zh, en) = (
                format!("证据类型 `{kind}` 不接受 path"),
                format!("evidence type `{kind}` takes no path"),
            );
            lint.report("superfluous-selector", path.span, zh, en);
        }
        _ => {}
    }
    // The name exists even when its evidence is wrong.
    let binding = Binding {
        name: key.text.clone(),
        key: EvidenceKey { kind, selector: selector.map(Selector::Path) },
        empty_ok: raw.empty_ok,
        age_seconds_max: raw.age_seconds_max,
        when_absent: None,
    };
    Some((binding, Named { ty: schema.map(|(ty, _)| ty.clone()), span: key.span }))
}

const ANSWERS: [(&str, AbsentAnswer); 3] = [
    ("pass", AbsentAnswer::Pass),
    ("fail", AbsentAnswer::Fail),
    ("notapplicable", AbsentAnswer::NotApplicable),
];

fn read_when_absent(lint: &mut Lint<'_>, fields: &mut Fields<'_>, parts: &mut Parts) {
    let Some(node) = fields.optional("when_absent") else { return };
    match &node.value {
        Yaml::Map(entries) => {
            for (key, node) in entries {
                let answer = lint.word(node, &ANSWERS);
                let known = parts.bindings.iter_mut().find(|(b, _)| b.name == key.text);
                if let Some((binding, _)) = known {
                    binding.when_absent = answer;
                    continue;
                }
                let names = parts.bindings.iter().map(|(binding, _)| binding.name.as_str());
                let words = ("未绑定的证据", "no evidence is bound as");
                lint.unknown_name("unknown-binding", key.span, words, &key.text, names);
            }
        }
        _ => {
            let answer = lint.word(node, &ANSWERS);
            for (binding, _) in &mut parts.bindings {
                binding.when_absent = answer;
            }
            if answer.is_none() {
                // What is wrong with it is reported; that it is missing is not, then.
                parts.evidence_span = None;
            }
        }
    }
}

fn read_decides(lint: &mut Lint<'_>, fields: &mut Fields<'_>) -> (Decides, Option<Text>) {
    let words = [("fail", Decides::Fail), ("pass", Decides::Pass), ("nothing", Decides::Nothing)];
    let decides_node = fields.optional("decides");
    let decides = decides_node.and_then(|node| lint.word(node, &words));
    let undecided = match (decides_node, fields.optional("undecided")) {
        (None, Some(node)) => {
            let (zh, en) = (
                "只有带 decides 的检查项才能有 undecided",
                "`undecided` belongs to checks with `decides`",
            );
            lint.report("superfluous-field", node.span, zh, en);
            None
        }
        (Some(_), None) => {
            fields.required(lint, "undecided");
            None
        }
        (_, node) => node.and_then(|node| lint.both_languages(node)),
    };
    (decides.unwrap_or(Decides::Both), undecided)
}

/// The assertion (none where it has problems) and its text.
fn read_assertion(
    lint: &mut Lint<'_>,
    fields: &mut Fields<'_>,
    parts: &Parts,
    decides: Decides,
) -> Option<(Option<Predicate>, String)> {
    if decides == Decides::Nothing {
        if let Some(node) = fields.optional("assert") {
            let (zh, en) = (
                "decides: nothing 的检查项没有断言",
                "a check that decides nothing asserts nothing",
            );
            lint.report("superfluous-field", node.span, zh, en);
        }
        unused(lint, parts, &Uses::default(), false);
        return None;
    }
    let node = fields.required(lint, "assert")?;
    let scalar = lint.scalar(node)?;
    let bindings: Vec<_> = parts
        .bindings
        .iter()
        .map(|(binding, named)| (binding.name.clone(), named.ty.clone()))
        .collect();
    let file = lint.text;
    match Predicate::compile(&scalar.text, &bindings, &parts.params, &parts.registers) {
        Ok((predicate, uses)) => {
            unused(lint, parts, &uses, true);
            require_when_absent(lint, parts);
            Some((Some(predicate), scalar.text.trim().to_owned()))
        }
        Err(problems) => {
            for problem in problems {
                let span = scalar.locate(file, problem.at, problem.len);
                lint.report_text(problem.code, span, problem.message, problem.help);
            }
            require_when_absent(lint, parts);
            None
        }
    }
}

/// Every evidence type can be absent by fact, so every binding needs an answer to that.
fn require_when_absent(lint: &mut Lint<'_>, parts: &Parts) {
    let missing: Vec<_> = parts
        .bindings
        .iter()
        .filter(|(binding, _)| binding.when_absent.is_none())
        .map(|(binding, _)| format!("`{}`", binding.name))
        .collect();
    let Some(span) = parts.evidence_span.filter(|_| !missing.is_empty()) else { return };
    let message = Text {
        zh: format!("缺少 when_absent：{} 可能依事实不存在", missing.join("、")),
        en: format!("missing `when_absent`: {} can be absent by fact", missing.join(", ")),
    };
    let help = Text {
        zh: "写 when_absent: pass、fail 或 notapplicable，或按绑定分别写".to_owned(),
        en: "say `when_absent: pass`, `fail` or `notapplicable`, or a map of these by binding"
            .to_owned(),
    };
    lint.report_text("missing-when-absent", span, message, Some(help));
}

/// Reports names that the assertion does not use.
fn unused(lint: &mut Lint<'_>, parts: &Parts, uses: &Uses, evidence_too: bool) {
    let mut report = |span: Span, name: &str| {
        let (zh, en) =
            (format!("断言没有用到 `{name}`"), format!("the assertion does not use `{name}`"));
        lint.report("unused", span, zh, en);
    };
    for (index, (binding, named)) in parts.bindings.iter().enumerate() {
        if evidence_too && !uses.bindings.contains(&index) {
            report(named.span, &binding.name);
        }
    }
    for (index, (param, span)) in parts.params.iter().zip(&parts.param_spans).enumerate() {
        if !uses.params.contains(&index) {
            report(*span, &param.name);
        }
    }
    for (index, (register, span)) in parts.registers.iter().zip(&parts.register_spans).enumerate() {
        if !uses.registers.contains(&index) {
            report(*span, &register.name);
        }
    }
}

/// The cases of a check by their answer.
pub(super) fn has_case(cases: &[Case], expect: anji_model::RawResult) -> bool {
    cases.iter().any(|case| case.expect == expect)
}
