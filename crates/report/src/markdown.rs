//! Pages of documentation in Markdown: one for each check, and their index.

use crate::words::{self, page as phrases};
use anji_model::{CheckPage, Lang, PageEvidence, PageParam, Text};
use std::fmt::Write as _;

/// The name of a check's page.
pub fn file_name(page: &CheckPage) -> String {
    format!("{}.md", page.check.id)
}

/// The page of one check.
pub fn check_page(page: &CheckPage, lang: Lang) -> String {
    let mut out = Out { text: String::new(), lang };
    let check = &page.check;
    out.line(&format!("# {} · {}", check.id, prose(check.title.get(lang))));
    let file = file_name(page);
    out.paragraph(&format!(
        "[{}](index.md) · {}",
        phrases::ALL_CHECKS.get(lang),
        other_language(&file, lang)
    ));
    facts(&mut out, page);
    out.heading(phrases::WHAT.get(lang));
    out.paragraph(&prose(check.title.get(lang)));
    out.heading(words::WHY.get(lang));
    out.paragraph(&prose(check.why.get(lang)));
    decided(&mut out, page);
    evidence(&mut out, &page.evidence);
    params(&mut out, &page.params);
    clauses(&mut out, page);
    out.heading(words::FIX.get(lang));
    out.paragraph(&prose(check.fix.get(lang)));
    exceptions(&mut out, page);
    related(&mut out, page);
    out.paragraph(&format!("---\n\n{}", phrases::GENERATED.get(lang)));
    out.text
}

/// The list of all pages.
pub fn index(pages: &[CheckPage], lang: Lang) -> String {
    let mut out = Out { text: String::new(), lang };
    out.line(&format!("# {}", phrases::INDEX.get(lang)));
    out.paragraph(&other_language("index.md", lang));
    let count = phrases::CHECKS.get(lang, pages.len() as u64);
    let joint = if lang == Lang::En { " " } else { "" };
    out.paragraph(&format!("{count}{joint}{}", phrases::INDEX_INTRO.get(lang)));
    let head = [
        phrases::COLUMN_CHECK,
        phrases::COLUMN_TITLE,
        phrases::COLUMN_SEVERITY,
        phrases::COLUMN_GUARDS,
        phrases::COLUMN_DECIDES,
    ];
    let rows = pages.iter().map(|page| {
        let check = &page.check;
        vec![
            format!("[{}]({})", check.id, file_name(page)),
            prose(check.title.get(lang)),
            words::severity(check.severity).get(lang).to_owned(),
            out.guards(page),
            phrases::decision_word(page.decision).get(lang).to_owned(),
        ]
    });
    let rows: Vec<_> = rows.collect();
    out.table(&head.map(|phrase| phrase.get(lang)), &rows);
    out.text
}

/// A link to the same page in the other language, named as its readers do.
fn other_language(file: &str, lang: Lang) -> String {
    match lang {
        Lang::Zh => format!("[English](../en/{file})"),
        Lang::En => format!("[中文](../zh/{file})"),
    }
}

struct Out {
    text: String,
    lang: Lang,
}

impl Out {
    fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    fn paragraph(&mut self, text: &str) {
        self.line("");
        self.line(text);
    }

    fn heading(&mut self, text: &str) {
        self.paragraph(&format!("## {text}"));
    }

    fn table(&mut self, head: &[&str], rows: &[Vec<String>]) {
        self.paragraph(&format!("| {} |", head.join(" | ")));
        self.line(&format!("|{}", " --- |".repeat(head.len())));
        for row in rows {
            // A bar would end the cell, in code too.
            let cells: Vec<_> = row.iter().map(|cell| cell.replace('|', "\\|")).collect();
            self.line(&format!("| {} |", cells.join(" | ")));
        }
    }

    fn guards(&self, page: &CheckPage) -> String {
        let word = |guard: &anji_model::Guard| words::guard(*guard).get(self.lang);
        let harms: Vec<&str> = page.check.guards.iter().map(word).collect();
        harms.join(words::LIST.get(self.lang))
    }
}

