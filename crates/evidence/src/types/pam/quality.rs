//! What modules demand of new passwords.

use super::settings::{Assignment, Settings, leading_int};
use super::walk::Handler;
use crate::problem::Problem;
use anji_model::FailureCategory;
use schemars::JsonSchema;
use serde::Serialize;

/// A module that refuses weak passwords, with its effective settings.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Quality {
    /// The place of its rule in the password stack.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub position: i64,
    /// The module: `pam_pwquality`, `pam_cracklib`, `pam_passwdqc` ...
    #[schemars(extend("x-sensitivity" = "internal", "x-label" = true))]
    pub module: String,
    /// Whether no password of a local account that it refuses is stored by this
    /// stack. What root sets for others may be excepted: see `enforce_for_root`.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub enforced: Option<bool>,
    /// The length of the shortest password that it lets through, when every
    /// credit is used. This is what counts, and not `minlen` alone.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub shortest: Option<i64>,
    /// How many classes of characters (digits, upper case, lower case, others)
    /// each password must have: `minclass`, or the number of negative credits.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub classes: Option<i64>,
    /// The configured length; absent for modules without it.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub minlen: Option<i64>,
    /// The configured number of classes; absent for modules without it.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub minclass: Option<i64>,
    /// Positive: length that digits save. Negative: digits demanded.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub dcredit: Option<i64>,
    /// The same of upper-case letters.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub ucredit: Option<i64>,
    /// The same of lower-case letters.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub lcredit: Option<i64>,
    /// The same of other characters.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub ocredit: Option<i64>,
    /// Characters that must differ from the old password.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub difok: Option<i64>,
    /// How often a character may repeat; 0 means any number.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub maxrepeat: Option<i64>,
    /// Whether passwords are looked for in a dictionary.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub dictcheck: Option<bool>,
    /// Whether it refuses what root sets for others, too.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub enforce_for_root: Option<bool>,
    /// Whether it looks at local accounts alone.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub local_users_only: Option<bool>,
}

/// Settings of pam_pwquality, with the module's own defaults; pam_cracklib has
/// others. `enforcing` says whether it refuses anything at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Demands {
    minlen: i64,
    minclass: i64,
    credits: [i64; 4],
    difok: i64,
    maxrepeat: i64,
    dictcheck: bool,
    enforcing: bool,
    enforce_for_root: bool,
    local_users_only: bool,
}

const CREDITS: [&str; 4] = ["dcredit", "ucredit", "lcredit", "ocredit"];

impl Demands {
    const PWQUALITY: Self = Self {
        minlen: 8,
        minclass: 0,
        credits: [0; 4],
        difok: 1,
        maxrepeat: 0,
        dictcheck: true,
        enforcing: true,
        enforce_for_root: false,
        local_users_only: false,
    };

    const CRACKLIB: Self = Self { minlen: 9, credits: [1; 4], difok: 5, ..Self::PWQUALITY };

    /// Sets one of libpwquality's settings; nothing where it refuses that.
    fn set(&mut self, name: &str, value: &[u8]) -> Option<()> {
        let name = name.to_ascii_lowercase();
        match name.as_str() {
            "enforce_for_root" => self.enforce_for_root = true,
            "local_users_only" => self.local_users_only = true,
            "badwords" | "dictpath" => {}
            _ => {
                let number = whole_int(value)?;
                match name.as_str() {
                    "minlen" => self.minlen = number.max(6),
                    "minclass" => self.minclass = number.min(4),
                    "difok" => self.difok = number,
                    "maxrepeat" => self.maxrepeat = number,
                    "dictcheck" => self.dictcheck = number != 0,
                    "enforcing" => self.enforcing = number != 0,
                    "maxclassrepeat" | "maxsequence" | "gecoscheck" | "usercheck"
                    | "usersubstr" | "retry" => {}
                    _ => {
                        let at = CREDITS.iter().position(|credit| *credit == name)?;
                        self.credits[at] = number;
                    }
                }
            }
        }
        Some(())
    }

