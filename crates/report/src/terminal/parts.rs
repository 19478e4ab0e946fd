//! Pieces that several reports share.

use crate::escape;
use crate::layout::{Page, Paint, Span, glued, span, text};
use crate::words;
use anji_model::{
    CheckId, CheckInfo, CheckResult, Digest, Lang, Reason, ReasonCategory, Subject, Term,
};
use std::collections::BTreeMap;

/// How many comparisons of one result are shown.
pub(super) const TERMS_SHOWN: usize = 3;
/// The most characters of one value.
const VALUE_MAX: usize = 160;
/// The most characters of one path.
const PATH_MAX: usize = 300;

/// Checks by id, for their titles.
pub(super) struct Checks<'a>(BTreeMap<&'a CheckId, &'a CheckInfo>);

impl<'a> Checks<'a> {
    pub(super) fn new(checks: &'a [CheckInfo]) -> Self {
        Self(checks.iter().map(|check| (&check.id, check)).collect())
    }

    pub(super) fn get(&self, id: &CheckId) -> Option<&'a CheckInfo> {
        self.0.get(id).copied()
    }

    /// The title, or nothing for a check that content no longer has.
    pub(super) fn title(&self, id: &CheckId, lang: Lang) -> &'a str {
        self.get(id).map_or("", |check| check.title.get(lang))
    }
}

/// A value as the reader sees it, bounded.
pub(super) fn value(text: &str) -> String {
    escape::bounded(text, VALUE_MAX)
}

/// A path inside evidence, bounded.
pub(super) fn path(text: &str) -> String {
    escape::bounded(text, PATH_MAX)
}

/// A path of a comparison, or what the product calls it.
pub(super) fn place(text: &str, lang: Lang) -> String {
    if text == "now" { words::NOW.get(lang).to_owned() } else { path(text) }
}

/// `text` and blanks up to `columns`.
pub(super) fn padded(text: &str, columns: usize) -> String {
    let missing = columns.saturating_sub(escape::columns(text));
    format!("{text}{}", " ".repeat(missing))
}

/// The head of a digest, enough to tell it apart by eye.
pub(super) fn short(digest: &Digest) -> String {
    digest.to_string()[..16].to_owned()
}

/// The arguments that name the subject on the command line: nothing for this
/// machine, ` --root DIR` for another root.
pub(super) fn scope(subject: &Subject) -> String {
    match subject.id.strip_prefix("root:") {
        Some(root) if root.chars().all(|c| c.is_ascii_alphanumeric() || "/._-".contains(c)) => {
            format!(" --root {root}")
        }
        Some(root) => format!(" --root '{}'", root.replace('\'', r"'\''")),
        None => String::new(),
    }
}

/// Tenths of a percent.
pub(super) fn percent(permille: u64, lang: Lang) -> String {
    let number = format!("{}.{}", permille / 10, permille % 10);
    words::PERCENT.fill(lang, &[("number", &number)])
}

/// A time in its largest unit of which it has two or more, rounded down: how
/// long something lasted, or how old it is.
pub(super) fn roughly(seconds: u64, lang: Lang) -> String {
    match seconds {
        0..60 => words::history::LESS_THAN_MINUTES.get(lang, 1),
        60..7_200 => words::MINUTES.get(lang, seconds / 60),
        7_200..172_800 => words::HOURS.get(lang, seconds / 3_600),
        _ => words::DAYS.get(lang, seconds / 86_400),
    }
}

/// Ids with commas.
pub(super) fn ids<'i>(ids: impl IntoIterator<Item = &'i CheckId>, lang: Lang) -> String {
    let ids: Vec<&str> = ids.into_iter().map(CheckId::as_str).collect();
    ids.join(words::LIST.get(lang))
}

/// What would have held, in words. The operators are those of the trace that
/// the engine records; one that is unknown here stands as it was written.
pub(super) fn allowed(term: &Term, lang: Lang) -> String {
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
    phrase.fill(lang, &[("operator", &value(&term.operator)), ("value", &value(shown))])
}

/// Whether the path only repeats the value, as in
/// `listeners[tcp 0.0.0.0:22 sshd].entry` and `"tcp 0.0.0.0:22 sshd"`.
pub(super) fn names_itself(path: &str, value: &str) -> bool {
    let label = value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    label.is_some_and(|label| !label.is_empty() && path.contains(&format!("[{label}]")))
}

