//! Imports from real files, whole or not at all.

use super::*;
use std::collections::BTreeSet;
use std::io::Write as _;

fn sample(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata/vulns").join(name)
}

fn home() -> (tempfile::TempDir, Home) {
    let dir = tempfile::tempdir().expect("a folder");
    let home = Home { state: dir.path().join("state"), content: None };
    (dir, home)
}

fn import(home: &Home, files: &[PathBuf]) -> Result<VulnImport, AppError> {
    let actor = Actor { name: "tester".to_owned() };
    import_vulnerabilities(home, &actor, Timestamp::UNIX_EPOCH, files)
}

fn archive(dir: &Path, members: &[(&str, &[u8])]) -> PathBuf {
    let path = dir.join("all.zip");
    let mut zip = zip::ZipWriter::new(File::create(&path).expect("a file"));
    for (name, data) in members {
        zip.start_file(*name, zip::write::SimpleFileOptions::default()).expect("a member");
        zip.write_all(data).expect("written");
    }
    zip.finish().expect("closed");
    path
}

const OSV: &[u8] = br#"{"id": "DEBIAN-CVE-2026-7", "modified": "2026-11-20T00:00:00Z", "affected":
    [{"package": {"ecosystem": "Debian:12", "name": "zlib"}, "ranges": [{"type": "ECOSYSTEM",
    "events": [{"introduced": "0"}, {"fixed": "1:1.2.13.dfsg-2"}]}]}]}"#;

#[test]
fn every_form_is_stored_and_looked_up() {
    let (dir, home) = home();
    let zip = archive(dir.path(), &[("a/b.json", OSV), ("README.txt", b"no")]);
    let names =
        ["debian-oval-bookworm.xml", "redhat-oval-9.xml", "csaf-redhat.json", "cisa-kev.json"];
    let mut files: Vec<PathBuf> = names.map(sample).into();
    files.push(zip);
    let imported = import(&home, &files).expect("all are readable");
    let sets: Vec<_> =
        imported.sets.iter().map(|s| (s.source.name.as_str(), s.advisories)).collect();
    assert_eq!(
        sets,
        [
            ("cisa-kev", 0),
            ("csaf RHSA-2026:3339", 2),
            ("debian-oval debian 12", 1),
            ("osv debian 12", 1),
            ("rhel-oval rhel 9", 2)
        ]
    );
    assert!(!imported.skipped.is_empty());
    let store = Store::open_read_only(&home.state).expect("a store");
    let packages = BTreeSet::from(["openssl".to_owned(), "zlib".to_owned()]);
    let known = store
        .read(|reader| reader.vulnerabilities(&["debian 12".to_owned()], &packages))
        .expect("readable");
    assert_eq!(known.advisories.len(), 2);
    assert!(known.exploited.contains("CVE-2026-0001"));
    let sources: Vec<_> = known.sources.iter().map(|source| source.name.as_str()).collect();
    assert_eq!(sources, ["cisa-kev", "debian-oval debian 12", "osv debian 12"]);
    assert!(store.verify(None).expect("verifiable").is_intact());
    // A second import takes the place of the first.
    let again = import(&home, &[sample("debian-oval-bookworm.xml")]).expect("readable");
    assert_eq!(again.sets.len(), 1);
    assert_eq!(vulnerability_sets(&home).expect("readable").len(), 5);
}

#[test]
fn a_file_that_cannot_be_read_leaves_everything_as_it_was() {
    let (dir, home) = home();
    let bad = dir.path().join("bad.json");
    std::fs::write(&bad, b"{\"id\": 1, ").expect("written");
    let error = import(&home, &[sample("cisa-kev.json"), bad]).expect_err("refused");
    assert!(error.to_string().contains("bad.json"), "{error}");
    assert!(vulnerability_sets(&home).is_err());
    for members in [&[("x.txt", &b"x"[..])][..], &[("x.json", b"BZh9")]] {
        let zip = archive(dir.path(), members);
        assert!(import(&home, &[zip]).is_err());
    }
    let mut cut = std::fs::read(archive(dir.path(), &[("a.json", OSV)])).expect("readable");
    cut.truncate(cut.len() / 2);
    let zip = dir.path().join("cut.zip");
    std::fs::write(&zip, cut).expect("written");
    assert!(import(&home, &[zip, PathBuf::from("/nonexistent")]).is_err());
}
