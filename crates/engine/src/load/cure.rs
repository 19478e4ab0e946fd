//! The commands that cure a finding, as a check states them.

use super::check::Parts;
use super::lint::{Fields, Lint};
use crate::content::{CureStep, ParamType};
use crate::cure::placeholders;
use crate::yaml::{Node, Span};

/// More steps are refused.
const STEPS_MAX: usize = 20;

/// Reads the `cure` of a check, where it has one.
pub(super) fn read(lint: &mut Lint<'_>, fields: &mut Fields<'_>, parts: &Parts) -> Vec<CureStep> {
    let Some(node) = fields.optional("cure") else { return Vec::new() };
    let items = lint.list(node).unwrap_or_default();
    if items.len() > STEPS_MAX {
        let en = format!("more than {STEPS_MAX} steps");
        lint.report("yaml-limit", node.span, "步骤过多", en);
    }
    items.iter().take(STEPS_MAX).filter_map(|item| read_step(lint, item, parts)).collect()
}

fn read_step(lint: &mut Lint<'_>, node: &Node, parts: &Parts) -> Option<CureStep> {
    let mut fields = lint.fields(node)?;
    let place = |lint: &mut Lint<'_>, node: Option<&Node>| {
        let node = node?;
        let text = lint.text(node)?;
        known(lint, node.span, &text, parts);
        Some(text)
    };
    let (each_node, when_node) = (fields.optional("each"), fields.optional("when"));
    let (each, when) = (place(lint, each_node), place(lint, when_node));
    let command = |lint: &mut Lint<'_>, node: Option<&Node>| {
        let node = node?;
        let text = lint.text(node)?;
        check_placeholders(lint, node.span, &text, each.is_some(), when.is_some(), parts);
        Some(text)
    };
    let (run_node, undo_node) = (fields.required(lint, "run"), fields.required(lint, "undo"));
    let (run, undo) = (command(lint, run_node), command(lint, undo_node));
    let (after_node, before_node) = (fields.optional("after"), fields.optional("before"));
    let after = after_node.and_then(|node| lint.both_languages(node));
    let before = before_node.and_then(|node| lint.both_languages(node));
    fields.finish(lint);
    Some(CureStep { each, when, before, run: run?, undo: undo?, after })
}

/// A place begins with the name of a binding.
fn known(lint: &mut Lint<'_>, span: Span, place: &str, parts: &Parts) {
    let name = place.split(['.', '[']).next().unwrap_or(place);
    let names = parts.bindings.iter().map(|(binding, _)| binding.name.as_str());
    if !names.clone().any(|known| known == name) {
        let words = ("检查项没有绑定", "the check binds no");
        lint.unknown_name("unknown-binding", span, words, name, names);
    }
}

fn check_placeholders(
    lint: &mut Lint<'_>,
    span: Span,
    command: &str,
    each: bool,
    when: bool,
    parts: &Parts,
) {
    for name in placeholders(command) {
        let param = name.strip_prefix("params.");
        let holds = match name {
            "label" => each,
            "observed" => each || when,
            _ => param.is_some_and(|name| {
                let named = parts.params.iter().find(|param| param.name == name);
                named.is_some_and(|param| is_single(param.kind))
            }),
        };
        if !holds {
            let (zh, en) = (
                format!(
                    "此处不能用占位符 {{{name}}}：label 需要 each，observed 需要 each 或 when，params.名称 须是单值参数"
                ),
                format!(
                    "the placeholder {{{name}}} means nothing here: label needs `each`, observed \
                     needs `each` or `when`, and params.NAME a parameter with one value"
                ),
            );
            lint.report("unknown-placeholder", span, zh, en);
        }
    }
}

fn is_single(kind: ParamType) -> bool {
    matches!(kind, ParamType::Int | ParamType::Text | ParamType::Mode)
}