/// `path: observed X, allowed Y`.
pub(super) fn term(term: &Term, lang: Lang) -> Vec<Span> {
    let (path, observed) = (place(&term.path, lang), value(&term.observed));
    let allowed = allowed(term, lang);
    let phrase = match names_itself(&term.path, &term.observed) {
        true => words::TERM_BARE,
        false => words::TERM,
    };
    phrase.spans(lang, &[("path", &path), ("observed", &observed), ("allowed", &allowed)])
}

/// The comparisons of a result, `shown` of them, and how many more there are.
pub(super) fn terms(page: &mut Page<'_>, result: &CheckResult, shown: usize) {
    let lang = page.style.lang;
    for one in result.failed_terms.iter().take(shown) {
        page.wrap(4, 6, &term(one, lang));
    }
    let total = result.failed_terms_total.max(result.failed_terms.len() as u64);
    let rest = total - result.failed_terms.len().min(shown) as u64;
    if rest > 0 {
        page.wrap(4, 6, &[span(words::MORE.get(lang, rest), Paint::Dim)]);
    }
}

/// The id with the element that the result is about.
pub(super) fn id(result: &CheckResult) -> String {
    match &result.identity.element {
        None => result.identity.check.to_string(),
        Some(element) => format!("{} [{}]", result.identity.check, value(element)),
    }
}

/// The severity word, padded to one column for all.
pub(super) fn severity(severity: anji_model::Severity, lang: Lang) -> Span {
    let columns = if lang == Lang::En { 8 } else { 4 };
    let word = padded(words::severity(severity).get(lang), columns);
    glued(word, words::severity_paint(severity))
}

/// The cause in words, with the register it names.
pub(super) fn reason(reason: &Reason, lang: Lang) -> String {
    let register = match &reason.category {
        ReasonCategory::NoRegister(register) => register.as_str(),
        _ => "",
    };
    words::reason(&reason.category).fill(lang, &[("register", register)])
}

/// The evidence and the words of the collector behind a reason, if any.
pub(super) fn reported(reason: &Reason, lang: Lang) -> Vec<Span> {
    let key = reason.key.as_ref().map(ToString::to_string);
    let mut spans = Vec::new();
    if let Some(key) = &key {
        spans.push(text(words::EVIDENCE_OF.fill(lang, &[("key", &path(key))])));
    }
    // What content says of the undecidable stands in both languages in `explain`.
    let foreign = lang == Lang::Zh && reason.category == ReasonCategory::Undecidable;
    if !reason.detail.is_empty() && !foreign {
        if key.is_some() {
            spans.push(text(words::SEMICOLON.get(lang)));
        }
        spans.push(text(words::ORIGINAL.fill(lang, &[("text", &path(&reason.detail))])));
    }
    spans
}

/// The separator of facts on one line.
pub(super) fn dot() -> Span {
    span(" · ", Paint::Dim)
}

/// Facts with separators.
pub(super) fn joined(facts: Vec<Span>) -> Vec<Span> {
    let mut spans = Vec::new();
    for fact in facts {
        if !spans.is_empty() {
            spans.push(dot());
        }
        spans.push(fact);
    }
    spans
}

/// A text of people, cut to about four lines of the page.
pub(super) fn few_lines(text: &str, page: &Page<'_>, indent: usize) -> String {
    let room = 4 * page.style.columns().saturating_sub(indent + 4);
    let mut used = 0;
    let fits = text.chars().take_while(|c| {
        used += escape::columns_of(*c);
        used <= room
    });
    let kept = fits.count();
    if kept == text.chars().count() {
        return text.to_owned();
    }
    let kept: String = text.chars().take(kept).collect();
    // An English word is not cut in two.
    let inside = kept.ends_with(|c: char| c.is_ascii_graphic())
        && text[kept.len()..].starts_with(|c: char| c.is_ascii_graphic());
    let whole = match kept.rfind([' ', '，', '、', '；', '。']) {
        Some(end) if inside && kept.len() - end < 30 => &kept[..end],
        _ => &kept,
    };
    format!("{}…", whole.trim_end_matches(['，', '、', ',', ' ', '；', ';']))
}
