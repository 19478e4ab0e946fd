//! The rendered texts, compared with the committed ones. Run the tests with
//! `UPDATE_GOLDEN=1` to write them anew, and look at the difference.

use crate::{runs, views};
use anji_model::Lang;
use anji_report::{Style, terminal};
use jiff::tz::{Offset, TimeZone};
use proptest::prelude::{any, prop_assert, proptest};
use std::path::{Path, PathBuf};
use unicode_width::UnicodeWidthChar;

const WIDTHS: [usize; 3] = [40, 80, 120];
const LANGS: [(Lang, &str); 2] = [(Lang::Zh, "zh"), (Lang::En, "en")];

fn style(width: usize, lang: Lang) -> Style {
    let mut style = Style::plain(width, lang);
    style.zone = TimeZone::fixed(Offset::from_seconds(8 * 3600).expect("in range"));
    style
}

/// Every text there is, by name.
fn all(style: &Style) -> Vec<(&'static str, String)> {
    let runs = [
        ("run-empty", runs::empty()),
        ("run-weak", runs::weak()),
        ("run-unprivileged", runs::unprivileged()),
        ("run-unchanged", runs::unchanged()),
        ("run-changed", runs::changed()),
        ("run-operators", runs::operators()),
        ("run-hostile", runs::hostile()),
        ("run-large", runs::large()),
    ];
    let mut texts: Vec<(&str, String)> =
        runs.iter().map(|(name, report)| (*name, terminal::run(report, style))).collect();
    texts.extend(views::all(style));
    texts
}

fn path(name: &str, lang: &str, width: usize) -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(lang);
    folder.join(format!("{name}-{width}.txt"))
}

#[test]
fn texts_are_as_committed() {
    let update = std::env::var_os("UPDATE_GOLDEN").is_some();
    let mut different = Vec::new();
    let mut count = 0;
    for (lang, folder) in LANGS {
        for width in WIDTHS {
            for (name, text) in all(&style(width, lang)) {
                count += 1;
                let path = path(name, folder, width);
                if update {
                    std::fs::write(&path, &text).expect("golden folder is writable");
                } else if std::fs::read_to_string(&path).ok().as_deref() != Some(&text) {
                    different.push(format!("{}\n{text}", path.display()));
                }
            }
        }
    }
    assert!(count > 100, "only {count} texts");
    let folders = LANGS.map(|(_, folder)| path("", folder, 0).with_file_name(""));
    let files = folders.iter().flat_map(|folder| std::fs::read_dir(folder).expect("a folder"));
    assert_eq!(files.count(), count, "a committed text that nothing renders");
    assert!(different.is_empty(), "UPDATE_GOLDEN=1 writes them anew:\n{}", different.join("\n"));
}

#[test]
fn no_line_is_wider_than_the_page_or_steers_the_terminal() {
    for (lang, _) in LANGS {
        for width in [30, 40, 61, 80, 120, 200] {
            for (name, text) in all(&style(width, lang)) {
                assert!(text.ends_with('\n') || name.starts_with("line-"), "{name}");
                for line in text.lines() {
                    let columns: usize = line.chars().map(|c| c.width().unwrap_or(0)).sum();
                    assert!(columns <= width, "{name} at {width}: {columns} {line:?}");
                    let bad = |c: char| c.is_control() || c.width() == Some(0);
                    assert!(!line.contains(bad), "{name}: {line:?}");
                    assert_eq!(line.trim_end(), line, "{name}: blanks at the end");
                }
                assert!(!text.contains("\n\n\n"), "{name}: two empty lines");
            }
        }
    }
}

proptest! {
    #[test]
    fn no_evidence_text_breaks_a_report(
        text in any::<String>(),
        noise in "[\\x00-\\x7f\\u{80}-\\u{9f}\\u{200b}-\\u{202e}安，。（“]{0,120}",
        width in 30usize..160,
        chinese in any::<bool>(),
    ) {
        let mut report = runs::hostile();
        let evil = format!("{text}{noise}{text}");
        report.subject_name.clone_from(&evil);
        for result in &mut report.assessment.results {
            result.identity.element = Some(evil.clone());
            for term in &mut result.failed_terms {
                term.path.clone_from(&evil);
                term.observed = format!("{noise}{}", term.observed);
                term.allowed.clone_from(&text);
                term.operator.clone_from(&noise);
            }
            for reason in &mut result.reasons {
                reason.detail.clone_from(&evil);
            }
        }
        for group in &mut report.unknown {
            group.example.detail.clone_from(&evil);
        }
        let lang = if chinese { Lang::Zh } else { Lang::En };
        for line in terminal::run(&report, &style(width, lang)).lines() {
            let columns: usize = line.chars().map(|c| c.width().unwrap_or(0)).sum();
            prop_assert!(columns <= width, "{columns} {line:?}");
            prop_assert!(!line.contains(|c: char| c.is_control() || c.width() == Some(0)), "{line:?}");
        }
    }
}

#[test]
fn colour_changes_no_word() {
    for (lang, _) in LANGS {
        let plain = style(80, lang);
        let mut colored = style(80, lang);
        colored.color = true;
        for ((name, plain), (_, colored)) in all(&plain).into_iter().zip(all(&colored)) {
            assert_eq!(strip(&colored), plain, "{name}");
            for line in colored.lines() {
                let last = line.rfind("\x1b[").map(|at| &line[at..]);
                assert!(last.is_none_or(|last| last.starts_with("\x1b[0m")), "{name}: {line:?}");
            }
        }
    }
}

/// The text without `ESC [ ... m`, the only escape that may occur.
fn strip(text: &str) -> String {
    let mut parts = text.split("\x1b[");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (numbers, rest) = part.split_once('m').expect("a colour ends with m");
        assert!(numbers.chars().all(|c| c.is_ascii_digit() || c == ';'), "{numbers:?}");
        out.push_str(rest);
    }
    out
}

#[test]
fn english_in_ascii_has_no_other_character() {
    let mut style = style(80, Lang::En);
    style.ascii = true;
    for (name, text) in all(&style) {
        let foreign: String = text.chars().filter(|c| !c.is_ascii()).collect();
        assert_eq!(foreign, "", "{name}");
    }
}

#[test]
fn english_has_no_chinese() {
    for (name, text) in all(&style(80, Lang::En)) {
        let chinese: String =
            text.chars().filter(|c| ('\u{3000}'..='\u{9fff}').contains(c)).collect();
        assert_eq!(chinese, "", "{name}");
    }
}
