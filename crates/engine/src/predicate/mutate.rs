//! Small changes of an assertion. Cases that tell none of them apart do not
//! test the assertion.

use super::tree::{Expr, Loop, Node, Op};
use super::value::mode_bits;
use super::{Mutant, Predicate};
use crate::content::{ParamType, ParamValue};
use jiff::civil::Date;

/// A small change of a parameter's value, whatever the value is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Nudge {
    Add(i64),
    Flip,
    Days(i8),
    Without(Member),
    /// Exchanges these mode bits.
    Bits(u32),
}

/// A member of a list, or a key of a map.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Member {
    Int(i64),
    Text(String),
}

impl Nudge {
    pub(super) fn apply(&self, value: ParamValue) -> ParamValue {
        match (self, value) {
            (Self::Add(step), ParamValue::Int(value)) => {
                ParamValue::Int(value.saturating_add(*step))
            }
            (Self::Flip, ParamValue::Bool(value)) => ParamValue::Bool(!value),
            (Self::Days(days), ParamValue::Date(date)) => ParamValue::Date(shift(date, *days)),
            (Self::Days(days), ParamValue::Dates(dates)) => ParamValue::Dates(
                dates.into_iter().map(|(key, date)| (key, shift(date, *days))).collect(),
            ),
            (Self::Bits(bits), ParamValue::Text(mode)) => match mode_bits(&mode) {
                Some(known) => ParamValue::Text(format!("{:04o}", known ^ bits)),
                None => ParamValue::Text(mode),
            },
            (Self::Without(member), value) => without(member, value),
            (_, value) => value,
        }
    }
}

fn shift(date: Date, days: i8) -> Date {
    let moved = if days < 0 { date.yesterday() } else { date.tomorrow() };
    moved.unwrap_or(date)
}

fn without(member: &Member, value: ParamValue) -> ParamValue {
    match (member, value) {
        (Member::Int(member), ParamValue::Ints(mut list)) => {
            list.retain(|item| item != member);
            ParamValue::Ints(list)
        }
        (Member::Text(member), ParamValue::Texts(mut list)) => {
            list.retain(|item| item != member);
            ParamValue::Texts(list)
        }
        (Member::Text(key), ParamValue::Dates(mut map)) => {
            map.remove(key);
            ParamValue::Dates(map)
        }
        (Member::Text(key), ParamValue::TextMap(mut map)) => {
            map.remove(key);
            ParamValue::TextMap(map)
        }
        (_, value) => value,
    }
}

/// All mutants of `predicate`, in the order of its text, parameters last.
pub(super) fn mutants(predicate: &Predicate) -> Vec<Mutant> {
    let mut all = Vec::new();
    let count = count(predicate.root());
    for index in 0..count {
        let Some(node) = nth(predicate.root(), index) else { continue };
        for (description, changed) in changes(node) {
            let mut root = predicate.root().clone();
            if let Some(place) = nth_mut(&mut root, &mut { index }) {
                place.expr = changed;
            }
            let description = format!("{description} at {}", node.at + 1);
            all.push(Mutant { description, predicate: predicate.with_root(root) });
        }
    }
    for (index, param) in predicate.params.iter().enumerate() {
        for (description, nudge) in nudges(param.kind, &param.default) {
            let mut changed = predicate.clone();
            changed.nudges.push((index, nudge));
            let description = format!("params.{}: {description}", param.name);
            all.push(Mutant { description, predicate: changed });
        }
    }
    all
}

fn count(node: &Node) -> usize {
    let mut count = 0;
    node.walk(&mut |_| count += 1);
    count
}

fn nth(root: &Node, index: usize) -> Option<&Node> {
    let (mut at, mut found) = (0, None);
    root.walk(&mut |node| {
        if at == index {
            found = Some(node);
        }
        at += 1;
    });
    found
}

fn nth_mut<'n>(node: &'n mut Node, index: &mut usize) -> Option<&'n mut Node> {
    if *index == 0 {
        return Some(node);
    }
    *index -= 1;
    node.children_mut().into_iter().find_map(|child| nth_mut(child, index))
}