    /// pam_cracklib's arguments.
    fn cracklib(&mut self, name: &str, value: &[u8]) {
        let number = leading_int(value).unwrap_or_default();
        match name {
            "minlen" => self.minlen = number.max(5),
            "minclass" => self.minclass = number.min(4),
            "difok" => self.difok = number,
            "maxrepeat" => self.maxrepeat = number,
            "enforce_for_root" => self.enforce_for_root = true,
            _ => {
                if let Some(at) = CREDITS.iter().position(|credit| *credit == name) {
                    self.credits[at] = number;
                }
            }
        }
    }

    /// A password of n characters, of which N are demanded by negative credits,
    /// counts as n + min(n - N, C), where C is the sum of positive credits.
    fn shortest(&self) -> i64 {
        let demanded: i64 = self.credits.iter().map(|credit| (-credit).clamp(0, 1 << 20)).sum();
        let saved: i64 = self.credits.iter().map(|credit| (*credit).clamp(0, 1 << 20)).sum();
        let minlen = self.minlen.clamp(0, 1 << 20);
        demanded.max(minlen - saved).max((minlen + demanded + 1) / 2)
    }

    fn classes(&self) -> i64 {
        let demanded = self.credits.iter().filter(|credit| **credit < 0).count();
        self.minclass.max(i64::try_from(demanded).unwrap_or_default())
    }
}

/// A number that is the whole of the text, as `strtol` reads it.
fn whole_int(text: &[u8]) -> Option<i64> {
    let text = std::str::from_utf8(text).ok()?.trim_start();
    let number: i64 = text.parse().ok()?;
    (number > i64::from(i32::MIN) && number < i64::from(i32::MAX)).then_some(number)
}

/// The settings of pam_pwquality's files, applied in the library's order. What
/// it cannot read ends the reading of everything after it.
fn configured(demands: &mut Demands, files: &[Vec<Assignment>]) {
    for assignment in files.iter().flatten() {
        let value = assignment.value.as_slice();
        if assignment.malformed || demands.set(&assignment.name, value).is_none() {
            return;
        }
    }
}

/// What a rule's module demands, and whether it refuses at all. A problem
/// leaves what is not known empty.
pub(super) fn quality(
    rule: &Handler,
    position: i64,
    settings: &Settings,
) -> (Quality, Option<bool>, Option<Problem>) {
    let arguments = rule.arguments.iter().map(|argument| split(argument));
    match rule.module.as_slice() {
        b"pam_pwquality" => {
            let mut demands = Demands::PWQUALITY;
            match &settings.pwquality {
                Err(problem) => return unknown(rule, position, problem.clone()),
                Ok(files) => configured(&mut demands, files),
            }
            for (name, value) in arguments {
                let ignored = ["reject_username", "authtok_type", "use_authtok", "use_first_pass"];
                if !ignored.iter().any(|prefix| name.starts_with(prefix)) {
                    // A broken argument is passed over.
                    let _ = demands.set(&name, value);
                }
            }
            known(rule, position, demands)
        }
        b"pam_cracklib" => {
            let mut demands = Demands::CRACKLIB;
            for (name, value) in arguments {
                demands.cracklib(&name, value);
            }
            known(rule, position, demands)
        }
        b"pam_passwdqc" => passwdqc(rule, position),
        _ => {
            let detail = "the settings of this module are not read";
            unknown(rule, position, Problem::new(FailureCategory::Unsupported, detail))
        }
    }
}

fn split(argument: &[u8]) -> (String, &[u8]) {
    let at = argument.iter().position(|&b| b == b'=');
    let name = &argument[..at.unwrap_or(argument.len())];
    let value = at.map_or(&b""[..], |at| &argument[at + 1..]);
    (String::from_utf8_lossy(name).into_owned(), value)
}

fn empty(rule: &Handler, position: i64) -> Quality {
    Quality {
        position,
        module: crate::escape::escape(&rule.module),
        enforced: None,
        shortest: None,
        classes: None,
        minlen: None,
        minclass: None,
        dcredit: None,
        ucredit: None,
        lcredit: None,
        ocredit: None,
        difok: None,
        maxrepeat: None,
        dictcheck: None,
        enforce_for_root: None,
        local_users_only: None,
    }
}

fn unknown(
    rule: &Handler,
    position: i64,
    problem: Problem,
) -> (Quality, Option<bool>, Option<Problem>) {
    (empty(rule, position), None, Some(problem))
}

