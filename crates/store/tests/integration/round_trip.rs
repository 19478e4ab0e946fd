//! What goes in comes out exactly, and an unchanged day adds next to nothing.

use crate::support::{Day, audit, fill, identity, instant, problems, register};
use anji_model::{Privilege, RawResult, Subject};
use anji_store::{Store, StoreError, StoredBody, store_file};
use jiff::ToSpan;
use proptest::prelude::*;
use tempfile::tempdir;

#[test]
fn runs_come_back_exactly_as_they_were_put() {
    let dir = tempdir().unwrap();
    let mut store = Store::open(dir.path()).unwrap();
    let other = Subject::asset("root:/mnt").unwrap();
    let days = [
        Day::quiet(0, 9),
        Day::new(1, 4, other, Privilege::User),
        Day::quiet(2, 9),
        Day::quiet(3, 9).changed(),
        Day::quiet(4, 2),
        Day::quiet(5, 9),
    ];
    for day in &days {
        let put = day.put(&mut store).unwrap();
        let got = store.read(|reader| reader.run(&day.id)).unwrap();
        let listed = store.read(|reader| reader.runs()).unwrap();
        assert_eq!(listed.last(), Some(&put.summary()));
        assert_eq!(got, Some(put));
    }
    store.set_busy_timeout(std::time::Duration::from_secs(1)).unwrap();
    for day in &days {
        store
            .read(|reader| {
                assert_eq!(reader.results_of(&day.id)?, day.results);
                assert_eq!(reader.records_of(&day.id)?, day.records());
                assert_eq!(reader.command_log(&day.id)?, day.commands);
                let snapshot = &day.snapshots[0];
                assert_eq!(&reader.snapshot_of(&day.id, &snapshot.subject)?, snapshot);
                Ok::<_, StoreError>(())
            })
            .unwrap();
    }
    let runs = store.read(|reader| reader.runs()).unwrap();
    assert!(runs.iter().map(|run| &run.run).eq(days.iter().map(|day| &day.id)));
    assert_eq!(store.read(|reader| reader.head()).unwrap(), Some(runs[5].head));
    let report = store.verify(Some(runs[0].head)).unwrap();
    assert!(report.is_intact(), "{}", problems(&report));
    assert_eq!((report.runs, report.records, report.results), (6, 30, 42));
}

#[test]
fn an_answer_that_stays_is_one_interval() {
    let dir = tempdir().unwrap();
    let mut store = Store::open(dir.path()).unwrap();
    for day in [0, 1, 2, 4, 5] {
        Day::quiet(day, 6).put(&mut store).unwrap();
    }
    Day::new(6, 6, Subject::local(), Privilege::User).put(&mut store).unwrap();
    Day::quiet(7, 6).changed().put(&mut store).unwrap();
    Day::quiet(8, 6).put(&mut store).unwrap();
    let history = |n| store.read(|reader| reader.history(&identity(n, &Subject::local()))).unwrap();
    // Check 1 answered otherwise on day 7; the run without rights stands beside.
    let spans: Vec<_> = history(1)
        .iter()
        .map(|i| (i.first_as_of, i.last_as_of, i.privilege, i.result.raw))
        .collect();
    let at = |day| instant(day) + 2.seconds();
    assert_eq!(
        spans,
        [
            (at(0), at(5), Privilege::Root, RawResult::Pass),
            (at(6), at(6), Privilege::User, RawResult::Pass),
            (at(7), at(7), Privilege::Root, RawResult::Unknown),
            (at(8), at(8), Privilege::Root, RawResult::Pass),
        ]
    );
    // Check 0 rests on a body that changed, and its answer did not.
    assert_eq!(history(0).len(), 2);
    assert_eq!(history(0)[0].result, Day::quiet(8, 6).results[0]);

    let conn = rusqlite::Connection::open(store_file(dir.path())).unwrap();
    let spans = |at: &str| -> i64 {
        let sql = format!("SELECT count(*) FROM span {at}");
        conn.query_row(&sql, [], |row| row.get(0)).unwrap()
    };
    // Days 1 to 5 began a span for the one record with a volatile body only.
    assert_eq!(spans("WHERE first_sequence = 0"), 11);
    assert_eq!(spans("WHERE first_sequence BETWEEN 1 AND 4"), 4);
}

