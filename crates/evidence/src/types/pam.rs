//! `pam.services`: what libpam does for each service.
//!
//! The rules stand in many files that include each other; here they are in the
//! order in which libpam runs them. What follows from them (is the module that
//! locks accounts reached, is a weak password really refused) is found out by
//! following every way through a stack, with every answer that its modules can
//! give. Arguments that may hold a secret stay on the target.

mod control;
mod facts;
mod line;
mod lockout;
mod modules;
#[cfg(test)]
mod oracle;
mod quality;
mod read;
mod resolve;
mod script;
mod settings;
mod walk;

use super::{text, type_name};
use crate::frame::Frames;
use crate::kind::{EvidenceKind, Parsed, SelectorKind};
use crate::schema;
use anji_model::{Capture, EvidenceType, Limits, Selector, Source, Text};
pub use lockout::Lockout;
pub use quality::Quality;
use schemars::JsonSchema;
use serde::Serialize;

/// The services that have rules of their own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Body {
    /// The services, ordered by name. A program whose service is not among them
    /// gets `other`.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub services: Vec<Service>,
}

/// A service: its stacks, and what they do.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Service {
    /// Its name: `sshd`.
    #[schemars(extend("x-sensitivity" = "internal", "x-label" = true))]
    pub name: String,
    /// Whether libpam takes its files; where it refuses them, everything fails.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub loads: bool,
    /// The rules that check who someone is, with those of `other` where the
    /// service has none.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub auth: Vec<Rule>,
    /// The rules that check whether the account may enter now.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub account: Vec<Rule>,
    /// The rules that change passwords.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub password: Vec<Rule>,
    /// The rules that begin and end sessions.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub session: Vec<Rule>,
    /// Whether a right password can open it.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub takes_passwords: Option<bool>,
    /// Whether nothing opens it without a right password.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub password_required: Option<bool>,
    /// Modules of its auth stack that ask for a code, a token or a key.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub second_factors: Vec<String>,
    /// Whether nothing opens it without one of those. Not where users who have
    /// none are let through.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub second_factor_required: Option<bool>,
    /// Whether its auth stack takes empty passwords.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub nullok: bool,
    /// Rules of its auth stack that count failures and lock accounts.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub lockouts: Vec<Lockout>,
    /// Whether each wrong password is counted and a locked account is refused.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub lockout_enforced: Option<bool>,
    /// Whether it can store a new password of a local account.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub sets_passwords: Option<bool>,
    /// Modules of its password stack that refuse weak passwords.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub quality: Vec<Quality>,
    /// Modules of its password stack that refuse passwords that were used before.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub history: Vec<History>,
    /// The scheme in which pam_unix stores passwords, where its rule names one.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub hash_scheme: Option<String>,
}

/// One rule of a stack.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Rule {
    /// Its place in the stack, from 1.
    #[schemars(extend("x-sensitivity" = "internal", "x-label" = true))]
    pub position: i64,
    /// `required`, `requisite`, `sufficient`, `optional`, or what is done on each
    /// answer: `[success=1 default=ignore]`. Equal controls have equal texts. A
    /// rule that libpam cannot make sense of is `fails`, the head of a
    /// substack `substack`.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub control: String,
    /// The module without path and suffix, or the file of a substack.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub module: String,
    /// Whether the module is installed; absent for what is no
    /// module, and where the rule names a place of its own.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub installed: Option<bool>,
    /// Its arguments; those that are not known to be harmless are `?`.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub arguments: String,
    /// How many substacks it stands in.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub level: i64,
    /// The file that it stands in.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub file: String,
}

/// A module that refuses passwords that were used before.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct History {
    /// The module: `pam_pwhistory`, or `pam_unix` with `remember`.
    #[schemars(extend("x-sensitivity" = "internal", "x-label" = true))]
    pub module: String,
    /// How many passwords it remembers.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub remember: Option<i64>,
}

/// The type `pam.services`.
#[derive(Debug, Clone, Copy)]
pub struct PamServices;

const RULES: &str = "pam.rules";
const SETTINGS: &str = "pam.settings";
const MODULES: &str = "pam.modules";

impl EvidenceKind for PamServices {
    fn name(&self) -> EvidenceType {
        type_name("pam.services")
    }

    fn title(&self) -> Text {
        text("各服务的 PAM 认证规则", "PAM rules of each service")
    }

    fn parser_revision(&self) -> u32 {
        1
    }

    fn limits(&self) -> Limits {
        Limits { bytes_max: 1 << 20, timeout_seconds: 20, age_seconds_max: 86_400 }
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
        script::captures(self.limits())
    }

    fn parse(&self, _selector: Option<&Selector>, frames: &Frames) -> Parsed {
        read::read(frames).unwrap_or_else(crate::problem::Problem::failed)
    }
}
