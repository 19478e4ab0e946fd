//! Documents of every form, whole and otherwise.

use super::*;
use anji_model::{NamedBy, Severity};

fn import(documents: &[(&str, Packaging, &str)]) -> Result<(Vec<VulnSet>, Skipped), VulnError> {
    let mut importer = Importer::new(Digest([1; 32]));
    for (name, packaging, text) in documents {
        importer.document(name, *packaging, &mut text.as_bytes())?;
    }
    Ok(importer.finish())
}

fn one(text: &str) -> (Vec<VulnSet>, Skipped) {
    import(&[("x", Packaging::Single, text)]).unwrap()
}

fn refused(text: &str) -> String {
    import(&[("file", Packaging::Single, text)]).unwrap_err().to_string()
}

const OSV: &str = r#"{"schema_version": "1.7.0", "id": "DEBIAN-CVE-2026-0001", "modified": "2026-11-20T00:00:00Z",
  "published": "2026-10-01T08:00:00Z", "upstream": ["CVE-2026-0001"], "severity": [{"type": "CVSS_V3",
  "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}], "affected": [
  {"package": {"ecosystem": "Debian:12", "name": "openssl"}, "ranges": [{"type": "ECOSYSTEM",
   "events": [{"introduced": "0"}, {"fixed": "3.0.22-1~deb12u1"}]}], "versions": ["3.0.1-1"]},
  {"package": {"ecosystem": "Debian:13", "name": "openssl"}, "ranges": [{"type": "ECOSYSTEM",
   "events": [{"introduced": "3.5.0-1"}]}], "ecosystem_specific": {"urgency": "unimportant"}},
  {"package": {"ecosystem": "npm", "name": "x"}}]}"#;

#[test]
fn osv_records() {
    let (sets, skipped) = one(OSV);
    let [set] = sets.as_slice() else { panic!("{sets:#?}") };
    assert_eq!(
        (set.source.name.as_str(), set.source.as_of_day),
        ("osv DEBIAN-CVE-2026-0001", 20_777)
    );
    assert!(set.source.complete.is_empty());
    let [first, second] = set.advisories.as_slice() else { panic!("{set:#?}") };
    assert_eq!((first.id.as_str(), first.distribution.as_str()), ("CVE-2026-0001", "debian 12"));
    assert_eq!(first.severity, Some(Severity::Critical));
    assert_eq!((&first.introduced, first.fixed.as_deref()), (&None, Some("3.0.22-1~deb12u1")));
    assert_eq!(first.published_day, Some(20_727));
    assert_eq!((second.introduced.as_deref(), &second.fixed), (Some("3.5.0-1"), &None));
    assert_eq!(second.severity, Some(Severity::Info));
    assert_eq!(skipped.values().sum::<u64>(), 1);
}

#[test]
fn archives_and_lines_of_osv_are_whole_sets() {
    let (sets, _) = import(&[("a", Packaging::Archive, OSV)]).unwrap();
    let names: Vec<_> = sets.iter().map(|set| set.source.name.as_str()).collect();
    assert_eq!(names, ["osv debian 12", "osv debian 13"]);
    assert!(sets[0].source.complete.contains("debian 12"));
    let line = OSV.replace('\n', " ");
    let (sets, _) = one(&format!("{line}\n{}\n", line.replace("2026-0001", "2026-0002")));
    assert_eq!(sets[0].advisories.len(), 2);
    assert!(!sets[0].source.complete.is_empty());
    let (sets, skipped) =
        one(&OSV.replace("\"published\"", "\"withdrawn\": \"2026-11-01\", \"p\""));
    assert!(sets.is_empty() && skipped.len() == 1);
}

#[test]
fn ecosystems_and_vectors() {
    let of = |ecosystem| distribution::of_ecosystem(ecosystem).map(|(name, _)| name);
    for (ecosystem, name) in [
        ("Debian:12", Some("debian 12")),
        ("Ubuntu:22.04:LTS", Some("ubuntu 22.04")),
        ("Ubuntu:Pro:18.04:LTS", None),
        ("Alpine:v3.19", Some("alpine 3.19")),
        ("Rocky Linux:9", Some("rocky 9")),
        ("Red Hat:enterprise_linux:9::baseos", Some("rhel 9")),
        ("SUSE:Linux Enterprise Server 15 SP5", Some("sles 15.5")),
        ("openEuler:24.03-LTS-SP1", Some("openeuler 24.03-lts-sp1")),
        ("Debian", None),
        ("Debian:", None),
        ("PyPI", None),
    ] {
        assert_eq!(of(ecosystem).as_deref(), name, "{ecosystem}");
    }
    for (vector, word) in [
        ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", Some(Severity::Critical)), // 9.8
        ("CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N", Some(Severity::Medium)),   // 6.1
        ("CVSS:3.0/AV:L/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H", Some(Severity::High)),     // 7.8
        ("CVSS:3.1/AV:L/AC:H/PR:H/UI:R/S:U/C:N/I:N/A:L", Some(Severity::Low)),      // 1.8
        ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:N", Some(Severity::Info)),
        ("CVSS:4.0/AV:N/AC:L", None),
        ("CVSS:3.1/AV:N", None),
    ] {
        assert_eq!(severity::vector(vector), word, "{vector}");
    }
}

