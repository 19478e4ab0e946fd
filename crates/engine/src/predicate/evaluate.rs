//! Evaluation in Kleene logic. Total: whatever the evidence holds, an answer
//! comes, within a bounded number of steps.

use super::cause::{Cause, covers, lacks_elements};
use super::trace::{PathNode, Trace};
use super::tree::{Expr, Loop, Node, Origin};
use super::types::Type;
use super::value::{Doubt, Val, day_start, mode_bits};
use super::{BoundState, Environment, Predicate, Truth, Verdict};
use crate::content::ParamValue;
use anji_model::{Gap, GapKind, Reason};
use jiff::Timestamp;
use serde_json::Value;
use std::cmp::Ordering;
use std::collections::{BTreeSet, HashSet};
use std::ops::ControlFlow;

/// More steps than this are not taken: the answer is unknown.
pub(super) const STEPS_MAX: u32 = 5_000_000;
/// Approved lists longer than this are looked up by hash.
const SET_FROM: usize = 32;

/// The answer of `predicate` over `env`.
pub(super) fn evaluate(predicate: &Predicate, env: &Environment<'_>) -> Verdict {
    if predicate.nudges.is_empty() {
        return Evaluator::new(predicate, env, env.params).verdict();
    }
    let params: Vec<ParamValue> = env
        .params
        .iter()
        .enumerate()
        .map(|(index, value)| {
            let nudges = predicate.nudges.iter().filter(|(param, _)| *param == index);
            nudges.fold(value.clone(), |value, (_, nudge)| nudge.apply(value))
        })
        .collect();
    Evaluator::new(predicate, env, &params).verdict()
}

/// Every text that `predicate` looks up in the approved list `register`,
/// answering each look-up with yes, so that none is left out for another's sake.
pub(super) fn looked_up(
    predicate: &Predicate,
    env: &Environment<'_>,
    register: usize,
) -> BTreeSet<String> {
    let mut evaluator = Evaluator::new(predicate, env, env.params);
    evaluator.asked = Some((register, BTreeSet::new()));
    evaluator.eval(predicate.root());
    let values = evaluator.asked.map(|(_, values)| values).unwrap_or_default();
    values.into_iter().map(str::to_owned).collect()
}

/// A loop variable's value, and where it stands (only while tracing).
#[derive(Debug, Clone, Copy)]
pub(super) struct Slot<'a> {
    pub(super) val: Val<'a>,
    pub(super) path: usize,
}

pub(super) struct Evaluator<'a> {
    pub(super) predicate: &'a Predicate,
    pub(super) env: &'a Environment<'a>,
    pub(super) params: &'a [ParamValue],
    pub(super) slots: Vec<Slot<'a>>,
    pub(super) paths: Vec<PathNode<'a>>,
    pub(super) tracing: bool,
    pub(super) causes: Vec<Cause<'a>>,
    steps: u32,
    valid_until: Option<Timestamp>,
    sets: Vec<Option<HashSet<&'a str>>>,
    /// The approved list whose questions are written down, and what was asked.
    asked: Option<(usize, BTreeSet<&'a str>)>,
}

impl<'a> Evaluator<'a> {
    pub(super) fn new(
        predicate: &'a Predicate,
        env: &'a Environment<'a>,
        params: &'a [ParamValue],
    ) -> Self {
        Self {
            predicate,
            env,
            params,
            slots: Vec::new(),
            paths: vec![PathNode::Nowhere],
            tracing: false,
            causes: Vec::new(),
            steps: 0,
            valid_until: None,
            sets: Vec::new(),
            asked: None,
        }
    }

