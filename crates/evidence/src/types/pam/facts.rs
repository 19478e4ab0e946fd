//! What a stack really does: found out by following every way through it.

use super::control::{AUTH_ERR, AUTHTOK_ERR, IGNORE, MAXTRIES, SUCCESS};
use super::lockout::{Phase, phase};
use super::modules::{
    LOCKS, Others, Part, allows_empty, any_answer, part, proves, stores_passwords, takes_checked,
    takes_only_checked,
};
use super::walk::{Ending, Handler, endings};
use std::collections::BTreeSet;

/// A password was right.
const RIGHT: u16 = 1;
/// A password was wrong.
const WRONG: u16 = 2;
/// A failure was counted.
const COUNTED: u16 = 4;
/// A factor was proved.
const FACTOR: u16 = 8;
/// A new password was stored.
const STORED: u16 = 16;
/// There is a new password for the modules that follow.
const TOKEN: u16 = 32;

/// What is true of an auth stack; nothing where there are too many ways, or
/// where it depends on what a module decides.
pub(super) struct AuthFacts {
    pub(super) takes_passwords: Option<bool>,
    pub(super) password_required: Option<bool>,
    pub(super) second_factor_required: Option<bool>,
    pub(super) lockout_enforced: Option<bool>,
    pub(super) nullok: bool,
}

