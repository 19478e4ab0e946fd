//! A store of the first schema, recorded then, opens and verifies with every later program.

use crate::support::{Day, fill, problems};
use anji_store::{Store, key_file, store_file};
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use tempfile::tempdir;

/// The key of the recorded store. It signs nothing else.
const KEY: &str = "anji-signing-key ed25519 \
                   0707070707070707070707070707070707070707070707070707070707070707\n";

fn recorded() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/schema-1.db")
}

fn write_key(dir: &Path) {
    fs::write(key_file(dir), KEY).unwrap();
    fs::set_permissions(key_file(dir), Permissions::from_mode(0o600)).unwrap();
}

#[test]
fn the_recorded_store_of_schema_1_opens_verifies_and_goes_on() {
    let dir = tempdir().unwrap();
    fs::copy(recorded(), store_file(dir.path())).unwrap();
    fs::set_permissions(store_file(dir.path()), Permissions::from_mode(0o600)).unwrap();
    write_key(dir.path());
    let mut store = Store::open(dir.path()).unwrap();
    let report = store.verify(None).unwrap();
    assert!(report.is_intact(), "{}", problems(&report));
    assert_eq!((report.runs, report.registers, report.pruned), (5, 2, 2));
    for day in [Day::quiet(0, 6), Day::quiet(2, 6), Day::quiet(3, 6).changed()] {
        let results = store.read(|reader| reader.results_of(&day.id)).unwrap();
        assert_eq!(results, day.results);
        assert_eq!(store.read(|reader| reader.records_of(&day.id)).unwrap(), day.records());
    }
    Day::quiet(9, 6).put(&mut store).unwrap();
    assert!(store.verify(report.head).unwrap().is_intact());
}

/// Records the store anew. Only for a schema that no released program wrote.
#[test]
#[ignore = "writes the recording"]
fn record_the_store_of_schema_1() {
    let dir = tempdir().unwrap();
    write_key(dir.path());
    drop(fill(dir.path()));
    fs::copy(store_file(dir.path()), recorded()).unwrap();
    fs::set_permissions(recorded(), Permissions::from_mode(0o644)).unwrap();
}
