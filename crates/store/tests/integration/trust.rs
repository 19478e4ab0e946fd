//! Single records can be proved without their siblings; changed ones cannot.

use crate::support::{Day, fill, identity, instant, keys, problems};
use anji_model::{Digest, Subject};
use anji_store::trust::{KeyPair, LeafName, ProofError};
use anji_store::{Problem, Store, StoreError, key_file};
use tempfile::tempdir;

#[test]
fn every_kind_of_leaf_proves_itself() {
    let dir = tempdir().unwrap();
    let store = fill(dir.path());
    let public = KeyPair::load(&key_file(dir.path())).unwrap().unwrap().public();
    let day = Day::quiet(1, 6);
    let local = Subject::local();
    let names = [
        LeafName::Context,
        LeafName::Commands,
        LeafName::Record(local.clone(), keys().remove(2)),
        LeafName::Result(identity(4, &local)),
    ];
    let run = store.read(|reader| reader.run(&day.id)).unwrap().unwrap();
    for name in names {
        let proof = store.read(|reader| reader.prove(&day.id, &name)).unwrap();
        assert_eq!(proof.check(&public), Ok(run.head), "{name:?}");
        // It survives being written down.
        let json = serde_json::to_string(&proof).unwrap();
        assert_eq!(
            serde_json::from_str::<anji_store::trust::InclusionProof>(&json).unwrap(),
            proof
        );

        let mut forged = proof.clone();
        forged.leaf = forged.leaf.replacen('e', "E", 1);
        assert_eq!(forged.check(&public), Err(ProofError::NotIncluded));
        let mut forged = proof.clone();
        forged.index = (forged.index + 1) % forged.size;
        assert_eq!(forged.check(&public), Err(ProofError::NotIncluded));
        let mut forged = proof.clone();
        forged.signed.manifest.counts.records += 1;
        assert_eq!(forged.check(&public), Err(ProofError::BadSignature));
        assert_eq!(proof.check(&[7; 32]), Err(ProofError::WrongKey));
        let mut forged = proof.clone();
        forged.salt.pop();
        assert_eq!(forged.check(&public), Err(ProofError::Malformed));
    }
    let record =
        store.read(|reader| reader.prove(&day.id, &LeafName::Result(identity(4, &local)))).unwrap();
    let leaf: serde_json::Value = serde_json::from_str(&record.leaf).unwrap();
    assert_eq!(leaf["result"], serde_json::to_value(&day.results[4]).unwrap());
    let absent = LeafName::Result(identity(99, &local));
    let absent = store.read(|reader| reader.prove(&day.id, &absent));
    assert!(matches!(absent, Err(StoreError::Invalid { .. })));
}

#[test]
fn an_expected_head_finds_a_rolled_back_store() {
    let dir = tempdir().unwrap();
    let older = tempdir().unwrap();
    let store = fill(dir.path());
    drop(store);
    std::fs::copy(dir.path().join("anji.db"), older.path().join("anji.db")).unwrap();
    let mut store = Store::open(dir.path()).unwrap();
    let head = Day::quiet(9, 6).put(&mut store).unwrap().head;
    assert!(store.verify(Some(head)).unwrap().is_intact());
    // The copy is whole in itself: only somebody who saw the newer head can tell.
    let rolled_back = Store::open_read_only(older.path()).unwrap();
    assert!(rolled_back.verify(None).unwrap().is_intact());
    let report = rolled_back.verify(Some(head)).unwrap();
    assert_eq!(report.problems, [Problem::HeadNotFound { expected: head }]);
    assert_ne!(report.head, Some(Digest([0; 32])));
}

#[test]
fn a_chain_of_another_key_is_found() {
    let (dir, other) = (tempdir().unwrap(), tempdir().unwrap());
    drop(fill(dir.path()));
    drop(fill(other.path()));
    std::fs::copy(key_file(other.path()), key_file(dir.path())).unwrap();
    let store = Store::open_read_only(dir.path()).unwrap();
    let report = store.verify(None).unwrap();
    let wrong = |problem: &&Problem| matches!(problem, Problem::WrongKey { .. });
    assert_eq!(report.problems.iter().filter(wrong).count(), 5);
    let refused = Store::open(dir.path()).unwrap_err();
    assert!(matches!(refused, StoreError::BadKey { .. }), "{refused}");
}

#[test]
fn a_new_epoch_is_audited_and_carried_by_later_runs() {
    let dir = tempdir().unwrap();
    let mut store = Store::open(dir.path()).unwrap();
    let mut epoch = |day| Day::quiet(day, 3).put(&mut store).unwrap().signed.manifest.epoch;
    assert_eq!((epoch(0), epoch(1)), (0, 0));
    let begin = |store: &mut Store| {
        store.write(|writer| writer.begin_epoch("restored a backup", "li", instant(2))).unwrap()
    };
    assert_eq!(begin(&mut store).object, "epoch 1");
    assert_eq!(begin(&mut store).object, "epoch 2");
    let mut epoch = |day| Day::quiet(day, 3).put(&mut store).unwrap().signed.manifest.epoch;
    assert_eq!((epoch(2), epoch(3)), (2, 2));
    let report = store.verify(None).unwrap();
    assert!(report.is_intact(), "{}", problems(&report));
}
