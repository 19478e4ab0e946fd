//! What becomes of lines, whole and otherwise.

use super::*;
use anji_model::EvidenceStatus;
use serde_json::{Value, json};

fn parse(frames: [(&str, &[u8], i32); 3]) -> Parsed {
    let frame = |(id, data, exit): (&str, &[u8], i32)| Frame {
        data: data.to_vec(),
        exit: Some(exit),
        ..Frame::empty(id)
    };
    read(&frames.map(frame).into_iter().collect())
}

fn body(parsed: &Parsed) -> Value {
    serde_json::from_slice(parsed.body.as_ref().unwrap()).unwrap()
}

const NONE: (&[u8], i32) = (b"", status::ABSENT);

fn dpkg(data: &[u8]) -> Parsed {
    parse([(DPKG, data, 0), (RPM, NONE.0, NONE.1), (APK, NONE.0, NONE.1)])
}

fn rpm(data: &[u8]) -> Parsed {
    parse([(DPKG, NONE.0, NONE.1), (RPM, data, 0), (APK, NONE.0, NONE.1)])
}

#[test]
fn sources_and_states_of_dpkg() {
    let parsed = dpkg(
        b"p\tbsdutils\tamd64\t1:2.38.1-5\tutil-linux (2.38.1-5)\tinstall ok installed\n\
          p\tnftables\tamd64\t1.0.6-2\t\tdeinstall ok config-files\n\
          p\tlibssl3\tamd64\t3.0.20-1\topenssl\thold ok half-configured\n\
          p\twish\t\t\t\tinstall ok not-installed\nend\t4\n",
    );
    assert_eq!(parsed.gaps, []);
    let body = body(&parsed);
    let row = |at: usize| {
        let p = &body["packages"][at];
        json!([p["package"], p["source"], p["source_version"], p["status"], p["present"]])
    };
    assert_eq!(row(0), json!(["bsdutils:amd64", "util-linux", "2.38.1-5", "installed", true]));
    assert_eq!(row(1), json!(["libssl3:amd64", "openssl", "3.0.20-1", "half-configured", true]));
    assert_eq!(row(2), json!(["nftables:amd64", "nftables", "1.0.6-2", "config-files", false]));
    assert_eq!(row(3), json!(["wish:", "wish", "", "not-installed", false]));
    assert_eq!(body["managers"], json!(["dpkg"]));
}

#[test]
fn kernels_of_rpm_have_their_versions_in_the_label_and_keys_are_no_packages() {
    let parsed = rpm("p\tkernel\tx86_64\t5.10.0-216\tkernel-5.10.0-216.src.rpm\tTest Vendor\n\
          p\tkernel\tx86_64\t5.10.0-230\tkernel-5.10.0-230.src.rpm\t测试厂商\n\
          p\tgpg-pubkey\t(none)\tfd431d51-4ae0493b\t(none)\t(none)\n\
          p\topenssl\tx86_64\t1:3.0.12-6\topenssl-3.0.12-6.src.rpm\t(none)\nend\n"
        .as_bytes());
    assert_eq!(parsed.gaps, []);
    let body = body(&parsed);
    let labels: Vec<_> =
        body["packages"].as_array().unwrap().iter().map(|p| &p["package"]).collect();
    assert_eq!(labels, ["kernel-5.10.0-216:x86_64", "kernel-5.10.0-230:x86_64", "openssl:x86_64"]);
    assert_eq!(body["packages"][1]["vendor"], "测试厂商");
    assert_eq!(body["packages"][2]["version"], "1:3.0.12-6");
    assert_eq!(body["packages"][2]["source_version"], "3.0.12-6");
    assert_eq!(body["packages"][2]["vendor"], Value::Null);
}

#[test]
fn lists_that_are_not_whole_are_partial() {
    let line = "p\ta\tall\t1\t\tinstall ok installed\n";
    for (data, category) in [
        (line.to_owned(), FailureCategory::Incomplete),
        (format!("{line}end\t2\n"), FailureCategory::Unparsable),
        (format!("{line}junk\nend\t1\n"), FailureCategory::Unparsable),
        (format!("{line}p\tb\tall\t1\t\tinstall ok odd\nend\t1\n"), FailureCategory::Unparsable),
        (
            format!("{line}p\tb\tall\t\t\tinstall ok installed\nend\t1\n"),
            FailureCategory::Unparsable,
        ),
        (format!("journal\n{line}end\t1\n"), FailureCategory::Incomplete),
    ] {
        let parsed = dpkg(data.as_bytes());
        assert_eq!(parsed.gaps.len(), 1, "{data}");
        assert_eq!((parsed.gaps[0].path.as_str(), parsed.gaps[0].category), ("packages", category));
    }
}

#[test]
fn a_database_that_cannot_be_read_leaves_the_list_open() {
    let whole: &[u8] = b"p\ta\tall\t1\t\tinstall ok installed\nend\t1\n";
    let parsed = parse([(DPKG, whole, 0), (RPM, b"", status::NO_TOOL), (APK, b"", status::ABSENT)]);
    assert_eq!(parsed.gaps.len(), 2);
    let parsed = parse([(DPKG, b"", 44), (RPM, b"", status::NO_TOOL), (APK, b"", status::ABSENT)]);
    let category = FailureCategory::ToolMissing;
    assert!(matches!(parsed.status, EvidenceStatus::Failed { category: c, .. } if c == category));
    let parsed = parse([(DPKG, b"", 44), (RPM, b"", 44), (APK, b"", 44)]);
    assert!(matches!(parsed.status, EvidenceStatus::Absent { .. }));
    let apk = b"p\tmusl\tx86_64\t1.2.5-r0\tmusl\tinstalled\nend\t1\n";
    let parsed = parse([(DPKG, b"", 44), (RPM, b"", 44), (APK, apk, 0)]);
    assert_eq!(body(&parsed)["packages"][0]["source"], "musl");
}

#[test]
fn what_rpm_complains_of_is_a_gap() {
    let frames = [
        Frame { exit: Some(44), ..Frame::empty(DPKG) },
        Frame { exit: Some(44), ..Frame::empty(APK) },
        Frame {
            data: b"p\ta\tnoarch\t1-1\ta-1-1.src.rpm\tv\nend\n".to_vec(),
            exit: Some(0),
            diagnostics: b"error: rpmdbNextIterator: skipping h# 4\n".to_vec(),
            ..Frame::empty(RPM)
        },
    ];
    let parsed = read(&frames.into_iter().collect());
    assert_eq!(parsed.gaps.len(), 1);
    assert_eq!(parsed.gaps[0].category, FailureCategory::CommandFailed);
}
