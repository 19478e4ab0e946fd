use super::*;
use crate::compare::ScopeChecks;
use crate::content::Binding;
use crate::samples::{baseline, binding, check, content, key, stat};
use anji_model::{CheckId, ClauseId, ClauseLink, FrameworkId, MappingStatus, Privilege, SystemId};
use proptest::prelude::*;

fn of(checks: Vec<Check>, selection: &Selection) -> Plan {
    let content = content(checks);
    plan(&content, &baseline(&content), selection, &Subject::local(), None)
}

fn only(name: &str) -> Selection {
    Selection { only: Some(BTreeSet::from([name.to_owned()])), skip_walk: false }
}

fn check_id(id: &str) -> CheckId {
    CheckId::new(id).expect("test id")
}

fn aged(seconds: u32, mut binding: Binding) -> Binding {
    binding.age_seconds_max = Some(seconds);
    binding
}

/// One check for each evidence type there is, with selectors where they belong.
fn one_of_each() -> Vec<Check> {
    let bindings = anji_evidence::registry().iter().map(|kind| match kind.selector() {
        anji_evidence::SelectorKind::None => key(kind.name().as_str()),
        anji_evidence::SelectorKind::Path => stat("/etc/passwd"),
    });
    bindings
        .enumerate()
        .map(|(n, key)| check(&format!("T-{n}"), vec![binding("it", key)]))
        .collect()
}

#[test]
fn walks_run_last_and_nothing_runs_twice() {
    let plan = of(one_of_each(), &Selection::default());
    let ids: Vec<&str> = plan.collection.captures.iter().map(|c| c.id.as_str()).collect();
    let walks = captures([&key("file.walk")]);
    assert!(!walks.is_empty() && ids.len() > walks.len(), "{ids:?}");
    let last = &ids[ids.len() - walks.len()..];
    assert!(walks.iter().all(|walk| last.contains(&walk.id.as_str())), "{ids:?}");
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len());
}

#[test]
fn the_youngest_want_of_all_checks_is_the_limit() {
    let checks = vec![
        check("T-1", vec![aged(60, binding("a", key("accounts")))]),
        check("T-2", vec![aged(90, binding("b", key("accounts")))]),
        check("T-3", vec![aged(u32::MAX, binding("b", stat("/etc/shadow")))]),
    ];
    let plan = of(checks, &Selection::default());
    let ages: Vec<u32> =
        plan.collection.wanted.iter().map(|wanted| wanted.limits.age_seconds_max).collect();
    let own = binding_limits(&stat("/etc/shadow"), None).expect("a registered type");
    assert_eq!(ages, [60, own.age_seconds_max], "a check lowers an age and never raises it");
}

#[test]
fn a_key_names_every_check_that_it_serves_with_its_clauses() {
    let mut with_clause = check("T-2", vec![binding("a", key("accounts"))]);
    with_clause.info.clauses = vec![ClauseLink {
        framework: FrameworkId::new("gbt22239-2019").expect("test id"),
        clause: ClauseId::new("8.1.4.1a").expect("test id"),
        status: MappingStatus::Partial,
        how: crate::samples::text("how"),
    }];
    // Two bindings of one check on one key serve it once.
    let twice = vec![binding("a", key("accounts")), binding("b", key("accounts"))];
    let plan = of(vec![check("T-1", twice), with_clause.clone()], &Selection::default());
    let served = &plan.serves[&key("accounts")];
    let ids: Vec<&str> = served.iter().map(|served| served.check.as_str()).collect();
    assert_eq!(ids, ["T-1", "T-2"]);
    assert_eq!(served[1].clauses, with_clause.info.clauses);
}

#[test]
fn a_selection_plans_what_it_needs_and_no_more() {
    for name in ["T-1", "t-1"] {
        let plan = of(one_of_each(), &only(name));
        assert_eq!(plan.collection.wanted.len(), 1, "{name}");
        assert_eq!(plan.serves.values().flatten().count(), 1);
    }
    assert!(of(one_of_each(), &only("T-99")).collection.wanted.is_empty());
    let skip = Selection { skip_walk: true, ..Selection::default() };
    let plan = of(one_of_each(), &skip);
    assert!(plan.collection.wanted.iter().all(|wanted| !is_walk(&wanted.key.kind)));
    let registry = anji_evidence::registry().iter();
    let collected = registry.filter(|kind| kind.derived_from().is_empty()).count();
    assert_eq!(plan.collection.wanted.len(), collected - 1);
}

#[test]
fn derived_evidence_is_wanted_as_what_it_rests_on() {
    let derived = check("T-1", vec![binding("a", key("package.vulnerabilities"))]);
    let plan = of(vec![derived], &Selection::default());
    let wanted: Vec<_> = plan.collection.wanted.iter().map(|w| w.key.to_string()).collect();
    assert_eq!(wanted, ["os.release", "packages"]);
    assert!(plan.serves.keys().all(|key| wanted.contains(&key.to_string())));
    assert!(!plan.collection.captures.is_empty());
}

#[test]
fn names_that_match_nothing_are_told() {
    let content = content(one_of_each());
    let mut selection = only("T-1");
    selection.only.iter_mut().for_each(|names| names.extend(["t-0".into(), "T-77".into()]));
    assert_eq!(selection.unmatched(&content, &baseline(&content)), ["T-77"]);
    assert!(Selection::default().unmatched(&content, &baseline(&content)).is_empty());
}