#[test]
fn the_latest_result_is_the_one_that_can_be_compared() {
    let dir = tempdir().unwrap();
    let mut store = Store::open(dir.path()).unwrap();
    let local = Subject::local();
    let days = [
        Day::quiet(0, 6),
        Day::new(1, 6, local.clone(), Privilege::User),
        Day::quiet(2, 6),
        Day::quiet(3, 2),
    ];
    for day in &days {
        day.put(&mut store).unwrap();
    }
    let latest = |rights| store.read(|reader| reader.latest_results(&local, rights)).unwrap();
    // Of every question the newest answer with each level of rights, oldest run first.
    let root = latest(Privilege::Root);
    let runs: Vec<_> = root.iter().map(|latest| &latest.summary.run).collect();
    let expected = [1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3];
    assert_eq!(runs, expected.map(|n: usize| &days[n].id));
    let fifth = &root[8];
    assert_eq!(fifth.privilege, Privilege::Root);
    assert!(days[2].results.contains(&fifth.summary.result));
    assert_eq!(fifth.summary.as_of, instant(2) + 2.seconds());
    let user = latest(Privilege::User);
    assert!(user.iter().all(|latest| latest.privilege == Privilege::User));
    assert_eq!(user.len(), 6);
    assert_eq!(user[5].summary.result, days[1].results[5]);
    let nobody = Subject::asset("nobody").unwrap();
    let none = store.read(|reader| reader.latest_results(&nobody, Privilege::Root)).unwrap();
    assert_eq!(none, []);
}

#[test]
fn registers_audit_and_settings_keep_their_order() {
    let dir = tempdir().unwrap();
    let mut store = Store::open(dir.path()).unwrap();
    let (first, second) = (register(1, &["a", "b"]), register(2, &[]));
    let (id, local) = (first.id.clone(), Subject::local());
    store
        .write(|writer| {
            assert_eq!(writer.register(&id, &local)?, None);
            let entry = writer.put_register(&first, "register.adopt")?;
            assert_eq!((entry.sequence, entry.previous), (0, None));
            let next = writer.put_register(&second, "register.edit")?;
            assert_eq!((next.sequence, next.previous), (1, Some(entry.hash)));
            writer.append_audit(&audit("evidence.export"))
        })
        .map(drop)
        .unwrap();
    store
        .read(|reader| {
            assert_eq!(reader.register(&id, &local)?.as_ref(), Some(&second));
            assert_eq!(reader.registers(&local)?, std::slice::from_ref(&second));
            assert_eq!(reader.register_history(&id, &local)?, [first.clone(), second.clone()]);
            let entries = reader.audit(1, 10)?;
            let cases: Vec<_> = entries.iter().map(|entry| entry.use_case.as_str()).collect();
            assert_eq!(cases, ["register.edit", "evidence.export"]);
            assert_eq!(reader.audit(0, 1)?.len(), 1);
            assert_eq!(reader.setting("language")?, None);
            Ok::<_, StoreError>(())
        })
        .unwrap();
    let conflict = store.write(|writer| writer.put_register(&second, "register.edit"));
    assert!(matches!(conflict, Err(StoreError::RegisterConflict { given: 2, next: 3, .. })));
    let unsorted = store.write(|writer| writer.put_register(&register(3, &["b", "a"]), "x"));
    assert!(matches!(unsorted, Err(StoreError::Invalid { .. })));
    let mut forged = audit("x");
    forged.detail = "stored register, SHA-256 00".to_owned();
    let forged = store.write(|writer| writer.append_audit(&forged));
    assert!(matches!(forged, Err(StoreError::Invalid { .. })));
}

