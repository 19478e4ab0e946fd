//! What locks accounts after failures.

use super::settings::{Settings, leading_int};
use super::walk::Handler;
use crate::problem::Problem;
use anji_model::FailureCategory;
use schemars::JsonSchema;
use serde::Serialize;

/// A rule of the auth stack that counts failures and locks accounts.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Lockout {
    /// The place of the rule in the stack.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub position: i64,
    /// The module and, of pam_faillock, what the rule does: `pam_faillock preauth`
    /// and `pam_faillock authsucc` refuse a locked account, `pam_faillock authfail`
    /// counts. pam_tally2 does both.
    #[schemars(extend("x-sensitivity" = "internal", "x-label" = true))]
    pub rule: String,
    /// Failures after which the account is locked; 0 means never.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub deny: Option<i64>,
    /// Seconds that an account stays locked; 0 means until someone unlocks it.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub unlock_time: Option<i64>,
    /// Seconds within which failures count together; 0 where they add up without limit.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub fail_interval: Option<i64>,
    /// Whether root is locked too.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub even_deny_root: Option<bool>,
    /// Seconds that root stays locked, where root is.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub root_unlock_time: Option<i64>,
}

/// What a rule of pam_faillock does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    Preauth,
    Authfail,
    Authsucc,
}

pub(super) fn phase(rule: &Handler) -> Phase {
    rule.arguments.iter().fold(Phase::Preauth, |phase, word| match word.as_slice() {
        b"preauth" => Phase::Preauth,
        b"authfail" => Phase::Authfail,
        b"authsucc" => Phase::Authsucc,
        _ => phase,
    })
}

/// The most seconds that pam_faillock takes.
const SECONDS_MAX: i64 = 604_800;

struct Limits {
    deny: i64,
    unlock_time: i64,
    fail_interval: i64,
    even_deny_root: bool,
    root_unlock_time: Option<i64>,
}

impl Limits {
    const FAILLOCK: Self = Self {
        deny: 3,
        unlock_time: 600,
        fail_interval: 900,
        even_deny_root: false,
        root_unlock_time: None,
    };
    const TALLY: Self = Self { deny: 0, unlock_time: 0, fail_interval: 0, ..Self::FAILLOCK };

    fn faillock(&mut self, name: &str, value: &[u8]) {
        // A number out of bounds is passed over; `deny` is cut to 16 bits.
        let seconds = || leading_int(value).filter(|n| (0..=SECONDS_MAX).contains(n));
        let until = || if value == b"never" { Some(0) } else { seconds() };
        match name {
            "deny" => {
                let number = leading_int(value).map(|number| number.rem_euclid(1 << 16));
                self.deny = number.unwrap_or(self.deny);
            }
            "fail_interval" => self.fail_interval = seconds().unwrap_or(self.fail_interval),
            "unlock_time" => self.unlock_time = until().unwrap_or(self.unlock_time),
            "root_unlock_time" => self.root_unlock_time = until().or(self.root_unlock_time),
            "even_deny_root" => self.even_deny_root = true,
            _ => {}
        }
    }

    fn tally(&mut self, name: &str, value: &[u8]) {
        let number = leading_int(value);
        match name {
            "deny" => self.deny = number.map_or(self.deny, |number| number.rem_euclid(1 << 16)),
            "unlock_time" => self.unlock_time = number.unwrap_or(self.unlock_time),
            "root_unlock_time" => {
                self.root_unlock_time = number.or(self.root_unlock_time);
                self.even_deny_root = true;
            }
            "even_deny_root" | "even_deny_root_account" => self.even_deny_root = true,
            _ => {}
        }
    }
}

/// The effective settings of a rule; a problem leaves what is not known empty.
pub(super) fn lockout(
    rule: &Handler,
    position: i64,
    settings: &Settings,
) -> (Lockout, Option<Problem>) {
    let faillock = rule.module == b"pam_faillock";
    let mut name = crate::escape::escape(&rule.module);
    let mut limits = if faillock { Limits::FAILLOCK } else { Limits::TALLY };
    if faillock {
        name.push_str(match phase(rule) {
            Phase::Preauth => " preauth",
            Phase::Authfail => " authfail",
            Phase::Authsucc => " authsucc",
        });
        if rule.arguments.iter().any(|argument| argument.starts_with(b"conf=")) {
            let detail = "pam_faillock has a file of its own, which is not read";
            let problem = Problem::new(FailureCategory::Unsupported, detail);
            return (empty(name, position), Some(problem));
        }
        match &settings.faillock {
            Err(problem) => return (empty(name, position), Some(problem.clone())),
            Ok(lines) => {
                for line in lines {
                    limits.faillock(&line.name, &line.value);
                }
            }
        }
    }
    for argument in &rule.arguments {
        let at = argument.iter().position(|&b| b == b'=').unwrap_or(argument.len());
        let word = String::from_utf8_lossy(&argument[..at]);
        let value = argument.get(at + 1..).unwrap_or_default();
        if faillock {
            limits.faillock(&word, value);
        } else {
            limits.tally(&word, value);
        }
    }
    let lockout = Lockout {
        deny: Some(limits.deny),
        unlock_time: Some(limits.unlock_time),
        fail_interval: Some(limits.fail_interval),
        even_deny_root: Some(limits.even_deny_root),
        root_unlock_time: Some(limits.root_unlock_time.unwrap_or(limits.unlock_time)),
        ..empty(name, position)
    };
    (lockout, None)
}

fn empty(rule: String, position: i64) -> Lockout {
    Lockout {
        position,
        rule,
        deny: None,
        unlock_time: None,
        fail_interval: None,
        even_deny_root: None,
        root_unlock_time: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_those_of_the_module() {
        let mut limits = Limits::FAILLOCK;
        for (name, value) in [
            ("deny", "5x"),
            ("deny", "x"),
            ("unlock_time", "never"),
            ("unlock_time", "700000"),
            ("fail_interval", "-1"),
        ] {
            limits.faillock(name, value.as_bytes());
        }
        assert_eq!((limits.deny, limits.unlock_time, limits.fail_interval), (5, 0, 900));
        limits.faillock("deny", b"-1");
        assert_eq!(limits.deny, 65_535);
        let mut limits = Limits::TALLY;
        limits.tally("root_unlock_time", b"60");
        assert!(limits.even_deny_root && limits.deny == 0);
    }
}
