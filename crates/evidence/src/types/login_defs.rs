//! `login.defs`: what is given to new accounts, and to those who log in.
//!
//! The tools of the shadow suite read `/etc/login.defs`. Where it was built with
//! libeconf (openSUSE), the vendor's file is `/usr/etc/login.defs` and files in
//! `login.defs.d` override single settings.

use super::dump::{Dump, Found, dump_capture};
use super::{text, type_name};
use crate::escape::escape_bounded;
use crate::frame::Frames;
use crate::kind::{EvidenceKind, Parsed, SelectorKind};
use crate::problem::{Problem, arrived, stopped};
use crate::schema;
use anji_model::{Capture, EvidenceType, FailureCategory, Gap, Limits, Selector, Source, Text};
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeMap;

/// The settings. A setting that is not there, or whose value is not of its kind, is absent: the
/// tools then use a default of their own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Body {
    /// Days after which the password of a new account must be changed; negative
    /// means never, which is the tools' default, too.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub pass_max_days: Option<i64>,
    /// Days before it may be changed again.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub pass_min_days: Option<i64>,
    /// Days of warning before it must be changed.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub pass_warn_age: Option<i64>,
    /// The shortest password; not used where PAM changes passwords.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub pass_min_len: Option<i64>,
    /// The file creation mask, as four octal digits: `0027`. pam_umask and start files may set another.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub umask: Option<String>,
    /// The mode of new home folders, as four octal digits.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub home_mode: Option<String>,
    /// How passwords are stored: `YESCRYPT`, `SHA512`, `MD5`, `SM3` ...
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub encrypt_method: Option<String>,
    /// The least user id of people.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub uid_min: Option<i64>,
    /// The greatest user id of people.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub uid_max: Option<i64>,
    /// The least user id of services.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub sys_uid_min: Option<i64>,
    /// The greatest user id of services.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub sys_uid_max: Option<i64>,
    /// Attempts that `login` allows on a terminal.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub login_retries: Option<i64>,
    /// Seconds that `login` waits for a password.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub login_timeout: Option<i64>,
    /// Whether failures are written to faillog: `yes`, `no`.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub faillog_enab: Option<String>,
    /// Whether successful logins are logged: `yes`, `no`.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub log_ok_logins: Option<String>,
    /// Whether `su` to root needs the group of id 0: `yes`, `no`; not used where `su` asks PAM.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub su_wheel_only: Option<String>,
    /// Whether a new account gets a group of its own name: `yes`, `no`.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub usergroups_enab: Option<String>,
}

/// The type `login.defs`.
#[derive(Debug, Clone, Copy)]
pub struct LoginDefs;

const FILES: &str = "login.defs";
const OWN: &str = "/etc/login.defs";
const VENDOR: &str = "/usr/etc/login.defs";
const SNIPPETS: [&str; 2] = ["/usr/etc/login.defs.d/*.defs", "/etc/login.defs.d/*.defs"];

impl EvidenceKind for LoginDefs {
    fn name(&self) -> EvidenceType {
        type_name("login.defs")
    }

    fn title(&self) -> Text {
        text("账户与登录的默认设置", "Defaults of accounts and logins")
    }

    fn parser_revision(&self) -> u32 {
        1
    }

    fn limits(&self) -> Limits {
        Limits { bytes_max: 256 << 10, timeout_seconds: 10, age_seconds_max: 86_400 }
    }

    fn selector(&self) -> SelectorKind {
        SelectorKind::None
    }

    fn source(&self) -> Source {
        Source::Files
    }

    fn schema(&self) -> schemars::Schema {
        schema::derive::<Body>()
    }

    fn captures(&self, _selectors: &[Selector]) -> Vec<Capture> {
        vec![dump_capture(FILES, self.limits(), &[OWN, VENDOR, SNIPPETS[0], SNIPPETS[1]])]
    }

    fn parse(&self, _selector: Option<&Selector>, frames: &Frames) -> Parsed {
        read(frames).unwrap_or_else(Problem::failed)
    }
}

type Settings = BTreeMap<Vec<u8>, Vec<u8>>;