#[test]
fn a_write_that_fails_leaves_nothing() {
    let dir = tempdir().unwrap();
    let mut store = Store::open(dir.path()).unwrap();
    let day = Day::quiet(0, 6);
    let failed = store.write(|writer| {
        writer.put_run(&day.new_run())?;
        writer.append_audit(&audit("x"))?;
        writer.put_run(&day.new_run())
    });
    assert!(matches!(failed, Err(StoreError::RunExists { .. })));
    let mut holes = day.clone();
    holes.snapshots[0].bodies.clear();
    assert!(matches!(holes.put(&mut store), Err(StoreError::Invalid { .. })));
    let mut twice = day.clone();
    twice.results.push(twice.results[0].clone());
    assert!(matches!(twice.put(&mut store), Err(StoreError::Invalid { .. })));
    let mut lying = day.clone();
    for body in lying.snapshots[0].bodies.values_mut() {
        *body = b"other".to_vec().into();
    }
    assert!(matches!(lying.put(&mut store), Err(StoreError::BodyChanged { .. })));
    let report = store.verify(None).unwrap();
    assert!(report.is_intact() && report.runs == 0 && report.audit_entries == 0);
    assert!(matches!(
        store.read(|reader| reader.results_of(&day.id)),
        Err(StoreError::NoRun { .. })
    ));
}

#[test]
fn retention_removes_captures_and_says_so() {
    let dir = tempdir().unwrap();
    let store = fill(dir.path());
    let report = store.verify(None).unwrap();
    assert!(report.is_intact(), "{}", problems(&report));
    assert_eq!(report.pruned, 2);
    let first = Day::quiet(0, 6);
    store
        .read(|reader| {
            let mut states = Vec::new();
            for record in first.records() {
                assert!(matches!(
                    reader.body(&record.body.unwrap())?,
                    Some(StoredBody::Present(_))
                ));
                if let Some(volatile) = record.volatile {
                    states.push(reader.body(&volatile)?);
                }
            }
            assert_eq!(states, [Some(StoredBody::Pruned)]);
            assert_eq!(reader.body(&crate::support::digest(b"never"))?, None);
            Ok::<_, StoreError>(())
        })
        .unwrap();
}

#[test]
fn an_unchanged_day_costs_little() {
    let dir = tempdir().unwrap();
    let mut store = Store::open(dir.path()).unwrap();
    let size = || {
        let conn = rusqlite::Connection::open(store_file(dir.path())).unwrap();
        conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
        store_file(dir.path()).metadata().unwrap().len()
    };
    let put = |store: &mut Store, days: std::ops::Range<i64>| {
        for day in days {
            Day::quiet(day, 100).put(store).unwrap();
        }
    };
    put(&mut store, 0..10);
    let before = size();
    put(&mut store, 10..60);
    let per_day = (size() - before) / 50;
    assert!(per_day < 6 * 1024, "{per_day} bytes a day");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn any_order_of_any_days_comes_back(
        plan in prop::collection::vec((0i64..5, 1usize..7, any::<bool>(), any::<bool>()), 1..6)
    ) {
        let dir = tempdir().unwrap();
        let mut store = Store::open(dir.path()).unwrap();
        let mut days = Vec::new();
        for (n, (day, checks, changed, root)) in plan.into_iter().enumerate() {
            let rights = if root { Privilege::Root } else { Privilege::User };
            let mut day = Day::new(day, checks, Subject::local(), rights);
            if changed && checks > 1 {
                day = day.changed();
            }
            if changed {
                day.results.reverse();
            }
            day.id = anji_model::RunId::new(format!("run-{n}")).unwrap();
            day.put(&mut store).unwrap();
            days.push(day);
        }
        for day in &days {
            prop_assert_eq!(&store.read(|reader| reader.results_of(&day.id)).unwrap(), &day.results);
            prop_assert_eq!(&store.read(|reader| reader.records_of(&day.id)).unwrap(), &day.records());
        }
        let report = store.verify(None).unwrap();
        prop_assert!(report.is_intact(), "{}", problems(&report));
    }
}
