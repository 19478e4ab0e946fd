//! Scenes of one small host: evidence, approved lists and time vary.

use super::*;
use crate::content::ContentFile;
use crate::samples::{key, stat};
use anji_evidence::{canonical, digest};
use anji_model::{
    Approval, Body, Collector, EvidenceRecord, EvidenceStatus, FailureCategory, Privilege,
    RawResult, ReasonCategory, RegisterEntry, RegisterId,
};
use jiff::SignedDuration;
use proptest::prelude::*;
use serde_json::{Value, json};
use std::sync::OnceLock;

const PACK: &str = include_str!("tests/pack.yaml");
const BASELINE: &str = include_str!("tests/baseline.yaml");

/// A small pack with one check for each rule.
fn content() -> &'static Content {
    static LOADED: OnceLock<Content> = OnceLock::new();
    LOADED.get_or_init(|| {
        let file = |path: &str, text: &str| ContentFile { path: path.into(), text: text.into() };
        let files = [file("packs/test/all.yaml", PACK), file("baselines/starter.yaml", BASELINE)];
        crate::load(&files).unwrap_or_else(|problems| panic!("{problems:#?}"))
    })
}

fn starter() -> &'static Baseline {
    content().baseline("starter").expect("the test baseline")
}

fn at(seconds: i64) -> Timestamp {
    "2026-11-23T00:00:00Z".parse::<Timestamp>().expect("test time")
        + SignedDuration::from_secs(seconds)
}

/// A host whose every check passes, and whatever a test changes of it.
#[derive(Debug, Clone)]
struct Scene {
    snapshot: Snapshot,
    registers: Vec<Register>,
    selection: Selection,
    now: Timestamp,
    subject: Subject,
    system: SystemId,
}

impl Scene {
    fn new() -> Self {
        let mut scene = Self {
            snapshot: Snapshot::empty(Subject::local()),
            registers: vec![register(1, &["4755 0:0 /usr/bin/passwd"])],
            selection: Selection::default(),
            now: at(60),
            subject: Subject::local(),
            system: SystemId::new("his").expect("test id"),
        };
        for (key, body) in bodies() {
            scene.collect(&key, &body);
        }
        scene
    }

    fn collect(&mut self, key: &EvidenceKey, body: &Value) {
        let bytes = canonical(body).expect("test body");
        self.collect_bytes(key, bytes);
    }

    fn collect_bytes(&mut self, key: &EvidenceKey, bytes: Vec<u8>) {
        let digest = digest(&bytes);
        self.snapshot.bodies.insert(digest, Body::from(bytes));
        let revision = anji_evidence::find(&key.kind).map_or(0, |kind| kind.parser_revision());
        let record = EvidenceRecord {
            key: key.clone(),
            subject: self.subject.clone(),
            observed_at: at(0),
            received_at: at(0),
            collector: Collector { transport: "local".into(), version: "0".into() },
            privilege: Privilege::Root,
            status: EvidenceStatus::Collected,
            gaps: Vec::new(),
            parser_revision: revision,
            body: Some(digest),
            volatile: None,
            capture: None,
        };
        self.snapshot.records.insert(key.clone(), record);
    }

    fn record(&mut self, key: &EvidenceKey) -> &mut EvidenceRecord {
        self.snapshot.records.get_mut(key).expect("the scene has this evidence")
    }

    fn failed(&mut self, key: &EvidenceKey, category: FailureCategory) {
        let record = self.record(key);
        record.body = None;
        record.status = EvidenceStatus::Failed { category, detail: "test".into() };
    }

    fn absent(&mut self, key: &EvidenceKey) {
        let record = self.record(key);
        record.body = None;
        record.status = EvidenceStatus::Absent { detail: "test".into() };
    }

    fn input<'a>(&'a self, prior: Option<&'a [CheckResult]>) -> Input<'a> {
        Input {
            subject: &self.subject,
            system: &self.system,
            snapshot: &self.snapshot,
            registers: &self.registers,
            now: self.now,
            selection: &self.selection,
            prior,
        }
    }

    fn results(&self) -> Vec<CheckResult> {
        evaluate(content(), starter(), &self.input(None))
    }

    fn result(&self, check: &str) -> CheckResult {
        let results = self.results();
        results
            .into_iter()
            .find(|result| result.identity.check.as_str() == check)
            .unwrap_or_else(|| panic!("no result of {check}"))
    }

