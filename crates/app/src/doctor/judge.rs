//! What the facts mean: pure, so that every judgement can be tested.

use super::facts::{Facts, KeyFault, LastRun, ToolUse};
use anji_evidence::package_vulnerabilities::DATA_DAYS_MAX;
use anji_model::{CheckId, EvidenceKey, Finding, FolderProblem, Health, Privilege, Symptom, Topic};
use jiff::Timestamp;
use std::collections::BTreeSet;

/// Less room than this, or than twice the store, may not hold the next runs.
const FREE_MIN: u64 = 256 << 20;
/// A run that is older says little of today.
const RUN_SECONDS_MAX: u64 = 7 * 86_400;
/// No clock of a machine that runs this program stands outside of these.
const YEARS: [i64; 2] = [1_735_689_600, 4_102_444_800];

/// The findings, by part.
pub(super) fn judge(facts: &Facts, now: Timestamp) -> Vec<Finding> {
    let mut found = Findings(Vec::new());
    rights(&mut found, facts);
    tools(&mut found, facts);
    state(&mut found, facts);
    runs(&mut found, facts, now);
    data(&mut found, facts, now);
    lists(&mut found, facts);
    clock(&mut found, facts.last.as_ref(), now);
    locale(&mut found, facts);
    content(&mut found, facts);
    found.0
}

struct Findings(Vec<Finding>);

impl Findings {
    fn add(&mut self, topic: Topic, health: Health, symptom: Symptom) -> &mut Finding {
        self.0.push(Finding { topic, health, symptom, checks: Vec::new(), mend: None });
        self.0.last_mut().expect("one was pushed just now")
    }
}

fn mended(finding: &mut Finding, command: impl Into<String>) {
    finding.mend = Some(command.into());
}

/// A command of this program that speaks of the same state and content.
fn anji(facts: &Facts, command: &str) -> String {
    let options = facts.options.iter().map(|option| format!(" {}", shell_word(option)));
    format!("anji {command}{}", options.collect::<String>())
}

/// Puts the rule in place, once visudo has read it. sudo does not read files
/// with a dot in their name: the new one is copied beside the old one, and then
/// replaces it at once.
fn rule(facts: &Facts) -> String {
    const PLACE: &str = "/etc/sudoers.d/anji";
    format!(
        "f=$(mktemp) && {} >\"$f\" && sudo visudo -cf \"$f\" \
         && sudo install -m 440 \"$f\" {PLACE}.new && sudo mv {PLACE}.new {PLACE}",
        anji(facts, "doctor --sudoers")
    )
}

fn rights(found: &mut Findings, facts: &Facts) {
    if facts.is_root {
        let as_root = facts.last.as_ref().filter(|last| last.privilege == Privilege::Root);
        match as_root.filter(|last| !last.closed_keys.is_empty()) {
            Some(last) => {
                let keys = last.closed_keys.iter().cloned().collect();
                let finding = found.add(Topic::Rights, Health::Note, Symptom::RootClosed { keys });
                finding.checks.clone_from(&last.closed);
            }
            None => {
                found.add(Topic::Rights, Health::Well, Symptom::Root);
            }
        }
        return;
    }
    let (allowed, of) = facts.sudo.unwrap_or((0, 0));
    if allowed > 0 {
        let health = if allowed == of { Health::Well } else { Health::Missing };
        let finding = found.add(Topic::Rights, health, Symptom::SudoRule { allowed, of });
        if health == Health::Missing {
            mended(finding, rule(facts));
        }
        return;
    }
    let verdicts = facts.last.as_ref().map(|last| last.verdicts_with_more_rights);
    let finding = found.add(Topic::Rights, Health::Missing, Symptom::NoRights { verdicts });
    finding.checks = facts.last.as_ref().map(|last| last.closed.clone()).unwrap_or_default();
    mended(finding, rule(facts));
}

