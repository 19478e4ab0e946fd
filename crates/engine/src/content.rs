//! Loaded content: checks, mappings and baselines, linted and typed.

use crate::predicate::{Predicate, Verdict};
use anji_model::{
    BaselineVersion, CheckId, CheckInfo, ClauseId, Digest, EvidenceKey, FrameworkId, MappingStatus,
    RawResult, RegisterId, Text, VulnKnowledge,
};
use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One content file. `path` is relative to the content folder, with `/`
/// between its parts (`packs/host-linux/ssh.yaml`): the first part says what
/// the file holds (`packs`, `mappings` or `baselines`), and for packs the
/// second part names the pack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContentFile {
    /// Where it stands in the content folder.
    pub path: String,
    /// Its text.
    pub text: String,
}

/// All content that runs work with.
#[derive(Debug, Clone)]
pub struct Content {
    pub(crate) checks: Vec<Check>,
    pub(crate) by_name: BTreeMap<String, usize>,
    pub(crate) mappings: Vec<Mapping>,
    pub(crate) baselines: Vec<Baseline>,
    pub(crate) registers: Vec<RegisterId>,
    pub(crate) digest: Digest,
}

impl Content {
    /// Every check, ordered by id.
    pub fn checks(&self) -> &[Check] {
        &self.checks
    }

    /// The check with this id or alias.
    pub fn check(&self, id_or_alias: &str) -> Option<&Check> {
        self.by_name.get(id_or_alias).and_then(|index| self.checks.get(*index))
    }

    /// Digest over the paths and texts of all files, in path order.
    pub fn digest(&self) -> Digest {
        self.digest
    }

    /// The baseline with this id.
    pub fn baseline(&self, id: &str) -> Option<&Baseline> {
        self.baselines.iter().find(|baseline| baseline.id == id)
    }

    /// Every baseline, ordered by id.
    pub fn baselines(&self) -> &[Baseline] {
        &self.baselines
    }

    /// Every mapping, ordered by framework.
    pub fn mappings(&self) -> &[Mapping] {
        &self.mappings
    }

    /// Every approved list that some check reads, sorted.
    pub fn registers(&self) -> &[RegisterId] {
        &self.registers
    }
}

/// A check as loaded.
#[derive(Debug, Clone)]
pub struct Check {
    /// What people read of it.
    pub info: CheckInfo,
    /// Where it applies.
    pub platform: Platform,
    /// The layer of the system that it is about, for instance `host`.
    pub layer: String,
    /// Its evidence, in the order of the file; [`Environment::bindings`](crate::Environment)
    /// has the same order.
    pub bindings: Vec<Binding>,
    /// Its parameters, in the order of the file; [`Environment::params`](crate::Environment)
    /// has the same order.
    pub params: Vec<Param>,
    /// Its approved lists, in the order of the file;
    /// [`Environment::registers`](crate::Environment) has the same order.
    pub registers: Vec<RegisterUse>,
    /// The assertion; none only with [`Decides::Nothing`].
    pub assertion: Option<Predicate>,
    /// Which answers it can give; `info.undecided` says why not the others.
    pub decides: Decides,
    /// The commands that would cure a finding; printed, never run.
    pub cure: Vec<CureStep>,
    /// Its cases, for a test runner.
    pub cases: Vec<Case>,
}

impl Check {
    /// What the check answers when `verdict` is
    /// [`Truth::Absent`](crate::Truth::Absent): the gravest answer of the
    /// bindings that were absent (fail, then not applicable, then pass). None
    /// when the content gives no answer for one of them: then it is unknown.
    pub fn absent_answer(&self, verdict: &Verdict) -> Option<AbsentAnswer> {
        let mut answer = None;
        for index in &verdict.absent {
            answer = answer.max(Some(self.bindings.get(*index)?.when_absent?));
        }
        answer
    }
}

/// What a check answers about something that is absent by fact. Ordered: of
/// several answers the greatest counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AbsentAnswer {
    /// Its absence is what the check wants.
    Pass,
    /// The check has no meaning without it.
    NotApplicable,
    /// It must be there.
    Fail,
}

/// Which answers a check can give.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Decides {
    /// Pass and fail.
    Both,
    /// Fail alone: true is unknown, because more would have to be known.
    Fail,
    /// Pass alone: false is unknown, because something else could make it true.
    Pass,
    /// Nothing: planned, and so never checked; its reason is shown.
    Nothing,
}

impl Decides {
    /// Whether the check can give this answer at all; pass and fail are asked.
    pub fn can(self, answer: RawResult) -> bool {
        match self {
            Self::Both => true,
            Self::Fail => answer != RawResult::Pass,
            Self::Pass => answer != RawResult::Fail,
            Self::Nothing => !matches!(answer, RawResult::Pass | RawResult::Fail),
        }
    }
}

/// A step that cures a finding. Commands are those of a POSIX shell; `{label}`,
/// `{observed}` and `{params.NAME}` stand for values of the finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CureStep {
    /// A list of the evidence: the step is for each failing element of it.
    pub each: Option<String>,
    /// A place of the evidence: the step is for a finding there.
    pub when: Option<String>,
    /// What to see to first.
    pub before: Option<Text>,
    /// The command.
    pub run: String,
    /// What takes it back.
    pub undo: String,
    /// What is left to do or to watch.
    pub after: Option<Text>,
}

/// Where a check applies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Platform {
    /// Hosts that run Linux.
    Linux,
}

/// A name in an assertion for a piece of evidence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Binding {
    /// The name.
    pub name: String,
    /// The evidence.
    pub key: EvidenceKey,
    /// Whether complete empty lists in it are an answer.
    pub empty_ok: bool,
    /// A smaller age than the type's own after which it no longer decides, in seconds.
    pub age_seconds_max: Option<u32>,
    /// The answer when it, or an optional value in it, is absent by fact.
    pub when_absent: Option<AbsentAnswer>,
}