fn facts(out: &mut Out, page: &CheckPage) {
    let (lang, check) = (out.lang, &page.check);
    let head = [
        phrases::COLUMN_SEVERITY,
        phrases::COLUMN_GUARDS,
        phrases::FACT_ALIAS,
        phrases::FACT_PACK,
        phrases::FACT_REVISION,
    ];
    let row = vec![
        words::severity(check.severity).get(lang).to_owned(),
        out.guards(page),
        code(&check.alias),
        code(&check.pack),
        check.revision.to_string(),
    ];
    out.table(&head.map(|phrase| phrase.get(lang)), &[row]);
}

fn decided(out: &mut Out, page: &CheckPage) {
    let lang = out.lang;
    out.heading(words::HOW_DECIDED.get(lang));
    let assertion = page.check.assertion.trim();
    if assertion.is_empty() {
        out.paragraph(phrases::NOT_YET.get(lang));
    } else {
        out.paragraph(phrases::ASSERTED.get(lang));
        let fence = "`".repeat(longest_run(assertion, '`').max(2) + 1);
        out.paragraph(&format!("{fence}text\n{assertion}\n{fence}"));
    }
    out.paragraph(phrases::decision(page.decision).get(lang));
    if let Some(why) = &page.check.undecided {
        out.paragraph(&prose(why.get(lang)));
    }
}

fn evidence(out: &mut Out, evidence: &[PageEvidence]) {
    let lang = out.lang;
    out.heading(phrases::EVIDENCE.get(lang));
    let head = [
        phrases::COLUMN_NAME,
        phrases::COLUMN_EVIDENCE,
        phrases::COLUMN_SOURCE,
        phrases::COLUMN_RIGHTS,
        phrases::COLUMN_AGE,
        phrases::COLUMN_ABSENT,
    ];
    let rows = evidence.iter().map(|one| {
        let rights = match one.needs_rights {
            true => phrases::RIGHTS_ROOT,
            false => phrases::RIGHTS_NONE,
        };
        let title = prose(one.title.get(lang));
        vec![
            code(&one.name),
            words::ASIDE.fill(lang, &[("text", &code(&one.key.to_string())), ("aside", &title)]),
            phrases::source(one.source).get(lang).to_owned(),
            rights.get(lang).to_owned(),
            age(one.age_seconds_max, lang),
            phrases::absent(one.when_absent).get(lang).to_owned(),
        ]
    });
    let rows: Vec<_> = rows.collect();
    out.table(&head.map(|phrase| phrase.get(lang)), &rows);
    let empty = evidence.iter().filter(|one| one.empty_decides).map(|one| code(&one.name));
    let empty = empty.collect::<Vec<_>>().join(words::LIST.get(lang));
    if !empty.is_empty() {
        out.paragraph(&phrases::EMPTY_DECIDES.fill(lang, &[("names", &empty)]));
    }
}

/// A time in the largest unit that divides it.
fn age(seconds: u32, lang: Lang) -> String {
    let minutes = u64::from(seconds.div_ceil(60));
    match minutes {
        days if days % 1440 == 0 => phrases::DAYS.get(lang, days / 1440),
        hours if hours % 60 == 0 => phrases::HOURS.get(lang, hours / 60),
        _ => phrases::MINUTES.get(lang, minutes),
    }
}

fn params(out: &mut Out, params: &[PageParam]) {
    let lang = out.lang;
    out.heading(phrases::PARAMS.get(lang));
    if params.is_empty() {
        return out.paragraph(phrases::NO_PARAMS.get(lang));
    }
    let head = [
        phrases::COLUMN_NAME,
        phrases::COLUMN_TYPE,
        phrases::COLUMN_DEFAULT,
        phrases::COLUMN_STRICTER,
    ];
    let rows = params.iter().map(|param| {
        vec![
            code(&param.name),
            code(param.kind),
            code(&param.default),
            phrases::stricter(param.stricter).get(lang).to_owned(),
        ]
    });
    let rows: Vec<_> = rows.collect();
    out.table(&head.map(|phrase| phrase.get(lang)), &rows);
    out.paragraph(phrases::PARAMS_HINT.get(lang));
}