    /// The word and the categories of the reasons.
    fn answer(&self, check: &str) -> (RawResult, Vec<ReasonCategory>) {
        let result = self.result(check);
        (result.raw, result.reasons.into_iter().map(|reason| reason.category).collect())
    }
}

fn shadow() -> EvidenceKey {
    stat("/etc/shadow")
}

fn mode(mode: &str) -> Value {
    json!({
        "path": "/etc/shadow", "kind": "file", "mode": mode,
        "uid": 0, "gid": 42, "owner": "root", "group": "shadow",
    })
}

fn users(names: &[(&str, u32)]) -> Value {
    let user = |(name, uid): &(&str, u32)| {
        json!({
            "name": name, "uid": uid, "gid": uid, "home": "/", "shell": "/bin/sh", "gecos": "",
            "password": {"state": "locked"},
        })
    };
    json!({
        "users": names.iter().map(user).collect::<Vec<_>>(), "groups": [],
        "compat_entries": [], "malformed_lines": [], "shadow_without_account": [],
        "sources": ["files"],
    })
}

fn walk(paths: &[&str]) -> Value {
    let entry = |path: &&str| {
        json!({
            "path": path, "kind": "file", "mode": "4755", "uid": 0, "gid": 0, "set_uid": true,
            "set_gid": false, "world_writable": false, "sticky": false,
            "entry": format!("4755 0:0 {path}"),
        })
    };
    json!({"entries": paths.iter().map(entry).collect::<Vec<_>>(), "roots": ["/"]})
}

fn release(product: &str) -> Value {
    json!({
        "id": "debian", "version_id": "12", "pretty_name": "Debian", "product": product,
        "id_like": [], "kernel": null,
    })
}

fn bodies() -> Vec<(EvidenceKey, Value)> {
    vec![
        (shadow(), mode("0640")),
        (key("accounts"), users(&[("root", 0), ("svc", 100)])),
        (key("file.walk"), walk(&["/usr/bin/passwd"])),
        (key("os.release"), release("debian 12")),
    ]
}

fn register(version: u32, values: &[&str]) -> Register {
    let entry = |value: &&str| RegisterEntry { value: (*value).to_owned() };
    Register {
        id: RegisterId::new("suid-files").expect("test id"),
        subject: Subject::local(),
        version,
        entries: values.iter().map(entry).collect(),
        adopted_from: None,
        approval: Approval {
            recorded_by: "root".into(),
            approved_by: None,
            at: at(0),
            reason: None,
        },
    }
}

fn evidence(category: FailureCategory) -> ReasonCategory {
    ReasonCategory::Evidence(category)
}

#[test]
fn every_check_answers_on_whole_fresh_evidence() {
    let results = Scene::new().results();
    let words: Vec<_> = results.iter().map(|r| (r.identity.check.as_str(), r.raw)).collect();
    let expected = [
        ("T-1", RawResult::Pass),
        ("T-2", RawResult::Pass),
        ("T-3", RawResult::Unknown),
        ("T-4", RawResult::NotChecked),
        ("T-5", RawResult::Pass),
        ("T-6", RawResult::Pass),
    ];
    assert_eq!(words, expected);
    assert!(results.iter().all(|r| r.evidence.iter().all(|used| !used.stale)));
}

#[test]
fn evidence_that_fails_the_assertion_fails_with_its_term() {
    let mut scene = Scene::new();
    scene.collect(&shadow(), &mode("0644"));
    let result = scene.result("T-1");
    assert_eq!((result.raw, result.failed_terms_total), (RawResult::Fail, 1));
    assert!(result.failed_terms[0].observed.contains("0644"), "{:?}", result.failed_terms);
    assert!(result.reasons.is_empty());
}

#[test]
fn old_evidence_and_evidence_from_the_future_decide_nothing() {
    let mut scene = Scene::new();
    for (now, expected) in [
        (at(600), RawResult::Pass),
        (at(601), RawResult::Unknown),
        (at(-300), RawResult::Pass),
        (at(-301), RawResult::Unknown),
    ] {
        scene.now = now;
        assert_eq!(scene.result("T-1").raw, expected, "{now}");
    }
    assert_eq!(scene.answer("T-1").1, [ReasonCategory::Stale]);
    assert!(scene.result("T-1").evidence[0].stale);
    scene.collect(&shadow(), &mode("0777"));
    assert_eq!(scene.result("T-1").raw, RawResult::Unknown, "nor do they fail");
}