/// Judges a program that is not there by each evidence whose captures ask for
/// it: a capture may have found another way, and what the last run had tells.
fn tool(found: &mut Findings, tool: &ToolUse, last: Option<&LastRun>) {
    let lost = |key: &EvidenceKey| {
        let last = last?;
        if last.without_tool.contains(key) {
            Some(true)
        } else {
            // Not asked for, or failed before the tool was needed: it tells nothing.
            last.had.contains(key).then_some(false)
        }
    };
    let states = [(Some(true), Health::Missing), (None, Health::Note), (Some(false), Health::Well)];
    for (state, health) in states {
        let keys: Vec<_> = tool.keys.keys().filter(|key| lost(key) == state).cloned().collect();
        if keys.is_empty() {
            continue;
        }
        let checks: BTreeSet<_> = keys.iter().flat_map(|key| &tool.keys[key]).cloned().collect();
        let symptom = Symptom::ToolMissing { tool: tool.name.clone(), keys, lost: state };
        let finding = found.add(Topic::Tools, health, symptom);
        if health != Health::Well {
            finding.checks = checks.into_iter().collect();
        }
    }
}

fn tools(found: &mut Findings, facts: &Facts) {
    let (there, absent): (Vec<&ToolUse>, Vec<&ToolUse>) =
        facts.tools.iter().partition(|tool| tool.is_there);
    let (required, optional): (Vec<_>, Vec<_>) = absent.into_iter().partition(|tool| tool.required);
    for missed in &required {
        tool(found, missed, facts.last.as_ref());
    }
    if required.is_empty() {
        let count = there.iter().filter(|tool| tool.required).count() as u64;
        found.add(Topic::Tools, Health::Well, Symptom::ToolsThere { count });
    }
    if !optional.is_empty() {
        let tools = optional.iter().map(|tool| tool.name.clone()).collect();
        found.add(Topic::Tools, Health::Well, Symptom::ToolsOptional { tools });
    }
}

fn state(found: &mut Findings, facts: &Facts) {
    let path = facts.folder_path.clone();
    let place = shell_word(&path);
    match facts.folder {
        None => {
            let finding = found.add(Topic::State, Health::Note, Symptom::NoFolder { path });
            mended(finding, anji(facts, "check"));
            return;
        }
        Some(Ok(())) => {
            found.add(Topic::State, Health::Well, Symptom::Folder { path });
        }
        Some(Err(problem)) => {
            let symptom = Symptom::FolderUnusable { path, problem };
            let finding = found.add(Topic::State, Health::Missing, symptom);
            finding.mend = match problem {
                FolderProblem::OpenToOthers => Some(format!("chmod go-w {place}")),
                FolderProblem::NotWritable => Some(format!("chmod u+rwx {place}")),
                FolderProblem::NotReadable => Some(format!("namei -l {place}")),
                FolderProblem::NotAFolder
                | FolderProblem::OtherOwner
                | FolderProblem::CannotBeMade => Some("anji check --state DIR".to_owned()),
            };
            // Of a folder that is none or cannot be seen there is no more to say.
            if !matches!(
                problem,
                FolderProblem::OtherOwner
                    | FolderProblem::OpenToOthers
                    | FolderProblem::NotWritable
            ) {
                return;
            }
        }
    }
    space(found, facts.space, &place);
    store(found, facts);
}

fn space(found: &mut Findings, space: Option<(u64, u64)>, place: &str) {
    let Some((free, used)) = space else { return };
    let short = free < FREE_MIN.max(2 * used);
    let health = if short { Health::Missing } else { Health::Well };
    let finding = found.add(Topic::State, health, Symptom::Space { free, used, short });
    if short {
        mended(finding, format!("df -h {place}"));
    }
}