    fn verdict(mut self) -> Verdict {
        let root = self.predicate.root();
        let mut value = self.eval(root);
        let mut trace = Trace::default();
        if let Val::Bool(truth) = value {
            self.tracing = true;
            trace = self.trace(root, truth);
        }
        if self.steps > STEPS_MAX {
            value = self.unknown(Cause::Steps);
            trace = Trace::default();
        }
        let (truth, doubt) = match value {
            Val::Bool(true) => (Truth::True, Doubt::default()),
            Val::Bool(false) => (Truth::False, Doubt::default()),
            Val::Doubt(doubt) if doubt.unknown == 0 => (Truth::Absent, doubt),
            Val::Doubt(doubt) => (Truth::Unknown, Doubt { absent: 0, ..doubt }),
            // Typing makes every root a bool.
            _ => (Truth::Unknown, Doubt::default()),
        };
        let bits = |set: u64| (0..64_usize).filter(move |bit| set >> bit & 1 == 1);
        let absent: Vec<usize> = bits(doubt.absent).collect();
        let mut reasons: Vec<Reason> = bits(doubt.unknown)
            .filter_map(|bit| self.causes.get(bit))
            .map(|cause| self.reason(*cause))
            .collect();
        reasons.extend(absent.iter().map(|binding| self.absence(*binding)));
        Verdict {
            truth,
            terms: trace.terms,
            terms_total: trace.terms_total,
            terms_rest: trace.rest,
            observed: trace.observed,
            reasons,
            absent,
            valid_until: self.valid_until,
        }
    }

    pub(super) fn bit(&mut self, cause: Cause<'a>) -> u64 {
        let index = self.causes.iter().position(|known| *known == cause).unwrap_or_else(|| {
            self.causes.push(cause);
            self.causes.len() - 1
        });
        // The 64th bit stands for all further causes.
        1 << index.min(63)
    }

    pub(super) fn unknown(&mut self, cause: Cause<'a>) -> Val<'a> {
        Val::Doubt(Doubt::unknown(self.bit(cause)))
    }

    /// Counts a step; false when there have been too many.
    pub(super) fn step(&mut self, cost: usize) -> bool {
        self.steps = self.steps.saturating_add(u32::try_from(cost).unwrap_or(u32::MAX));
        self.steps <= STEPS_MAX
    }

    pub(super) fn eval(&mut self, node: &'a Node) -> Val<'a> {
        if !self.step(1) {
            return self.unknown(Cause::Steps);
        }
        match &node.expr {
            Expr::Bool(value) => Val::Bool(*value),
            Expr::Int(value) => Val::Int(*value),
            Expr::Text(text) => Val::Text(text),
            Expr::List(nodes) => Val::Literals(nodes),
            Expr::Binding(index) => self.binding(*index, &node.ty),
            Expr::Var(slot) => match self.slots.get(*slot) {
                Some(slot) => slot.val,
                None => self.unknown(Cause::Unbound),
            },
            Expr::Param(index) => self.param(*index),
            Expr::Register(index) => self.register(*index),
            Expr::Now => Val::Time(self.env.now),
            Expr::Field { base, name, optional } => self.field(node, base, name, *optional),
            Expr::Index { map, key } => self.index(map, key),
            Expr::Not(inner) => match self.eval(inner) {
                Val::Bool(value) => Val::Bool(!value),
                other => other,
            },
            Expr::And(nodes) => self.junction(nodes, false),
            Expr::Or(nodes) => self.junction(nodes, true),
            Expr::Compare { op, left, right } => {
                let (left, right) = (self.eval(left), self.eval(right));
                self.note_time(left, right);
                self.both(left, right, |left, right| left.order(right).map(|o| op.holds(o)))
            }
            Expr::In { item, list } => {
                let item = self.eval(item);
                self.contains(item, list)
            }
            Expr::Loop { kind: Loop::All, slot, list, body } => {
                self.quantify(*slot, list, body, false)
            }
            Expr::Loop { kind: Loop::Exists, slot, list, body } => {
                self.quantify(*slot, list, body, true)
            }
            Expr::Loop { kind: Loop::Unique, slot, list, body } => self.unique(*slot, list, body),
            Expr::Loop { .. } => Val::Derived,
            Expr::Has(field) => self.has(field),
            Expr::Size(list) => self.size(list),
            Expr::TextTest { test, text, part } => {
                let (text, part) = (self.eval(text), self.eval(part));
                self.both(text, part, |text, part| match (text, part) {
                    (Val::Text(text), Val::Text(part)) => Some(test.holds(text, part)),
                    _ => None,
                })
            }
            Expr::WithinDays { day, days } => {
                let (day, days) = (self.eval(day), self.eval(days));
                self.within_days(day, days)
            }
            Expr::ModeWithin { mode, allowed } => {
                let (mode, allowed) = (self.eval(mode), self.eval(allowed));
                self.mode_within(mode, allowed)
            }
        }
    }

    fn param(&mut self, index: usize) -> Val<'a> {
        match self.params.get(index) {
            Some(value) => Val::param(value),
            None => self.unknown(Cause::Unbound),
        }
    }

    fn register(&mut self, index: usize) -> Val<'a> {
        match self.env.registers.get(index) {
            Some(Some(entries)) => Val::Texts(entries),
            _ => self.unknown(Cause::Register(index)),
        }
    }

