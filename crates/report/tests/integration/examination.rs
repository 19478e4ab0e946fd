//! An examination with every symptom there is.

use crate::fixtures::{key, now, register_id, run_id, yesterday};
use anji_model::{CheckId, Finding, FolderProblem, Health, Privilege, Symptom, Topic};
use anji_report::DoctorView;

fn finding(topic: Topic, health: Health, symptom: Symptom) -> Finding {
    Finding { topic, health, symptom, checks: Vec::new(), mend: None }
}

fn missing(topic: Topic, symptom: Symptom, mend: &str) -> Finding {
    let checks = (1..30).map(|n| CheckId::new(format!("LNX-{n:03}")).expect("test id"));
    let (checks, mend) = (checks.collect(), Some(mend.to_owned()));
    Finding { checks, mend, ..finding(topic, Health::Missing, symptom) }
}

fn rights_and_tools() -> Vec<Finding> {
    let tool = |lost| Symptom::ToolMissing {
        tool: "rpm".to_owned(),
        keys: vec![key("packages"), key("package.updates")],
        lost,
    };
    vec![
        finding(Topic::Rights, Health::Well, Symptom::Root),
        missing(Topic::Rights, Symptom::RootClosed { keys: vec![key("packages")] }, "anji check"),
        finding(Topic::Rights, Health::Well, Symptom::SudoRule { allowed: 7, of: 7 }),
        finding(Topic::Rights, Health::Missing, Symptom::SudoRule { allowed: 6, of: 7 }),
        missing(
            Topic::Rights,
            Symptom::NoRights { verdicts: Some(1) },
            "anji doctor --sudoers >rule && sudo visudo -cf rule",
        ),
        finding(Topic::Rights, Health::Missing, Symptom::NoRights { verdicts: None }),
        finding(Topic::Tools, Health::Missing, tool(Some(true))),
        finding(Topic::Tools, Health::Note, tool(None)),
        finding(Topic::Tools, Health::Well, tool(Some(false))),
        finding(Topic::Tools, Health::Well, Symptom::ToolsThere { count: 12 }),
        finding(
            Topic::Tools,
            Health::Well,
            Symptom::ToolsOptional { tools: vec!["chronyc".to_owned(), "lastlog2".to_owned()] },
        ),
    ]
}

fn state() -> Vec<Finding> {
    let path = "/var/lib/安\u{1b}[31mji".replace('安', "an");
    let unusable = |problem| Symptom::FolderUnusable { path: path.clone(), problem };
    let mut found: Vec<_> = [
        FolderProblem::NotAFolder,
        FolderProblem::OtherOwner,
        FolderProblem::OpenToOthers,
        FolderProblem::NotWritable,
        FolderProblem::NotReadable,
        FolderProblem::CannotBeMade,
    ]
    .map(|problem| missing(Topic::State, unusable(problem), "chmod go-w '/var/lib/an ji'"))
    .into();
    let problem = "a problem\u{202e}".to_owned();
    let space = |short| Symptom::Space { free: 5 << 30, used: 3 << 20, short };
    let symptoms = [
        Symptom::Folder { path: path.clone() },
        Symptom::NoFolder { path: path.clone() },
        space(false),
        space(true),
        Symptom::Store,
        Symptom::StoreUnreadable { problem: problem.clone() },
        Symptom::Key,
        Symptom::KeyDamaged,
        Symptom::KeyUnusable { problem },
        Symptom::KeyUnusable { problem: String::new() },
    ];
    found.extend(symptoms.map(|symptom| finding(Topic::State, Health::Well, symptom)));
    found
}

fn runs_and_data() -> Vec<Finding> {
    let run = run_id("20261123T233005Z-4f1c9a2b");
    let last = |partial| Symptom::LastRun {
        run: run.clone(),
        age_seconds: 200_000,
        privilege: Privilege::Root,
        partial,
    };
    let runs = [
        last(false),
        last(true),
        Symptom::NoRun,
        Symptom::ChainHolds { runs: 14 },
        Symptom::ChainBroken { problems: 1 },
        Symptom::ChainUnverified { runs: 1400 },
    ];
    let data = [
        Symptom::NoData,
        Symptom::SystemUnknown,
        Symptom::DataFits { set: "debian-oval debian 12".to_owned(), days: 1 },
        Symptom::DataOfOthers { system: "debian 12".to_owned() },
    ];
    let adopt = "anji register adopt suid-files";
    let mut found: Vec<_> = runs.map(|symptom| finding(Topic::Runs, Health::Note, symptom)).into();
    found.extend(data.map(|symptom| finding(Topic::Data, Health::Note, symptom)));
    found.push(finding(Topic::Lists, Health::Well, Symptom::ListsAdopted { count: 1 }));
    found.push(missing(
        Topic::Lists,
        Symptom::NoList { register: register_id("suid-files") },
        adopt,
    ));
    found
}

fn surroundings() -> Vec<Finding> {
    let locale = |locale: &str| locale.to_owned();
    let clock = [
        Symptom::Clock { at: now() },
        Symptom::ClockImplausible { at: jiff::Timestamp::UNIX_EPOCH },
        Symptom::ClockSetBack { at: yesterday(), last: now() },
    ];
    let words = [
        Symptom::Characters { locale: locale("C.UTF-8") },
        Symptom::Characters { locale: locale("") },
        Symptom::CharactersPoor { locale: locale("zh_CN.GB18030") },
        Symptom::Zone { zone: "Asia/Shanghai".to_owned() },
        Symptom::NoZone,
    ];
    let content = [
        Symptom::Content { checks: 60 },
        Symptom::ContentInvalid { problem: "2 problems".to_owned() },
    ];
    let mut found: Vec<_> =
        clock.map(|symptom| finding(Topic::Clock, Health::Well, symptom)).into();
    found.extend(words.map(|symptom| finding(Topic::Locale, Health::Note, symptom)));
    found.extend(content.map(|symptom| finding(Topic::Content, Health::Well, symptom)));
    found
}

/// Every symptom.
pub(crate) fn lacking() -> DoctorView {
    let findings = [rights_and_tools(), state(), runs_and_data(), surroundings()].concat();
    DoctorView { at: now(), findings }
}

/// A machine on which nothing is missing.
pub(crate) fn well() -> DoctorView {
    DoctorView { at: now(), findings: vec![finding(Topic::Rights, Health::Well, Symptom::Root)] }
}
