//! What there is to see on this machine.

use super::Surroundings;
use crate::content;
use crate::context::Home;
use crate::error::AppError;
use crate::plan::{PlanRequest, Prepared, STARTER, baseline_name};
use anji_collect::SudoListing;
use anji_engine::Content;
use anji_evidence::shell;
use anji_model::{
    CheckId, EvidenceKey, EvidenceRecord, EvidenceStatus, FailureCategory, FolderProblem,
    Privilege, RawResult, ReasonCategory, RegisterId, RunId, Snapshot, Subject,
};
use anji_store::{Reader, Store, StoreError, VulnSetSummary, key_file, public_key, store_file};
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};
use std::io::ErrorKind;
use std::ops::ControlFlow;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;
use std::time::Duration;

/// Where the script of a plan looks for programs.
const PATH: &str = "/usr/sbin:/usr/bin:/sbin:/bin:/usr/local/sbin:/usr/local/bin";
/// A store of more bytes is not verified in passing.
const VERIFY_BYTES_MAX: u64 = 64 << 20;
/// More of a listing than this is not read.
const LISTING_BYTES_MAX: usize = 4 << 20;
/// How long sudo may take to say what it allows.
const SUDO_LIMIT: Duration = Duration::from_secs(20);

/// Everything that is judged.
#[derive(Debug, Clone, Default)]
pub(super) struct Facts {
    pub(super) is_root: bool,
    /// Of the commands that need root: allowed, and all. None as root.
    pub(super) sudo: Option<(u64, u64)>,
    pub(super) tools: Vec<ToolUse>,
    pub(super) folder_path: String,
    /// What commands to mend carry.
    pub(super) options: Vec<String>,
    /// None where it is not there yet and can be made.
    pub(super) folder: Option<Result<(), FolderProblem>>,
    pub(super) space: Option<(u64, u64)>,
    /// None where there is no store; else why it cannot be read, if it cannot.
    pub(super) store: Option<Result<(), StoreProblem>>,
    pub(super) key: Option<Result<(), KeyFault>>,
    pub(super) last: Option<LastRun>,
    /// Runs, and the problems of their chain where it was verified.
    pub(super) chain: Option<(u64, Option<u64>)>,
    pub(super) sets: Vec<VulnSetSummary>,
    /// What sets call this machine's system, the most exact name first.
    pub(super) systems: Vec<String>,
    pub(super) lists: Vec<ListUse>,
    /// Checks that are decided from imported data.
    pub(super) data_checks: Vec<CheckId>,
    pub(super) locale: Option<String>,
    pub(super) zone: Option<String>,
    /// How many checks, or what is wrong.
    pub(super) content: Option<Result<u64, String>>,
}

/// Why a store cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct StoreProblem {
    pub(super) words: String,
    /// Whether opening it for writing once is all that it needs.
    pub(super) needs_writing: bool,
}

impl StoreProblem {
    fn new(error: &StoreError) -> Self {
        let cause = std::error::Error::source(error);
        let words = cause.map_or_else(|| error.to_string(), |cause| format!("{error}: {cause}"));
        let needs_writing =
            matches!(error, StoreError::OlderSchema { .. } | StoreError::UnfinishedLog { .. });
        Self { words, needs_writing }
    }
}

/// A program, and what it is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ToolUse {
    pub(super) name: String,
    pub(super) is_there: bool,
    pub(super) required: bool,
    /// The evidence whose captures cannot do without it, and the checks that use it.
    pub(super) keys: BTreeMap<EvidenceKey, Vec<CheckId>>,
}

/// What is wrong with a signing key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum KeyFault {
    /// Others may read it; why, as the store says it.
    Open(String),
    /// It holds no key.
    Damaged,
    /// Something else, as the store says it.
    Other(String),
}

/// An approved list that checks use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ListUse {
    pub(super) register: RegisterId,
    pub(super) is_adopted: bool,
    /// Whether the last run has the evidence to adopt it from.
    pub(super) is_adoptable: bool,
    pub(super) checks: Vec<CheckId>,
}

