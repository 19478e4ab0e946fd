//! Which messages a selector takes: facilities and severities.

/// For each of the 24 facilities a bit for each severity, `emerg` the lowest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Cover([u8; 24]);

const FACILITIES: [&str; 24] = [
    "kern", "user", "mail", "daemon", "auth", "syslog", "lpr", "news", "uucp", "cron", "authpriv",
    "ftp", "ntp", "audit", "alert", "clock", "local0", "local1", "local2", "local3", "local4",
    "local5", "local6", "local7",
];
const AUTH: [usize; 2] = [4, 10];
/// Facilities that programs of this kind of system do not use.
const UNUSED: [usize; 4] = [12, 13, 14, 15];
/// Everything down to `info`.
const INFO: u8 = 0b0111_1111;

impl Cover {
    pub(super) const ALL: Self = Self([0xff; 24]);
    pub(super) const NOTHING: Self = Self([0; 24]);

    /// A selector such as `*.*;auth,authpriv.none`, if it is one.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let mut cover = Self::NOTHING;
        for part in text.split(';').map(str::trim).filter(|part| !part.is_empty()) {
            let (facilities, severity) = part.rsplit_once('.')?;
            let (exact, negated, word) = modifiers(severity);
            let bits = match word {
                "none" => 0xff,
                "*" => 0xff,
                word => {
                    let level = level(word)?;
                    if exact { 1 << level } else { u8::MAX >> (7 - level) }
                }
            };
            let takes = !negated && word != "none";
            for facility in facilities.split(',').map(str::trim) {
                for (index, name) in FACILITIES.iter().enumerate() {
                    let alias = facility == "security" && *name == "auth";
                    if facility == "*" || facility.eq_ignore_ascii_case(name) || alias {
                        if takes {
                            cover.0[index] |= bits;
                        } else {
                            cover.0[index] &= !bits;
                        }
                    }
                }
                let known = facility == "*" || facility == "mark" || facility == "security";
                if !known && !FACILITIES.iter().any(|name| facility.eq_ignore_ascii_case(name)) {
                    return None;
                }
            }
        }
        Some(cover)
    }

    pub(super) fn and(self, other: Self) -> Self {
        Self(std::array::from_fn(|at| self.0[at] & other.0[at]))
    }

    pub(super) fn or(self, other: Self) -> Self {
        Self(std::array::from_fn(|at| self.0[at] | other.0[at]))
    }

    pub(super) fn without(self, other: Self) -> Self {
        Self(std::array::from_fn(|at| self.0[at] & !other.0[at]))
    }

    pub(super) fn is_nothing(self) -> bool {
        self == Self::NOTHING
    }

    pub(super) fn everything(self) -> bool {
        let mut all = self.0.iter().enumerate();
        all.all(|(at, bits)| UNUSED.contains(&at) || bits & INFO == INFO)
    }

    pub(super) fn authentication(self) -> bool {
        AUTH.iter().all(|at| self.0[*at] & INFO == INFO)
    }
}

fn modifiers(severity: &str) -> (bool, bool, &str) {
    let (negated, rest) = match severity.strip_prefix('!') {
        Some(rest) => (true, rest),
        None => (false, severity),
    };
    match rest.strip_prefix('=') {
        Some(rest) => (true, negated, rest),
        None => (false, negated, rest),
    }
}

fn level(word: &str) -> Option<u8> {
    Some(match word.to_ascii_lowercase().as_str() {
        "emerg" | "panic" | "0" => 0,
        "alert" | "1" => 1,
        "crit" | "2" => 2,
        "err" | "error" | "3" => 3,
        "warning" | "warn" | "4" => 4,
        "notice" | "5" => 5,
        "info" | "6" => 6,
        "debug" | "7" => 7,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> (bool, bool) {
        let cover = Cover::parse(text).unwrap();
        (cover.everything(), cover.authentication())
    }

    #[test]
    fn selectors_take_what_syslogd_takes() {
        assert_eq!(of("*.*"), (true, true));
        assert_eq!(of("*.info"), (true, true));
        assert_eq!(of("*.notice"), (false, false));
        assert_eq!(of("*.*;auth,authpriv.none"), (false, false));
        assert_eq!(of("auth,authpriv.*"), (false, true));
        assert_eq!(of("auth.*"), (false, false));
        assert_eq!(of("*.info;mail.none"), (false, true));
        assert_eq!(of("*.=info"), (false, false));
        assert_eq!(of("*.*;*.!info"), (false, false));
        assert_eq!(of("*.debug"), (true, true));
        for bad in ["*", "x.*", "*.what", ":msg"] {
            assert_eq!(Cover::parse(bad), None, "{bad}");
        }
    }
}