fn read(frames: &Frames) -> Result<Parsed, Problem> {
    let frame = arrived(frames, FILES)?;
    if let Some(problem) = stopped(frame) {
        return Err(problem);
    }
    let dump = Dump::read(frame)?;
    let (own, vendor) = (base(&dump, OWN)?, base(&dump, VENDOR)?);
    let overriding = snippets(&dump)?;
    if own.is_none() && vendor.is_none() && overriding.is_empty() {
        return Ok(Parsed::absent("no login.defs"));
    }
    let libeconf = vendor.is_some();
    let mut settings = own.or(vendor).unwrap_or_default();
    let mut doubtful = Settings::new();
    if libeconf {
        settings.extend(overriding);
    } else {
        // Whether the tools of this host look there is not known.
        doubtful = overriding;
        settings.retain(|name, _| !doubtful.contains_key(name));
    }
    let detail = "set in login.defs.d, which not every build of the tools reads";
    let problem = Problem::new(FailureCategory::Unsupported, detail);
    let body = body(&settings);
    let gaps =
        FIELDS.iter().filter(|field| doubtful.contains_key(field.to_ascii_uppercase().as_bytes()));
    let gaps: Vec<Gap> = gaps.map(|field| problem.unknown(field)).collect();
    Ok(Parsed::collected(&body, gaps))
}

const FIELDS: [&str; 17] = [
    "pass_max_days",
    "pass_min_days",
    "pass_warn_age",
    "pass_min_len",
    "umask",
    "home_mode",
    "encrypt_method",
    "uid_min",
    "uid_max",
    "sys_uid_min",
    "sys_uid_max",
    "login_retries",
    "login_timeout",
    "faillog_enab",
    "log_ok_logins",
    "su_wheel_only",
    "usergroups_enab",
];

fn body(settings: &Settings) -> Body {
    let value = |name: &str| settings.get(name.as_bytes()).map(Vec::as_slice);
    let number = |name| number(value(name)?);
    let mode = |name| {
        let mode = number(name).filter(|mode| (0..=0o7777).contains(mode))?;
        Some(format!("{mode:04o}"))
    };
    let word = |name| value(name).map(|value| escape_bounded(value, 60));
    // What is not "yes" is no to the tools.
    let flag = |name| {
        let yes = value(name)?.eq_ignore_ascii_case(b"yes");
        Some(if yes { "yes" } else { "no" }.to_owned())
    };
    Body {
        pass_max_days: number("PASS_MAX_DAYS"),
        pass_min_days: number("PASS_MIN_DAYS"),
        pass_warn_age: number("PASS_WARN_AGE"),
        pass_min_len: number("PASS_MIN_LEN"),
        umask: mode("UMASK"),
        home_mode: mode("HOME_MODE"),
        encrypt_method: word("ENCRYPT_METHOD"),
        uid_min: number("UID_MIN"),
        uid_max: number("UID_MAX"),
        sys_uid_min: number("SYS_UID_MIN"),
        sys_uid_max: number("SYS_UID_MAX"),
        login_retries: number("LOGIN_RETRIES"),
        login_timeout: number("LOGIN_TIMEOUT"),
        faillog_enab: flag("FAILLOG_ENAB"),
        log_ok_logins: flag("LOG_OK_LOGINS"),
        su_wheel_only: flag("SU_WHEEL_ONLY"),
        usergroups_enab: flag("USERGROUPS_ENAB"),
    }
}

fn base(dump: &Dump<'_>, path: &str) -> Result<Option<Settings>, Problem> {
    match dump.file(path) {
        Found::Absent => Ok(None),
        Found::Failed(problem) => Err(problem),
        Found::File(file) => match &file.problem {
            Some(problem) => Err(problem.clone()),
            None => Ok(Some(assignments(&file.lines))),
        },
    }
}

/// The overriding files in order of their names, of which `/etc` has its own.
fn snippets(dump: &Dump<'_>) -> Result<Settings, Problem> {
    let mut files = BTreeMap::new();
    for pattern in SNIPPETS {
        let (found, problems) = dump.matching(pattern);
        let cut = found.iter().find_map(|file| file.problem.clone());
        if let Some(problem) = problems.into_iter().next().or(cut) {
            return Err(problem);
        }
        for file in found {
            let name = file.path.rsplit(|&b| b == b'/').next().unwrap_or_default();
            files.insert(name.to_vec(), assignments(&file.lines));
        }
    }
    Ok(files.into_values().flatten().collect())
}

/// Name and value of each line, as the tools take them apart; the last holds.
fn assignments(lines: &[&[u8]]) -> Settings {
    let mut settings = Settings::new();
    for line in lines {
        let line = line.trim_ascii_end();
        let start = line.iter().position(|&b| b != b' ' && b != b'\t').unwrap_or(line.len());
        let line = &line[start..];
        let Some(end) = line.iter().position(|&b| b == b' ' || b == b'\t') else { continue };
        if line.starts_with(b"#") {
            continue;
        }
        let (name, rest) = line.split_at(end);
        let start = rest.iter().position(|b| !matches!(b, b' ' | b'\t' | b'"'));
        let value = &rest[start.unwrap_or(rest.len())..];
        let end = value.iter().position(|&b| b == b'"').unwrap_or(value.len());
        settings.insert(name.to_vec(), value[..end].to_vec());
    }
    settings
}

