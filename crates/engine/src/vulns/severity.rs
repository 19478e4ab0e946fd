//! How grave a flaw is, from vendors' words and CVSS vectors.

use anji_model::Severity;

/// A vendor's word.
pub(super) fn word(word: &str) -> Option<Severity> {
    Some(match word.to_ascii_lowercase().as_str() {
        "critical" => Severity::Critical,
        "high" | "important" => Severity::High,
        "medium" | "moderate" => Severity::Medium,
        "low" => Severity::Low,
        // Debian: no security impact to speak of. Ubuntu: of theoretical interest.
        "negligible" | "unimportant" | "none" | "minimal" => Severity::Info,
        _ => return None,
    })
}

/// A base score of CVSS 3 or 4.
pub(super) fn score(score: f64) -> Option<Severity> {
    Some(match score {
        s if !(0.0..=10.0).contains(&s) => return None,
        s if s >= 9.0 => Severity::Critical,
        s if s >= 7.0 => Severity::High,
        s if s >= 4.0 => Severity::Medium,
        s if s > 0.0 => Severity::Low,
        _ => Severity::Info,
    })
}

/// A vector of CVSS 3.0 or 3.1: its base metrics, by the formula of the
/// specification.
pub(super) fn vector(vector: &str) -> Option<Severity> {
    let rest = vector.strip_prefix("CVSS:3.1/").or_else(|| vector.strip_prefix("CVSS:3.0/"))?;
    let metric =
        |name: &str| rest.split('/').find_map(|part| part.strip_prefix(name)?.strip_prefix(':'));
    let changed = match metric("S")? {
        "C" => true,
        "U" => false,
        _ => return None,
    };
    let attack = match metric("AV")? {
        "N" => 0.85,
        "A" => 0.62,
        "L" => 0.55,
        "P" => 0.2,
        _ => return None,
    };
    let complexity = match metric("AC")? {
        "L" => 0.77,
        "H" => 0.44,
        _ => return None,
    };
    let privileges = match (metric("PR")?, changed) {
        ("N", _) => 0.85,
        ("L", false) => 0.62,
        ("L", true) => 0.68,
        ("H", false) => 0.27,
        ("H", true) => 0.5,
        _ => return None,
    };
    let interaction = match metric("UI")? {
        "N" => 0.85,
        "R" => 0.62,
        _ => return None,
    };
    let impact = |name: &str| {
        Some(match metric(name)? {
            "H" => 0.56,
            "L" => 0.22,
            "N" => 0.0,
            _ => return None,
        })
    };
    let (c, i, a): (f64, f64, f64) = (impact("C")?, impact("I")?, impact("A")?);
    let base: f64 = 1.0 - (1.0 - c) * (1.0 - i) * (1.0 - a);
    let impact =
        if changed { 7.52 * (base - 0.029) - 3.25 * (base - 0.02).powi(15) } else { 6.42 * base };
    if impact <= 0.0 {
        return score(0.0);
    }
    let exploitability = 8.22 * attack * complexity * privileges * interaction;
    let sum = if changed { 1.08 * (impact + exploitability) } else { impact + exploitability };
    score(round_up(sum.min(10.0)))
}

/// To one decimal, upward, as the specification rounds.
fn round_up(value: f64) -> f64 {
    let whole = (value * 100_000.0).round();
    if whole % 10_000.0 == 0.0 {
        whole / 100_000.0
    } else {
        ((whole / 10_000.0).floor() + 1.0) / 10.0
    }
}
