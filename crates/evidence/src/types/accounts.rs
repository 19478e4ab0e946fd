//! `accounts`: the accounts and groups of the target's own files.
//!
//! Secrets are projected away on the target: the capture replaces the password
//! field by a state (and the hash by the name of its scheme) before anything is
//! written, and blanks whatever else looks like a hash. The parser knows only
//! those states.

mod project;
mod read;

use super::{capture, text, type_name, vector};
use crate::frame::Frames;
use crate::kind::{EvidenceKind, Parsed, SelectorKind};
use crate::schema;
use anji_model::{Capture, EvidenceType, Limits, Selector, Source, Text};
use schemars::JsonSchema;
use serde::Serialize;

/// The accounts and groups of the target's own files.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Body {
    /// The accounts of the passwd file, ordered by name.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub users: Vec<User>,
    /// The groups of the group file, ordered by name.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub groups: Vec<Group>,
    /// Lines that begin with `+` or `-`, as `file:first field`. They are not
    /// accounts; with the `compat` source they let a directory service in.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub compat_entries: Vec<String>,
    /// Lines that do not have their file's form, as `file:line number`.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub malformed_lines: Vec<String>,
    /// Names with a shadow entry and no account.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub shadow_without_account: Vec<String>,
    /// Where the target looks for accounts, from the passwd line of nsswitch.conf.
    /// `files` alone where there is no such line.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub sources: Vec<String>,
}

/// One account.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct User {
    /// The account's name.
    #[schemars(extend("x-sensitivity" = "internal", "x-label" = true))]
    pub name: String,
    /// Its user id.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub uid: u32,
    /// Its primary group's id.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub gid: u32,
    /// Its home folder.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub home: String,
    /// Its login shell; empty means `/bin/sh`.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub shell: String,
    /// The comment, mostly a person's name.
    #[schemars(extend("x-sensitivity" = "personal"))]
    pub gecos: String,
    /// What is known of its password.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub password: Option<Password>,
}

/// What is known of a password, without the password.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Password {
    /// `empty`: no password is asked. `set`: there is a hash. `locked`: a hash
    /// behind `!` or `*`. `disabled`: text that no password can match.
    /// `missing`: the passwd file points to the shadow file, which has no entry.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub state: String,
    /// How the hash was made: `yescrypt`, `sha512`, `sha256`, `md5`, `bcrypt`,
    /// `sm3`, `des`, `other` ...; absent where there is no hash.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub scheme: Option<String>,
    /// The day of the last change, counted from 1970-01-01; 0 means it must be
    /// changed at the next login.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub last_change_day: Option<i64>,
    /// Days before it may be changed again.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub min_days: Option<i64>,
    /// Days after which it must be changed.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub max_days: Option<i64>,
    /// Days of warning before that.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub warn_days: Option<i64>,
    /// Days after that until the account is closed.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub inactive_days: Option<i64>,
    /// The day on which the account expires, counted from 1970-01-01.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub expire_day: Option<i64>,
}

/// One group.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Group {
    /// The group's name.
    #[schemars(extend("x-sensitivity" = "internal", "x-label" = true))]
    pub name: String,
    /// Its id.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub gid: u32,
    /// The accounts that it lists; those whose primary group it is are not among them.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub members: Vec<String>,
}

/// The type `accounts`.
#[derive(Debug, Clone, Copy)]
pub struct Accounts;

const PASSWD: &str = "accounts.passwd";
const SHADOW: &str = "accounts.shadow";
const GROUP: &str = "accounts.group";
const NSSWITCH: &str = "accounts.nsswitch";

impl EvidenceKind for Accounts {
    fn name(&self) -> EvidenceType {
        type_name("accounts")
    }

    fn title(&self) -> Text {
        text("本机账户与用户组", "Local accounts and groups")
    }

    fn parser_revision(&self) -> u32 {
        1
    }

    fn limits(&self) -> Limits {
        Limits { bytes_max: 4 << 20, timeout_seconds: 20, age_seconds_max: 86_400 }
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
        let limits = self.limits();
        let file = |id, command: &str| capture(id, Source::Files, limits, command);
        let mut shadow = file(SHADOW, &project::shadow_body());
        shadow.sudo =
            vec![vector(&["/usr/bin/awk", "-F:", &project::shadow_program(), "/etc/shadow"])];
        vec![
            file(PASSWD, &project::passwd_body()),
            shadow,
            file(GROUP, &project::group_body()),
            file(NSSWITCH, &project::nsswitch_body()),
        ]
    }

    fn parse(&self, _selector: Option<&Selector>, frames: &Frames) -> Parsed {
        match read::read(frames) {
            Ok(parsed) => parsed,
            Err(problem) => problem.failed(),
        }
    }
}