fn known(
    rule: &Handler,
    position: i64,
    demands: Demands,
) -> (Quality, Option<bool>, Option<Problem>) {
    let [dcredit, ucredit, lcredit, ocredit] = demands.credits.map(Some);
    let quality = Quality {
        shortest: Some(demands.shortest()),
        classes: Some(demands.classes()),
        minlen: Some(demands.minlen),
        minclass: Some(demands.minclass),
        dcredit,
        ucredit,
        lcredit,
        ocredit,
        difok: Some(demands.difok),
        maxrepeat: Some(demands.maxrepeat),
        dictcheck: Some(demands.dictcheck),
        enforce_for_root: Some(demands.enforce_for_root),
        local_users_only: Some(demands.local_users_only),
        ..empty(rule, position)
    };
    (quality, Some(demands.enforcing), None)
}

/// pam_passwdqc: `min=N0,N1,N2,N3,N4` are lengths for one class, two classes,
/// passphrases, three and four classes; each may be `disabled`.
fn passwdqc(rule: &Handler, position: i64) -> (Quality, Option<bool>, Option<Problem>) {
    let mut lengths = [None, Some(24), Some(11), Some(8), Some(7)];
    let mut enforcing = true;
    let mut for_root = true;
    for (name, value) in rule.arguments.iter().map(|argument| split(argument)) {
        match (name.as_str(), value) {
            ("config", _) => {
                let detail = "the file of pam_passwdqc is not read";
                let problem = Problem::new(FailureCategory::Unsupported, detail);
                return unknown(rule, position, problem);
            }
            ("min", value) => {
                let parts = value.split(|&b| b == b',').map(|part| match part {
                    b"disabled" => Some(None),
                    part => super::super::decimal::<i64>(part).map(Some),
                });
                let parts: Option<Vec<_>> = parts.collect();
                match parts.and_then(|parts| <[Option<i64>; 5]>::try_from(parts).ok()) {
                    Some(parts) => lengths = parts,
                    None => {
                        let detail = "pam_passwdqc: min= has another form";
                        let problem = Problem::new(FailureCategory::Unparsable, detail);
                        return unknown(rule, position, problem);
                    }
                }
            }
            ("enforce", value) => {
                enforcing = value != b"none";
                for_root = value == b"everyone";
            }
            _ => {}
        }
    }
    // A passphrase has letters and what stands between its words.
    let classes = [1, 2, 2, 3, 4];
    let allowed = || lengths.iter().zip(classes).filter_map(|(length, n)| Some(((*length)?, n)));
    let quality = Quality {
        shortest: allowed().map(|(length, _)| length).min(),
        classes: allowed().map(|(_, classes)| classes).min(),
        enforce_for_root: Some(for_root),
        ..empty(rule, position)
    };
    (quality, Some(enforcing), None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credits_shorten_passwords_and_demand_classes() {
        let of = |minlen, credits| {
            let demands = Demands { minlen, credits, ..Demands::PWQUALITY };
            (demands.shortest(), demands.classes())
        };
        assert_eq!(of(8, [0, 0, 0, 0]), (8, 0));
        assert_eq!(of(8, [-1, -1, -1, 0]), (8, 3));
        assert_eq!(of(9, [1, 1, 1, 1]), (5, 0));
        assert_eq!(of(12, [1, 0, 0, 0]), (11, 0));
        assert_eq!(of(8, [99, 0, 0, 0]), (4, 0));
        assert_eq!(of(8, [-2, 99, 0, 0]), (5, 1));
        assert_eq!(of(6, [-4, -4, -4, -4]), (16, 4));
    }

    #[test]
    fn settings_are_read_as_the_library_reads_them() {
        let mut demands = Demands::PWQUALITY;
        assert!(demands.set("MinLen", b"4").is_some());
        assert_eq!(demands.minlen, 6);
        assert!(demands.set("minclass", b" 9").is_some());
        assert_eq!(demands.minclass, 4);
        for (name, value) in
            [("minlen", &b"8x"[..]), ("minlen", b""), ("unknown", b"1"), ("minlen", b"99999999999")]
        {
            assert!(demands.set(name, value).is_none(), "{name}");
        }
    }
}
