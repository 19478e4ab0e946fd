//! Carries out a [`CollectionPlan`](anji_model::CollectionPlan) and returns a
//! [`Snapshot`](anji_model::Snapshot).
//!
//! A plan becomes one POSIX shell script ([`render_script`]); [`collect`] runs
//! it over a transport and makes the evidence records from what comes back,
//! each as soon as its captures are in. Collecting never fails as a whole: at
//! the end each wanted key has exactly one record, which holds a body, says
//! that the thing is absent by fact, or says why it was not had.
//!
//! This crate sees no checks, and opens no channel of its own.

mod bundle;
mod collect;
mod record;
mod records;
mod script;
mod sudo_listing;
mod sudoers;

pub use bundle::{CAPTURE_NONCE, encode_capture};
pub use collect::{Collected, CommandLog, HostFacts, Progress, collect};
pub use record::{RecordError, Recorded, record};
pub use script::render_script;
pub use sudo_listing::SudoListing;
pub use sudoers::{is_account_name, sudo_commands, sudoers_lines};
