//! What an examination of this machine finds: what is in order, and what is
//! missing for the product to see and prove all that it could.

use crate::evidence::Privilege;
use crate::id::{CheckId, RegisterId, RunId};
use crate::key::EvidenceKey;
use jiff::Timestamp;

/// How a finding stands. Ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Health {
    /// In order.
    Well,
    /// Worth knowing; nothing is lost by it now.
    Note,
    /// Something is lost by it.
    Missing,
}

/// The parts of an examination, in the order in which they are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Topic {
    /// What the account may see.
    Rights,
    /// The programs that captures call.
    Tools,
    /// Folder, store and key.
    State,
    /// The stored runs and their proof.
    Runs,
    /// Imported vulnerability data.
    Data,
    /// Approved lists.
    Lists,
    /// The time.
    Clock,
    /// Language, characters and time zone.
    Locale,
    /// Checks and baselines.
    Content,
}

impl Topic {
    /// Every part, in order.
    pub const ALL: [Self; 9] = [
        Self::Rights,
        Self::Tools,
        Self::State,
        Self::Runs,
        Self::Data,
        Self::Lists,
        Self::Clock,
        Self::Locale,
        Self::Content,
    ];
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Symptom {
    /// It runs as root.
    Root,
    /// It runs as root, and the last run as root still lost evidence for lack of rights.
    RootClosed {
        /// The evidence.
        keys: Vec<EvidenceKey>,
    },
    /// An ordinary account, with rules for so many of the commands that need root.
    SudoRule {
        /// Commands that may be run.
        allowed: u64,
        /// Commands that need root.
        of: u64,
    },
    /// An ordinary account without rules; root would have added so many verdicts
    /// to the last run.
    NoRights {
        /// How many; none without a run.
        verdicts: Option<u64>,
    },
    /// Every program that a capture cannot do without is there.
    ToolsThere {
        /// How many.
        count: u64,
    },
    /// A program that a capture asks for is not on this machine.
    ToolMissing {
        /// The program.
        tool: String,
        /// The evidence whose captures ask for it.
        keys: Vec<EvidenceKey>,
        /// Whether the last run lost that evidence for lack of a tool, or had it
        /// another way; none where it does not tell.
        lost: Option<bool>,
    },
    /// Programs that are used where they are there, and are not.
    ToolsOptional {
        /// Their names.
        tools: Vec<String>,
    },
    /// The state folder is there and ours.
    Folder {
        /// Its path.
        path: String,
    },
    /// There is no state folder yet.
    NoFolder {
        /// Where it would be.
        path: String,
    },
    /// The state folder cannot be used for storing.
    FolderUnusable {
        /// Its path.
        path: String,
        /// What is wrong.
        problem: FolderProblem,
    },
    /// Room on the file system of the state folder.
    Space {
        /// Bytes that are free.
        free: u64,
        /// Bytes that the store takes.
        used: u64,
        /// Whether the next run may not fit.
        short: bool,
    },
    /// The store has the form of this program.
    Store,
    /// The store cannot be read, or not by this program.
    StoreUnreadable {
        /// Why, as the store says it.
        problem: String,
    },
    /// The signing key is there, and readable by its owner alone.
    Key,
    /// The signing key is missing or not usable.
    KeyUnusable {
        /// Why, as the store says it.
        problem: String,
    },
    /// The signing key is private, and its file holds no key.
    KeyDamaged,
    /// There is a run about this machine.
    LastRun {
        /// The run.
        run: RunId,
        /// Seconds since it evaluated.
        age_seconds: u64,
        /// The rights that it had.
        privilege: Privilege,
        /// Whether it asked only for a part of what its baseline asks for.
        partial: bool,
    },
    /// There is no run about this machine.
    NoRun,
    /// The chain of runs was verified just now, and holds.
    ChainHolds {
        /// How many runs.
        runs: u64,
    },
    /// The chain of runs was verified just now, and does not hold.
    ChainBroken {
        /// How many problems.
        problems: u64,
    },
    /// The store is too large to be verified in passing.
    ChainUnverified {
        /// How many runs.
        runs: u64,
    },
    /// No vulnerability data was imported.
    NoData,
    /// There is data, and no run that tells which system this machine has.
    SystemUnknown,
    /// A set that speaks of this machine's system.
    DataFits {
        /// Its name.
        set: String,
        /// How many days old it is.
        days: u64,
    },
    /// None of the imported sets speaks of this machine's system as a whole.
    DataOfOthers {
        /// The system, as sets name it.
        system: String,
    },
    /// A list was adopted.
    ListsAdopted {
        /// How many of those that checks use.
        count: u64,
    },
    /// A list that checks use was not adopted.
    NoList {
        /// The list.
        register: RegisterId,
    },
    /// The clock stands at a time that can be.
    Clock {
        /// The time.
        at: Timestamp,
    },
    /// The clock stands at a time that cannot be.
    ClockImplausible {
        /// The time.
        at: Timestamp,
    },
    /// The clock stands before the last run.
    ClockSetBack {
        /// The time.
        at: Timestamp,
        /// When the last run evaluated.
        last: Timestamp,
    },
    /// The characters of the locale are UTF-8, or those of a bare container.
    Characters {
        /// The locale; empty where none is set.
        locale: String,
    },
    /// The locale has no Chinese characters.
    CharactersPoor {
        /// The locale.
        locale: String,
    },
    /// The time zone is known.
    Zone {
        /// Its name or offset.
        zone: String,
    },
    /// The time zone is not known: times are shown in UTC.
    NoZone,
    /// The content loads.
    Content {
        /// How many checks.
        checks: u64,
    },
    /// The content has problems.
    ContentInvalid {
        /// What the loader says.
        problem: String,
    },
}

/// Why a state folder cannot be used for storing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FolderProblem {
    /// It is no folder.
    NotAFolder,
    /// It belongs to another account.
    OtherOwner,
    /// Others may write into it.
    OpenToOthers,
    /// This account may not write into it.
    NotWritable,
    /// It cannot be looked at.
    NotReadable,
    /// It is not there, and this account cannot make it.
    CannotBeMade,
}

/// One line of an examination.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The part that it belongs to.
    pub topic: Topic,
    /// How it stands.
    pub health: Health,
    /// What was found.
    pub symptom: Symptom,
    /// The checks that stay unknown because of it.
    pub checks: Vec<CheckId>,
    /// The command that mends it, if one does.
    pub mend: Option<String>,
}
