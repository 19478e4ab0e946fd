//! `sudo.rules`: who may run what as whom through sudo, aliases and includes resolved.
//!
//! The files are read as sudo's own parser reads them: files of a wrong owner
//! or that others may write are left out as sudo does, and each rule is told
//! once for each user and command. The arguments of commands are not carried,
//! only whether there are any.

mod aliases;
mod lex;
mod parse;
mod policy;
mod read;
mod rules;
mod script;
mod settings;

use super::dump::{closed_capture, hushed};
use super::{capture, text, type_name};
use crate::frame::Frames;
use crate::kind::{EvidenceKind, Parsed, SelectorKind};
use crate::schema;
use anji_model::{Capture, EvidenceType, Limits, Selector, Source, Text};
use schemars::JsonSchema;
use serde::Serialize;

/// The rules of sudo.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Body {
    /// The files of the policy, in order of their paths.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub files: Vec<PolicyFile>,
    /// The rules, one for each user and command, aliases replaced by their members.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub rules: Vec<Rule>,
    /// What the `Defaults` lines set, one for each thing that they are bound to.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub settings: Vec<Setting>,
    /// Lines that have not the form of a sudoers file, as `file:line`.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub unread_lines: Vec<String>,
}

/// One file of the policy.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct PolicyFile {
    /// Its path.
    #[schemars(extend("x-sensitivity" = "internal", "x-label" = true))]
    pub path: String,
    /// The permission bits as four octal digits: `0440`.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub mode: Option<String>,
    /// The owner's user id.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub uid: Option<u32>,
    /// The owning group's id.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub gid: Option<u32>,
    /// Whether sudo uses it: it does not where the owner is not root, or others
    /// than root may write it.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub effective: Option<bool>,
}

/// What one user may run.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Rule {
    /// The rule as one line, aliases replaced: `%dba ALL=(postgres) NOPASSWD: /usr/bin/psql`.
    /// Behind a command ` ...` stands for arguments, ` *` for a pattern of them.
    #[schemars(extend("x-sensitivity" = "internal", "x-label" = true))]
    pub rule: String,
    /// The file that it stands in.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub file: String,
    /// Who: an account's name, `#uid`, `%group`, `%#gid`, `+netgroup` or `ALL`.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub user: String,
    /// Who is left out of it again by the members after that one.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub except_users: Vec<String>,
    /// The hosts it holds for, as they stand there, joined by `, `.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub hosts: String,
    /// Whether this host is among them.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub on_this_host: Option<bool>,
    /// As whom: `root` (or the `runas_default`) where nothing says. Empty where
    /// the command runs as the invoking account alone. With a leading `!` who is not meant.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub runas_users: Vec<String>,
    /// With which groups besides those of that account.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub runas_groups: Vec<String>,
    /// Whether that may be root, or any account (with or without exceptions).
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub as_root: bool,
    /// The command: `ALL`, a path, a folder with a slash at its end, `sudoedit` or `list`.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub command: String,
    /// The program's name without its folder; `*` where a pattern or a folder
    /// stands for several; `ALL` for all.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub program: String,
    /// The program's name without a version or flavour behind it: `python` of
    /// `python3.11`, `vim` of `vim.basic`.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub family: String,
    /// What arguments are allowed: `any`, `none`, `fixed`, `script` (fixed, and
    /// the first is an absolute path) or `pattern`.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub arguments: String,
    /// Whether the rule lets the command run; `false` for one behind `!`.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub allowed: bool,
    /// Whether a later rule for the same user decides every command of this one.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub overridden: bool,
    /// Whose password is asked, tags and `Defaults` considered: `invoker`,
    /// `target`, `root`, `runas` (of the `runas_default`), or `none`. Settings bound
    /// to others than exactly this user, `ALL` or this command are not considered.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub password: String,
    /// Whether the command is kept from running others (`NOEXEC`).
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub noexec: bool,
    /// Whether the environment may be set: `SETENV`, and `ALL` where nothing else is said.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub setenv: bool,
    /// Whether the program must have a certain digest.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub digest: bool,
}

/// One setting.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Setting {
    /// The setting as one line: `Defaults:hisadm !authenticate`.
    #[schemars(extend("x-sensitivity" = "internal", "x-label" = true))]
    pub setting: String,
    /// The file that it stands in.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub file: String,
    /// What it is bound to: `all`, `user`, `host`, `runas` or `command`.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub scope: String,
    /// The user, host, account or command that it is bound to; absent for `all`.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub of: Option<String>,
    /// Its name: `authenticate`.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub name: String,
    /// `on`, `off` or its text; with `+=` or `-=` before it where it changes a list.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub value: String,
    /// Whether no later line for the same thing sets it anew.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub effective: bool,
}

/// The type `sudo.rules`.
#[derive(Debug, Clone, Copy)]
pub struct SudoRules;

const FILES: &str = "sudo.files";
const NAMES: &str = "sudo.names";
const PROGRAMS: &str = "sudo.programs";

/// The places of the policy that are read; what is included from elsewhere is a gap.
const CLOSED: [&str; 6] = [
    "/etc/sudoers",
    "/etc/sudoers.*",
    "/etc/sudoers.d/*",
    "/usr/etc/sudoers",
    "/usr/etc/sudoers.d/*",
    "/etc/sudoers-rs",
];

impl EvidenceKind for SudoRules {
    fn name(&self) -> EvidenceType {
        type_name("sudo.rules")
    }

    fn title(&self) -> Text {
        text("sudo 授权规则", "Rules of sudo")
    }

    fn parser_revision(&self) -> u32 {
        2
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
        vec![
            hushed(closed_capture(FILES, limits, &CLOSED)),
            super::dump::dump_capture(NAMES, limits, &["/etc/nsswitch.conf", "/etc/sudo.conf"]),
            capture(PROGRAMS, Source::Files, limits, script::PROGRAMS_BODY),
        ]
    }

    fn parse(&self, _selector: Option<&Selector>, frames: &Frames) -> Parsed {
        match read::read(frames) {
            Ok(parsed) => parsed,
            Err(problem) => problem.failed(),
        }
    }
}
