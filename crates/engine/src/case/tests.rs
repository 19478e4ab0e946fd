//! Cases over real recordings.

use super::{PreparedCase, run_case};
use crate::content::{Check, Content, ContentFile};
use crate::error::EngineError;
use crate::load;
use anji_model::RawResult;

const PACK: &str = include_str!("tests/pack.yaml");

fn recording(name: &str) -> Option<Vec<u8>> {
    let bytes: &[u8] = match name {
        "debian12-default" => {
            include_bytes!("../../../../testdata/recordings/debian12-default/bundle.txt")
        }
        "debian12-weak" => {
            include_bytes!("../../../../testdata/recordings/debian12-weak/bundle.txt")
        }
        "debian12-minbase" => {
            include_bytes!("../../../../testdata/recordings/debian12-minbase/bundle.txt")
        }
        "damaged" => b"#anji 2 x begin\n",
        _ => return None,
    };
    Some(bytes.to_vec())
}

fn content(pack: &str) -> Content {
    let files = [ContentFile { path: "packs/fixture/a.yaml".to_owned(), text: pack.to_owned() }];
    load(&files).unwrap_or_else(|problems| panic!("{problems:#?}"))
}

fn check(pack: &str) -> Check {
    content(pack).checks()[0].clone()
}

#[test]
fn cases_over_recordings_come_to_what_they_expect() {
    let content = content(PACK);
    let mut ran = 0;
    for check in content.checks() {
        for case in &check.cases {
            let outcome = run_case(check, case, &recording).expect(&case.name);
            assert_eq!(outcome.mismatch, None, "{}: {}", check.info.id, case.name);
            ran += 1;
        }
    }
    assert_eq!(ran, 6);
}

#[test]
fn a_wrong_expectation_is_a_mismatch_that_says_why() {
    let mut check = check(PACK);
    let mut case = check.cases.remove(1);
    case.terms = vec!["accounts.users[nobody]".to_owned()];
    let outcome = run_case(&check, &case, &recording).expect("a run");
    let mismatch = outcome.mismatch.expect("no such term");
    assert!(mismatch.contains("accounts.users[nobody]") && mismatch.contains("toor"), "{mismatch}");
    case.expect = RawResult::Pass;
    let outcome = run_case(&check, &case, &recording).expect("a run");
    let mismatch = outcome.mismatch.expect("it fails");
    assert!(mismatch.starts_with("expected pass, came to fail"), "{mismatch}");
}

#[test]
fn what_a_case_names_has_to_be_there() {
    let check = check(PACK);
    let mut case = check.cases[1].clone();
    let error = |case: &_| run_case(&check, case, &recording).expect_err("an error");
    case.recording = "nothing".to_owned();
    assert!(matches!(error(&case), EngineError::NoRecording(_)));
    case.recording = "damaged".to_owned();
    assert!(matches!(error(&case), EngineError::DamagedRecording { .. }));
    case.recording = "debian12-default".to_owned();
    case.patches[0].find = "/".to_owned();
    assert!(matches!(error(&case), EngineError::PatchNotOnce { times: 2.., .. }));
    case.patches[0].find = "no such text".to_owned();
    assert!(matches!(error(&case), EngineError::PatchNotOnce { times: 0, .. }));
    case.patches[0].capture = "nothing".to_owned();
    assert!(matches!(error(&case), EngineError::NoCapture { .. }));
}

#[test]
fn cases_kill_the_mutants_that_they_can_tell() {
    let check = check(PACK);
    let prepared: Vec<_> = check
        .cases
        .iter()
        .map(|case| PreparedCase::new(&check, case, &recording).expect("prepared"))
        .collect();
    let mutants = check.assertion.as_ref().expect("an assertion").mutants();
    let survivors: Vec<_> = mutants
        .into_iter()
        .filter(|mutant| {
            let changed = Check { assertion: Some(mutant.predicate.clone()), ..check.clone() };
            prepared.iter().all(|case| case.run(&changed).mismatch.is_none())
        })
        .map(|mutant| mutant.description)
        .collect();
    assert_eq!(survivors, Vec::<String>::new());
}
