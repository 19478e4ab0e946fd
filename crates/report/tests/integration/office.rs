//! What holds for both office documents, and LibreOffice as their reader.

use crate::sheaf;
use anji_model::Lang;
use anji_report::{ReportView, Style, docx, xlsx};
use std::path::Path;
use std::process::Command;

/// Converts `file` with LibreOffice 7.4 into `folder` and gives the text of the
/// result. `form` is what `--convert-to` takes, such as `csv:Text...`; each
/// folder has a profile of its own, so that conversions run beside each other.
pub(crate) fn convert(folder: &Path, file: &str, form: &str) {
    let profile = format!("-env:UserInstallation=file://{}/profile", folder.display());
    let output = Command::new("soffice")
        .args([&profile, "--headless", "--norestore", "--convert-to", form, "--outdir"])
        .arg(folder)
        .arg(file)
        .output()
        .expect("LibreOffice can be started (scripts/test readers installs it)");
    let said = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && said.contains("->"), "{said}\n{errors}");
}

/// The text of a PDF as poppler's `pdftotext` reads it, and its number of pages.
pub(crate) fn text_of_pdf(file: &Path) -> (String, usize) {
    let output = Command::new("pdftotext")
        .args(["-layout".as_ref(), file.as_os_str(), "-".as_ref()])
        .output()
        .expect("pdftotext can be started (scripts/test readers installs it)");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).expect("pdftotext writes UTF-8");
    let pages = text.matches('\u{c}').count();
    (text, pages)
}

/// Every report in both languages, twice: the bytes of each document depend on
/// the view and the style alone.
#[test]
fn the_same_view_gives_the_same_bytes() {
    let forms: [fn(&ReportView, &Style) -> Vec<u8>; 2] = [docx::run, xlsx::run];
    for (name, view) in sheaf::all().into_iter().filter(|(name, _)| *name != "10000") {
        for form in forms {
            let [zh, en] = [Lang::Zh, Lang::En].map(|lang| Style::plain(100, lang));
            let first = form(&view, &zh);
            assert!(first == form(&view, &zh), "{name}");
            assert!(first != form(&view, &en), "{name}");
        }
    }
}

/// Every part of a package, checked: well-formed, without a character that XML
/// forbids, and without a formula.
fn well_formed(bytes: Vec<u8>) {
    use std::io::Read as _;
    let mut archive = zip_pure::ZipArchive::new(std::io::Cursor::new(bytes)).expect("a package");
    assert!(archive.len() > 8);
    for place in 0..archive.len() {
        let mut part = archive.by_index(place).expect("a part");
        let name = part.name().to_owned();
        let mut text = String::new();
        part.read_to_string(&mut text).expect("UTF-8");
        let mut reader = quick_xml::Reader::from_str(&text);
        reader.config_mut().check_end_names = true;
        loop {
            match reader.read_event().unwrap_or_else(|error| panic!("{name}: {error}")) {
                quick_xml::events::Event::Eof => break,
                quick_xml::events::Event::Start(element) => {
                    assert_ne!(element.name().as_ref(), "f", "{name}: a formula");
                    assert!(element.attributes().all(|one| one.is_ok()), "{name}");
                }
                _ => {}
            }
        }
        let allowed =
            |c: char| c == '\n' || !(c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}'));
        assert!(text.chars().all(allowed), "{name}");
    }
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(24))]
    #[test]
    fn whatever_stands_in_a_report_the_packages_are_whole(
        texts in proptest::collection::vec(proptest::prelude::any::<String>(), 8),
        results in 0usize..40,
        zh in proptest::prelude::any::<bool>(),
    ) {
        let view = sheaf::filled(results, &texts);
        let style = Style::plain(100, if zh { Lang::Zh } else { Lang::En });
        well_formed(docx::run(&view, &style));
        well_formed(xlsx::run(&view, &style));
    }
}
