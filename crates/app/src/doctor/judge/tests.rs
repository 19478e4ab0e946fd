use super::super::facts::ListUse;
use super::*;
use anji_model::{Digest, EvidenceKey, EvidenceType, RegisterId, RunId, VulnSource};
use anji_store::VulnSetSummary;
use std::collections::BTreeSet;

fn now() -> Timestamp {
    "2026-11-23T23:30:05Z".parse().expect("a time")
}

fn check() -> CheckId {
    CheckId::new("LNX-001").expect("an id")
}

fn key() -> EvidenceKey {
    EvidenceKey { kind: EvidenceType::new("packages").expect("a type"), selector: None }
}

fn last() -> LastRun {
    LastRun {
        run: RunId::new("20261123T225900Z-4f1c9a2b").expect("a run id"),
        as_of: "2026-11-23T22:59:00Z".parse().expect("a time"),
        privilege: Privilege::Root,
        verdicts_with_more_rights: 3,
        closed: vec![check()],
        without_tool: BTreeSet::new(),
        known: BTreeSet::from([key()]),
    }
}

fn set(name: &str, as_of_day: i64) -> VulnSetSummary {
    let complete = BTreeSet::from(["debian 12".to_owned()]);
    let source = VulnSource {
        name: name.to_owned(),
        as_of_day,
        digest: Digest([7; 32]),
        complete: complete.into_iter().collect(),
    };
    VulnSetSummary { source, advisories: 3, exploited: 0 }
}

fn tool(name: &str, is_there: bool, required: bool) -> ToolUse {
    let (keys, checks) = (vec![key()], vec![check()]);
    ToolUse { name: name.to_owned(), is_there, required, keys, checks }
}

/// A machine on which nothing is missing.
fn well() -> Facts {
    Facts {
        is_root: true,
        tools: vec![tool("stat", true, true), tool("lastlog2", false, false)],
        folder_path: "/var/lib/anji".to_owned(),
        folder: Some(Ok(())),
        space: Some((4 << 30, 1 << 20)),
        store: Some(Ok(())),
        key: Some(Ok(())),
        last: Some(last()),
        chain: Some((14, Some(0))),
        sets: vec![set("debian-oval debian 12", 20_770)],
        systems: vec!["debian 12".to_owned()],
        lists: vec![ListUse {
            register: RegisterId::new("suid-files").expect("an id"),
            is_adopted: true,
            checks: vec![check()],
        }],
        data_checks: vec![check()],
        locale: Some("zh_CN.UTF-8".to_owned()),
        zone: Some("Asia/Shanghai".to_owned()),
        content: Some(Ok(60)),
        ..Facts::default()
    }
}

/// What is not well, without its part.
fn troubles(facts: &Facts) -> Vec<Finding> {
    let all = judge(facts, now());
    assert!(all.is_sorted_by_key(|finding| finding.topic), "{all:?}");
    all.into_iter().filter(|finding| finding.health != Health::Well).collect()
}

/// The one thing that is not well after a change.
fn trouble(change: impl FnOnce(&mut Facts)) -> Finding {
    let mut facts = well();
    change(&mut facts);
    let mut found = troubles(&facts);
    assert_eq!(found.len(), 1, "{found:?}");
    found.remove(0)
}

#[test]
fn a_machine_on_which_nothing_is_missing_is_well_in_every_part() {
    assert_eq!(troubles(&well()), []);
    let topics: BTreeSet<_> = judge(&well(), now()).iter().map(|one| one.topic).collect();
    assert_eq!(topics.into_iter().collect::<Vec<_>>(), Topic::ALL);
}

#[test]
fn lack_of_rights_costs_what_the_last_run_says() {
    let none = trouble(|facts| {
        facts.is_root = false;
        facts.sudo = Some((0, 7));
    });
    assert_eq!(none.symptom, Symptom::NoRights { verdicts: Some(3) });
    assert_eq!((none.health, none.checks), (Health::Missing, vec![check()]));
    let some = trouble(|facts| {
        facts.is_root = false;
        facts.sudo = Some((6, 7));
    });
    assert_eq!(some.symptom, Symptom::SudoRule { allowed: 6, of: 7 });
    let mut facts = well();
    (facts.is_root, facts.sudo) = (false, Some((7, 7)));
    assert_eq!(troubles(&facts), []);
}