/// The changes of one node.
fn changes(node: &Node) -> Vec<(String, Expr)> {
    match &node.expr {
        Expr::Compare { op, left, right } => neighbours(*op)
            .iter()
            .map(|other| {
                let (left, right) = (left.clone(), right.clone());
                let description = format!("`{}` to `{}`", op.word(), other.word());
                (description, Expr::Compare { op: *other, left, right })
            })
            .collect(),
        Expr::In { .. } => vec![("`in` to `not in`".to_owned(), negate(node))],
        Expr::Not(inner) => vec![("`!` dropped".to_owned(), inner.expr.clone())],
        Expr::And(nodes) => junction("&&", "||", nodes, Expr::And, Expr::Or),
        Expr::Or(nodes) => junction("||", "&&", nodes, Expr::Or, Expr::And),
        Expr::Loop { kind: kind @ (Loop::All | Loop::Exists), slot, list, body } => {
            let other = if *kind == Loop::All { Loop::Exists } else { Loop::All };
            let (list, body) = (list.clone(), body.clone());
            let description = format!("`{}` to `{}`", kind.word(), other.word());
            vec![(description, Expr::Loop { kind: other, slot: *slot, list, body })]
        }
        Expr::Loop { kind: Loop::Filter, list, .. } => {
            vec![("`filter` dropped".to_owned(), list.expr.clone())]
        }
        Expr::Loop { kind: Loop::Unique, .. } => {
            vec![("`unique` negated".to_owned(), negate(node))]
        }
        Expr::Has(_) => vec![("`has` negated".to_owned(), negate(node))],
        Expr::TextTest { test, .. } => {
            vec![(format!("`{}` negated", test.word()), negate(node))]
        }
        Expr::WithinDays { .. } => vec![("`within_days` negated".to_owned(), negate(node))],
        Expr::ModeWithin { .. } => vec![("`mode_within` negated".to_owned(), negate(node))],
        Expr::Int(value) => [1_i64, -1]
            .into_iter()
            .filter_map(|step| value.checked_add(step))
            .map(|changed| (format!("`{value}` to `{changed}`"), Expr::Int(changed)))
            .collect(),
        Expr::Bool(value) => vec![(format!("`{value}` to `{}`", !value), Expr::Bool(!value))],
        Expr::List(members) => (0..members.len())
            .map(|dropped| {
                let mut kept = members.clone();
                kept.remove(dropped);
                (format!("member {} dropped", dropped + 1), Expr::List(kept))
            })
            .collect(),
        _ => Vec::new(),
    }
}

/// The opposite of a comparison, and what differs from it at the bound alone.
/// Others, such as `!=` for `>`, are often no change at all over the values
/// that evidence has.
fn neighbours(op: Op) -> &'static [Op] {
    match op {
        Op::Eq => &[Op::Ne],
        Op::Ne => &[Op::Eq],
        Op::Lt => &[Op::Le, Op::Ge],
        Op::Le => &[Op::Lt, Op::Gt],
        Op::Gt => &[Op::Ge, Op::Le],
        Op::Ge => &[Op::Gt, Op::Lt],
    }
}

fn negate(node: &Node) -> Expr {
    Expr::Not(Box::new(node.clone()))
}

fn junction(
    word: &str,
    other_word: &str,
    nodes: &[Node],
    same: fn(Vec<Node>) -> Expr,
    other: fn(Vec<Node>) -> Expr,
) -> Vec<(String, Expr)> {
    let mut all = vec![(format!("`{word}` to `{other_word}`"), other(nodes.to_vec()))];
    for dropped in 0..nodes.len() {
        let mut kept = nodes.to_vec();
        kept.remove(dropped);
        all.push((format!("operand {} of `{word}` dropped", dropped + 1), same(kept)));
    }
    all
}

/// The changes of one parameter.
fn nudges(kind: ParamType, default: &ParamValue) -> Vec<(String, Nudge)> {
    let dropped = |member: Member| {
        let shown = match &member {
            Member::Int(value) => value.to_string(),
            Member::Text(text) => text.clone(),
        };
        (format!("`{shown}` dropped"), Nudge::Without(member))
    };
    let days = || {
        vec![
            ("a day later".to_owned(), Nudge::Days(1)),
            ("a day earlier".to_owned(), Nudge::Days(-1)),
        ]
    };
    match (kind, default) {
        (ParamType::Int, _) => {
            vec![("one more".to_owned(), Nudge::Add(1)), ("one less".to_owned(), Nudge::Add(-1))]
        }
        (ParamType::Bool, _) => vec![("the opposite".to_owned(), Nudge::Flip)],
        (ParamType::Date, _) => days(),
        (ParamType::Mode, ParamValue::Text(mode)) => mode_nudges(mode),
        (_, ParamValue::Ints(list)) => {
            list.iter().map(|member| dropped(Member::Int(*member))).collect()
        }
        (_, ParamValue::Texts(list)) => {
            list.iter().map(|member| dropped(Member::Text(member.clone()))).collect()
        }
        (_, ParamValue::TextMap(map)) => {
            map.keys().map(|key| dropped(Member::Text(key.clone()))).collect()
        }
        (_, ParamValue::Dates(map)) => {
            let keys = map.keys().map(|key| dropped(Member::Text(key.clone())));
            keys.chain(days()).collect()
        }
        _ => Vec::new(),
    }
}

/// One bit less (the weightiest that is set), and one more (the first that
/// grants others something).
fn mode_nudges(mode: &str) -> Vec<(String, Nudge)> {
    const MORE: [u32; 6] = [0o004, 0o002, 0o020, 0o040, 0o001, 0o010];
    let Some(bits) = mode_bits(mode) else { return Vec::new() };
    let less = [0o040, 0o004, 0o400, 0o200].into_iter().find(|bit| bits & bit != 0);
    let more = MORE.into_iter().find(|bit| bits & bit == 0);
    let nudge = |bit: u32| (format!("to `{:04o}`", bits ^ bit), Nudge::Bits(bit));
    less.into_iter().chain(more).map(nudge).collect()
}