/// A number as `strtol` reads it with base 0: decimal, octal behind `0`,
/// hexadecimal behind `0x`.
fn number(text: &[u8]) -> Option<i64> {
    let text = std::str::from_utf8(text).ok()?;
    let (sign, digits) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    if !digits.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let magnitude = match (digits.strip_prefix("0x"), digits.strip_prefix('0')) {
        (Some(hex), _) => i64::from_str_radix(hex, 16),
        (None, Some(octal)) if !octal.is_empty() => i64::from_str_radix(octal, 8),
        _ => digits.parse(),
    };
    Some(sign * magnitude.ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::Frame;
    use anji_model::EvidenceStatus;

    fn parse(data: &str) -> Parsed {
        let frame = Frame { data: data.into(), exit: Some(0), ..Frame::empty(FILES) };
        LoginDefs.parse(None, &[frame].into_iter().collect())
    }

    fn value(parsed: &Parsed, field: &str) -> serde_json::Value {
        let body: serde_json::Value =
            serde_json::from_slice(parsed.body.as_ref().unwrap()).unwrap();
        body[field].clone()
    }

    const NO_VENDOR: &str =
        "//- absent /usr/etc/login.defs\n//- absent /usr/etc/login.defs.d/*.defs\n";
    const NO_SNIPPETS: &str = "//- absent /etc/login.defs.d/*.defs\n";

    #[test]
    fn lines_are_read_as_the_tools_read_them() {
        let parsed = parse(&format!(
            "{NO_VENDOR}{NO_SNIPPETS}//F 81a4 0 0 1 /etc/login.defs\n #PASS_MAX_DAYS 1\n  PASS_MAX_DAYS\t99999\n \
             PASS_MAX_DAYS 90\n PASS_MIN_DAYS 7 # days\n UMASK 027\n ENCRYPT_METHOD \"SHA512\" \n \
             UID_MIN 0x3e8\n PASS_WARN_AGE\n SYS_UID_MAX -1\n SU_WHEEL_ONLY YES\n //E 0\n//E 0\n"
        ));
        assert_eq!(parsed.gaps, []);
        for (field, expected) in [
            ("pass_max_days", "90"),
            ("pass_min_days", "null"),
            ("pass_warn_age", "null"),
            ("umask", "\"0027\""),
            ("encrypt_method", "\"SHA512\""),
            ("uid_min", "1000"),
            ("sys_uid_max", "-1"),
            ("su_wheel_only", "\"yes\""),
        ] {
            assert_eq!(value(&parsed, field).to_string(), expected, "{field}");
        }
    }

    #[test]
    fn overriding_files_count_where_the_vendor_has_its_own() {
        let snippet = "//D /etc/login.defs.d/*.defs\n//F 81a4 0 0 1 /etc/login.defs.d/a.defs\n \
                       PASS_MAX_DAYS 60\n//E 0\n";
        let vendor = "//- absent /etc/login.defs\n//- absent /usr/etc/login.defs.d/*.defs\n\
                      //F 81a4 0 0 1 /usr/etc/login.defs\n PASS_MAX_DAYS 99999\n UMASK 022\n//E 0\n";
        let parsed = parse(&format!("{vendor}{snippet}"));
        assert_eq!(parsed.gaps, []);
        assert_eq!(value(&parsed, "pass_max_days"), 60);
        let own = "//F 81a4 0 0 1 /etc/login.defs\n PASS_MAX_DAYS 30\n UMASK 077\n//E 0\n";
        let parsed = parse(&format!("{NO_VENDOR}{own}{snippet}"));
        let paths: Vec<_> = parsed.gaps.iter().map(|gap| gap.path.as_str()).collect();
        assert_eq!(paths, ["pass_max_days"]);
        assert!(value(&parsed, "pass_max_days").is_null());
        assert_eq!(value(&parsed, "umask"), "0077");
    }

    #[test]
    fn absent_is_only_what_is_surely_not_there() {
        let none = format!("//- absent /etc/login.defs\n{NO_VENDOR}{NO_SNIPPETS}");
        assert!(matches!(parse(&none).status, EvidenceStatus::Absent { .. }));
        for line in none.lines() {
            let less = none.replace(&format!("{line}\n"), "");
            assert!(matches!(parse(&less).status, EvidenceStatus::Failed { .. }), "{line}");
        }
    }
}