/// The last run about this machine, and what it lost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct LastRun {
    pub(super) run: RunId,
    pub(super) as_of: Timestamp,
    pub(super) privilege: Privilege,
    pub(super) verdicts_with_more_rights: u64,
    /// Checks that it left unknown for lack of rights.
    pub(super) closed: Vec<CheckId>,
    /// Evidence that it lost, wholly or in part, for lack of rights.
    pub(super) closed_keys: BTreeSet<EvidenceKey>,
    /// Evidence that it lost, wholly or in part, for lack of a tool.
    pub(super) without_tool: BTreeSet<EvidenceKey>,
    /// Evidence that it had, or of which it showed that there is none.
    pub(super) had: BTreeSet<EvidenceKey>,
    /// Evidence that it asked for.
    pub(super) asked: BTreeSet<EvidenceKey>,
    /// Whether it asked only for a part of what its baseline asks for.
    pub(super) is_partial: bool,
}

/// Looks at everything.
pub(super) fn gather(
    home: &Home,
    now: Timestamp,
    around: &Surroundings<'_>,
) -> Result<Facts, AppError> {
    let mut facts = Facts {
        is_root: around.uid == 0,
        folder_path: home.state.display().to_string(),
        locale: around.locale.clone(),
        zone: around.zone.clone(),
        options: around.options.clone(),
        ..Facts::default()
    };
    // With content at fault the built-in one says what would be needed.
    let (content, told) = match content::load(home.content.as_deref()) {
        Ok(content) => {
            let count = content.checks().len() as u64;
            (content, Ok(count))
        }
        Err(error) => (content::load(None)?, Err(error.to_string())),
    };
    facts.content = Some(told);
    folder(&mut facts, home, around);
    let baseline = store(&mut facts, home, &content);
    let request =
        PlanRequest { baseline: baseline.unwrap_or(STARTER.to_owned()), ..PlanRequest::default() };
    let prepared = match Prepared::new(&content, &request) {
        Ok(prepared) => prepared,
        // The last run's baseline is gone from the content.
        Err(_) => {
            let request = PlanRequest { baseline: STARTER.to_owned(), ..PlanRequest::default() };
            Prepared::new(&content, &request)?
        }
    };
    facts.tools = tools(&prepared);
    if let Some(last) = &mut facts.last {
        let wanted = &prepared.plan.collection.wanted;
        last.is_partial = wanted.iter().any(|wanted| !last.asked.contains(&wanted.key));
    }
    lists(&mut facts, &prepared);
    let keys = anji_engine::derived_keys(&content, prepared.baseline, &prepared.selection);
    facts.data_checks = checks_on(&prepared, |key| keys.contains(key));
    if !facts.is_root {
        let plan = crate::plan::everything(&content)?;
        let commands = plan.iter().flat_map(anji_collect::sudo_commands);
        // What is not on this machine is not run here either.
        let here: Vec<_> = commands.filter(|words| is_program(Path::new(&words[0]))).collect();
        facts.sudo = Some(sudo(&here, around, now));
    }
    Ok(facts)
}

fn folder(facts: &mut Facts, home: &Home, around: &Surroundings<'_>) {
    let meta = match std::fs::metadata(&home.state) {
        Ok(meta) => meta,
        Err(error) => {
            facts.folder = unseen(&error, &home.state, around.may_write).map(Err);
            return;
        }
    };
    facts.folder = Some(if !meta.is_dir() {
        Err(FolderProblem::NotAFolder)
    } else if meta.uid() != around.uid {
        Err(FolderProblem::OtherOwner)
    } else if meta.mode() & 0o022 != 0 {
        Err(FolderProblem::OpenToOthers)
    } else if !(around.may_write)(&home.state) {
        Err(FolderProblem::NotWritable)
    } else {
        Ok(())
    });
    let used = std::fs::metadata(store_file(&home.state)).map_or(0, |meta| meta.len());
    facts.space = (around.free_bytes)(&home.state).map(|free| (free, used));
}

/// Why a folder that cannot be looked at cannot be used; none where it is not
/// there yet and can be made.
fn unseen(
    error: &std::io::Error,
    folder: &Path,
    may_write: &dyn Fn(&Path) -> bool,
) -> Option<FolderProblem> {
    match error.kind() {
        ErrorKind::NotFound => {
            // A link to nowhere is there, and stands in the way.
            let nearest = folder.ancestors().find(|path| std::fs::symlink_metadata(path).is_ok());
            let can_be_made = nearest.is_some_and(|path| path != folder && may_write(path));
            (!can_be_made).then_some(FolderProblem::CannotBeMade)
        }
        ErrorKind::NotADirectory => Some(FolderProblem::NotAFolder),
        _ => Some(FolderProblem::NotReadable),
    }
}

