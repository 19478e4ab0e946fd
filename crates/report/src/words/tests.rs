use super::*;
use anji_model::RegisterId;

/// Entries that are one and the same in both languages.
const ALIKE: &[&str] = &["WORDS"];

fn places(template: &str) -> Vec<&str> {
    let mut names: Vec<&str> =
        template.split('{').skip(1).filter_map(|part| part.split('}').next()).collect();
    names.sort_unstable();
    names
}

fn commands(template: &str) -> Vec<&str> {
    template.split('`').skip(1).step_by(2).collect()
}

fn is_chinese(text: &str) -> bool {
    text.chars().any(|c| matches!(c, '\u{3000}'..='\u{303f}' | '\u{4e00}'..='\u{9fff}' | '\u{ff00}'..='\u{ffef}'))
}

fn check(name: &str, zh: &str, en: &str) {
    assert!(!zh.is_empty() && !en.is_empty(), "{name} lacks a language");
    assert!(zh.is_ascii() || !zh.contains(['.', ';']) || zh.contains('`'), "{name}: {zh}");
    assert_eq!(places(zh), places(en), "{name} fills in different places");
    if !ALIKE.contains(&name) {
        assert_ne!(zh, en, "{name} is the same in both languages");
        assert!(!is_chinese(en), "{name} has Chinese in its English: {en}");
        let alike = ["PERCENT"].contains(&name);
        assert!(alike || is_chinese(zh), "{name} has no Chinese in its Chinese: {zh}");
    }
    for (a, b) in commands(zh).iter().zip(commands(en)) {
        let placeholder = a.contains('<');
        assert!(placeholder || *a == b, "{name}: other commands in the two languages");
    }
    assert_eq!(commands(zh).len(), commands(en).len(), "{name}");
}

#[test]
fn every_phrase_has_both_languages_with_the_same_places() {
    assert!(PHRASES.len() > 50 && COUNTED.len() > 20);
    let parts = [
        PHRASES,
        document::PHRASES,
        doctor::PHRASES,
        docx::PHRASES,
        history::PHRASES,
        machine::PHRASES,
        office::PHRASES,
        page::PHRASES,
        query::PHRASES,
        readable::PHRASES,
        record::PHRASES,
        timings::PHRASES,
        xlsx::PHRASES,
    ];
    for (name, phrase) in parts.into_iter().flatten() {
        check(name, phrase.zh, phrase.en);
    }
    let parts = [
        COUNTED,
        document::COUNTED,
        doctor::COUNTED,
        docx::COUNTED,
        history::COUNTED,
        machine::COUNTED,
        office::COUNTED,
        page::COUNTED,
        query::COUNTED,
        readable::COUNTED,
        record::COUNTED,
        timings::COUNTED,
        xlsx::COUNTED,
    ];
    for (name, counted) in parts.into_iter().flatten() {
        check(name, counted.zh, counted.other);
        check(name, counted.zh, counted.one);
        assert!(counted.zh.contains("{n}"), "{name}");
    }
}

#[test]
fn every_enum_has_its_words_and_no_two_alike() {
    use std::collections::BTreeSet;
    let register = RegisterId::new("suid-files").expect("test id");
    let failures = [
        FailureCategory::Permission,
        FailureCategory::TimedOut,
        FailureCategory::Truncated,
        FailureCategory::Unparsable,
        FailureCategory::ToolMissing,
        FailureCategory::NotLive,
        FailureCategory::Incomplete,
        FailureCategory::Unsupported,
        FailureCategory::Refused,
        FailureCategory::CommandFailed,
        FailureCategory::Unreachable,
        FailureCategory::NotImported,
    ];
    let reasons = [
        ReasonCategory::NotCollected,
        ReasonCategory::Stale,
        ReasonCategory::NoRegister(register),
        ReasonCategory::Empty,
        ReasonCategory::Absent,
        ReasonCategory::Undecidable,
        ReasonCategory::Fault,
    ];
    let tables: Vec<(&str, Vec<Phrase>)> = vec![
        ("raw", RawResult::ALL.map(raw).to_vec()),
        ("severity", severities().map(severity).to_vec()),
        ("drift", drift_kinds().map(drift_kind).to_vec()),
        ("verify", VerifyProblemKind::ALL.map(verify_problem).to_vec()),
        ("failure", failures.map(failure).to_vec()),
        ("reason", reasons.iter().map(reason).collect()),
        ("guard", [Guard::Interruption, Guard::Data, Guard::Compliance].map(guard).to_vec()),
        ("privilege", [Privilege::User, Privilege::Sudo, Privilege::Root].map(privilege).to_vec()),
        ("gap", [GapKind::Unknown, GapKind::Partial].map(gap_kind).to_vec()),
        ("source", [Source::Files, Source::Live].map(source).to_vec()),
    ];
    for (name, phrases) in tables {
        let zh: BTreeSet<_> = phrases.iter().map(|p| p.zh).collect();
        let en: BTreeSet<_> = phrases.iter().map(|p| p.en).collect();
        assert_eq!((zh.len(), en.len()), (phrases.len(), phrases.len()), "{name}");
        for phrase in phrases {
            check(name, phrase.zh, phrase.en);
            assert_ne!(phrase, OTHER_FAILURE, "{name} lacks a word");
        }
    }
    for failure in failures {
        let phrase = advice(&ReasonCategory::Evidence(failure));
        assert!(PHRASES.iter().any(|(name, p)| name.starts_with("DO_") && *p == phrase));
    }
}

fn severities() -> [Severity; 5] {
    [Severity::Info, Severity::Low, Severity::Medium, Severity::High, Severity::Critical]
}

fn drift_kinds() -> [DriftKind; 7] {
    [
        DriftKind::Regressed,
        DriftKind::EvidenceLost,
        DriftKind::Appeared,
        DriftKind::Gone,
        DriftKind::Recovered,
        DriftKind::EvidenceRestored,
        DriftKind::ValueMoved,
    ]
}

#[test]
fn shapes_tell_results_and_changes_apart_without_colour() {
    use std::collections::BTreeSet;
    for ascii in [false, true] {
        let shapes = [RawResult::Pass, RawResult::Fail, RawResult::Error, RawResult::Unknown]
            .map(|word| symbol(word, ascii).0);
        assert_eq!(shapes.iter().collect::<BTreeSet<_>>().len(), 4);
        let shapes = drift_kinds().map(|kind| drift_symbol(kind, ascii).0);
        assert_eq!(shapes.iter().collect::<BTreeSet<_>>().len(), 7);
        assert!(!ascii || shapes.iter().all(|shape| shape.is_ascii()));
    }
}

#[test]
fn numbers_take_their_form() {
    assert_eq!(CHECKS.get(Lang::En, 1), "1 check");
    assert_eq!(CHECKS.get(Lang::En, 0), "0 checks");
    assert_eq!(CHECKS.get(Lang::En, 12_345), "12,345 checks");
    assert_eq!(CHECKS.get(Lang::Zh, 3), "3 项检查");
    assert_eq!(grouped(999), "999");
    assert_eq!(grouped(1_000_000), "1,000,000");
}

#[test]
fn filled_in_values_are_not_read_again() {
    let text = TERM
        .fill(Lang::En, &[("path", "{observed}`x`"), ("observed", "{allowed}"), ("allowed", "3")]);
    assert_eq!(text, "{observed}`x`: observed {allowed}, 3");
}
