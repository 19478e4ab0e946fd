//! Which flaw is open where.

use super::*;
use anji_model::{Digest, Severity, VulnSource};
use serde_json::{Value, json};

const TODAY: i64 = 20_782;

fn advisory(package: &str, id: &str, fixed: Option<&str>) -> Advisory {
    Advisory {
        distribution: "debian 12".to_owned(),
        package: package.to_owned(),
        named: NamedBy::Source,
        id: id.to_owned(),
        aliases: Vec::new(),
        severity: Some(Severity::High),
        severity_from: Some("cvss".to_owned()),
        introduced: None,
        fixed: fixed.map(str::to_owned),
        published_day: Some(20_700),
        exploited: false,
    }
}

fn knowledge(advisories: Vec<Advisory>) -> VulnKnowledge {
    let source = VulnSource {
        name: "debian-oval debian 12".to_owned(),
        as_of_day: TODAY - 1,
        digest: Digest([7; 32]),
        complete: BTreeSet::from(["debian 12".to_owned()]),
    };
    VulnKnowledge { sources: vec![source], advisories, exploited: BTreeSet::new() }
}

fn package(name: &str, version: &str, source: &str, source_version: &str) -> Value {
    json!({"package": format!("{name}:amd64"), "manager": "dpkg", "name": name, "arch": "amd64",
        "version": version, "source": source, "source_version": source_version,
        "status": "installed", "present": true, "vendor": null})
}

/// The host with these packages, against that knowledge.
fn of(packages: &[Value], knowledge: &VulnKnowledge, gaps: &[Gap]) -> Parsed {
    let os = json!({"id": "debian", "version_id": "12", "pretty_name": "x", "product": "debian 12",
        "id_like": [], "kernel": {"release": "6.1.0-50-amd64"}});
    let (os, packages) = (os.to_string(), json!({"packages": packages}).to_string());
    let input = Input {
        os_status: &EvidenceStatus::Collected,
        os: Some(os.as_bytes()),
        packages_status: &EvidenceStatus::Collected,
        packages_gaps: gaps,
        packages: Some(packages.as_bytes()),
    };
    let lookup = subject(&input).unwrap();
    derive(&input, &lookup, knowledge, TODAY)
}

