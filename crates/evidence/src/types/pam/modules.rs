//! What is known of modules: their part in a stack, and what they can answer.

use super::control::{
    AUTH_ERR, AUTHTOK_ERR, Action, Control, IGNORE, MAXTRIES, NEW_AUTHTOK_REQD, SUCCESS,
};
use super::walk::Handler;

/// A module's part in a stack.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// Asks for a password and checks it.
    Password,
    /// Asks for something that a person has: a code, a token, a key.
    Factor,
    /// Refuses new passwords that are too weak.
    Quality,
    /// Counts failures and locks accounts.
    Lock,
    /// Always answers the same.
    Fixed(u8),
    /// Decides by the user, the host or the time; or is not known.
    Other,
}

const PASSWORD: [&[u8]; 18] = [
    b"pam_unix",
    b"pam_unix2",
    b"pam_unix_auth",
    b"pam_tcb",
    b"pam_pwdb",
    b"pam_sss",
    b"pam_ldap",
    b"pam_krb5",
    b"pam_winbind",
    b"pam_userdb",
    b"pam_lsass",
    b"pam_lwidentity",
    b"pam_centrifydc",
    b"pam_vas3",
    b"pam_mysql",
    b"pam_pgsql",
    b"pam_sqlite",
    b"pam_tacplus",
];

/// Modules that store passwords in the host's own files.
const STORES: [&[u8]; 5] = [b"pam_unix", b"pam_unix2", b"pam_unix_passwd", b"pam_tcb", b"pam_pwdb"];

const FACTORS: [&[u8]; 15] = [
    b"pam_google_authenticator",
    b"pam_oath",
    b"pam_yubico",
    b"pam_u2f",
    b"pam_pkcs11",
    b"pam_p11",
    b"pam_radius_auth",
    b"pam_radius",
    b"pam_duo",
    b"pam_securid",
    b"pam_totp",
    b"pam_otpw",
    b"pam_opie",
    b"pam_privacyidea",
    b"pam_poldi",
];

pub(super) const QUALITY: [&[u8]; 5] =
    [b"pam_pwquality", b"pam_cracklib", b"pam_passwdqc", b"pam_pwcheck", b"pam_deepin_pw_check"];

pub(super) const LOCKS: [&[u8]; 3] = [b"pam_faillock", b"pam_tally2", b"pam_tally"];

pub(super) fn part(module: &[u8]) -> Part {
    let among = |list: &[&[u8]]| list.contains(&module);
    match module {
        _ if among(&PASSWORD) => Part::Password,
        _ if among(&FACTORS) => Part::Factor,
        _ if among(&QUALITY) => Part::Quality,
        _ if among(&LOCKS) => Part::Lock,
        b"pam_deny" => Part::Fixed(AUTH_ERR),
        b"pam_permit" | b"pam_env" | b"pam_group" => Part::Fixed(SUCCESS),
        b"pam_warn" | b"pam_faildelay" => Part::Fixed(IGNORE),
        _ => Part::Other,
    }
}

pub(super) fn stores_passwords(module: &[u8]) -> bool {
    STORES.contains(&module)
}

fn has(rule: &Handler, words: &[&[u8]]) -> bool {
    rule.arguments.iter().any(|argument| words.contains(&argument.as_slice()))
}

/// Whether a module that stores passwords takes the one that was checked
/// before: by each version of libpam, only by newer ones.
pub(super) fn takes_checked(rule: &Handler) -> bool {
    has(rule, &[b"use_authtok", b"use_first_pass", b"try_first_pass"])
}

/// Whether it takes no other one.
pub(super) fn takes_only_checked(rule: &Handler) -> bool {
    has(rule, &[b"use_authtok", b"use_first_pass"])
}

/// Whether the success of a factor's module proves that there was a factor: not
/// where users without one are let through, or the same password is sent on.
pub(super) fn proves(rule: &Handler) -> bool {
    let through: [&[u8]; 6] =
        [b"nullok", b"nouserok", b"alwaysok", b"localifdown", b"use_first_pass", b"try_first_pass"];
    let lenient = match rule.module.as_slice() {
        // A code may be typed behind the password.
        b"pam_oath" | b"pam_google_authenticator" | b"pam_yubico" => &through[..4],
        _ => &through[..],
    };
    !has(rule, lenient)
}

pub(super) fn allows_empty(rule: &Handler) -> bool {
    has(rule, &[b"nullok", b"nullok_secure"])
}

/// One code for each thing that an answer can do, success and its likes first.
pub(super) fn any_answer(control: &Control) -> Vec<u8> {
    let mut codes = vec![SUCCESS, AUTH_ERR];
    let mut done: Vec<Action> = codes.iter().map(|code| control.on(*code)).collect();
    for code in (0..31).filter(|code| ![NEW_AUTHTOK_REQD, MAXTRIES, AUTHTOK_ERR].contains(code)) {
        let action = control.on(code);
        if !done.contains(&action) {
            done.push(action);
            codes.push(code);
        }
    }
    for code in [NEW_AUTHTOK_REQD, MAXTRIES, AUTHTOK_ERR] {
        if !done.contains(&control.on(code)) {
            codes.push(code);
        }
    }
    codes
}

/// How modules that are not known are taken to answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Others {
    /// In every way.
    Any,
    /// With success.
    Succeed,
    /// With success where that does no more than go on, else with a failure.
    GoOn,
}

impl Others {
    pub(super) fn answers(self, control: &Control) -> Vec<u8> {
        let shortcut = matches!(control.on(SUCCESS), Action::Done | Action::Jump(_));
        match self {
            Self::Any => any_answer(control),
            Self::GoOn if shortcut => vec![AUTH_ERR],
            Self::Succeed | Self::GoOn => vec![SUCCESS],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_action_is_met_by_some_answer() {
        let control = Control::parse(b"success=1 new_authtok_reqd=done ignore=ignore default=bad");
        let codes = any_answer(&control);
        for code in 0..31 {
            assert!(codes.iter().any(|met| control.on(*met) == control.on(code)), "{code}");
        }
    }
}
