//! Evidence: what can be known about a target, and how it is read.
//!
//! For each evidence type there is one file under `types/`. It holds the Rust
//! struct that is the type's body (its published schema is derived from it),
//! the shell bodies that capture it on a target, and a total, pure parser of
//! whatever bytes come back.
//!
//! # Adding an evidence type
//!
//! 1. One file `types/<name>.rs`: a body struct with [`schemars::JsonSchema`]
//!    and [`serde::Serialize`], and a unit struct that implements
//!    [`EvidenceKind`].
//! 2. One registration line in the `kinds!` list of `registry.rs`.
//! 3. Recordings under `testdata/recordings/<host>/`.
//!
//! Nothing else: planning, collection, type-checking of content, storage and
//! the published schemas all follow from the registry.
//!
//! # Rules for a body
//!
//! - Every field has a doc comment (published as its description) and
//!   `#[schemars(extend("x-sensitivity" = "public|internal|personal"))]`.
//!   Secrets have no field at all: the capture projects them away on the target.
//! - The field that names a list element carries
//!   `#[schemars(extend("x-label" = true))]`.
//! - Lists are sorted and free of repetitions ([`canonical_list`]), so that
//!   equal facts have equal digests. There are no floats, and nothing that
//!   changes by itself (process ids, uptimes).
//! - Text that came from a target is in the printable form of [`escape`].
//!
//! # Rules for a capture
//!
//! A capture body is the body of a POSIX shell function run by dash, bash or
//! busybox. It may call the helpers of the collection script (`anji_sudo`,
//! `anji_path`, `anji_have`, `anji_esc`, `anji_dump`) and answers through standard output
//! and its exit status; the statuses of [`status`] are shared by all types.
//! It is run in another root directory (`$R` not empty) too: a live fact
//! answers [`status::NOT_LIVE`] there by itself.
//!
//! # Rules for a parser
//!
//! Total over any bytes, linear in its input, and never more sure than its
//! input: a frame that is missing, cut, truncated or timed out makes an unknown
//! or a partial list, never a complete one. `absent` is only said on positive
//! proof.

mod body;
pub mod escape;
pub mod frame;
mod kind;
mod problem;
mod registry;
mod schema;
pub mod scrub;
pub mod shell;
pub mod status;
mod types;
pub mod version;

pub use body::{BodyError, canonical, canonical_list, digest};
pub use frame::{Frame, FrameError, FrameEvent, FrameReader, Frames, read_bundle};
pub use kind::{EvidenceKind, Parsed, SelectorKind};
pub use registry::{find, registry};
pub use schema::{
    Field, FieldDescription, KindDescription, SchemaError, Sensitivity, ValueType, describe,
    value_type,
};
pub use types::{
    access_control, accounts, audit, banners, boot_secure, containers, core_dumps, disk_encryption,
    file_stat, file_walk, firewall, kernel_cmdline, kernel_modules, log_files, log_forwarding,
    login_defs, logins, mounts, os_release, package_updates, package_vulnerabilities, packages,
    pam, processes, security_tools, services, sockets, sshd, startup, sudo, sysctl, time_sync,
    update_config,
};