#[test]
fn a_tool_is_missed_only_where_evidence_is() {
    let without = |lost: bool, known: bool| {
        let mut facts = well();
        facts.tools.push(tool("rpm", false, true));
        let last = facts.last.as_mut().expect("a run");
        if lost {
            last.without_tool.insert(key());
        }
        if !known {
            last.known.clear();
        }
        troubles(&facts)
    };
    assert_eq!(without(false, true), []);
    let lost = without(true, true);
    assert_eq!((lost[0].health, &lost[0].checks), (Health::Missing, &vec![check()]));
    assert_eq!(without(false, false)[0].health, Health::Note);
}

#[test]
fn state_that_cannot_be_used_is_named_with_its_command() {
    let open = trouble(|facts| facts.folder = Some(Err(FolderProblem::OpenToOthers)));
    assert_eq!(open.mend.as_deref(), Some("chmod go-w /var/lib/anji"));
    let full = trouble(|facts| facts.space = Some((1 << 20, 0)));
    assert_eq!(full.health, Health::Missing);
    let large = trouble(|facts| facts.space = Some((1 << 30, 1 << 30)));
    assert_eq!(large.symptom, Symptom::Space { free: 1 << 30, used: 1 << 30, short: true });
    let key = trouble(|facts| facts.key = Some(Err("open".to_owned())));
    assert_eq!(key.mend.as_deref(), Some("chmod 600 /var/lib/anji/signing.key"));
    let lost = trouble(|facts| facts.key = None);
    assert_eq!(lost.mend, None, "no command brings a lost key back");
}

#[test]
fn runs_data_and_lists_are_missed_when_they_are_old_or_not_there() {
    let broken = trouble(|facts| facts.chain = Some((14, Some(2))));
    assert_eq!(broken.symptom, Symptom::ChainBroken { problems: 2 });
    assert_eq!(trouble(|facts| facts.chain = Some((14, None))).health, Health::Note);
    let old = trouble(|facts| facts.last.as_mut().expect("a run").as_of = Timestamp::UNIX_EPOCH);
    assert_eq!((old.health, old.mend.as_deref()), (Health::Missing, Some("sudo anji check")));
    let none = trouble(|facts| facts.sets.clear());
    assert_eq!((none.symptom, none.checks), (Symptom::NoData, vec![check()]));
    let stale = trouble(|facts| facts.sets = vec![set("old", 20_780 - DATA_DAYS_MAX - 1)]);
    assert!(matches!(stale.symptom, Symptom::DataFits { .. }), "{stale:?}");
    let others = trouble(|facts| facts.systems = vec!["rocky 9".to_owned()]);
    assert_eq!(others.symptom, Symptom::DataOfOthers { system: "rocky 9".to_owned() });
    let list = trouble(|facts| facts.lists[0].is_adopted = false);
    assert_eq!(list.mend.as_deref(), Some("anji register adopt suid-files"));
}

#[test]
fn a_clock_that_cannot_be_right_is_told() {
    let back = trouble(|facts| {
        facts.last.as_mut().expect("a run").as_of = now() + jiff::SignedDuration::from_secs(5)
    });
    assert!(matches!(back.symptom, Symptom::ClockSetBack { .. }), "{back:?}");
    let found = judge(&well(), Timestamp::UNIX_EPOCH);
    let implausible = |one: &Finding| matches!(one.symptom, Symptom::ClockImplausible { .. });
    assert!(found.iter().any(implausible), "{found:?}");
}

#[test]
fn poor_characters_an_unknown_zone_and_bad_content_are_told() {
    let poor = trouble(|facts| facts.locale = Some("zh_CN.GB18030".to_owned()));
    assert_eq!(poor.health, Health::Note);
    assert_eq!(trouble(|facts| facts.zone = None).symptom, Symptom::NoZone);
    let bad = trouble(|facts| facts.content = Some(Err("2 problems".to_owned())));
    assert_eq!(bad.mend.as_deref(), Some("anji lint"));
}