/// What is wrong with the key that the store refused with `error`.
fn key_fault(file: &Path, error: &StoreError) -> KeyFault {
    match std::fs::symlink_metadata(file) {
        Ok(meta) if !meta.is_file() => KeyFault::Other(error.to_string()),
        Ok(meta) if meta.mode() & 0o077 != 0 => KeyFault::Open(error.to_string()),
        Ok(_) if std::fs::File::open(file).is_ok() => KeyFault::Damaged,
        _ => KeyFault::Other(error.to_string()),
    }
}

/// Looks into the store; returns the name of the last run's baseline.
fn store(facts: &mut Facts, home: &Home, content: &Content) -> Option<String> {
    let store = match Store::open_read_only(&home.state) {
        Ok(store) => store,
        Err(StoreError::Missing { .. }) => return None,
        Err(error) => {
            facts.store = Some(Err(StoreProblem::new(&error)));
            return None;
        }
    };
    facts.key = match public_key(&home.state) {
        Ok(Some(_)) => Some(Ok(())),
        Ok(None) => None,
        Err(error) => Some(Err(key_fault(&key_file(&home.state), &error))),
    };
    let read = store.read(|reader| look_into(facts, reader, content));
    let used = facts.space.map_or(0, |(_, used)| used);
    if let (Some((_, problems)), true) = (&mut facts.chain, used <= VERIFY_BYTES_MAX) {
        match crate::verify::verify(home, None, None) {
            Ok(report) => *problems = Some(report.problems.len() as u64),
            Err(AppError::Store(error)) => {
                // What cannot be verified cannot be called readable either.
                facts.store = Some(Err(StoreProblem::new(&error)));
                return None;
            }
            // No other failure is of the store; the chain is then called unverified.
            Err(_) => {}
        }
    }
    match read {
        Ok(baseline) => {
            facts.store = Some(Ok(()));
            baseline
        }
        Err(error) => {
            let words = error.to_string();
            facts.store = Some(Err(StoreProblem { words, needs_writing: false }));
            None
        }
    }
}

fn look_into(
    facts: &mut Facts,
    reader: &Reader<'_>,
    content: &Content,
) -> Result<Option<String>, AppError> {
    facts.sets = reader.vulnerability_sets()?;
    let local = Subject::local();
    let adopted = reader.registers(&local)?;
    facts.lists = content
        .registers()
        .iter()
        .map(|id| ListUse {
            register: id.clone(),
            is_adopted: adopted.iter().any(|register| register.id == *id),
            is_adoptable: false,
            checks: Vec::new(),
        })
        .collect();
    facts.chain = Some((reader.runs()?.len() as u64, None)).filter(|(runs, _)| *runs > 0);
    let run = match crate::history::last_run_about(reader, &local) {
        Ok(run) => run,
        Err(AppError::NoRunYet(_)) => return Ok(None),
        Err(error) => return Err(error),
    };
    let stored = crate::history::stored(reader, &run)?;
    let snapshot = reader.snapshot_of(&run, &local)?;
    facts.systems =
        anji_engine::lookup(&snapshot).map(|lookup| lookup.distributions).unwrap_or_default();
    let results = reader.results_of(&run)?;
    let closed = results.iter().filter(|result| {
        result.raw == RawResult::Unknown
            && result.reasons.iter().any(|reason| {
                reason.category == ReasonCategory::Evidence(FailureCategory::Permission)
            })
    });
    let closed: BTreeSet<_> = closed.map(|result| result.identity.check.clone()).collect();
    let name = baseline_name(&stored.signed.manifest.baseline).to_owned();
    adoptable(&mut facts.lists, content, &name, &snapshot);
    let records = snapshot.records.values();
    let keys = |is_wanted: &dyn Fn(&EvidenceRecord) -> bool| {
        records.clone().filter(|one| is_wanted(one)).map(|one| one.key.clone()).collect()
    };
    facts.last = Some(LastRun {
        run,
        as_of: stored.signed.manifest.as_of,
        privilege: stored.privilege,
        verdicts_with_more_rights: anji_engine::verdicts_with_more_rights(&results),
        closed: closed.into_iter().collect(),
        closed_keys: keys(&|record| is_lost_for(record, FailureCategory::Permission)),
        without_tool: keys(&|record| is_lost_for(record, FailureCategory::ToolMissing)),
        had: keys(&|record| !matches!(record.status, EvidenceStatus::Failed { .. })),
        asked: keys(&|_| true),
        is_partial: false,
    });
    Ok(Some(name))
}

