//! A scrubbed recording is worth as much as the original: every check answers
//! the same on both.

use super::content::{content, recording, recordings};
use anji_engine::{Case, run_case};
use anji_evidence::scrub::scrub_bundle;
use anji_model::RawResult;
use std::collections::BTreeMap;

/// Checks whose answer may hang on a name that the scrubber replaces, with the
/// recordings where it does.
const HANGS_ON_NAMES: &[(&str, &str)] = &[];

#[test]
fn every_check_answers_the_same_on_a_scrubbed_recording() {
    let content = content();
    let (mut problems, mut compared) = (Vec::new(), 0);
    for name in recordings() {
        let bytes = recording(&name).expect("a listed recording can be read");
        let scrubbed = scrub_bundle("recording", &bytes).expect("recordings are streams");
        let scrubbed = scrubbed.encode("recording");
        assert_ne!(bytes, scrubbed, "{name}: nothing was replaced, not even the host's name");
        for check in content.checks() {
            let case = Case {
                name: "as recorded".to_owned(),
                recording: name.clone(),
                patches: Vec::new(),
                registers: BTreeMap::new(),
                vulnerabilities: anji_model::VulnKnowledge::default(),
                params: BTreeMap::new(),
                now: None,
                expect: RawResult::Unknown,
                terms: Vec::new(),
                file: String::new(),
                line: 0,
            };
            let answer = |bytes: &[u8]| {
                let outcome = run_case(check, &case, &|_| Some(bytes.to_vec()));
                let result = outcome.expect("a recording can be evaluated").result;
                let reasons: Vec<_> =
                    result.reasons.iter().map(|one| one.category.clone()).collect();
                (result.raw, result.failed_terms_total, reasons)
            };
            let id = check.info.id.as_str();
            let (before, after) = (answer(&bytes), answer(&scrubbed));
            compared += usize::from(before.0 != RawResult::Unknown);
            if before != after && !HANGS_ON_NAMES.contains(&(id, &name)) {
                problems.push(format!("{id} on {name}: {before:?}, scrubbed {after:?}"));
            }
        }
    }
    assert!(problems.is_empty(), "{problems:#?}");
    assert!(compared >= 40, "only {compared} answers were compared");
}
