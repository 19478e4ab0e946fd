use super::super::facts::{KeyFault, ListUse, StoreProblem};
use super::*;
use anji_model::{Digest, EvidenceType, RegisterId, RunId, VulnSource};
use anji_store::VulnSetSummary;
use std::collections::BTreeMap;

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
        closed_keys: BTreeSet::new(),
        without_tool: BTreeSet::new(),
        had: BTreeSet::from([key()]),
        asked: BTreeSet::from([key()]),
        is_partial: false,
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
    let keys = BTreeMap::from([(key(), vec![check()])]);
    ToolUse { name: name.to_owned(), is_there, required, keys }
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
            is_adoptable: true,
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
    let rule = none.mend.expect("a command");
    let (before, after) = rule.split_once("sudo visudo -cf").expect("it is read first");
    assert!(!before.contains("/etc/sudoers.d"), "{rule}");
    assert!(after.contains("mv /etc/sudoers.d/anji.new /etc/sudoers.d/anji"), "{rule}");
}

#[test]
fn root_that_lost_evidence_for_lack_of_rights_does_not_see_all() {
    let closed = trouble(|facts| {
        facts.last.as_mut().expect("a run").closed_keys.insert(key());
    });
    assert_eq!(closed.symptom, Symptom::RootClosed { keys: vec![key()] });
    assert_eq!((closed.health, closed.checks), (Health::Note, vec![check()]));
    let mut facts = well();
    let last = facts.last.as_mut().expect("a run");
    last.closed_keys.insert(key());
    last.privilege = Privilege::User;
    assert_eq!(troubles(&facts), [], "another account's run tells nothing of root");
}

#[test]
fn a_tool_is_judged_by_each_evidence() {
    let other =
        |kind: &str| EvidenceKey { kind: EvidenceType::new(kind).expect("a type"), selector: None };
    let checks = |n: u8| vec![CheckId::new(format!("LNX-00{n}")).expect("an id")];
    let mut facts = well();
    let keys = [(key(), checks(1)), (other("walk"), checks(2)), (other("sshd"), checks(3))];
    let keys = BTreeMap::from(keys);
    facts.tools = vec![ToolUse { name: "stat".to_owned(), is_there: false, required: true, keys }];
    // It had one and lost one; of the third it was not asked, or lost it otherwise.
    let last = facts.last.as_mut().expect("a run");
    last.without_tool.insert(other("sshd"));
    last.had.insert(other("sshd"));
    let found = judge(&facts, now());
    let of = |health: Health| {
        let one = found.iter().find(|one| one.topic == Topic::Tools && one.health == health);
        let Some(Finding { symptom: Symptom::ToolMissing { keys, .. }, checks, .. }) = one else {
            panic!("{health:?} is missing in {found:?}");
        };
        (keys.clone(), checks.clone())
    };
    assert_eq!(of(Health::Missing), (vec![other("sshd")], checks(3)));
    assert_eq!(of(Health::Note), (vec![other("walk")], checks(2)));
    assert_eq!(of(Health::Well), (vec![key()], vec![]));
}

#[test]
fn commands_speak_of_the_state_and_content_that_were_given() {
    let mut facts = well();
    facts.options = ["--state", "/var/a b", "--content", "/etc/anji"].map(str::to_owned).into();
    facts.sets.clear();
    facts.lists[0].is_adopted = false;
    facts.lists[0].is_adoptable = false;
    let tail = "--state '/var/a b' --content /etc/anji";
    let mends: Vec<_> = troubles(&facts).into_iter().filter_map(|one| one.mend).collect();
    let expected = [
        format!("anji content import-vulns FILE {tail}"),
        format!("anji check {tail} && anji register adopt suid-files {tail}"),
    ];
    assert_eq!(mends, expected);
}

#[test]
fn a_part_of_a_check_is_not_a_check() {
    let partial = trouble(|facts| facts.last.as_mut().expect("a run").is_partial = true);
    assert!(matches!(partial.symptom, Symptom::LastRun { partial: true, .. }), "{partial:?}");
    assert_eq!((partial.health, partial.mend.as_deref()), (Health::Note, Some("sudo anji check")));
    let whole = trouble(|facts| facts.systems.clear());
    assert_eq!((whole.symptom, whole.health), (Symptom::SystemUnknown, Health::Missing));
    let mut facts = well();
    facts.systems.clear();
    facts.last.as_mut().expect("a run").is_partial = true;
    let found = troubles(&facts);
    let unknown = found.iter().find(|one| one.symptom == Symptom::SystemUnknown);
    let unknown = unknown.expect("no silence");
    assert_eq!((unknown.health, &unknown.checks), (Health::Note, &vec![check()]));
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
            last.had.clear();
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
    let closed = trouble(|facts| facts.folder = Some(Err(FolderProblem::NotReadable)));
    assert_eq!(closed.health, Health::Missing);
    let key = trouble(|facts| facts.key = Some(Err(KeyFault::Open("open".to_owned()))));
    assert_eq!(key.mend.as_deref(), Some("chmod 600 /var/lib/anji/signing.key"));
    let damaged = trouble(|facts| facts.key = Some(Err(KeyFault::Damaged)));
    assert_eq!((damaged.symptom, damaged.mend), (Symptom::KeyDamaged, None));
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
fn a_store_that_cannot_be_read_does_not_say_that_nothing_is_there() {
    let unread = trouble(|facts| {
        let words = "it is locked".to_owned();
        facts.store = Some(Err(StoreProblem { words, needs_writing: false }));
        (facts.last, facts.chain) = (None, None);
        facts.sets.clear();
        facts.lists[0].is_adopted = false;
    });
    assert!(matches!(unread.symptom, Symptom::StoreUnreadable { .. }), "{unread:?}");
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
