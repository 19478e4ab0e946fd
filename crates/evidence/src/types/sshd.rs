//! `sshd.effective`: the settings that connections to the SSH daemon get.
//!
//! The base is the daemon's own word (`sshd -T`). `Match` blocks are read from
//! the configuration with its includes, because they override the base for the
//! connections that they match: every value that some connection gets stands in
//! the base context or in a block's. A connection that matches several blocks
//! gets each value from one of them, the first that sets it; a check that
//! relates two fields of one context sees the blocks one at a time.

mod config;
mod context;
mod listener;
mod read;
mod script;

use super::file_stat::FileFacts;
use super::{capture, text, type_name, vector};
use crate::frame::Frames;
use crate::kind::{EvidenceKind, Parsed, SelectorKind};
use crate::schema;
use anji_model::{Capture, EvidenceType, Limits, Selector, Source, Text};
pub use context::Context;
use schemars::JsonSchema;
use serde::Serialize;

/// The effective settings of the SSH daemon.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Body {
    /// `base`, and one context for each condition of a `Match` block. A block
    /// that matches everything is part of `base`.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub contexts: Vec<Context>,
    /// The ports that the daemon listens on.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub ports: Vec<u16>,
    /// The versions of the SSH protocol that it speaks: `2`, and of a daemon of
    /// old `1`.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub protocols: Vec<String>,
    /// The ciphers that it offers, ordered by name.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub ciphers: Vec<String>,
    /// The message authentication codes that it offers, ordered by name.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub macs: Vec<String>,
    /// The key exchange methods that it offers, ordered by name.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub kexalgorithms: Vec<String>,
    /// The signature algorithms of its host keys, ordered by name.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub hostkeyalgorithms: Vec<String>,
    /// Its private host keys.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub hostkeys: Vec<FileFacts>,
}

/// The type `sshd.effective`.
#[derive(Debug, Clone, Copy)]
pub struct SshdEffective;

const PRESENCE: &str = "sshd.presence";
const SETTINGS: &str = "sshd.settings";
const CONFIG: &str = "sshd.config";
const HOSTKEYS: &str = "sshd.hostkeys";

impl EvidenceKind for SshdEffective {
    fn name(&self) -> EvidenceType {
        type_name("sshd.effective")
    }

    fn title(&self) -> Text {
        text("SSH 服务的生效配置", "Effective settings of the SSH daemon")
    }

    fn parser_revision(&self) -> u32 {
        2
    }

    fn limits(&self) -> Limits {
        Limits { bytes_max: 1 << 20, timeout_seconds: 20, age_seconds_max: 86_400 }
    }

    fn selector(&self) -> SelectorKind {
        SelectorKind::None
    }

    fn source(&self) -> Source {
        Source::Live
    }

    fn schema(&self) -> schemars::Schema {
        schema::derive::<Body>()
    }

    fn captures(&self, _selectors: &[Selector]) -> Vec<Capture> {
        let limits = self.limits();
        let live = |id, command: &str, sudo: Vec<Vec<String>>| Capture {
            sudo,
            ..capture(id, Source::Live, limits, command)
        };
        let settings = || vec![vector(&["/usr/sbin/sshd", "-T"])];
        let config = vec![vector(&["/usr/bin/cat", "/etc/ssh/sshd_config"])];
        vec![
            live(PRESENCE, script::PRESENCE_BODY, Vec::new()),
            live(SETTINGS, script::SETTINGS_BODY, settings()),
            live(CONFIG, script::CONFIG_BODY, config),
            live(HOSTKEYS, &script::hostkeys_body(), settings()),
        ]
    }

    fn parse(&self, _selector: Option<&Selector>, frames: &Frames) -> Parsed {
        match read::read(frames) {
            Ok(parsed) => parsed,
            Err(problem) => problem.failed(),
        }
    }
}