fn store(found: &mut Findings, facts: &Facts) {
    match &facts.store {
        None => {}
        Some(Ok(())) => {
            found.add(Topic::State, Health::Well, Symptom::Store);
        }
        Some(Err(problem)) => {
            let symptom = Symptom::StoreUnreadable { problem: problem.words.clone() };
            let finding = found.add(Topic::State, Health::Missing, symptom);
            finding.mend = problem.needs_writing.then(|| anji(facts, "check"));
        }
    }
    if !matches!(facts.store, Some(Ok(()))) {
        return;
    }
    let (health, symptom) = match &facts.key {
        Some(Ok(())) => (Health::Well, Symptom::Key),
        Some(Err(KeyFault::Damaged)) => (Health::Missing, Symptom::KeyDamaged),
        Some(Err(KeyFault::Open(problem) | KeyFault::Other(problem))) => {
            (Health::Missing, Symptom::KeyUnusable { problem: problem.clone() })
        }
        None => (Health::Missing, Symptom::KeyUnusable { problem: String::new() }),
    };
    let finding = found.add(Topic::State, health, symptom);
    if let Some(Err(KeyFault::Open(_))) = facts.key {
        let file = shell_word(&format!("{}/signing.key", facts.folder_path));
        mended(finding, format!("chmod 600 {file}"));
    }
}

fn runs(found: &mut Findings, facts: &Facts, now: Timestamp) {
    match &facts.last {
        // A store that cannot be read does not tell.
        None if is_unread(facts) => {}
        None => {
            let finding = found.add(Topic::Runs, Health::Missing, Symptom::NoRun);
            mended(finding, anji(facts, "check"));
        }
        Some(last) => {
            let age = now.duration_since(last.as_of).as_secs();
            let age_seconds = u64::try_from(age).unwrap_or(0);
            let old = age_seconds > RUN_SECONDS_MAX;
            let symptom = Symptom::LastRun {
                run: last.run.clone(),
                age_seconds,
                privilege: last.privilege,
                partial: last.is_partial,
            };
            let health = match (old, last.is_partial) {
                (true, _) => Health::Missing,
                (false, true) => Health::Note,
                (false, false) => Health::Well,
            };
            let finding = found.add(Topic::Runs, health, symptom);
            if health != Health::Well {
                mended(finding, rerun(facts, last.privilege));
            }
        }
    }
    match facts.chain {
        None => {}
        Some((runs, Some(0))) => {
            found.add(Topic::Runs, Health::Well, Symptom::ChainHolds { runs });
        }
        Some((_, Some(problems))) => {
            let symptom = Symptom::ChainBroken { problems };
            let finding = found.add(Topic::Runs, Health::Missing, symptom);
            mended(finding, anji(facts, "verify"));
        }
        Some((runs, None)) => {
            let finding = found.add(Topic::Runs, Health::Note, Symptom::ChainUnverified { runs });
            mended(finding, anji(facts, "verify"));
        }
    }
}

/// Whether there is a store, and it tells nothing.
fn is_unread(facts: &Facts) -> bool {
    matches!(facts.store, Some(Err(_)))
}

/// A run that can be compared with one of these rights.
fn rerun(facts: &Facts, privilege: Privilege) -> String {
    let check = anji(facts, "check");
    if privilege == Privilege::Root { format!("sudo {check}") } else { check }
}

fn data(found: &mut Findings, facts: &Facts, now: Timestamp) {
    let lacking = |finding: &mut Finding, checks: &[CheckId]| {
        finding.checks = checks.to_vec();
        mended(finding, anji(facts, "content import-vulns FILE"));
    };
    if is_unread(facts) {
        return;
    }
    if facts.sets.is_empty() {
        let finding = found.add(Topic::Data, Health::Missing, Symptom::NoData);
        lacking(finding, &facts.data_checks);
        return;
    }
    let Some(system) = facts.systems.first() else {
        // A whole run that does not tell has lost it; one that asked for a part may not have.
        let lost = facts.last.as_ref().is_some_and(|last| !last.is_partial);
        let health = if lost { Health::Missing } else { Health::Note };
        let finding = found.add(Topic::Data, health, Symptom::SystemUnknown);
        finding.checks.clone_from(&facts.data_checks);
        mended(finding, anji(facts, "check"));
        return;
    };
    let today = now.as_second().div_euclid(86_400);
    let fits = facts
        .sets
        .iter()
        .filter(|set| set.source.complete.iter().any(|release| facts.systems.contains(release)));
    let newest = fits.max_by_key(|set| set.source.as_of_day);
    let Some(set) = newest else {
        let symptom = Symptom::DataOfOthers { system: system.clone() };
        lacking(found.add(Topic::Data, Health::Missing, symptom), &facts.data_checks);
        return;
    };
    let days = (today - set.source.as_of_day).max(0);
    let old = days > DATA_DAYS_MAX;
    let symptom = Symptom::DataFits { set: set.source.name.clone(), days: days.unsigned_abs() };
    let finding = found.add(Topic::Data, if old { Health::Missing } else { Health::Well }, symptom);
    if old {
        lacking(finding, &facts.data_checks);
    }
}

