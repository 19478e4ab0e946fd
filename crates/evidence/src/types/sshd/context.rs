//! One context's values, built from keywords and their arguments.

use crate::body::canonical_list;
use crate::escape::escape;
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeMap;

/// Keywords in lower case with their arguments, in the order they came.
pub(super) type Settings = BTreeMap<String, Vec<Vec<u8>>>;

/// What connections that meet a condition get.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Context {
    /// `base`, or the criteria of a `Match` line: `User opsadm Address 10.0.2.0/24`.
    #[schemars(extend("x-sensitivity" = "internal", "x-label" = true))]
    pub condition: String,
    /// Whether root may log in: `yes`, `no`, `prohibit-password`, `forced-commands-only`.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub permitrootlogin: String,
    /// Whether an account without password may log in: `yes`, `no`.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub permitemptypasswords: String,
    /// Whether passwords are taken: `yes`, `no`.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub passwordauthentication: String,
    /// Whether questions of PAM are asked: `yes`, `no`.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub kbdinteractiveauthentication: String,
    /// Whether keys are taken: `yes`, `no`.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub pubkeyauthentication: String,
    /// Whether Kerberos tickets are taken: `yes`, `no`; absent where the daemon was
    /// built without it.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub gssapiauthentication: Option<String>,
    /// Whether another host's word is taken for its users: `yes`, `no`.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub hostbasedauthentication: String,
    /// Whether `.rhosts` files are passed over: `yes`, `no`, `shosts-only`.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub ignorerhosts: String,
    /// Authentication attempts per connection.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub maxauthtries: i64,
    /// Sessions per connection.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub maxsessions: i64,
    /// Seconds until a connection must have logged in; 0 means no limit.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub logingracetime: i64,
    /// Seconds between questions to a silent client; 0 means never.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub clientaliveinterval: i64,
    /// Unanswered questions after which the connection is closed; 0 means never.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub clientalivecountmax: i64,
    /// Whether X11 is forwarded: `yes`, `no`.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub x11forwarding: String,
    /// Whether TCP is forwarded: `yes`, `no`, `local`, `remote`.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub allowtcpforwarding: String,
    /// Whether the authentication agent is forwarded: `yes`, `no`.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub allowagentforwarding: String,
    /// Whether forwarded ports listen on every address: `yes`, `no`, `clientspecified`.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub gatewayports: String,
    /// Whether network tunnels are allowed: `yes`, `no`, `point-to-point`, `ethernet`.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub permittunnel: String,
    /// Whether users may set environment variables: `yes`, `no`, or a pattern list.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub permituserenvironment: String,
    /// Whether unsafe modes of users' files refuse a login: `yes`, `no`.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub strictmodes: String,
    /// Whether PAM is used: `yes`, `no`; absent where the daemon was built without it.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub usepam: Option<String>,
    /// How much is logged, as the daemon names it: `SILENT`, `INFO`, `VERBOSE`, `DEBUG` ...
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub loglevel: String,
    /// The file shown before login, or `none`.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub banner: String,
    /// The methods that must be passed, lists separated by blanks, or `any`.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub authenticationmethods: String,
    /// How many different kinds of proof each login needs at least: a key, something
    /// typed (`password` and `keyboard-interactive` ask the same), a Kerberos
    /// ticket. What a host proves is none of a person's.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub authentication_kinds: i64,
    /// Whether each login needs something typed, by a password or by answers to PAM.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub typed_required: bool,
    /// The command that is run whatever is asked, or `none`.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub forcecommand: String,
    /// The folder that sessions are shut into, or `none`.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub chrootdirectory: String,
    /// Patterns of the only users let in; empty means everyone.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub allowusers: Vec<String>,
    /// Where those users may come from, the part of their patterns behind `@`;
    /// `any` where a pattern has none or stands for almost every address, and
    /// where everyone is let in.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub allowusers_sources: Vec<String>,
    /// Patterns of users kept out.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub denyusers: Vec<String>,
    /// Patterns of the only groups let in; empty means everyone.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub allowgroups: Vec<String>,
    /// Patterns of groups kept out.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub denygroups: Vec<String>,
}

