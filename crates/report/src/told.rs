//! Pieces of sentences that every report for people has in common: values,
//! places, comparisons and causes in words, bounded.

use crate::escape;
use crate::words;
use anji_model::{
    CheckId, CheckInfo, CheckResult, Digest, Lang, Reason, ReasonCategory, Subject, SystemId, Term,
    Text,
};

/// The most characters of one value.
const VALUE_MAX: usize = 160;
/// The most characters of one path.
const PATH_MAX: usize = 300;

/// A value as the reader sees it, bounded.
pub(crate) fn value(text: &str) -> String {
    escape::bounded(text, VALUE_MAX)
}

/// A path inside evidence, bounded.
pub(crate) fn path(text: &str) -> String {
    escape::bounded(text, PATH_MAX)
}

/// A path of a comparison, or what the product calls it.
pub(crate) fn place(text: &str, lang: Lang) -> String {
    if text == "now" { words::NOW.get(lang).to_owned() } else { path(text) }
}

/// The head of a digest, enough to tell it apart by eye.
pub(crate) fn short(digest: &Digest) -> String {
    digest.to_string()[..16].to_owned()
}

/// The arguments that name the subject on the command line: nothing for this
/// machine, ` --root DIR` for another root.
pub(crate) fn scope(subject: &Subject) -> String {
    match subject.id.strip_prefix("root:") {
        Some(root) if root.chars().all(|c| c.is_ascii_alphanumeric() || "/._-".contains(c)) => {
            format!(" --root {root}")
        }
        Some(root) => format!(" --root '{}'", root.replace('\'', r"'\''")),
        None => String::new(),
    }
}

/// A business system by its id; what belongs to none yet says so in words.
pub(crate) fn system(id: &SystemId, lang: Lang) -> String {
    match id.as_str() {
        "unassigned" => words::UNASSIGNED.get(lang).to_owned(),
        id => value(id),
    }
}

/// Tenths of a percent.
pub(crate) fn percent(permille: u64, lang: Lang) -> String {
    let number = format!("{}.{}", permille / 10, permille % 10);
    words::PERCENT.fill(lang, &[("number", &number)])
}

/// A time in its largest unit of which it has two or more, rounded down: how
/// long something lasted, or how old it is.
pub(crate) fn roughly(seconds: u64, lang: Lang) -> String {
    match seconds {
        0..60 => words::history::LESS_THAN_MINUTES.get(lang, 1),
        60..7_200 => words::MINUTES.get(lang, seconds / 60),
        7_200..172_800 => words::HOURS.get(lang, seconds / 3_600),
        _ => words::DAYS.get(lang, seconds / 86_400),
    }
}

/// Ids with commas.
pub(crate) fn ids<'i>(ids: impl IntoIterator<Item = &'i CheckId>, lang: Lang) -> String {
    let ids: Vec<&str> = ids.into_iter().map(CheckId::as_str).collect();
    ids.join(words::LIST.get(lang))
}

/// What would have held, in words. The operators are those of the trace that
/// the engine records; one that is unknown here stands as it was written.
pub(crate) fn allowed(term: &Term, lang: Lang) -> String {
    allowed_within(term, lang, VALUE_MAX)
}