const DEBIAN_OVAL: &str = include_str!("../../../../testdata/vulns/debian-oval-bookworm.xml");
const REDHAT_OVAL: &str = include_str!("../../../../testdata/vulns/redhat-oval-9.xml");
const CSAF: &str = include_str!("../../../../testdata/vulns/csaf-redhat.json");
const KEV: &str = include_str!("../../../../testdata/vulns/cisa-kev.json");

#[test]
fn oval_of_debian() {
    let (sets, skipped) = one(DEBIAN_OVAL);
    let [set] = sets.as_slice() else { panic!("{sets:#?}") };
    assert_eq!(set.source.name, "debian-oval debian 12");
    assert_eq!(set.source.complete, BTreeSet::from(["debian 12".to_owned()]));
    assert_eq!(set.source.as_of_day, 20_781);
    let [openssl] = set.advisories.as_slice() else { panic!("{set:#?}") };
    assert_eq!((openssl.package.as_str(), openssl.named), ("openssl", NamedBy::Source));
    assert_eq!((openssl.id.as_str(), openssl.severity), ("CVE-2026-0001", None));
    assert_eq!(openssl.fixed.as_deref(), Some("3.0.22-1~deb12u1"));
    assert_eq!(openssl.published_day, day("2026-10-01"));
    assert_eq!(skipped.get("flaws without a fixed version"), Some(&1));
}

#[test]
fn oval_of_red_hat() {
    let (sets, _) = one(REDHAT_OVAL);
    let [set] = sets.as_slice() else { panic!("{sets:#?}") };
    assert_eq!(set.source.name, "rhel-oval rhel 9");
    let rows: Vec<_> =
        set.advisories.iter().map(|a| (a.package.as_str(), a.fixed.as_deref())).collect();
    let fixed = Some("1:3.0.7-27.el9");
    assert_eq!(rows, [("openssl", fixed), ("openssl-libs", fixed)]);
    let first = &set.advisories[0];
    assert_eq!((first.id.as_str(), first.severity), ("RHSA-2026:3339", Some(Severity::High)));
    assert_eq!(first.aliases, ["CVE-2026-0001", "CVE-2026-0002"]);
    assert_eq!(first.named, NamedBy::Binary);
}

#[test]
fn csaf_of_red_hat() {
    let (sets, skipped) = one(CSAF);
    let [set] = sets.as_slice() else { panic!("{sets:#?}") };
    assert_eq!(set.source.name, "csaf RHSA-2026:3339");
    assert!(set.source.complete.is_empty());
    let rows: Vec<_> = set
        .advisories
        .iter()
        .map(|a| (a.package.as_str(), a.fixed.as_deref(), a.distribution.as_str(), a.exploited))
        .collect();
    assert_eq!(
        rows,
        [
            ("openssl", Some("1:3.0.7-27.el9"), "rhel 9", true),
            ("openssl-fips", None, "rhel 9", true)
        ]
    );
    assert_eq!(set.advisories[0].severity, Some(Severity::High));
    assert_eq!(skipped.values().sum::<u64>(), 1);
}

#[test]
fn the_list_of_exploited_flaws() {
    let (sets, _) = one(KEV);
    assert_eq!(sets[0].source.name, "cisa-kev");
    assert!(sets[0].exploited.contains("CVE-2026-0001"));
}

#[test]
fn what_cannot_be_read_is_refused_with_its_place() {
    assert!(refused("").starts_with("file: neither"));
    assert!(refused("BZh91AY").contains("bunzip2"));
    assert!(refused("{\"id\": 1").contains("line 1 column"));
    assert!(refused("{\"x\": 1}").contains("neither OSV"));
    assert!(refused("{\"id\": \"A\", \"modified\": \"x\"}").contains("modified"));
    assert!(refused("<html></html>").contains("oval_definitions"));
    assert!(
        refused("<!DOCTYPE x [<!ENTITY a \"b\">]><oval_definitions/>").contains("document type")
    );
    assert!(refused("<oval_definitions><generator>").contains("middle"));
    assert!(refused(&DEBIAN_OVAL[..DEBIAN_OVAL.len() / 2]).contains("byte"));
    assert!(refused(&"<a>".repeat(100)).contains("deep"));
    let nested = format!("{}{}", "[".repeat(1000), "]".repeat(1000));
    assert!(refused(&nested).contains("recursion"));
}

#[test]
fn any_cut_gives_a_value_or_an_error() {
    for text in [OSV, DEBIAN_OVAL, REDHAT_OVAL, CSAF, KEV] {
        for at in (0..text.len()).step_by(37).filter(|at| text.is_char_boundary(*at)) {
            drop(import(&[("x", Packaging::Archive, &text[..at])]));
            let changed = format!("{}\u{7f}{}", &text[..at], &text[at..]);
            drop(import(&[("x", Packaging::Single, &changed)]));
        }
    }
}