/// Which lists can be adopted from what a run by this baseline observed.
fn adoptable(lists: &mut [ListUse], content: &Content, baseline: &str, snapshot: &Snapshot) {
    let Some(baseline) = content.baseline(baseline) else { return };
    for list in lists {
        let observed = anji_engine::observed_entries(content, baseline, &list.register, snapshot);
        list.is_adoptable = observed.is_ok();
    }
}

/// Whether evidence was lost, wholly or in part, for such a reason.
fn is_lost_for(record: &EvidenceRecord, reason: FailureCategory) -> bool {
    let whole =
        matches!(record.status, EvidenceStatus::Failed { category, .. } if category == reason);
    whole || record.gaps.iter().any(|gap| gap.category == reason)
}

/// The checks of the baseline that use evidence of which `uses` says yes.
fn checks_on(prepared: &Prepared<'_>, uses: impl Fn(&EvidenceKey) -> bool) -> Vec<CheckId> {
    let checks = prepared.content.checks().iter();
    checks
        .filter(|check| prepared.baseline.checks.contains(&check.info.id))
        .filter(|check| check.bindings.iter().any(|binding| uses(&binding.key)))
        .map(|check| check.info.id.clone())
        .collect()
}

/// The programs that the captures of the plan ask for, by name.
fn tools(prepared: &Prepared<'_>) -> Vec<ToolUse> {
    let plan = &prepared.plan;
    let mut found: BTreeMap<String, (bool, BTreeSet<EvidenceKey>)> = BTreeMap::new();
    for wanted in &plan.collection.wanted {
        let Some(kind) = anji_evidence::find(&wanted.key.kind) else { continue };
        let selectors: Vec<_> = wanted.key.selector.iter().cloned().collect();
        for capture in kind.captures(&selectors) {
            for tool in shell::tools(&capture.command) {
                let (required, keys) = found.entry(tool.name.to_owned()).or_default();
                *required |= tool.required;
                if tool.required {
                    keys.insert(wanted.key.clone());
                }
            }
        }
    }
    let tool = |(name, (required, keys)): (String, (bool, BTreeSet<EvidenceKey>))| {
        let checks = |key: &EvidenceKey| {
            let served = plan.serves.get(key).into_iter().flatten();
            let checks: BTreeSet<_> = served.map(|served| served.check.clone()).collect();
            checks.into_iter().collect()
        };
        let keys = keys.into_iter().map(|key| (key.clone(), checks(&key))).collect();
        ToolUse { is_there: is_there(&name), name, required, keys }
    };
    found.into_iter().map(tool).collect()
}

fn is_there(name: &str) -> bool {
    PATH.split(':').any(|folder| is_program(&Path::new(folder).join(name)))
}

fn is_program(path: &Path) -> bool {
    std::fs::metadata(path)
        .is_ok_and(|meta| meta.is_file() && meta.permissions().mode() & 0o111 != 0)
}

/// Which checks use the approved lists.
fn lists(facts: &mut Facts, prepared: &Prepared<'_>) {
    let mut uses: BTreeMap<&RegisterId, Vec<CheckId>> = BTreeMap::new();
    let asked = |id: &CheckId| prepared.baseline.checks.contains(id);
    for check in prepared.content.checks().iter().filter(|check| asked(&check.info.id)) {
        for register in &check.registers {
            uses.entry(&register.register).or_default().push(check.info.id.clone());
        }
    }
    let known = std::mem::take(&mut facts.lists);
    let found = |register: &RegisterId| known.iter().find(|list| list.register == *register);
    let list = |(register, checks): (&RegisterId, Vec<CheckId>)| ListUse {
        register: register.clone(),
        is_adopted: found(register).is_some_and(|list| list.is_adopted),
        is_adoptable: found(register).is_some_and(|list| list.is_adoptable),
        checks,
    };
    facts.lists = uses.into_iter().map(list).collect();
}

