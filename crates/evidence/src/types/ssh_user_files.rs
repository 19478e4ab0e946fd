//! `ssh.user_files`: the files in accounts' home folders that let somebody in
//! or hold the keys to elsewhere, with mode and owner.
//!
//! Keys and passwords stay on the target: of an authorized key its type and
//! the names of its options are told, of a private key whether its header says
//! that it is encrypted. Key files in places of `AuthorizedKeysFile` other than
//! the home folders are not among them.

mod read;
mod script;

use super::{capture, text, type_name};
use crate::frame::Frames;
use crate::kind::{EvidenceKind, Parsed, SelectorKind};
use crate::problem::Problem;
use crate::schema;
use anji_model::{Capture, EvidenceType, Limits, Selector, Source, Text};
use schemars::JsonSchema;
use serde::Serialize;

/// Files of trust and of keys, of the accounts in the target's passwd file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Body {
    /// The files and the `.ssh` folders.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub files: Vec<UserFile>,
    /// The keys that may log in.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub authorized_keys: Vec<AuthorizedKeys>,
    /// The private keys.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub private_keys: Vec<PrivateKey>,
}

/// One file or folder.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct UserFile {
    /// Its path.
    #[schemars(extend("x-sensitivity" = "internal", "x-label" = true))]
    pub path: String,
    /// `ssh_folder`, `authorized_keys`, `config`, `known_hosts`, `private_key`,
    /// `rhosts`, `shosts`, `netrc`, `hosts_equiv`, `shosts_equiv`.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub kind: String,
    /// The accounts whose home folder it is in; none for the whole system's.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub accounts: Vec<String>,
    /// The permission bits as four octal digits, behind any links.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub mode: Option<String>,
    /// The owner's user id.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub uid: Option<u32>,
    /// The owning group's id.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub gid: Option<u32>,
}

/// The keys of one file that have the same type and options.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct AuthorizedKeys {
    /// `path type options`.
    #[schemars(extend("x-sensitivity" = "internal", "x-label" = true))]
    pub entry: String,
    /// The file that they stand in.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub path: String,
    /// The accounts that they log in to.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub accounts: Vec<String>,
    /// Such as `ssh-ed25519`; `other` for a line that has no known type.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub key_type: String,
    /// The names of their options, such as `from` and `no-pty`; `?` for one of
    /// another form.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub options: Vec<String>,
    /// Whether `from` or `command` is among the options.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub restricted: bool,
    /// How many there are.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub count: i64,
}

/// One private key.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct PrivateKey {
    /// Its path.
    #[schemars(extend("x-sensitivity" = "internal", "x-label" = true))]
    pub path: String,
    /// The accounts whose home folder it is in.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub accounts: Vec<String>,
    /// Whether a passphrase protects it, as its header says.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub encrypted: Option<bool>,
}

/// The type `ssh.user_files`.
#[derive(Debug, Clone, Copy)]
pub struct SshUserFiles;

const FILES: &str = "ssh.user_files";

impl EvidenceKind for SshUserFiles {
    fn name(&self) -> EvidenceType {
        type_name("ssh.user_files")
    }

    fn title(&self) -> Text {
        text("用户的 SSH 与信任文件", "Users' SSH and trust files")
    }

    fn parser_revision(&self) -> u32 {
        1
    }

    fn limits(&self) -> Limits {
        Limits { bytes_max: 4 << 20, timeout_seconds: 30, age_seconds_max: 86_400 }
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
        vec![capture(FILES, Source::Files, self.limits(), script::BODY)]
    }

    fn parse(&self, _selector: Option<&Selector>, frames: &Frames) -> Parsed {
        read::read(frames).unwrap_or_else(Problem::failed)
    }
}