fn lists(found: &mut Findings, facts: &Facts) {
    if is_unread(facts) {
        return;
    }
    let count = facts.lists.iter().filter(|list| list.is_adopted).count() as u64;
    if count > 0 {
        found.add(Topic::Lists, Health::Well, Symptom::ListsAdopted { count });
    }
    for list in facts.lists.iter().filter(|list| !list.is_adopted) {
        let symptom = Symptom::NoList { register: list.register.clone() };
        let finding = found.add(Topic::Lists, Health::Missing, symptom);
        finding.checks.clone_from(&list.checks);
        let adopt = anji(facts, &format!("register adopt {}", list.register));
        // A list is adopted from what the last run observed.
        let check =
            if list.is_adoptable { String::new() } else { format!("{} && ", anji(facts, "check")) };
        mended(finding, format!("{check}{adopt}"));
    }
}

fn clock(found: &mut Findings, last: Option<&LastRun>, at: Timestamp) {
    const SYNC: &str = "timedatectl set-ntp true";
    if !(YEARS[0]..YEARS[1]).contains(&at.as_second()) {
        mended(found.add(Topic::Clock, Health::Missing, Symptom::ClockImplausible { at }), SYNC);
        return;
    }
    match last.filter(|last| last.as_of > at) {
        Some(last) => {
            let symptom = Symptom::ClockSetBack { at, last: last.as_of };
            mended(found.add(Topic::Clock, Health::Missing, symptom), SYNC);
        }
        None => {
            found.add(Topic::Clock, Health::Well, Symptom::Clock { at });
        }
    }
}

fn locale(found: &mut Findings, facts: &Facts) {
    let locale = facts.locale.clone().unwrap_or_default();
    let lower = locale.to_ascii_lowercase();
    let rich = matches!(locale.as_str(), "" | "C" | "POSIX")
        || lower.contains("utf8")
        || lower.contains("utf-8");
    if rich {
        found.add(Topic::Locale, Health::Well, Symptom::Characters { locale });
    } else {
        let finding = found.add(Topic::Locale, Health::Note, Symptom::CharactersPoor { locale });
        mended(finding, "export LC_ALL=C.UTF-8");
    }
    match &facts.zone {
        Some(zone) => {
            found.add(Topic::Locale, Health::Well, Symptom::Zone { zone: zone.clone() });
        }
        None => {
            let finding = found.add(Topic::Locale, Health::Note, Symptom::NoZone);
            mended(finding, "timedatectl set-timezone Asia/Shanghai");
        }
    }
}

fn content(found: &mut Findings, facts: &Facts) {
    match &facts.content {
        Some(Ok(checks)) => {
            found.add(Topic::Content, Health::Well, Symptom::Content { checks: *checks });
        }
        Some(Err(problem)) => {
            let symptom = Symptom::ContentInvalid { problem: problem.clone() };
            let finding = found.add(Topic::Content, Health::Missing, symptom);
            mended(finding, anji(facts, "lint"));
        }
        None => {}
    }
}

/// A path as a word of a shell.
fn shell_word(path: &str) -> String {
    let plain = path.chars().all(|c| c.is_ascii_alphanumeric() || "/._-".contains(c));
    if plain { path.to_owned() } else { anji_evidence::shell::quote(path) }
}

#[cfg(test)]
mod tests;
