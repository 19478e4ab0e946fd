//! What a verification can find, as values.

use anji_model::Digest;
use std::fmt;

/// What was verified, and everything that was found wrong.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct VerifyReport {
    /// Runs in the chain.
    pub runs: u64,
    /// Evidence records, over all runs.
    pub records: u64,
    /// Check results, over all runs.
    pub results: u64,
    /// Bodies whose digest was recomputed.
    pub bodies: u64,
    /// Bodies removed by retention, as the audit log says.
    pub pruned: u64,
    /// Entries of the audit log.
    pub audit_entries: u64,
    /// Versions of approved lists.
    pub registers: u64,
    /// The head of the chain.
    pub head: Option<Digest>,
    /// The public key (64 hexadecimal digits) that all signatures were checked with.
    pub public_key: Option<String>,
    /// Whether that key is the one of this state folder: without it the store
    /// only says that somebody signed it.
    pub key_known: bool,
    /// Everything that was found wrong; empty means intact.
    pub problems: Vec<Problem>,
}

impl VerifyReport {
    /// Whether nothing was found wrong.
    pub fn is_intact(&self) -> bool {
        self.problems.is_empty()
    }
}

/// Where in a run something is wrong.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The place in the chain.
    pub sequence: u64,
    /// The run's id, as its row names it.
    pub run: String,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "run {} `{}`", self.sequence, self.run)
    }
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Problem {
    /// The database's own check found damage, or a row cannot be read.
    Damaged {
        /// What it said.
        detail: String,
    },
    /// Tables, indexes or triggers are not those of this schema.
    SchemaChanged {
        /// The object that is missing, added or different.
        object: String,
    },
    /// Runs are missing from the chain.
    RunsMissing {
        /// The first place in the chain that is empty.
        first: u64,
        /// The last one before the next run.
        last: u64,
    },
    /// A run's manifest is not what was signed, or contradicts its row.
    ManifestChanged {
        /// Where.
        place: Place,
        /// What differs.
        what: String,
    },
    /// A signature does not hold.
    BadSignature {
        /// Where.
        place: Place,
    },
    /// A run is signed with another key than the chain's.
    WrongKey {
        /// Where.
        place: Place,
        /// The key it names.
        found: String,
    },
    /// A run does not follow the run before it.
    ChainBroken {
        /// Where.
        place: Place,
    },
    /// A run's records, results, command log or salts are not those that were signed.
    ContentChanged {
        /// Where.
        place: Place,
        /// What is known about it: counts that differ, rows that cannot be read.
        what: String,
    },
    /// The stored form of a record or result is not what its digest says.
    FormChanged {
        /// The record or result, for instance `file.stat[/etc/shadow] of asset:local`.
        name: String,
        /// The runs it stands in, first and last place in the chain.
        runs: (u64, u64),
    },
    /// A stretch of equal records or results does not match the runs it stands for.
    SpanChanged {
        /// The record or result.
        name: String,
        /// What differs.
        what: String,
    },
    /// A stored row belongs to nothing.
    Unreferenced {
        /// The row, for instance `body <digest>`.
        row: String,
    },
    /// A body is missing and was not removed by retention.
    BodyMissing {
        /// Its digest.
        digest: Digest,
    },
    /// A body does not have the digest it is stored under.
    BodyChanged {
        /// The digest it is stored under, as far as it can be read.
        digest: String,
    },
    /// An entry of the audit log is changed, missing, added or out of order.
    AuditBroken {
        /// Its number.
        sequence: u64,
        /// What is wrong.
        what: String,
    },
    /// A version of an approved list is changed, missing or added.
    RegisterChanged {
        /// The list, subject and version.
        name: String,
        /// What is wrong.
        what: String,
    },
    /// A setting is not what the audit log says.
    SettingChanged {
        /// The setting.
        name: String,
    },
    /// The list of bodies removed by retention is not what the audit log says.
    PrunedChanged {
        /// What is wrong.
        what: String,
    },
    /// The signed end of chain and audit log is not where they end.
    EndChanged {
        /// What is wrong.
        what: String,
    },
    /// The signatures hold, but nothing says that their key is ours: the key
    /// file is missing or cannot be read, or another key was expected.
    KeyUnknown {
        /// The key that signed.
        found: String,
    },
    /// The chain does not hold the head that was expected: its tail was cut, or it is another.
    HeadNotFound {
        /// The head that was expected.
        expected: Digest,
    },
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Damaged { detail } => write!(f, "the database is damaged: {detail}"),
            Self::SchemaChanged { object } => write!(f, "the schema was changed: {object}"),
            Self::RunsMissing { first, last } if first == last => {
                write!(f, "run {first} is missing")
            }
            Self::RunsMissing { first, last } => write!(f, "runs {first} to {last} are missing"),
            Self::ManifestChanged { place, what } => {
                write!(f, "{place}: the manifest was changed: {what}")
            }
            Self::BadSignature { place } => write!(f, "{place}: the signature does not hold"),
            Self::WrongKey { place, found } => write!(f, "{place}: signed with key `{found}`"),
            Self::ChainBroken { place } => write!(f, "{place}: does not follow the run before it"),
            Self::ContentChanged { place, what } => {
                write!(f, "{place}: the content was changed: {what}")
            }
            Self::FormChanged { name, runs: (first, last) } => {
                write!(f, "{name} was changed; it stands in runs {first} to {last}")
            }
            Self::SpanChanged { name, what } => write!(f, "{name}: {what}"),
            Self::Unreferenced { row } => write!(f, "{row} belongs to nothing"),
            Self::BodyMissing { digest } => write!(f, "the body `{digest}` is missing"),
            Self::BodyChanged { digest } => write!(f, "the body `{digest}` was changed"),
            Self::AuditBroken { sequence, what } => write!(f, "audit entry {sequence}: {what}"),
            Self::RegisterChanged { name, what } => write!(f, "register {name}: {what}"),
            Self::SettingChanged { name } => write!(f, "the setting `{name}` was changed"),
            Self::PrunedChanged { what } => write!(f, "the list of removed bodies: {what}"),
            Self::EndChanged { what } => write!(f, "the end of the chain: {what}"),
            Self::KeyUnknown { found } => {
                write!(f, "signed with key `{found}`, which is not known to be ours")
            }
            Self::HeadNotFound { expected } => {
                write!(f, "the expected head `{expected}` is not in the chain")
            }
        }
    }
}
