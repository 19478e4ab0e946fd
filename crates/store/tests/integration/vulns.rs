//! Vulnerability data: whole sets, replaced by name, looked up by release and package.

use anji_model::{Advisory, AuditOutcome, Digest, NamedBy, VulnSet, VulnSource};
use anji_store::{NewAudit, Store, StoreError};
use jiff::Timestamp;
use std::collections::BTreeSet;
use tempfile::tempdir;

fn advisory(package: &str, id: &str) -> Advisory {
    Advisory {
        distribution: "debian 12".to_owned(),
        package: package.to_owned(),
        named: NamedBy::Source,
        id: id.to_owned(),
        aliases: Vec::new(),
        severity: None,
        severity_from: None,
        introduced: None,
        fixed: Some("2".to_owned()),
        published_day: Some(20_000),
        exploited: false,
    }
}

fn set(name: &str, day: i64, advisories: Vec<Advisory>, exploited: &[&str]) -> VulnSet {
    VulnSet {
        source: VulnSource {
            name: name.to_owned(),
            as_of_day: day,
            digest: Digest([3; 32]),
            complete: BTreeSet::from(["debian 12".to_owned()]),
        },
        advisories,
        exploited: exploited.iter().map(|name| (*name).to_owned()).collect(),
    }
}

fn put(store: &mut Store, sets: &[VulnSet]) -> Result<(), StoreError> {
    let entry = NewAudit {
        at: Timestamp::UNIX_EPOCH,
        actor: "tester".to_owned(),
        use_case: "content.import-vulns".to_owned(),
        object: "1 files".to_owned(),
        outcome: AuditOutcome::Done,
        detail: String::new(),
    };
    store.write(|writer| writer.put_vulnerabilities(sets, &entry).map(drop))
}

#[test]
fn a_later_set_takes_the_place_of_the_earlier_one_of_its_name() {
    let dir = tempdir().unwrap();
    let mut store = Store::open(dir.path()).unwrap();
    let both = vec![advisory("a", "CVE-1"), advisory("a", "CVE-2"), advisory("b", "CVE-3")];
    put(&mut store, &[set("oval", 1, both, &[]), set("kev", 1, Vec::new(), &["CVE-1", "CVE-9"])])
        .unwrap();
    let known = |store: &Store, packages: &[&str]| {
        let packages = packages.iter().map(|name| (*name).to_owned()).collect();
        store.read(|r| r.vulnerabilities(&["debian 12".to_owned()], &packages)).unwrap()
    };
    let found = known(&store, &["a", "c"]);
    let ids: Vec<_> = found.advisories.iter().map(|a| a.id.as_str()).collect();
    assert_eq!(ids, ["CVE-1", "CVE-2"]);
    assert_eq!(found.exploited, BTreeSet::from(["CVE-1".to_owned()]));
    put(&mut store, &[set("oval", 2, vec![advisory("a", "CVE-4")], &[])]).unwrap();
    let found = known(&store, &["a", "b"]);
    let ids: Vec<_> = found.advisories.iter().map(|a| a.id.as_str()).collect();
    assert_eq!(ids, ["CVE-4"]);
    assert_eq!(found.sources[1].as_of_day, 2);
    let sets = store.read(|reader| reader.vulnerability_sets()).unwrap();
    let counts: Vec<_> = sets.iter().map(|s| (s.advisories, s.exploited)).collect();
    assert_eq!(counts, [(0, 2), (1, 0)]);
    assert!(store.verify(None).unwrap().is_intact());
    let other = store.read(|r| r.vulnerabilities(&["debian 11".to_owned()], &BTreeSet::new()));
    assert!(other.unwrap().advisories.is_empty());
}

#[test]
fn an_import_that_fails_leaves_the_sets_before_it() {
    let dir = tempdir().unwrap();
    let mut store = Store::open(dir.path()).unwrap();
    put(&mut store, &[set("oval", 1, vec![advisory("a", "CVE-1")], &[])]).unwrap();
    let failed = store.write(|writer| {
        let entry = NewAudit {
            at: Timestamp::UNIX_EPOCH,
            actor: "tester".to_owned(),
            use_case: "content.import-vulns".to_owned(),
            object: String::new(),
            outcome: AuditOutcome::Done,
            detail: String::new(),
        };
        writer.put_vulnerabilities(&[set("oval", 2, Vec::new(), &[])], &entry)?;
        Err::<(), _>(StoreError::Missing { path: dir.path().to_owned() })
    });
    assert!(failed.is_err());
    let sets = store.read(|reader| reader.vulnerability_sets()).unwrap();
    assert_eq!((sets[0].source.as_of_day, sets[0].advisories), (1, 1));
}
