//! `shell.startup`: what the shells' start files set: the idle limit and the mask of new files.
//!
//! The files are never run. Their text is masked on the target, so that what
//! they hold besides (a password in an exported variable) does not leave it,
//! and read as text here.

mod effect;
mod read;
mod scan;
mod script;
mod words;

use super::{capture, text, type_name};
use crate::frame::Frames;
use crate::kind::{EvidenceKind, Parsed, SelectorKind};
use crate::schema;
use anji_model::{Capture, EvidenceType, Limits, Selector, Source, Text};
use schemars::JsonSchema;
use serde::Serialize;

/// What the shells' start files set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Body {
    /// The login shells of the accounts, with what a login session has after
    /// the system's files.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub shells: Vec<LoginShell>,
    /// Every statement about the idle limit or the mask, whether it counts or not.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub statements: Vec<Statement>,
}

/// One login shell.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct LoginShell {
    /// Its path as the passwd file has it; `/bin/sh` for an empty field.
    #[schemars(extend("x-sensitivity" = "internal", "x-label" = true))]
    pub path: String,
    /// `bash`, `dash`, `ash` (busybox), `ksh`, `zsh`, `csh`; `none` for programs
    /// that end at once (`nologin`, `false`, `sync` ...); `missing`; `other`.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub family: String,
    /// The seconds without input after which it ends (`TMOUT`; `autologout` of
    /// csh, in seconds); 0 means never. Absent where nothing sets it, or the
    /// shell has no such limit (dash).
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub idle_seconds: Option<i64>,
    /// Whether the person at it cannot change that; absent where there is no limit.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub readonly: Option<bool>,
    /// Whether shells that it starts inherit it; absent where there is no limit.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub exported: Option<bool>,
    /// The mask of new files as four octal digits; absent where no file sets it.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub umask: Option<String>,
}

/// One statement of a start file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Statement {
    /// Its place as `file:line`.
    #[schemars(extend("x-sensitivity" = "internal", "x-label" = true))]
    pub place: String,
    /// What it does: `set`, `readonly`, `export`, `unset`, `umask`, or `unclear`.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub action: String,
    /// The seconds, or the mask in octal digits, where they are written out.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub value: Option<String>,
    /// Whether it is not always reached, an interactive session given.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub conditional: bool,
}

/// The type `shell.startup`.
#[derive(Debug, Clone, Copy)]
pub struct ShellStartup;

const FILES: &str = "shell.files";
const PROGRAMS: &str = "shell.programs";

impl EvidenceKind for ShellStartup {
    fn name(&self) -> EvidenceType {
        type_name("shell.startup")
    }

    fn title(&self) -> Text {
        text("登录 shell 的启动设置", "Settings of the login shells")
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
        vec![
            script::files(FILES, limits),
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