#[test]
fn what_was_not_had_is_unknown_with_its_reason() {
    let mut scene = Scene::new();
    scene.failed(&shadow(), FailureCategory::Permission);
    let denied = (RawResult::Unknown, vec![evidence(FailureCategory::Permission)]);
    assert_eq!(scene.answer("T-1"), denied);
    scene.now = at(9_000_000);
    assert_eq!(scene.answer("T-1"), denied, "what was not had does not age");
    scene.snapshot.records.remove(&shadow());
    let missing = (RawResult::Unknown, vec![ReasonCategory::NotCollected]);
    assert_eq!(scene.answer("T-1"), missing);
}

#[test]
fn what_is_absent_by_fact_is_answered_by_the_content() {
    let mut scene = Scene::new();
    scene.absent(&shadow());
    let result = scene.result("T-1");
    assert_eq!((result.raw, result.failed_terms.len()), (RawResult::Fail, 1));
    scene.now = at(601);
    assert_eq!(scene.answer("T-1"), (RawResult::Unknown, vec![ReasonCategory::Stale]));
    scene.absent(&key("file.walk"));
    scene.now = at(60);
    assert_eq!(scene.result("T-2").raw, RawResult::NotApplicable);
}

#[test]
fn what_cannot_be_read_is_our_fault() {
    let key = shadow();
    type Breaking = fn(&mut Scene, &EvidenceKey);
    let broken: [(&str, Breaking); 5] = [
        ("not JSON", |scene, key| scene.collect_bytes(key, b"{\"mode\":".to_vec())),
        ("no body", |scene, key| scene.record(key).body = None),
        ("body lost", |scene, _| scene.snapshot.bodies.clear()),
        ("other parser", |scene, key| scene.record(key).parser_revision += 1),
        ("other subject", |scene, key| {
            scene.record(key).subject = Subject::asset("other").expect("test id");
        }),
    ];
    for (name, breaking) in broken {
        let mut scene = Scene::new();
        breaking(&mut scene, &key);
        assert_eq!(scene.answer("T-1"), (RawResult::Error, vec![ReasonCategory::Fault]), "{name}");
    }
}

#[test]
fn a_witness_decides_whatever_else_is_missing() {
    let mut scene = Scene::new();
    scene.collect(&key("accounts"), &users(&[("root", 0), ("toor", 0)]));
    scene.snapshot.records.remove(&shadow());
    assert_eq!(scene.result("T-6").raw, RawResult::Fail);
}

#[test]
fn a_list_that_nobody_adopted_decides_nothing_and_shows_what_is_there() {
    let mut scene = Scene::new();
    scene.registers.clear();
    let result = scene.result("T-2");
    let suid = RegisterId::new("suid-files").expect("test id");
    assert_eq!(result.raw, RawResult::Unknown);
    assert_eq!(result.reasons[0].category, ReasonCategory::NoRegister(suid));
    let shown = result.observed.iter().any(|o| o.value.contains("/usr/bin/passwd"));
    assert!(shown, "{:?}", result.observed);
}

#[test]
fn the_highest_version_of_the_subjects_own_list_counts() {
    let mut scene = Scene::new();
    scene.registers.push(register(2, &[]));
    assert_eq!(scene.result("T-2").raw, RawResult::Fail, "an empty list approves nothing");
    scene.registers.reverse();
    assert_eq!(scene.result("T-2").raw, RawResult::Fail);
    scene.registers.retain(|register| register.version == 1);
    scene.registers[0].subject = Subject::asset("other").expect("test id");
    assert_eq!(scene.result("T-2").raw, RawResult::Unknown);
}

#[test]
fn a_check_that_cannot_decide_says_so() {
    let mut scene = Scene::new();
    let undecidable = (RawResult::Unknown, vec![ReasonCategory::Undecidable]);
    let planned = (RawResult::NotChecked, vec![ReasonCategory::Undecidable]);
    assert_eq!(scene.answer("T-3"), undecidable);
    assert_eq!(scene.answer("T-4"), planned);
    scene.collect(&key("accounts"), &users(&[("toor", 0)]));
    assert_eq!(scene.result("T-3").raw, RawResult::Fail);
    scene.snapshot.records.clear();
    assert_eq!(scene.answer("T-4"), planned);
}

