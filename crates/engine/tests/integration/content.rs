//! The shipped content: it loads, its cases come to what they expect, and its
//! cases notice every small change of an assertion or a parameter.

use anji_engine::{Check, Content, ContentFile, Decides, PreparedCase, cure, load};
use anji_model::RawResult;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn files(folder: &Path, base: &Path, found: &mut Vec<ContentFile>) {
    for entry in fs::read_dir(folder).expect("the content folder can be read") {
        let path = entry.expect("the content folder can be listed").path();
        if path.is_dir() {
            files(&path, base, found);
        } else if path.extension().is_some_and(|end| end == "yaml") {
            let name = path.strip_prefix(base).expect("walked from the base");
            let name = name.to_str().expect("names of content are UTF-8").to_owned();
            let text = fs::read_to_string(&path).expect("content can be read");
            found.push(ContentFile { path: name, text });
        }
    }
}

/// The shipped checks, or those that `ANJI_CHECKS` names: an author's short way.
fn checks(content: &Content) -> Vec<&Check> {
    let only = std::env::var("ANJI_CHECKS").unwrap_or_default();
    let named = |check: &&Check| {
        only.is_empty() || only.split(',').any(|id| *id == *check.info.id.as_str())
    };
    let checks: Vec<_> = content.checks().iter().filter(named).collect();
    assert!(!checks.is_empty(), "no check is named `{only}`");
    checks
}

pub(super) fn content() -> Content {
    let base = root().join("content");
    let mut found = Vec::new();
    files(&base, &base, &mut found);
    let content = load(&found).unwrap_or_else(|problems| panic!("{problems:#?}"));
    assert!(content.checks().len() >= 42, "only {} checks", content.checks().len());
    assert!(content.mappings().len() >= 3 && !content.baselines().is_empty());
    content
}

pub(super) fn recording(name: &str) -> Option<Vec<u8>> {
    fs::read(root().join("testdata/recordings").join(name).join("bundle.txt")).ok()
}

/// The names of all recordings.
pub(super) fn recordings() -> Vec<String> {
    let folder = fs::read_dir(root().join("testdata/recordings")).expect("there are recordings");
    let name = |entry: std::io::Result<fs::DirEntry>| entry.ok()?.file_name().into_string().ok();
    let mut names: Vec<_> = folder.filter_map(name).collect();
    names.sort();
    assert!(names.len() >= 10, "only {} recordings", names.len());
    names
}

fn prepared(check: &Check) -> Vec<PreparedCase<'_>> {
    let prepare = |case| {
        PreparedCase::new(check, case, &recording)
            .unwrap_or_else(|error| panic!("{}: {error}", check.info.id))
    };
    check.cases.iter().map(prepare).collect()
}

#[test]
fn every_case_comes_to_what_it_expects() {
    let mut problems = Vec::new();
    let content = content();
    for check in checks(&content) {
        for (case, prepared) in check.cases.iter().zip(prepared(check)) {
            if let Some(mismatch) = prepared.run(check).mismatch {
                problems.push(format!("{} `{}`: {mismatch}", check.info.id, case.name));
            }
        }
    }
    assert!(problems.is_empty(), "{problems:#?}");
}

#[test]
fn every_check_has_a_case_for_each_answer_that_it_can_give() {
    let content = content();
    for check in checks(&content) {
        let has = |word| check.cases.iter().any(|case| case.expect == word);
        let wanted: &[RawResult] = match check.decides {
            Decides::Both => &[RawResult::Pass, RawResult::Fail],
            Decides::Fail => &[RawResult::Fail, RawResult::Unknown],
            Decides::Pass => &[RawResult::Pass, RawResult::Unknown],
            Decides::Nothing => &[RawResult::NotChecked],
        };
        for word in wanted {
            assert!(has(*word), "{} has no case that expects {}", check.info.id, word.word());
        }
    }
}

#[test]
fn a_third_of_the_failing_cases_are_real_changes() {
    let mut packs: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    let content = content();
    for check in checks(&content) {
        let (real, all) = packs.entry(check.info.pack.clone()).or_default();
        for case in check.cases.iter().filter(|case| case.expect == RawResult::Fail) {
            *all += 1;
            *real += usize::from(case.patches.is_empty());
        }
    }
    for (pack, (real, all)) in packs {
        assert!(real * 3 >= all, "{pack}: only {real} of {all} failing cases are not patched");
    }
}

/// Changes that no case notices, by check.
fn survivors(check: &Check) -> Vec<String> {
    let Some(assertion) = &check.assertion else { return Vec::new() };
    let cases = prepared(check);
    let mutants = assertion.mutants();
    assert!(!mutants.is_empty(), "{} has nothing to change", check.info.id);
    mutants
        .into_iter()
        .filter(|mutant| {
            let mut changed = check.clone();
            changed.assertion = Some(mutant.predicate.clone());
            let expected = check.cases.iter().map(|case| case.expect);
            cases.iter().zip(expected).all(|(case, word)| case.run(&changed).result.raw == word)
        })
        .map(|mutant| format!("{}: {}", check.info.id, mutant.description))
        .collect()
}

#[test]
fn every_mutant_is_noticed_by_a_case() {
    let content = content();
    let survivors: Vec<_> = checks(&content).into_iter().flat_map(survivors).collect();
    assert!(survivors.is_empty(), "no case notices these changes: {survivors:#?}");
}

#[test]
fn every_step_of_a_cure_answers_a_failing_case_and_is_shell() {
    let content = content();
    let mut steps = 0;
    for check in checks(&content) {
        let defaults: Vec<_> = check.params.iter().map(|param| param.default.clone()).collect();
        let failing: Vec<_> = prepared(check)
            .iter()
            .map(|case| case.run(check).result)
            .filter(|result| result.raw == RawResult::Fail)
            .collect();
        for (place, step) in check.cure.iter().enumerate() {
            let alone = Check { cure: vec![step.clone()], ..check.clone() };
            let commands: Vec<_> = failing
                .iter()
                .flat_map(|result| cure(&alone, &defaults, &[result]).commands)
                .collect();
            let id = &check.info.id;
            assert!(!commands.is_empty(), "{id}: no failing case calls for step {}", place + 1);
            for command in commands {
                assert_is_shell(&command.run);
                assert_is_shell(&command.undo);
            }
            steps += 1;
        }
    }
    assert!(steps > 0 || std::env::var_os("ANJI_CHECKS").is_some(), "no check states a cure");
}

fn assert_is_shell(command: &str) {
    let asked = std::process::Command::new("sh").args(["-n", "-c", command]).output();
    let asked = asked.expect("a POSIX shell");
    assert!(asked.status.success(), "{command}\n{}", String::from_utf8_lossy(&asked.stderr));
}