/// A name in an assertion for an approved list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegisterUse {
    /// The name.
    pub name: String,
    /// The list.
    pub register: RegisterId,
}

/// A parameter of a check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Param {
    /// Its name.
    pub name: String,
    /// Its type.
    pub kind: ParamType,
    /// Its value unless the baseline says otherwise.
    pub default: ParamValue,
    /// Which change of it makes the check stricter.
    pub stricter: Stricter,
}

/// The types that a parameter can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ParamType {
    /// `int`.
    Int,
    /// `bool`.
    Bool,
    /// `string`.
    Text,
    /// `mode`: octal permission bits such as `"0640"`.
    Mode,
    /// `date`: the end of that day in UTC.
    Date,
    /// `list<string>`.
    Texts,
    /// `list<int>`.
    Ints,
    /// `map<string,date>`.
    Dates,
    /// `map<string,string>`.
    TextMap,
}

impl ParamType {
    /// Every type.
    pub const ALL: [Self; 9] = [
        Self::Int,
        Self::Bool,
        Self::Text,
        Self::Mode,
        Self::Date,
        Self::Texts,
        Self::Ints,
        Self::Dates,
        Self::TextMap,
    ];

    /// The type as packs write it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Int => "int",
            Self::Bool => "bool",
            Self::Text => "string",
            Self::Mode => "mode",
            Self::Date => "date",
            Self::Texts => "list<string>",
            Self::Ints => "list<int>",
            Self::Dates => "map<string,date>",
            Self::TextMap => "map<string,string>",
        }
    }
}

/// A value of a parameter; canonical JSON through serde.
///
/// Only written: which variant a value is, its parameter's type says.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(untagged)]
pub enum ParamValue {
    /// Of type `int`.
    Int(i64),
    /// Of type `bool`.
    Bool(bool),
    /// Of type `date`.
    Date(Date),
    /// Of type `string` and `mode`.
    Text(String),
    /// Of type `list<int>`.
    Ints(Vec<i64>),
    /// Of type `list<string>`.
    Texts(Vec<String>),
    /// Of type `map<string,date>`.
    Dates(BTreeMap<String, Date>),
    /// Of type `map<string,string>`.
    TextMap(BTreeMap<String, String>),
}

/// Which change of a parameter makes its check stricter or leaves it equal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Stricter {
    /// A smaller number, an earlier date.
    Lower,
    /// A larger number, a later date.
    Higher,
    /// Fewer members, fewer mode bits.
    Subset,
    /// More members, more mode bits.
    Superset,
    /// No change is provably stricter.
    None,
}

/// A recorded situation with the answer that the check must give to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    /// What the situation is.
    pub name: String,
    /// The recording's name.
    pub recording: String,
    /// Changes to captures before they are parsed.
    pub patches: Vec<CasePatch>,
    /// Approved lists by the name that the check binds; others are not adopted.
    pub registers: BTreeMap<String, Vec<String>>,
    /// Parameters that differ from their defaults.
    pub params: BTreeMap<String, ParamValue>,
    /// Vulnerability data that is imported, for evidence that is derived with it.
    pub vulnerabilities: VulnKnowledge,
    /// The time of evaluation; the recording's own without it.
    pub now: Option<Timestamp>,
    /// The answer that must come.
    pub expect: RawResult,
    /// Each of these must begin the path of some failed term.
    pub terms: Vec<String>,
    /// The file that holds it.
    pub file: String,
    /// Its line, from 1.
    pub line: usize,
}

/// A textual change of one capture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CasePatch {
    /// The capture's id.
    pub capture: String,
    /// The text that is replaced; occurs exactly once in the capture.
    pub find: String,
    /// What stands there instead.
    pub replace: String,
}

/// How a rule book is answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mapping {
    /// The rule book.
    pub framework: FrameworkId,
    /// Its title.
    pub title: Text,
    /// Where its text comes from.
    pub source: String,
    /// Its clauses, in the order of the file.
    pub clauses: Vec<MappingLine>,
}

/// How a clause is answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MappingLine {
    /// The clause.
    pub clause: ClauseId,
    /// How far the checks take it.
    pub status: MappingStatus,
    /// The checks.
    pub checks: Vec<CheckId>,
    /// How the checks decide or contribute.
    pub how: Text,
    /// What is left; present when partial.
    pub left: Option<Text>,
    /// How sure the authors are of this line: `high`, `medium` or `low`.
    pub confidence: String,
}

/// A selection of checks with parameters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Baseline {
    /// Its id, for instance `starter`.
    pub id: String,
    /// Its version, from 1.
    pub version: u32,
    /// Its title.
    pub title: Text,
    /// The packs and baselines that it imports.
    pub imports: Vec<String>,
    /// The checks that it asks for, through all imports, sorted.
    pub checks: Vec<CheckId>,
    /// Parameters that differ from their defaults, through all imports; its own come first.
    pub params: BTreeMap<CheckId, BTreeMap<String, ParamValue>>,
}

impl Baseline {
    /// `starter@1`.
    ///
    /// # Errors
    /// Never for loaded baselines: the loader checks the form.
    pub fn baseline_version(&self) -> Result<BaselineVersion, anji_model::IdError> {
        BaselineVersion::new(format!("{}@{}", self.id, self.version))
    }

    /// The parameters of `check` in its order: this baseline's, else the defaults.
    pub fn params_of(&self, check: &Check) -> Vec<ParamValue> {
        let own = self.params.get(&check.info.id);
        check
            .params
            .iter()
            .map(|param| {
                own.and_then(|values| values.get(&param.name)).unwrap_or(&param.default).clone()
            })
            .collect()
    }
}