#[test]
fn what_the_selection_leaves_out_says_so() {
    let mut scene = Scene::new();
    scene.selection.skip_walk = true;
    scene.snapshot.records.remove(&key("file.walk"));
    let result = scene.result("T-2");
    assert_eq!(result.raw, RawResult::NotChecked);
    assert_eq!(result.reasons[0].detail, "left out by --skip-walk");
    scene.selection.only = Some(["test-shadow-mode".to_owned()].into());
    assert_eq!(scene.result("T-1").raw, RawResult::Pass);
    assert_eq!(scene.answer("T-2"), (RawResult::NotSelected, vec![]));
}

#[test]
fn an_answer_holds_until_evidence_ages_or_a_day_comes() {
    let mut scene = Scene::new();
    let result = scene.result("T-1");
    assert_eq!((result.valid_until, result.answer_until), (Some(at(600)), None));
    let dated = scene.result("T-5");
    let end = "2028-07-01T00:00:00Z".parse().expect("test time");
    assert_eq!(dated.answer_until, Some(end), "the day's end in UTC");
    assert!(dated.valid_until < dated.answer_until);
    scene.now = end;
    scene.record(&key("os.release")).observed_at = end;
    assert_eq!(scene.result("T-5").raw, RawResult::Fail);
    scene.now = at(-400);
    scene.record(&key("os.release")).observed_at = at(0);
    assert_eq!(scene.result("T-5").valid_until, Some(at(-300)), "then it is no longer ahead");
}

#[test]
fn inputs_differ_exactly_where_the_question_does() {
    let scene = Scene::new();
    let before = scene.results();
    let differing = |after: &[CheckResult]| -> Vec<String> {
        let pairs = before.iter().zip(after);
        pairs
            .filter(|(b, a)| b.inputs != a.inputs)
            .map(|(b, _)| b.identity.check.to_string())
            .collect()
    };
    let mut listed = scene.clone();
    listed.registers.push(register(2, &["4755 0:0 /usr/bin/su"]));
    assert_eq!(differing(&listed.results()), ["T-2"]);
    let mut stricter = starter().clone();
    let check = content().check("T-1").expect("test check").info.id.clone();
    let value = crate::content::ParamValue::Text("0600".into());
    stricter.params.insert(check, [("allowed".to_owned(), value)].into());
    let after = evaluate(content(), &stricter, &scene.input(None));
    assert_eq!(differing(&after), ["T-1"]);
    assert_eq!(after[0].raw, RawResult::Fail);
    assert_ne!(after[0].parameters, before[0].parameters);
    assert_eq!(after[0].statements, before[0].statements);
}

#[test]
fn one_check_answers_as_soon_as_its_evidence_is_there() {
    let whole = Scene::new();
    let mut growing = whole.clone();
    growing.snapshot.records.remove(&shadow());
    let one = |scene: &Scene, name: &str| {
        let check = content().check(name).expect("test check");
        evaluate_check(check, starter(), &scene.input(None))
    };
    assert_eq!(one(&growing, "T-1"), None);
    assert_eq!(one(&growing, "T-6"), None, "one of two is there");
    assert_eq!(one(&growing, "T-2"), Some(vec![whole.result("T-2")]));
    assert_eq!(one(&whole, "T-1"), Some(vec![whole.result("T-1")]));
    growing.selection.only = Some(["T-2".to_owned()].into());
    let left_out = one(&growing, "T-1").expect("needs no evidence");
    assert_eq!(left_out[0].raw, RawResult::NotSelected);
}

/// Earlier results that can be told from fresh ones.
fn marked(scene: &Scene) -> Vec<CheckResult> {
    let mut results = scene.results();
    for result in &mut results {
        result.observed = vec![crate::samples::observation("mark", "1")];
    }
    results
}

fn taken_over(scene: &Scene, prior: &[CheckResult]) -> Vec<String> {
    let results = evaluate(content(), starter(), &scene.input(Some(prior)));
    let reused = results.iter().filter(|r| r.observed.first().is_some_and(|o| o.path == "mark"));
    reused.map(|result| result.identity.check.to_string()).collect()
}