/// How many of the commands that need root sudo would run for this account
/// without a password, and how many there are. sudo is asked once, for all that
/// it allows: each refusal would be a line in its log, and a message to root.
fn sudo(commands: &[&[String]], around: &Surroundings<'_>, now: Timestamp) -> (u64, u64) {
    let script =
        format!("PATH={PATH} LC_ALL=C; export PATH LC_ALL\nsudo -n -l </dev/null 2>/dev/null\n:\n");
    let nonce = now.as_second().to_string();
    let mut said = Vec::new();
    let mut sink = |bytes: &[u8]| {
        said.extend_from_slice(bytes);
        if said.len() > LISTING_BYTES_MAX {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    };
    // A shell that cannot be started runs no sudo either.
    drop(around.transport.run(&script, &nonce, SUDO_LIMIT, &mut sink));
    let listing = SudoListing::parse(&String::from_utf8_lossy(&said));
    let is_allowed =
        |command: &&&[String]| listing.as_ref().is_some_and(|listing| listing.allows(command));
    (commands.iter().filter(is_allowed).count() as u64, commands.len() as u64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use anji_transport::{Ended, Exit, Sink, Transport, TransportError};
    use std::cell::RefCell;

    /// A shell that is never run: what it was given, and what it says.
    struct Says(RefCell<String>, &'static str);

    impl Transport for Says {
        fn name(&self) -> &str {
            "says"
        }

        fn run(
            &self,
            script: &str,
            _: &str,
            _: Duration,
            sink: &mut Sink<'_>,
        ) -> Result<Exit, TransportError> {
            self.0.borrow_mut().push_str(script);
            let _more = sink(self.1.as_bytes());
            Ok(Exit { ended: Ended::Exited(0), diagnostics: Vec::new() })
        }
    }

    fn around<'a>(transport: &'a dyn Transport) -> Surroundings<'a> {
        Surroundings {
            uid: 1000,
            options: Vec::new(),
            transport,
            may_write: &|_| true,
            free_bytes: &|_| None,
            locale: None,
            zone: None,
        }
    }

    #[test]
    fn sudo_is_asked_once_for_all_that_it_allows() {
        let vector = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
        let commands: [Vec<String>; 2] =
            [vector(&["/usr/sbin/sshd", "-T"]), vector(&["/usr/bin/x", "it's $HOME"])];
        let commands: Vec<&[String]> = commands.iter().map(Vec::as_slice).collect();
        let listing = "User collector may run the following commands on ward7:\n    \
                       (root) NOPASSWD: /usr/sbin/sshd -T\n    (root) /usr/bin/x\n";
        let transport = Says(RefCell::default(), listing);
        let asked = sudo(&commands, &around(&transport), Timestamp::UNIX_EPOCH);
        assert_eq!(asked, (1, 2));
        let script = transport.0.into_inner();
        assert_eq!(script.matches("sudo").count(), 1, "{script}");
        let transport = Says(RefCell::default(), "");
        let asked = sudo(&commands, &around(&transport), Timestamp::UNIX_EPOCH);
        assert_eq!(asked, (0, 2), "no listing is no rule");
        assert_eq!(transport.0.into_inner().matches("sudo").count(), 1);
    }

    #[test]
    fn a_folder_that_cannot_be_seen_is_told_from_one_that_is_not_there() {
        let of = |kind: ErrorKind, may: bool| {
            unseen(&kind.into(), Path::new("/no such place/anji"), &|path| {
                assert_eq!(path, Path::new("/"), "the nearest that is there");
                may
            })
        };
        assert_eq!(of(ErrorKind::NotFound, true), None);
        assert_eq!(of(ErrorKind::NotFound, false), Some(FolderProblem::CannotBeMade));
        assert_eq!(of(ErrorKind::NotADirectory, true), Some(FolderProblem::NotAFolder));
        assert_eq!(of(ErrorKind::PermissionDenied, true), Some(FolderProblem::NotReadable));
    }
}