/// What accounts are in while a stack is followed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Account {
    Open,
    /// The lock's module named refuses it.
    Locked(&'static [u8]),
    /// The lock's module named counts.
    Counting(&'static [u8]),
}

pub(super) fn auth(stack: &[Handler]) -> AuthFacts {
    let all = follow_auth(stack, Account::Open, Others::Any);
    let successes = |all: &BTreeSet<Ending>| -> Vec<u16> {
        all.iter().filter(|end| end.success).map(|end| end.happened).collect()
    };
    let each = |bit: u16| {
        let all = all.as_ref()?;
        let met = successes(all);
        Some(!met.is_empty() && met.iter().all(|happened| happened & bit != 0))
    };
    AuthFacts {
        takes_passwords: all
            .as_ref()
            .map(|all| successes(all).iter().any(|happened| happened & RIGHT != 0)),
        password_required: each(RIGHT),
        second_factor_required: each(FACTOR),
        lockout_enforced: lockout_enforced(stack),
        nullok: stack.iter().any(|rule| part(&rule.module) == Part::Password && allows_empty(rule)),
    }
}

/// Whether some lock counts each wrong password and refuses the right one of a
/// locked account.
fn lockout_enforced(stack: &[Handler]) -> Option<bool> {
    let there = |module: &[u8]| stack.iter().any(|rule| rule.module == module);
    let mut answer = Some(false);
    for module in LOCKS.into_iter().filter(|module| there(module)) {
        match lock_holds(stack, module) {
            Some(true) => return Some(true),
            Some(false) => {}
            None => answer = None,
        }
    }
    answer
}

fn lock_holds(stack: &[Handler], module: &'static [u8]) -> Option<bool> {
    let fails = |others| -> Option<bool> {
        let counting = follow_auth(stack, Account::Counting(module), others)?;
        let locked = follow_auth(stack, Account::Locked(module), others)?;
        let uncounted = counting
            .iter()
            .any(|end| end.happened & WRONG != 0 && end.happened & (RIGHT | COUNTED) == 0);
        let entered = locked.iter().any(|end| end.success && end.happened & RIGHT != 0);
        Some(uncounted || entered)
    };
    decide(fails)
}

/// Whether a property holds that `fails` looks for a way around: surely where
/// there is none, surely not where there is one however the modules decide that
/// are not known.
fn decide(fails: impl Fn(Others) -> Option<bool>) -> Option<bool> {
    if !fails(Others::Any)? {
        return Some(true);
    }
    (fails(Others::Succeed)? && fails(Others::GoOn)?).then_some(false)
}

fn follow_auth(stack: &[Handler], account: Account, others: Others) -> Option<BTreeSet<Ending>> {
    endings(stack, |rule, _, happened| {
        let unchanged = |codes: Vec<u8>| codes.into_iter().map(|c| (c, happened)).collect();
        match part(&rule.module) {
            Part::Password => any_answer(&rule.control)
                .into_iter()
                .map(|code| match code {
                    SUCCESS => (code, happened | RIGHT),
                    AUTH_ERR => (code, happened | WRONG),
                    code => (code, happened),
                })
                .collect(),
            // Where none is let through, its module never asks to be passed over.
            Part::Factor => any_answer(&rule.control)
                .into_iter()
                .filter(|code| *code != IGNORE || !proves(rule))
                .map(|code| match code {
                    SUCCESS if proves(rule) => (code, happened | FACTOR),
                    code => (code, happened),
                })
                .collect(),
            Part::Lock => lock_answers(rule, account, happened),
            Part::Fixed(code) => unchanged(vec![code]),
            Part::Quality => unchanged(any_answer(&rule.control)),
            Part::Other => unchanged(others.answers(&rule.control)),
        }
    })
}

fn lock_answers(rule: &Handler, account: Account, happened: u16) -> Vec<(u8, u16)> {
    let mine = |module: &[u8]| rule.module == module;
    let tally = rule.module != b"pam_faillock";
    match account {
        Account::Locked(module) if mine(module) => vec![(AUTH_ERR, happened)],
        Account::Counting(module) if mine(module) && tally => {
            vec![(SUCCESS, happened | COUNTED)]
        }
        Account::Counting(module) if mine(module) => match phase(rule) {
            Phase::Authfail => vec![(IGNORE, happened | COUNTED)],
            Phase::Preauth | Phase::Authsucc => vec![(SUCCESS, happened)],
        },
        // Another lock may refuse or not.
        _ if !tally && phase(rule) == Phase::Authfail => {
            vec![(IGNORE, happened), (AUTH_ERR, happened)]
        }
        _ => vec![(SUCCESS, happened), (AUTH_ERR, happened)],
    }
}

/// Whether a new password of a local account can be stored.
pub(super) fn sets_passwords(stack: &[Handler]) -> Option<bool> {
    let all = follow_password(stack, None, Others::Any)?;
    Some(all.iter().any(|end| end.success && end.happened & STORED != 0))
}

/// Whether nothing is stored that the quality module at `position` refuses.
pub(super) fn quality_enforced(stack: &[Handler], position: usize) -> Option<bool> {
    let fails = |others| -> Option<bool> {
        let all = follow_password(stack, Some(position), others)?;
        // A password is stored at once, however the stack ends.
        Some(all.iter().any(|end| end.happened & STORED != 0))
    };
    let holds = decide(fails)?;
    // Before Linux-PAM 1.3 a module without such an argument asked for another password.
    let asks_again =
        stack.iter().any(|rule| stores_passwords(&rule.module) && !takes_checked(rule));
    if holds && asks_again { None } else { Some(holds) }
}

/// `refusing`: the quality module that refuses each password it sees.
fn follow_password(
    stack: &[Handler],
    refusing: Option<usize>,
    others: Others,
) -> Option<BTreeSet<Ending>> {
    endings(stack, |rule, at, happened| {
        let unchanged = |codes: Vec<u8>| codes.into_iter().map(|c| (c, happened)).collect();
        let quality = part(&rule.module) == Part::Quality;
        let checks = quality || rule.module == b"pam_pwhistory";
        if quality && refusing == Some(at) {
            return [AUTHTOK_ERR, MAXTRIES].map(|code| (code, happened & !TOKEN)).to_vec();
        }
        let failing = any_answer(&rule.control).into_iter().filter(|code| *code != SUCCESS);
        if checks {
            // What it refuses is forgotten; what it lets through is there for others.
            let mut answers: Vec<_> = failing.map(|code| (code, happened & !TOKEN)).collect();
            if happened & TOKEN != 0 || !takes_only_checked(rule) {
                answers.push((SUCCESS, happened | TOKEN));
            }
            return answers;
        }
        if stores_passwords(&rule.module) {
            let mut answers: Vec<_> = failing.map(|code| (code, happened)).collect();
            if happened & TOKEN != 0 || !takes_only_checked(rule) {
                answers.push((SUCCESS, happened | STORED | TOKEN));
            }
            return answers;
        }
        match part(&rule.module) {
            Part::Fixed(code) => unchanged(vec![code]),
            Part::Other => unchanged(others.answers(&rule.control)),
            _ => unchanged(any_answer(&rule.control)),
        }
    })
}
