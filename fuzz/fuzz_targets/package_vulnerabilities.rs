#![no_main]
//! The type `package.vulnerabilities`, which is computed: from two bodies and
//! advisories, cut apart at lines that hold `%%` alone.

use anji_evidence::package_vulnerabilities::{Input, derive, subject};
use anji_model::{Advisory, Digest, EvidenceStatus, VulnKnowledge, VulnSource};
use std::collections::BTreeSet;

libfuzzer_sys::fuzz_target!(|input: &[u8]| {
    let text = String::from_utf8_lossy(input);
    let mut parts = text.split("\n%%\n");
    let os = parts.next().unwrap_or_default();
    let packages = parts.next().unwrap_or_default();
    let advisories: Vec<Advisory> =
        serde_json::from_str(parts.next().unwrap_or_default()).unwrap_or_default();
    let input = Input {
        os_status: &EvidenceStatus::Collected,
        os: Some(os.as_bytes()),
        packages_status: &EvidenceStatus::Collected,
        packages_gaps: &[],
        packages: Some(packages.as_bytes()),
    };
    let Ok(lookup) = subject(&input) else { return };
    let source = VulnSource {
        name: "fuzz".to_owned(),
        as_of_day: 0,
        digest: Digest([0; 32]),
        complete: lookup.distributions.iter().cloned().collect(),
    };
    let knowledge =
        VulnKnowledge { sources: vec![source], advisories, exploited: BTreeSet::new() };
    let parsed = derive(&input, &lookup, &knowledge, 0);
    assert_eq!(parsed.status == EvidenceStatus::Collected, parsed.body.is_some());
});
