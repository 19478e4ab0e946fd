//! Control fields: what a module's answer does to its stack.

/// libpam's return values, in the order of their numbers.
pub(super) const CODES: [&str; 32] = [
    "success",
    "open_err",
    "symbol_err",
    "service_err",
    "system_err",
    "buf_err",
    "perm_denied",
    "auth_err",
    "cred_insufficient",
    "authinfo_unavail",
    "user_unknown",
    "maxtries",
    "new_authtok_reqd",
    "acct_expired",
    "session_err",
    "cred_unavail",
    "cred_expired",
    "cred_err",
    "no_module_data",
    "conv_err",
    "authtok_err",
    "authtok_recover_err",
    "authtok_lock_busy",
    "authtok_disable_aging",
    "try_again",
    "ignore",
    "abort",
    "authtok_expired",
    "module_unknown",
    "bad_item",
    "conv_again",
    "incomplete",
];

pub(super) const SUCCESS: u8 = 0;
pub(super) const PERM_DENIED: u8 = 6;
pub(super) const AUTH_ERR: u8 = 7;
pub(super) const MAXTRIES: u8 = 11;
pub(super) const NEW_AUTHTOK_REQD: u8 = 12;
pub(super) const AUTHTOK_ERR: u8 = 20;
pub(super) const IGNORE: u8 = 25;
pub(super) const MODULE_UNKNOWN: u8 = 28;

/// What is done on an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Action {
    Ignore,
    Ok,
    Done,
    Bad,
    Die,
    Reset,
    Jump(u32),
}

const ACTIONS: [(&str, Action); 6] = [
    ("ignore", Action::Ignore),
    ("ok", Action::Ok),
    ("done", Action::Done),
    ("bad", Action::Bad),
    ("die", Action::Die),
    ("reset", Action::Reset),
];

/// What is done on each answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Control([Action; 32]);

const KEYWORDS: [(&str, Control); 4] = [
    ("required", keyword(Action::Ok, Action::Ignore, Action::Bad)),
    ("requisite", keyword(Action::Ok, Action::Ignore, Action::Die)),
    ("optional", keyword(Action::Ok, Action::Ignore, Action::Ignore)),
    ("sufficient", keyword(Action::Done, Action::Ignore, Action::Ignore)),
];

const fn keyword(success: Action, ignore: Action, default: Action) -> Control {
    let mut actions = [default; 32];
    actions[SUCCESS as usize] = success;
    actions[NEW_AUTHTOK_REQD as usize] = success;
    actions[IGNORE as usize] = ignore;
    Control(actions)
}

impl Control {
    /// The same on each answer.
    pub(super) const BAD: Self = Self([Action::Bad; 32]);

    pub(super) fn parse(word: &[u8]) -> Self {
        let known = KEYWORDS.iter().find(|(name, _)| word.eq_ignore_ascii_case(name.as_bytes()));
        match known {
            Some((_, control)) => *control,
            // What cannot be read fails on every answer.
            None => Self::pairs(word).unwrap_or(Self::BAD),
        }
    }

    fn pairs(mut text: &[u8]) -> Option<Self> {
        let is_space = |b: &u8| b.is_ascii_whitespace() || *b == 0x0b;
        let skip = |text: &mut &[u8]| {
            let start = text.iter().position(|b| !is_space(b)).unwrap_or(text.len());
            *text = &text[start..];
        };
        let mut actions = [None; 32];
        loop {
            skip(&mut text);
            if text.is_empty() {
                break;
            }
            let code = CODES.iter().chain(&["default"]).position(|name| {
                text.strip_prefix(name.as_bytes()).map(|rest| text = rest).is_some()
            })?;
            skip(&mut text);
            text = text.strip_prefix(b"=")?;
            skip(&mut text);
            let named = ACTIONS.iter().find(|(name, _)| text.starts_with(name.as_bytes()));
            let action = if let Some((name, action)) = named {
                text = &text[name.len()..];
                *action
            } else {
                let end = text.iter().position(|b| !b.is_ascii_digit()).unwrap_or(text.len());
                let jump: i32 = super::super::decimal(&text[..end])?;
                text = &text[end..];
                Action::Jump(u32::try_from(jump).ok().filter(|jump| *jump > 0)?)
            };
            match actions.get_mut(code) {
                Some(slot) => *slot = Some(action),
                None => actions.iter_mut().for_each(|slot| *slot = Some(slot.unwrap_or(action))),
            }
        }
        Some(Self(actions.map(|action| action.unwrap_or(Action::Bad))))
    }

    pub(super) fn on(&self, code: u8) -> Action {
        self.0.get(usize::from(code)).copied().unwrap_or(Action::Bad)
    }

    /// One form for equal controls: a keyword where one says the same, else the
    /// pairs that differ from the most frequent action, and that as `default`.
    pub(super) fn normal(&self) -> String {
        if let Some((name, _)) = KEYWORDS.iter().find(|(_, control)| control == self) {
            return (*name).to_owned();
        }
        let count = |action: &Action| self.0.iter().filter(|other| *other == action).count();
        let default = self.0.iter().max_by_key(|action| (count(action), **action));
        let default = default.copied().unwrap_or(Action::Bad);
        let word = |action: &Action| match action {
            Action::Jump(count) => count.to_string(),
            action => {
                let named = ACTIONS.iter().find(|(_, other)| other == action);
                named.map_or_else(String::new, |(word, _)| (*word).to_owned())
            }
        };
        let differing = CODES.iter().zip(&self.0).filter(|(_, action)| **action != default);
        let pairs = differing.chain([(&"default", &default)]);
        let pairs: Vec<String> =
            pairs.map(|(name, action)| format!("{name}={}", word(action))).collect();
        format!("[{}]", pairs.join(" "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn controls_have_one_form() {
        for (word, normal) in [
            ("REQUIRED", "required"),
            ("success=ok new_authtok_reqd=ok ignore=ignore default=bad", "required"),
            ("success=done new_authtok_reqd=done default=ignore", "sufficient"),
            ("success=2 default=ignore", "[success=2 default=ignore]"),
            ("default=die", "[default=die]"),
            (" default = ignore success = 1 ", "[success=1 default=ignore]"),
            ("default=bad default=ok success=ignore", "[success=ignore default=bad]"),
            ("success=okdefault=bad", "[success=ok default=bad]"),
            ("nonsense", "[default=bad]"),
            ("success=0", "[default=bad]"),
            ("success=ok user_unknown=99999999999", "[default=bad]"),
            ("", "[default=bad]"),
            ("default=3", "[default=3]"),
        ] {
            assert_eq!(Control::parse(word.as_bytes()).normal(), normal, "{word}");
        }
    }
}
