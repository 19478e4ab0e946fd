//! Walking a stack as libpam does: once with given answers, or along every way
//! that answers can take.

use super::control::{Action, Control, IGNORE, MODULE_UNKNOWN, PERM_DENIED, SUCCESS};
use std::collections::BTreeSet;

/// What libpam makes of one rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Handler {
    pub(super) kind: HandlerKind,
    /// How many substacks it stands in.
    pub(super) level: usize,
    pub(super) control: Control,
    /// The module without path and suffix.
    pub(super) module: Vec<u8>,
    pub(super) arguments: Vec<Vec<u8>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum HandlerKind {
    Module,
    /// A module that is not installed.
    Missing,
    /// A rule that libpam cannot make sense of: it fails.
    MustFail,
    /// The head of a substack; it answers nothing.
    Substack,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Impression {
    Undefined,
    Positive,
    Negative,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct State {
    impression: Impression,
    status: u8,
    /// What held when the substack of each level was entered.
    entered: Vec<(Impression, u8)>,
    previous_level: usize,
}

impl State {
    const fn begin() -> Self {
        let impression = Impression::Undefined;
        Self { impression, status: PERM_DENIED, entered: Vec::new(), previous_level: 0 }
    }

    /// To be called before the rule at `at` answers.
    fn enter(&mut self, level: usize) {
        if self.previous_level < level {
            self.entered.resize(level, (Impression::Undefined, PERM_DENIED));
            self.entered[level - 1] = (self.impression, self.status);
        } else {
            // What deeper substacks remember is written anew before it is used.
            self.entered.truncate(level);
        }
        self.previous_level = level;
    }

    /// What the answer of the rule at `at` does; gives the rule that is next.
    fn answer(&mut self, stack: &[Handler], at: usize, code: u8) -> usize {
        let rule = &stack[at];
        let deeper = |at: usize| stack.get(at).filter(|next| next.level >= rule.level);
        let decided = || (at + 1..).find(|next| deeper(*next).is_none()).unwrap_or(stack.len());
        let (code, action) =
            if code < 32 { (code, rule.control.on(code)) } else { (PERM_DENIED, Action::Bad) };
        match action {
            Action::Ignore => {}
            Action::Reset => {
                let outside = (Impression::Undefined, PERM_DENIED);
                let entered = rule.level.checked_sub(1).and_then(|level| self.entered.get(level));
                (self.impression, self.status) = entered.copied().unwrap_or(outside);
            }
            Action::Ok | Action::Done => {
                let open = self.impression == Impression::Undefined
                    || (self.impression == Impression::Positive && self.status == SUCCESS);
                if open {
                    (self.impression, self.status) = (Impression::Positive, code);
                }
                if self.impression == Impression::Positive && action == Action::Done {
                    return decided();
                }
            }
            Action::Bad | Action::Die => {
                if self.impression != Impression::Negative {
                    self.impression = Impression::Negative;
                    self.status = if code == IGNORE { PERM_DENIED } else { code };
                }
                if action == Action::Die {
                    return decided();
                }
            }
            Action::Jump(count) => {
                let mut next = at + 1;
                for _ in 0..count {
                    if deeper(next).is_none() {
                        // Too far a jump cannot succeed.
                        (self.impression, self.status) = (Impression::Negative, PERM_DENIED);
                        break;
                    }
                    next += 1;
                    while stack.get(next).is_some_and(|inner| inner.level > rule.level) {
                        next += 1;
                    }
                }
                return next;
            }
        }
        at + 1
    }

    fn result(&self) -> u8 {
        match self.impression {
            Impression::Positive => self.status,
            _ if self.status == SUCCESS => PERM_DENIED,
            _ => self.status,
        }
    }
}

/// The answer of a rule that does not depend on a module.
fn fixed(rule: &Handler) -> Option<u8> {
    match rule.kind {
        HandlerKind::MustFail => Some(PERM_DENIED),
        HandlerKind::Missing => Some(MODULE_UNKNOWN),
        HandlerKind::Module | HandlerKind::Substack => None,
    }
}

/// The result of a stack whose modules answer as `answers` says.
#[cfg(test)]
pub(super) fn walk(stack: &[Handler], answers: impl Fn(&Handler) -> u8) -> u8 {
    let mut state = State::begin();
    let mut at = 0;
    while let Some(rule) = stack.get(at) {
        state.enter(rule.level);
        at = match rule.kind {
            HandlerKind::Substack => at + 1,
            _ => {
                let code = fixed(rule).unwrap_or_else(|| answers(rule));
                state.answer(stack, at, code)
            }
        };
    }
    state.result()
}

/// How a way through a stack can end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Ending {
    pub(super) success: bool,
    /// What happened on the way, in the bits of the scenario.
    pub(super) happened: u16,
}

/// More states than an honest stack can have.
const STATES_MAX: usize = 20_000;

/// Every ending that a stack can have where `answers` gives, for a rule and what
/// happened so far, the codes it may answer and what has happened then. Nothing
/// where there are too many ways.
pub(super) fn endings(
    stack: &[Handler],
    answers: impl Fn(&Handler, usize, u16) -> Vec<(u8, u16)>,
) -> Option<BTreeSet<Ending>> {
    let mut endings = BTreeSet::new();
    let mut seen = BTreeSet::new();
    let mut open = vec![(0, State::begin(), 0)];
    while let Some((at, mut state, happened)) = open.pop() {
        let Some(rule) = stack.get(at) else {
            endings.insert(Ending { success: state.result() == SUCCESS, happened });
            continue;
        };
        state.enter(rule.level);
        if rule.kind == HandlerKind::Substack {
            open.push((at + 1, state, happened));
            continue;
        }
        let codes = match fixed(rule) {
            Some(code) => vec![(code, happened)],
            None => answers(rule, at, happened),
        };
        for (code, happened) in codes {
            let mut after = state.clone();
            let next = after.answer(stack, at, code);
            // Only whether a status is success decides anything.
            if after.status != SUCCESS {
                after.status = PERM_DENIED;
            }
            let step = (next, after, happened);
            if seen.insert(step.clone()) {
                open.push(step);
            }
        }
        if seen.len() > STATES_MAX {
            return None;
        }
    }
    Some(endings)
}