/// Keywords whose lines add up instead of the first one holding.
pub(super) fn adds_up(keyword: &str) -> bool {
    matches!(keyword, "allowusers" | "denyusers" | "allowgroups" | "denygroups")
}

/// The most text that one keyword may have: a context is built for each
/// `Match` block, so its size must not depend on what a hostile host sends.
const VALUE_MAX: usize = 32 << 10;

/// Keywords that a context is built from.
pub(super) fn is_used(keyword: &str) -> bool {
    USED.contains(&keyword)
}

const USED: [&str; 30] = [
    "allowagentforwarding",
    "allowgroups",
    "allowtcpforwarding",
    "allowusers",
    "authenticationmethods",
    "banner",
    "chrootdirectory",
    "clientalivecountmax",
    "clientaliveinterval",
    "denygroups",
    "denyusers",
    "forcecommand",
    "gatewayports",
    "gssapiauthentication",
    "hostbasedauthentication",
    "ignorerhosts",
    "kbdinteractiveauthentication",
    "loglevel",
    "logingracetime",
    "maxauthtries",
    "maxsessions",
    "passwordauthentication",
    "permitemptypasswords",
    "permitrootlogin",
    "permittunnel",
    "permituserenvironment",
    "pubkeyauthentication",
    "strictmodes",
    "usepam",
    "x11forwarding",
];

/// Older names of keywords.
pub(super) fn today_name(keyword: &str) -> &str {
    match keyword {
        "challengeresponseauthentication" | "skeyauthentication" => "kbdinteractiveauthentication",
        "dsaauthentication" => "pubkeyauthentication",
        keyword => keyword,
    }
}

impl Context {
    /// The context that `settings` describe.
    ///
    /// # Errors
    /// The keyword that is missing or has a value that cannot be read.
    pub(super) fn build(condition: &str, settings: &Settings) -> Result<Self, &'static str> {
        for name in USED {
            let texts = settings.get(name).into_iter().flatten();
            if texts.map(|text| text.len() + 1).sum::<usize>() > VALUE_MAX {
                return Err(name);
            }
        }
        let word = |name| word(settings, name).ok_or(name);
        let or = |name, default: &str| word(name).unwrap_or_else(|_| default.to_owned());
        let line = |name, default: &str| {
            let values = settings.get(name).filter(|values| !values.is_empty());
            values.map_or_else(|| default.to_owned(), |values| escape(&values.join(&b' ')))
        };
        let methods = line("authenticationmethods", "any");
        let gssapi = word("gssapiauthentication").ok();
        let (authentication_kinds, typed_required) = if methods == "any" {
            let off = |name| Ok::<_, &'static str>(word(name)? == "no");
            let untyped = !off("pubkeyauthentication")?
                || !off("hostbasedauthentication")?
                || gssapi.as_ref().is_some_and(|value| value != "no");
            (1, !untyped)
        } else {
            kinds(&methods)
        };
        let number = |name| seconds(settings.get(name)?.first()?);
        let number = |name| number(name).ok_or(name);
        let list = |name| {
            canonical_list(settings.get(name).into_iter().flatten().map(|value| escape(value)))
        };
        Ok(Self {
            condition: condition.to_owned(),
            permitrootlogin: word("permitrootlogin")?,
            permitemptypasswords: word("permitemptypasswords")?,
            passwordauthentication: word("passwordauthentication")?,
            kbdinteractiveauthentication: word("kbdinteractiveauthentication")?,
            pubkeyauthentication: word("pubkeyauthentication")?,
            gssapiauthentication: gssapi,
            hostbasedauthentication: word("hostbasedauthentication")?,
            ignorerhosts: word("ignorerhosts")?,
            maxauthtries: number("maxauthtries")?,
            maxsessions: number("maxsessions")?,
            logingracetime: number("logingracetime")?,
            clientaliveinterval: number("clientaliveinterval")?,
            clientalivecountmax: number("clientalivecountmax")?,
            x11forwarding: word("x11forwarding")?,
            allowtcpforwarding: word("allowtcpforwarding")?,
            allowagentforwarding: word("allowagentforwarding")?,
            gatewayports: word("gatewayports")?,
            permittunnel: word("permittunnel")?,
            permituserenvironment: word("permituserenvironment")?,
            strictmodes: word("strictmodes")?,
            usepam: word("usepam").ok(),
            loglevel: log_level(&word("loglevel")?),
            banner: line("banner", "none"),
            authenticationmethods: methods,
            authentication_kinds,
            typed_required,
            forcecommand: line("forcecommand", "none"),
            chrootdirectory: or("chrootdirectory", "none"),
            allowusers_sources: sources(&list("allowusers")),
            allowusers: list("allowusers"),
            denyusers: list("denyusers"),
            allowgroups: list("allowgroups"),
            denygroups: list("denygroups"),
        })
    }
}