#[test]
fn a_result_is_taken_over_where_nothing_changed_and_nowhere_else() {
    let scene = Scene::new();
    let prior = marked(&scene);
    let all = ["T-1", "T-2", "T-3", "T-5", "T-6"];
    assert_eq!(taken_over(&scene, &prior), all);

    let mut tomorrow = scene.clone();
    tomorrow.now = at(86_400 + 60);
    for record in tomorrow.snapshot.records.values_mut() {
        record.observed_at = at(86_400);
    }
    tomorrow.snapshot.bodies.clear();
    assert_eq!(taken_over(&tomorrow, &prior), all, "the same evidence, seen again");

    tomorrow.snapshot.records.insert(shadow(), scene.snapshot.records[&shadow()].clone());
    assert!(!taken_over(&tomorrow, &prior).contains(&"T-1".to_owned()), "not seen again");

    let mut changed = scene.clone();
    changed.collect(&shadow(), &mode("0600"));
    assert_eq!(taken_over(&changed, &prior), ["T-2", "T-3", "T-5"]);
    let mut gap = scene.clone();
    gap.record(&key("file.walk")).gaps.push(anji_model::Gap {
        path: "entries".into(),
        kind: anji_model::GapKind::Partial,
        category: FailureCategory::Permission,
        detail: "1 directory".into(),
    });
    assert_eq!(taken_over(&gap, &prior), ["T-1", "T-3", "T-5", "T-6"]);
    let mut old = scene.clone();
    old.now = at(601);
    assert!(!taken_over(&old, &prior).contains(&"T-1".to_owned()), "stale");
    let mut back = scene;
    back.now = at(-100);
    assert!(taken_over(&back, &prior).is_empty(), "the clock was set back");
    let mut ended = tomorrow.clone();
    ended.now = "2028-07-01T00:00:00Z".parse().expect("test time");
    for record in ended.snapshot.records.values_mut() {
        record.observed_at = ended.now;
    }
    assert!(!taken_over(&ended, &prior).contains(&"T-5".to_owned()), "its day has come");
}

/// The scene a day later, with the same evidence seen again.
fn tomorrow(scene: &Scene) -> Scene {
    let mut tomorrow = scene.clone();
    tomorrow.now = scene.now + SignedDuration::from_hours(24);
    for record in tomorrow.snapshot.records.values_mut() {
        record.observed_at = at(86_400);
    }
    tomorrow
}

#[test]
fn all_results_stand_where_nothing_changed_and_nowhere_else() {
    let scene = Scene::new();
    let evaluator = Evaluator::new(content(), starter());
    let standing = evaluator.standing(&scene.input(None), &scene.results());
    let stands = |change: fn(&mut Scene)| {
        let mut later = tomorrow(&scene);
        later.snapshot.bodies.clear();
        change(&mut later);
        evaluator.stands(&later.input(None), &standing)
    };
    assert!(stands(|_| {}), "seen again");
    assert!(!stands(|scene| scene.record(&shadow()).observed_at = at(0)), "not seen again");
    assert!(!stands(|scene| scene.collect(&shadow(), &mode("0600"))));
    assert!(!stands(|scene| scene.record(&shadow()).parser_revision += 1));
    assert!(!stands(|scene| drop(scene.snapshot.records.remove(&shadow()))));
    assert!(!stands(|scene| scene.registers.clear()));
    assert!(!stands(|scene| scene.registers.push(register(2, &[]))));
    assert!(!stands(|scene| scene.selection.skip_walk = true));
    assert!(!stands(|scene| scene.subject = Subject::asset("other").expect("test id")));
    assert!(!stands(|scene| {
        scene.now = "2028-07-01T00:00:00Z".parse().expect("test time");
        for record in scene.snapshot.records.values_mut() {
            record.observed_at = scene.now;
        }
    }));
    let mut stricter = starter().clone();
    stricter.version = 2;
    let other = Evaluator::new(content(), &stricter);
    assert!(!other.stands(&tomorrow(&scene).input(None), &standing));
}

/// What can happen to one piece of evidence between two days.
#[derive(Debug, Clone, Copy)]
enum Fate {
    Kept,
    SeenAgain,
    Other,
    Lost,
    Denied,
    Absent,
    Broken,
    Partial,
    Future,
}

fn befall(scene: &mut Scene, key: &EvidenceKey, other: &Value, fate: Fate) {
    match fate {
        Fate::Kept => {}
        Fate::SeenAgain => scene.record(key).observed_at = scene.now,
        Fate::Other => scene.collect(key, other),
        Fate::Lost => drop(scene.snapshot.records.remove(key)),
        Fate::Denied => scene.failed(key, FailureCategory::Permission),
        Fate::Absent => scene.absent(key),
        Fate::Broken => scene.collect_bytes(key, b"[".to_vec()),
        Fate::Partial => scene.record(key).gaps.push(anji_model::Gap {
            path: if key.kind.as_str() == "accounts" { "users" } else { "entries" }.into(),
            kind: anji_model::GapKind::Partial,
            category: FailureCategory::TimedOut,
            detail: "cut".into(),
        }),
        Fate::Future => scene.record(key).observed_at = scene.now + SignedDuration::from_hours(1),
    }
}