fn entries(parsed: &Parsed) -> Vec<String> {
    let body: Value = serde_json::from_slice(parsed.body.as_ref().unwrap()).unwrap();
    let open = body["open"].as_array().unwrap().iter();
    open.map(|o| o["entry"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn sources_are_compared_by_their_own_version() {
    let host = [
        package("bsdutils", "1:2.38.1-5", "util-linux", "2.38.1-5"),
        package("mount", "2.38.1-5", "util-linux", "2.38.1-5"),
    ];
    let data = knowledge(vec![
        advisory("util-linux", "CVE-1", Some("2.38.1-5+deb12u1")),
        advisory("util-linux", "CVE-2", Some("2.38.1-5")),
        advisory("util-linux", "CVE-3", None),
        advisory("bsdutils", "CVE-4", None),
        Advisory { introduced: Some("2.39".to_owned()), ..advisory("util-linux", "CVE-5", None) },
        Advisory { distribution: "debian 11".to_owned(), ..advisory("util-linux", "CVE-6", None) },
    ]);
    let parsed = of(&host, &data, &[]);
    assert_eq!(entries(&parsed), ["CVE-1 util-linux 2.38.1-5", "CVE-3 util-linux 2.38.1-5"]);
    assert_eq!(parsed.gaps, []);
    let body: Value = serde_json::from_slice(parsed.body.as_ref().unwrap()).unwrap();
    assert_eq!(body["open"][0]["installed"], json!(["bsdutils:amd64", "mount:amd64"]));
    assert_eq!(body["open"][0]["severity"], "high");
    assert_eq!(
        (&body["open"][0]["fixable"], &body["open"][1]["fixable"]),
        (&json!(true), &json!(false))
    );
}

#[test]
fn only_the_running_kernel_counts() {
    let signed = |image: &str, version: &str| {
        package(image, version, "linux-signed-amd64", &version.replace('-', "+"))
    };
    let host = [
        signed("linux-image-6.1.0-40-amd64", "6.1.100-1"),
        signed("linux-image-6.1.0-50-amd64", "6.1.176-1"),
        package("linux-image-amd64", "6.1.192-2", "linux-signed-amd64", "6.1.192+2"),
        package("linux-libc-dev", "6.1.90-1", "linux", "6.1.90-1"),
    ];
    let data = knowledge(vec![
        advisory("linux", "CVE-1", Some("6.1.192-1")),
        advisory("linux", "CVE-2", Some("6.1.176-1")),
    ]);
    assert_eq!(entries(&of(&host, &data, &[])), ["CVE-1 linux 6.1.176-1"]);
}

#[test]
fn severities_and_exploits_come_from_any_source() {
    let host = [package("openssl", "3.0.20-1", "openssl", "3.0.20-1")];
    let silent =
        Advisory { severity: None, published_day: None, ..advisory("openssl", "CVE-1", None) };
    let parsed = of(&host, &knowledge(vec![silent.clone()]), &[]);
    let paths: Vec<_> = parsed.gaps.iter().map(|gap| gap.path.as_str()).collect();
    assert_eq!(paths, ["open[].published_day", "open[].severity"]);
    let other = Advisory {
        distribution: "debian 13".to_owned(),
        aliases: vec!["CVE-1".to_owned()],
        severity: Some(Severity::Critical),
        ..advisory("openssl", "DSA-1", None)
    };
    let mut data = knowledge(vec![silent, other]);
    data.exploited.insert("CVE-1".to_owned());
    let parsed = of(&host, &data, &[]);
    let body: Value = serde_json::from_slice(parsed.body.as_ref().unwrap()).unwrap();
    assert_eq!(body["open"][0]["severity"], "critical");
    assert_eq!(body["open"][0]["exploited"], true);
}

#[test]
fn without_whole_fresh_data_nothing_is_complete() {
    let host = [package("openssl", "3.0.20-1", "openssl", "3.0.20-1")];
    let failed = |data: &VulnKnowledge| match of(&host, data, &[]).status {
        EvidenceStatus::Failed { detail, .. } => detail,
        other => panic!("{other:?}"),
    };
    assert!(
        failed(&VulnKnowledge::default())
            .starts_with("no vulnerability data imported for debian 12")
    );
    let mut old = knowledge(Vec::new());
    old.sources[0].as_of_day = TODAY - DATA_DAYS_MAX - 1;
    assert!(failed(&old).contains("31 days old"));
    old.sources[0].as_of_day += 1;
    assert_eq!(of(&host, &old, &[]).gaps, []);
    let mut single = knowledge(vec![advisory("openssl", "CVE-1", Some("9"))]);
    single.sources[0].complete.clear();
    assert_eq!(of(&host, &single, &[]).gaps[0].kind, GapKind::Partial);
    let gap = Problem::new(FailureCategory::Incomplete, "x").partial("packages");
    assert_eq!(of(&host, &knowledge(Vec::new()), &[gap]).gaps[0].path, "open");
}

#[test]
fn releases_are_looked_up_from_the_point_release_down() {
    let names = |id: &str, version: &str, pretty: &str| {
        distributions(&Os {
            id: id.to_owned(),
            version_id: Some(version.to_owned()),
            pretty_name: pretty.to_owned(),
            kernel: None,
        })
    };
    assert_eq!(names("rocky", "9.3", ""), ["rocky 9.3", "rocky 9"]);
    assert_eq!(names("alpine", "3.19.1", ""), ["alpine 3.19.1", "alpine 3.19", "alpine 3"]);
    assert_eq!(names("sles", "15.5", ""), ["sles 15.5"]);
    assert_eq!(names("ubuntu", "22.04", ""), ["ubuntu 22.04"]);
    let pretty = "openEuler 24.03 (LTS-SP1)";
    assert_eq!(names("openeuler", "24.03", pretty), ["openeuler 24.03-lts-sp1"]);
}

#[test]
fn streams_of_modules_are_kept_apart() {
    for (version, fixed, affected) in [
        ("1:18.19.0-1.module+el9", "1:18.20.2-1.module+el9", true),
        ("1:18.19.0-1.module+el9", "1:20.11.1-1.module+el9", false),
        ("1:16.20.2-8.el9", "1:18.20.2-1.module+el9", false),
        ("1:18.19.0-1.module+el9", "1:18.20.2-1.el9", false),
        ("1:3.0.7-25.el9", "1:3.0.7-27.el9", true),
    ] {
        let advisory = advisory("x", "CVE-1", Some(fixed));
        assert_eq!(is_affected(Scheme::Rpm, version, &advisory), affected, "{version} {fixed}");
    }
}