/// Of lists of methods that must be passed: the least number of kinds of proof,
/// and whether each of them has something typed.
fn kinds(methods: &str) -> (i64, bool) {
    const KEY: u8 = 1;
    const TYPED: u8 = 2;
    const TICKET: u8 = 4;
    let lists = methods.split_ascii_whitespace().map(|list| {
        list.split(',').fold(0, |kinds, method| {
            kinds
                | match method.split(':').next() {
                    Some("publickey") => KEY,
                    Some("password" | "keyboard-interactive") => TYPED,
                    Some("gssapi-with-mic") => TICKET,
                    _ => 0,
                }
        })
    });
    let lists: Vec<u8> = lists.collect();
    let least = lists.iter().map(|kinds| i64::from(kinds.count_ones())).min();
    let typed = !lists.is_empty() && lists.iter().all(|kinds| kinds & TYPED != 0);
    (least.unwrap_or_default(), typed)
}

/// Where the users of `AllowUsers` may come from.
fn sources(patterns: &[String]) -> Vec<String> {
    if patterns.is_empty() {
        return vec!["any".to_owned()];
    }
    let hosts = patterns.iter().flat_map(|pattern| match pattern.rsplit_once('@') {
        Some((_, hosts)) => hosts.split(',').collect(),
        None => vec![""],
    });
    canonical_list(hosts.map(|host| if narrow(host) { host } else { "any" }.to_owned()))
}

/// Whether a pattern of hosts surely leaves most addresses out: a network of at
/// least four bits, an address, one that begins with a whole part of itself, or
/// a name.
fn narrow(host: &str) -> bool {
    if host.is_empty() || host.starts_with('!') {
        return false;
    }
    if let Some((network, length)) = host.split_once('/') {
        let address = network.parse::<std::net::IpAddr>().is_ok();
        return address && length.parse::<u8>().is_ok_and(|length| length >= 4);
    }
    let literal = host.split(['*', '?']).next().unwrap_or("");
    if literal.len() == host.len() {
        return true;
    }
    let numeric = host.bytes().all(|b| b.is_ascii_hexdigit() || b":.*?".contains(&b));
    match numeric {
        true => literal.bytes().any(|b| b == b'.' || b == b':'),
        // A domain: `*.ops.example`.
        false => host.rsplit(['*', '?']).next().is_some_and(|end| end.contains('.')),
    }
}