fn any_fates(fates: &'static [Fate]) -> impl Strategy<Value = Vec<Fate>> {
    prop::collection::vec(prop::sample::select(fates), 4)
}

fn any_day() -> impl Strategy<Value = Scene> {
    const ALL: &[Fate] = &[
        Fate::Kept,
        Fate::Kept,
        Fate::SeenAgain,
        Fate::SeenAgain,
        Fate::Other,
        Fate::Lost,
        Fate::Denied,
        Fate::Absent,
        Fate::Broken,
        Fate::Partial,
        Fate::Future,
    ];
    let times = prop::sample::select(vec![60, 590, 700, 86_460, 60_000_000]);
    let lists = prop::sample::select(vec![None, Some(false), Some(true)]);
    (any_fates(ALL), times, lists).prop_map(|(fates, seconds, list)| {
        let mut scene = Scene::new();
        scene.now = at(seconds);
        let others = [mode("0644"), users(&[("toor", 0)]), walk(&["/bin/x"]), release("debian 9")];
        for (((key, _), other), fate) in bodies().iter().zip(&others).zip(fates) {
            befall(&mut scene, key, other, fate);
        }
        match list {
            None => scene.registers.clear(),
            Some(true) => scene.registers.push(register(2, &["4755 0:0 /bin/x"])),
            Some(false) => {}
        }
        scene
    })
}

proptest! {
    #[test]
    fn a_result_taken_over_equals_a_fresh_one(first in any_day(), second in any_day()) {
        let prior = first.results();
        for day in [&second, &first] {
            let reused = evaluate(content(), starter(), &day.input(Some(&prior)));
            for (reused, fresh) in reused.iter().zip(day.results()) {
                prop_assert_eq!(reused, &fresh);
            }
        }
    }

    #[test]
    fn results_that_stand_equal_fresh_ones(first in any_day(), second in any_day()) {
        let evaluator = Evaluator::new(content(), starter());
        let earlier = first.results();
        let standing = evaluator.standing(&first.input(None), &earlier);
        let ageless = |results: Vec<CheckResult>| -> Vec<CheckResult> {
            let ageless = |mut result: CheckResult| {
                result.valid_until = None;
                result.evidence.iter_mut().for_each(|used| used.observed_at = None);
                result
            };
            results.into_iter().map(ageless).collect()
        };
        for later in [first.clone(), tomorrow(&first), second] {
            if evaluator.stands(&later.input(None), &standing) {
                for (now, before) in ageless(later.results()).iter().zip(ageless(earlier.clone())) {
                    prop_assert_eq!(now, &before);
                }
            }
        }
    }

    #[test]
    fn losing_evidence_never_makes_a_pass(day in any_day(), fates in any_fates(&[
        Fate::Kept, Fate::Lost, Fate::Denied, Fate::Broken, Fate::Partial, Fate::Future,
    ])) {
        let mut poorer = day.clone();
        for ((key, _), fate) in bodies().iter().zip(fates) {
            if day.snapshot.records.contains_key(key) {
                befall(&mut poorer, key, &Value::Null, fate);
            }
        }
        for (rich, poor) in day.results().iter().zip(poorer.results()) {
            if poor.raw == RawResult::Pass {
                prop_assert_eq!(rich.raw, RawResult::Pass, "{:?}", poor);
            }
        }
    }

    #[test]
    fn an_answer_stands_until_it_says(day in any_day(), share in 0.0f64..1.0) {
        let results = day.results();
        let Some(until) = results.iter().filter_map(|r| r.valid_until).min() else { return Ok(()) };
        prop_assume!(until > day.now);
        let later = until.duration_since(day.now).as_secs_f64() * share;
        let mut later_day = day.clone();
        later_day.now = day.now + SignedDuration::from_secs(later as i64);
        prop_assume!(later_day.now < until);
        for (before, after) in results.iter().zip(later_day.results()) {
            prop_assert_eq!(before.raw, after.raw);
        }
    }

    #[test]
    fn unknown_and_error_always_say_why(day in any_day()) {
        for result in day.results() {
            let undecided = matches!(result.raw, RawResult::Unknown | RawResult::Error);
            prop_assert!(!undecided || !result.reasons.is_empty(), "{:?}", result);
            prop_assert_eq!(result.raw == RawResult::Fail, result.failed_terms_total > 0);
        }
    }
}