#[test]
fn another_root_has_the_same_plan() {
    let content = content(one_of_each());
    let root = AbsPath::new("/mnt/image").expect("test path");
    let with =
        |root| plan(&content, &baseline(&content), &Selection::default(), &Subject::local(), root);
    let (live, rooted) = (with(None), with(Some(&root)));
    assert_eq!(rooted.collection.root, Some(root));
    assert_eq!(rooted.collection.captures, live.collection.captures);
    assert_eq!(rooted.collection.wanted, live.collection.wanted);
}

#[test]
fn the_scope_is_what_was_asked() {
    let content = content(vec![
        check("T-1", vec![binding("a", key("accounts"))]),
        check("T-2", vec![binding("w", key("file.walk"))]),
    ]);
    let system = SystemId::new("his").expect("test id");
    let of = |selection: &Selection| {
        let baseline = baseline(&content);
        selection.scope(&content, &baseline, &system, &Subject::local(), Privilege::Root).checks
    };
    assert_eq!(of(&Selection::default()), ScopeChecks::AllBut(BTreeSet::new()));
    let skip = Selection { skip_walk: true, ..Selection::default() };
    assert_eq!(of(&skip), ScopeChecks::AllBut(BTreeSet::from([check_id("T-2")])));
    assert_eq!(of(&only("t-1")), ScopeChecks::Only(BTreeSet::from([check_id("T-1")])));
    let none = Selection { skip_walk: true, ..only("T-2") };
    assert_eq!(of(&none), ScopeChecks::Only(BTreeSet::new()));
}

fn any_limits() -> impl Strategy<Value = Limits> {
    (0u64..9, 0u32..9, 0u32..9).prop_map(|(bytes_max, timeout_seconds, age_seconds_max)| Limits {
        bytes_max,
        timeout_seconds,
        age_seconds_max,
    })
}

fn any_key() -> impl Strategy<Value = EvidenceKey> {
    let types = ["os.release", "accounts", "sshd.effective", "sockets.listening", "file.walk"];
    prop_oneof![
        prop::sample::select(types.to_vec()).prop_map(key),
        (0u8..6).prop_map(|n| stat(&format!("/etc/file{n}"))),
    ]
}

fn any_checks() -> impl Strategy<Value = Vec<Check>> {
    let bindings = prop::collection::vec((any_key(), prop::option::of(1u32..200_000)), 0..4);
    prop::collection::vec(bindings, 0..8).prop_map(|checks| {
        let bind = |(key, age): (EvidenceKey, Option<u32>)| Binding {
            age_seconds_max: age,
            ..binding("it", key)
        };
        checks
            .into_iter()
            .enumerate()
            .map(|(n, keys)| check(&format!("T-{n}"), keys.into_iter().map(bind).collect()))
            .collect()
    })
}

proptest! {
    #[test]
    fn merging_limits_has_no_order(a in any_limits(), b in any_limits(), c in any_limits()) {
        prop_assert_eq!(a.merge(b), b.merge(a));
        prop_assert_eq!(a.merge(b).merge(c), a.merge(b.merge(c)));
        prop_assert_eq!(a.merge(a), a);
    }

    #[test]
    fn merging_captures_has_no_order(limits in prop::collection::vec((0u64..5, 0u32..5, 0u8..3), 3)) {
        let capture = |(bytes_max, timeout_seconds, text): (u64, u32, u8)| Capture {
            id: "it".to_owned(),
            command: text.to_string(),
            source: anji_model::Source::Files,
            bytes_max,
            timeout_seconds,
            sudo: Vec::new(),
        };
        let [a, b, c] = [capture(limits[0]), capture(limits[1]), capture(limits[2])];
        prop_assert_eq!(merge(&a, &b), merge(&b, &a));
        prop_assert_eq!(merge(&merge(&a, &b), &c), merge(&a, &merge(&b, &c)));
    }

    #[test]
    fn a_plan_covers_every_need_once(checks in any_checks()) {
        let plan = of(checks.clone(), &Selection::default());
        let wanted: BTreeMap<_, _> =
            plan.collection.wanted.iter().map(|wanted| (&wanted.key, wanted.limits)).collect();
        prop_assert_eq!(wanted.len(), plan.collection.wanted.len(), "no key twice");
        prop_assert_eq!(wanted.len(), plan.serves.len());
        let ids: BTreeSet<_> = plan.collection.captures.iter().map(|c| &c.id).collect();
        prop_assert_eq!(ids.len(), plan.collection.captures.len(), "no capture twice");
        for check in &checks {
            for binding in &check.bindings {
                let limits = wanted.get(&binding.key).expect("a need is covered");
                let own = binding_limits(&binding.key, binding.age_seconds_max).expect("registered");
                prop_assert_eq!(limits.merge(own), *limits, "the bounds satisfy the need");
                prop_assert!(plan.serves[&binding.key].iter().any(|s| s.check == check.info.id));
                let selectors: Vec<_> = binding.key.selector.iter().cloned().collect();
                let kind = anji_evidence::find(&binding.key.kind).expect("registered");
                for capture in kind.captures(&selectors) {
                    prop_assert!(ids.contains(&capture.id), "{}", capture.id);
                }
            }
        }
    }

    #[test]
    fn the_order_of_checks_changes_nothing(checks in any_checks(), turn in 0usize..8) {
        let mut turned = checks.clone();
        turned.rotate_left(turn % checks.len().max(1));
        prop_assert_eq!(of(checks, &Selection::default()), of(turned, &Selection::default()));
    }
}