/// A keyword's single value, in the spelling of `sshd -T`.
fn word(settings: &Settings, name: &str) -> Option<String> {
    let raw = escape(settings.get(name)?.first()?);
    let lower = raw.to_ascii_lowercase();
    Some(match (name, lower.as_str()) {
        (_, "true") | ("allowtcpforwarding", "all") => "yes".to_owned(),
        (_, "false") => "no".to_owned(),
        ("permitrootlogin", "without-password") => "prohibit-password".to_owned(),
        (_, "none" | "yes" | "no") => lower,
        ("chrootdirectory" | "permituserenvironment" | "loglevel", _) => raw,
        _ => lower,
    })
}

/// The name that the daemon itself gives a level.
fn log_level(name: &str) -> String {
    match name.to_ascii_uppercase().as_str() {
        "QUIET" => "SILENT".to_owned(),
        "DEBUG1" => "DEBUG".to_owned(),
        other => other.to_owned(),
    }
}

/// A count, or a time such as `1h30m`, in seconds.
fn seconds(text: &[u8]) -> Option<i64> {
    let mut total: i64 = 0;
    let mut number: Option<i64> = None;
    for &byte in text {
        if byte.is_ascii_digit() {
            let digits = number.unwrap_or(0).checked_mul(10)?;
            number = Some(digits.checked_add(i64::from(byte - b'0'))?);
            continue;
        }
        let unit = match byte.to_ascii_lowercase() {
            b's' => 1,
            b'm' => 60,
            b'h' => 3600,
            b'd' => 86_400,
            b'w' => 604_800,
            _ => return None,
        };
        total = total.checked_add(number.take()?.checked_mul(unit)?)?;
    }
    match number {
        Some(rest) => total = total.checked_add(rest)?,
        None if text.is_empty() => return None,
        None => {}
    }
    (total <= i64::from(i32::MAX)).then_some(total)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn methods_of_one_kind_are_one_proof() {
        for (methods, expected) in [
            ("publickey,keyboard-interactive:pam", (2, true)),
            ("publickey,password publickey,keyboard-interactive", (2, true)),
            ("publickey,password publickey", (1, false)),
            ("password,keyboard-interactive", (1, true)),
            ("publickey,publickey", (1, false)),
            ("hostbased,password", (1, true)),
            ("hostbased", (0, false)),
            ("publickey,gssapi-with-mic", (2, false)),
            ("new-method,publickey", (1, false)),
        ] {
            assert_eq!(kinds(methods), expected, "{methods}");
        }
    }

    #[test]
    fn sources_of_users_are_told() {
        for (pattern, source) in [
            ("ops", "any"),
            ("ops@10.0.2.15", "10.0.2.15"),
            ("ops@10.0.2.0/24", "10.0.2.0/24"),
            ("*@10.0.*", "10.0.*"),
            ("*@2001:db8:*", "2001:db8:*"),
            ("ops@*.ops.example", "*.ops.example"),
            ("ops@*", "any"),
            ("ops@*.*", "any"),
            ("ops@1*", "any"),
            ("ops@0.0.0.0/0", "any"),
            ("ops@::/0", "any"),
            ("ops@!10.0.0.1", "any"),
            ("ops@?*", "any"),
            ("ops@bad/24", "any"),
            ("a@b@10.1.2.3", "10.1.2.3"),
        ] {
            assert_eq!(sources(&[pattern.to_owned()]), [source], "{pattern}");
        }
        assert_eq!(sources(&[]), ["any"]);
        assert_eq!(sources(&["a@10.0.0.1,*".to_owned()]), ["10.0.0.1", "any"]);
    }

    #[test]
    fn times_become_seconds() {
        for (text, value) in [
            ("120", Some(120)),
            ("0", Some(0)),
            ("2m", Some(120)),
            ("1h30m", Some(5400)),
            ("1w2d", Some(777_600)),
            ("1H5", Some(3605)),
            ("", None),
            ("m", None),
            ("-1", None),
            ("99999999999999999999", None),
            ("99999999w", None),
            ("5y", None),
        ] {
            assert_eq!(seconds(text.as_bytes()), value, "{text}");
        }
    }
}