/// The same with at most `max` characters of the value.
pub(crate) fn allowed_within(term: &Term, lang: Lang, max: usize) -> String {
    let mut shown = term.allowed.as_str();
    let phrase = match term.operator.as_str() {
        "==" => words::ALLOWED_IS,
        "!=" => words::ALLOWED_NOT,
        "<" | "<=" if term.path == "now" => words::ALLOWED_BEFORE,
        "<" => words::ALLOWED_BELOW,
        "<=" => words::ALLOWED_AT_MOST,
        ">" => words::ALLOWED_ABOVE,
        ">=" => words::ALLOWED_AT_LEAST,
        "in" if shown.trim() == "[]" => words::ALLOWED_NOTHING,
        "in" => words::ALLOWED_IN,
        "not in" => words::ALLOWED_NOT_IN,
        "mode_within" => words::ALLOWED_WITHIN,
        "within_days" => words::ALLOWED_WITHIN_DAYS,
        "not within_days" => words::ALLOWED_NOT_WITHIN_DAYS,
        "startsWith" => words::ALLOWED_BEGINNING,
        "endsWith" => words::ALLOWED_ENDING,
        "contains" => words::ALLOWED_CONTAINING,
        "not startsWith" => words::ALLOWED_NOT_BEGINNING,
        "not endsWith" => words::ALLOWED_NOT_ENDING,
        "not contains" => words::ALLOWED_NOT_CONTAINING,
        "has" if shown == "false" => words::ALLOWED_ABSENT,
        "has" => words::ALLOWED_PRESENT,
        "all" | "exists" if term.observed == "[]" => words::ALLOWED_SOME,
        "unique" => {
            // `"not as accounts.users[his].uid"` names the other place.
            let other = shown.strip_prefix("\"not as ").and_then(|rest| rest.strip_suffix('"'));
            shown = other.unwrap_or(shown);
            words::ALLOWED_UNIQUE
        }
        _ => words::ALLOWED_OTHER,
    };
    let shown = escape::bounded(shown, max);
    phrase.fill(lang, &[("operator", &value(&term.operator)), ("value", &shown)])
}

/// The same under a heading that says "allowed" already.
pub(crate) fn allowed_bare(term: &Term, lang: Lang) -> String {
    let told = allowed(term, lang);
    told.strip_prefix("allowed ").map_or_else(|| told.clone(), str::to_owned)
}

/// Whether the path only repeats the value, as in
/// `listeners[tcp 0.0.0.0:22 sshd].entry` and `"tcp 0.0.0.0:22 sshd"`.
pub(crate) fn names_itself(path: &str, value: &str) -> bool {
    let label = value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    label.is_some_and(|label| !label.is_empty() && path.contains(&format!("[{label}]")))
}

/// The id with the element that the result is about.
pub(crate) fn id(result: &CheckResult) -> String {
    match &result.identity.element {
        None => result.identity.check.to_string(),
        Some(element) => format!("{} [{}]", result.identity.check, value(element)),
    }
}

/// The cause in words, with the register it names.
pub(crate) fn reason(reason: &Reason, lang: Lang) -> String {
    let register = match &reason.category {
        ReasonCategory::NoRegister(register) => register.as_str(),
        _ => "",
    };
    words::reason(&reason.category).fill(lang, &[("register", register)])
}

/// What content says in both languages of why its check cannot be decided,
/// where that is the reason.
pub(crate) fn undecided<'c>(reason: &Reason, check: Option<&'c CheckInfo>) -> Option<&'c Text> {
    let told = check?.undecided.as_ref()?;
    // Content that says something else by now is not what the run meant.
    let same = reason.detail == told.en;
    (reason.category == ReasonCategory::Undecidable && same).then_some(told)
}

/// Whether a reason has no words that the reader could use: none at all, or
/// those of content in the other language.
pub(crate) fn is_foreign(reason: &Reason, lang: Lang) -> bool {
    let english = reason.category == ReasonCategory::Undecidable;
    reason.detail.is_empty() || (english && lang == Lang::Zh)
}

/// The evidence and the words of the collector behind a reason, if any.
pub(crate) fn reported(reason: &Reason, lang: Lang) -> String {
    reported_of(reason, None, lang)
}

/// The same for a reader who may know the check: what its content says of the
/// undecidable are the product's words, in the reader's language.
pub(crate) fn reported_of(reason: &Reason, check: Option<&CheckInfo>, lang: Lang) -> String {
    let mut parts = Vec::new();
    if let Some(key) = &reason.key {
        parts.push(words::EVIDENCE_OF.fill(lang, &[("key", &path(&key.to_string()))]));
    }
    match undecided(reason, check) {
        Some(why) => parts.push(path(why.get(lang))),
        None if is_foreign(reason, lang) => {}
        None => parts.push(words::ORIGINAL.fill(lang, &[("text", &path(&reason.detail))])),
    }
    parts.join(words::SEMICOLON.get(lang))
}