    fn binding(&mut self, index: usize, ty: &Type) -> Val<'a> {
        let Some(bound) = self.env.bindings.get(index) else {
            return self.unknown(Cause::Unbound);
        };
        match &bound.state {
            BoundState::Absent => Val::Doubt(Doubt::absent(index)),
            BoundState::Unknown(_) => self.unknown(Cause::Binding(index)),
            BoundState::Collected { value, .. } => match Val::read(value, ty) {
                Some(val) => val,
                None => self.unknown(Cause::Schema(index, "")),
            },
        }
    }

    fn field(&mut self, node: &'a Node, base: &'a Node, name: &'a str, optional: bool) -> Val<'a> {
        let base = self.eval(base);
        let record = match base {
            Val::Json(Value::Object(record)) => record,
            Val::Doubt(_) => return base,
            _ => return self.unknown(Cause::Unbound),
        };
        let Some(origin) = &node.origin else { return self.unknown(Cause::Unbound) };
        let value = record.get(name).unwrap_or(&Value::Null);
        self.read(value, &node.ty, origin, optional)
    }

    /// A value of the evidence: null is unknown where a gap says so, else absent by fact.
    fn read(&mut self, value: &'a Value, ty: &Type, origin: &'a Origin, optional: bool) -> Val<'a> {
        let gaps = self.gaps(origin.binding);
        if value.is_null() {
            let gap = gaps.iter().position(|gap| match gap.kind {
                GapKind::Unknown => covers(&gap.path, &origin.path),
                GapKind::Partial => lacks_elements(&gap.path, &origin.path),
            });
            return match gap {
                Some(gap) => self.unknown(Cause::Gap(origin.binding, gap)),
                None if optional => Val::Doubt(Doubt::absent(origin.binding)),
                // The schema promises a value: this body is not of this schema.
                None => self.unknown(Cause::Schema(origin.binding, &origin.path)),
            };
        }
        // A value that cannot be null cannot show that it was not had, either:
        // whatever stands there when a gap names it is not to be trusted.
        if !optional && !gaps.is_empty() && ty.is_scalar() {
            let gap = gaps
                .iter()
                .position(|gap| gap.kind == GapKind::Unknown && *gap.path == *origin.path);
            if let Some(gap) = gap {
                return self.unknown(Cause::Gap(origin.binding, gap));
            }
        }
        match Val::read(value, ty) {
            Some(val) => val,
            None => self.unknown(Cause::Schema(origin.binding, &origin.path)),
        }
    }

    pub(super) fn gaps(&self, binding: usize) -> &'a [Gap] {
        match self.env.bindings.get(binding).map(|bound| &bound.state) {
            Some(BoundState::Collected { gaps, .. }) => gaps,
            _ => &[],
        }
    }

    fn index(&mut self, map: &'a Node, key: &'a Node) -> Val<'a> {
        let (param, key) = (map, self.eval(key));
        let map = self.eval(map);
        match (map, key) {
            (_, Val::Doubt(_)) => key,
            (Val::Map(ParamValue::Dates(dates)), Val::Text(key)) => match dates.get(key) {
                Some(date) => Val::Time(super::value::day_end(*date)),
                None => self.no_entry(param, key),
            },
            (Val::Map(ParamValue::TextMap(texts)), Val::Text(key)) => match texts.get(key) {
                Some(text) => Val::Text(text),
                None => self.no_entry(param, key),
            },
            _ => self.unknown(Cause::Unbound),
        }
    }

    fn no_entry(&mut self, param: &'a Node, key: &'a str) -> Val<'a> {
        match param.expr {
            Expr::Param(index) => self.unknown(Cause::NoEntry(index, key)),
            _ => self.unknown(Cause::Unbound),
        }
    }

    /// Time alone can change a comparison with `now` when the other side comes.
    fn note_time(&mut self, left: Val<'a>, right: Val<'a>) {
        if let (Val::Time(left), Val::Time(right)) = (left, right) {
            for instant in [left, right] {
                if instant > self.env.now && self.valid_until.is_none_or(|known| instant < known) {
                    self.valid_until = Some(instant);
                }
            }
        }
    }

    fn both(
        &mut self,
        left: Val<'a>,
        right: Val<'a>,
        answer: impl FnOnce(Val<'a>, Val<'a>) -> Option<bool>,
    ) -> Val<'a> {
        match (left, right) {
            (Val::Doubt(left), Val::Doubt(right)) => Val::Doubt(left.and(right)),
            (doubt @ Val::Doubt(_), _) | (_, doubt @ Val::Doubt(_)) => doubt,
            _ => match answer(left, right) {
                Some(answer) => Val::Bool(answer),
                None => self.unknown(Cause::Unbound),
            },
        }
    }

    /// `&&` (decided by a false) and `||` (decided by a true).
    fn junction(&mut self, nodes: &'a [Node], decisive: bool) -> Val<'a> {
        let mut doubt = Doubt::default();
        for node in nodes {
            match self.eval(node) {
                Val::Bool(value) if value == decisive => return Val::Bool(decisive),
                Val::Doubt(more) => doubt = doubt.and(more),
                _ => {}
            }
        }
        settled(doubt, !decisive)
    }

    /// `all` (decided by a false) and `exists` (decided by a true).
    fn quantify(&mut self, slot: usize, list: &'a Node, body: &'a Node, decisive: bool) -> Val<'a> {
        let mut doubt = Doubt::default();
        let mut decided = false;
        let rest = self.each(list, &mut |this, element| {
            this.set(slot, element.slot);
            match this.eval(body) {
                Val::Bool(value) if value != decisive => {}
                Val::Bool(_) if element.doubt.is_none() => {
                    decided = true;
                    return ControlFlow::Break(());
                }
                Val::Doubt(more) => doubt = doubt.and(more).and(element.doubt),
                _ => doubt = doubt.and(element.doubt),
            }
            ControlFlow::Continue(())
        });
        if decided {
            return Val::Bool(decisive);
        }
        settled(doubt.and(rest.doubt).and(rest.empty), !decisive)
    }

    fn unique(&mut self, slot: usize, list: &'a Node, key: &'a Node) -> Val<'a> {
        let mut seen: HashSet<Key<'a>> = HashSet::new();
        let mut uncertain: Vec<(Key<'a>, Doubt)> = Vec::new();
        let mut doubt = Doubt::default();
        let mut repeated = false;
        let rest = self.each(list, &mut |this, element| {
            this.set(slot, element.slot);
            let value = this.eval(key);
            match (Key::of(value), value) {
                (_, Val::Doubt(more)) => doubt = doubt.and(more).and(element.doubt),
                (Some(key), _) if !element.doubt.is_none() => uncertain.push((key, element.doubt)),
                (Some(key), _) if !seen.insert(key) => {
                    repeated = true;
                    return ControlFlow::Break(());
                }
                _ => {}
            }
            ControlFlow::Continue(())
        });
        if repeated {
            return Val::Bool(false);
        }
        for (key, more) in uncertain {
            if !seen.insert(key) {
                doubt = doubt.and(more);
            }
        }
        settled(doubt.and(rest.doubt).and(rest.empty), true)
    }

    fn has(&mut self, field: &'a Node) -> Val<'a> {
        let Expr::Field { base, .. } = &field.expr else { return self.unknown(Cause::Unbound) };
        // Of evidence that is absent as a whole there is nothing to say about fields.
        let env = self.env;
        let whole = |doubt: Doubt| {
            env.bindings.iter().enumerate().any(|(index, bound)| {
                doubt.absent >> index.min(63) & 1 == 1 && matches!(bound.state, BoundState::Absent)
            })
        };
        if let Val::Doubt(doubt) = self.eval(base) {
            return match doubt.unknown == 0 && !whole(doubt) {
                true => Val::Bool(false),
                false => Val::Doubt(doubt),
            };
        }
        match self.eval(field) {
            Val::Doubt(doubt) if doubt.unknown == 0 => Val::Bool(false),
            doubt @ Val::Doubt(_) => doubt,
            _ => Val::Bool(true),
        }
    }

    fn size(&mut self, list: &'a Node) -> Val<'a> {
        let mut count = 0_i64;
        let mut doubt = Doubt::default();
        let rest = self.each(list, &mut |_, element| {
            count += 1;
            doubt = doubt.and(element.doubt);
            ControlFlow::Continue(())
        });
        doubt = doubt.and(rest.doubt);
        if matches!(list.expr, Expr::Loop { .. }) {
            doubt = doubt.and(rest.empty);
        }
        if doubt.is_none() { Val::Int(count) } else { Val::Doubt(doubt) }
    }

    /// True until the end, in UTC, of the last of the days.
    fn within_days(&mut self, day: Val<'a>, days: Val<'a>) -> Val<'a> {
        let end = match (day, days) {
            (Val::Int(day), Val::Int(days)) => {
                Val::Time(day_start(day.saturating_add(days).saturating_add(1)))
            }
            _ => day,
        };
        let now = Val::Time(self.env.now);
        self.note_time(now, end);
        self.both(end, days, |_, _| now.order(end).map(Ordering::is_lt))
    }

    fn mode_within(&mut self, mode: Val<'a>, allowed: Val<'a>) -> Val<'a> {
        match (mode, allowed) {
            (Val::Text(mode), Val::Text(allowed)) => match (mode_bits(mode), mode_bits(allowed)) {
                (Some(mode), Some(allowed)) => Val::Bool(mode & !allowed == 0),
                _ => self.unknown(Cause::Mode),
            },
            _ => self.both(mode, allowed, |_, _| None),
        }
    }

    fn contains(&mut self, item: Val<'a>, list: &'a Node) -> Val<'a> {
        if let (Some((asked, values)), Expr::Register(register)) = (&mut self.asked, &list.expr)
            && asked == register
            && let Val::Text(text) = item
        {
            values.insert(text);
            return Val::Bool(true);
        }
        let entries = self.eval(list);
        if let Some(doubt) = item.doubt() {
            return Val::Doubt(doubt.and(entries.doubt().unwrap_or_default()));
        }
        match (entries, item) {
            (Val::Texts(entries), Val::Text(item)) => {
                Val::Bool(self.texts_contain(entries, item, list))
            }
            (Val::Doubt(_), _) => entries,
            _ => {
                let mut doubt = Doubt::default();
                let mut found = false;
                let rest = self.each(list, &mut |_, element| {
                    match element.slot.val {
                        Val::Doubt(more) => doubt = doubt.and(more).and(element.doubt),
                        value if value.equals(item) => {
                            if element.doubt.is_none() {
                                found = true;
                                return ControlFlow::Break(());
                            }
                            doubt = doubt.and(element.doubt);
                        }
                        _ => {}
                    }
                    ControlFlow::Continue(())
                });
                if found {
                    return Val::Bool(true);
                }
                doubt = doubt.and(rest.doubt);
                if matches!(list.expr, Expr::Loop { .. }) {
                    doubt = doubt.and(rest.empty);
                }
                settled(doubt, false)
            }
        }
    }

    fn texts_contain(&mut self, entries: &'a [String], item: &str, list: &'a Node) -> bool {
        let slot = match list.expr {
            Expr::Register(index) => 2 * index,
            Expr::Param(index) => 2 * index + 1,
            _ => usize::MAX,
        };
        if entries.len() < SET_FROM || slot == usize::MAX {
            self.step(entries.len());
            return entries.iter().any(|entry| entry == item);
        }
        if self.sets.len() <= slot {
            self.sets.resize_with(slot + 1, || None);
        }
        let set =
            self.sets[slot].get_or_insert_with(|| entries.iter().map(String::as_str).collect());
        set.contains(item)
    }
}

/// A key of `unique`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Key<'a> {
    Bool(bool),
    Int(i64),
    Text(&'a str),
}

impl<'a> Key<'a> {
    pub(super) fn of(val: Val<'a>) -> Option<Self> {
        match val {
            Val::Bool(value) => Some(Self::Bool(value)),
            Val::Int(value) => Some(Self::Int(value)),
            Val::Text(text) => Some(Self::Text(text)),
            _ => None,
        }
    }
}

fn settled<'a>(doubt: Doubt, otherwise: bool) -> Val<'a> {
    if doubt.is_none() { Val::Bool(otherwise) } else { Val::Doubt(doubt) }
}