fn clauses(out: &mut Out, page: &CheckPage) {
    let lang = out.lang;
    out.heading(words::CLAUSES.get(lang));
    if page.clauses.is_empty() {
        return out.paragraph(phrases::NO_CLAUSES.get(lang));
    }
    let mut book: Option<&Text> = None;
    for clause in &page.clauses {
        if book != Some(&clause.framework_title) {
            out.paragraph(&format!("### {}", prose(clause.framework_title.get(lang))));
            book = Some(&clause.framework_title);
        }
        let mut text = format!(
            "**{}** · {} · {}\n\n{}",
            prose(clause.clause.as_str()),
            words::mapping(clause.status).get(lang),
            phrases::CONFIDENCE.fill(lang, &[("text", &prose(&clause.confidence))]),
            prose(clause.how.get(lang)),
        );
        if let Some(left) = &clause.left {
            let left = phrases::LEFT.fill(lang, &[("text", &prose(left.get(lang)))]);
            // Writing to a String cannot fail.
            let _infallible = write!(text, "\n\n{left}");
        }
        out.paragraph(&text);
    }
}

fn exceptions(out: &mut Out, page: &CheckPage) {
    let lang = out.lang;
    out.heading(phrases::EXCEPTIONS.get(lang));
    let list = |names: Vec<String>| names.join(words::LIST.get(lang));
    let registers = list(page.check.registers.iter().map(|id| code(id.as_str())).collect());
    if !registers.is_empty() {
        out.paragraph(&phrases::REGISTER_EXCEPTION.fill(lang, &[("names", &registers)]));
    }
    let params = list(page.params.iter().map(|param| code(&param.name)).collect());
    if !params.is_empty() {
        out.paragraph(&phrases::PARAM_EXCEPTION.fill(lang, &[("names", &params)]));
    }
    out.paragraph(phrases::WAIVER.get(lang));
}

fn related(out: &mut Out, page: &CheckPage) {
    let lang = out.lang;
    out.heading(phrases::RELATED.get(lang));
    if page.related.is_empty() {
        return out.paragraph(phrases::NO_RELATED.get(lang));
    }
    out.line("");
    for other in &page.related {
        let types = other.evidence.iter().map(|kind| code(kind.as_str()));
        let clauses = other.clauses.iter().map(|clause| prose(clause.as_str()));
        let what = types.chain(clauses).collect::<Vec<_>>().join(words::LIST.get(lang));
        let shares = phrases::SHARES.fill(lang, &[("what", &what)]);
        let title = prose(other.title.get(lang));
        let text = words::ASIDE.fill(lang, &[("text", &title), ("aside", &shares)]);
        out.line(&format!("- [{id}]({id}.md) {text}", id = other.id));
    }
}

fn longest_run(text: &str, mark: char) -> usize {
    text.split(|c| c != mark).map(str::len).max().unwrap_or(0)
}

/// Text as code, whatever stands in it.
fn code(text: &str) -> String {
    let ticks = longest_run(text, '`');
    if ticks == 0 {
        return format!("`{text}`");
    }
    let fence = "`".repeat(ticks + 1);
    format!("{fence} {text} {fence}")
}

/// Text in which nothing is markup; lines become one.
pub(crate) fn prose(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for (count, line) in text.lines().map(str::trim).filter(|line| !line.is_empty()).enumerate() {
        if count > 0 {
            out.push(' ');
        }
        let mut before = ' ';
        let mut chars = line.chars().peekable();
        while let Some(c) = chars.next() {
            let after = chars.peek().copied().unwrap_or(' ');
            let inside_word = before.is_alphanumeric() && after.is_alphanumeric();
            let markup = matches!(c, '*' | '`' | '[' | ']' | '<' | '>' | '\\' | '~')
                || (c == '_' && !inside_word)
                || (c == '&' && (after.is_alphanumeric() || after == '#'))
                || (count == 0 && out.is_empty() && matches!(c, '#' | '-' | '+'));
            if markup {
                out.push('\\');
            }
            out.push(c);
            before = c;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_text_is_markup() {
        assert_eq!(
            prose("# a\n  b_c _d_ <x> *y* `z` [q] a|b\n"),
            "\\# a b_c \\_d\\_ \\<x\\> \\*y\\* \\`z\\` \\[q\\] a|b"
        );
        assert_eq!(prose("a && b, sshd -T &amp;"), "a && b, sshd -T \\&amp;");
        assert_eq!(code("a|b"), "`a|b`");
        assert_eq!(code("a`b"), "`` a`b ``");
    }
}
