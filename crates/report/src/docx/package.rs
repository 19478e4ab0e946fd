//! The parts of the file, put together.

use super::body::{Body, field, paragraph, plain, run};
use super::styles::{self, W};
use super::xml::Xml;
use crate::escape::bounded;
use crate::office::Teller;
use crate::words::{docx as d, office as w};
use anji_model::Lang;
use std::io::{Cursor, Write};
use zip_pure::write::{SimpleFileOptions, ZipWriter};

/// Where relationships and kinds of parts have their names from.
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";
const KIND: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml";
const R: (&str, &str) =
    ("xmlns:r", "http://schemas.openxmlformats.org/officeDocument/2006/relationships");

/// The most characters of a subject's name at the head of every page.
const HEAD_MAX: usize = 30;

/// The whole file.
pub(super) fn zip(body: Body, teller: &Teller<'_>) -> Vec<u8> {
    let parts = [
        ("[Content_Types].xml", kinds()),
        ("_rels/.rels", relations(&roots())),
        ("docProps/core.xml", core(teller)),
        ("docProps/app.xml", app()),
        ("word/_rels/document.xml.rels", relations(&of_document())),
        ("word/document.xml", document(body)),
        ("word/footer1.xml", footer(teller)),
        ("word/header1.xml", header(teller)),
        ("word/settings.xml", settings(teller.lang)),
        ("word/styles.xml", styles::part(teller.lang)),
    ];
    let mut file = ZipWriter::new(Cursor::new(Vec::new()));
    // Without a time of its own each part is of the first day of 1980.
    let options = SimpleFileOptions::default();
    for (name, bytes) in parts {
        file.start_file(name, options).expect("the names are short and apart");
        file.write_all(&bytes).expect("a part is far below the limits of the format");
    }
    file.finish().expect("writing to memory cannot fail").into_inner()
}

fn kinds() -> Vec<u8> {
    let mut xml = Xml::part();
    xml.element("Types", &[("xmlns", &format!("{PACKAGE}/content-types"))], |xml| {
        let ending = |xml: &mut Xml, ending, kind| {
            xml.empty("Default", &[("Extension", ending), ("ContentType", kind)]);
        };
        ending(xml, "rels", "application/vnd.openxmlformats-package.relationships+xml");
        ending(xml, "xml", "application/xml");
        let mut part = |name: &str, kind: &str| {
            xml.empty("Override", &[("PartName", name), ("ContentType", kind)]);
        };
        part("/word/document.xml", &format!("{KIND}.document.main+xml"));
        for name in ["styles", "settings"] {
            part(&format!("/word/{name}.xml"), &format!("{KIND}.{name}+xml"));
        }
        for name in ["header", "footer"] {
            part(&format!("/word/{name}1.xml"), &format!("{KIND}.{name}+xml"));
        }
        part("/docProps/core.xml", "application/vnd.openxmlformats-package.core-properties+xml");
        part(
            "/docProps/app.xml",
            "application/vnd.openxmlformats-officedocument.extended-properties+xml",
        );
    });
    xml.into_bytes()
}

/// Kind and target of each relationship; the ids follow their order.
type Relations = Vec<(String, &'static str)>;

fn roots() -> Relations {
    vec![
        (format!("{OFFICE}/officeDocument"), "word/document.xml"),
        (format!("{PACKAGE}/relationships/metadata/core-properties"), "docProps/core.xml"),
        (format!("{OFFICE}/extended-properties"), "docProps/app.xml"),
    ]
}

fn of_document() -> Relations {
    vec![
        (format!("{OFFICE}/styles"), "styles.xml"),
        (format!("{OFFICE}/settings"), "settings.xml"),
        (format!("{OFFICE}/header"), "header1.xml"),
        (format!("{OFFICE}/footer"), "footer1.xml"),
    ]
}

fn relations(all: &Relations) -> Vec<u8> {
    let mut xml = Xml::part();
    let space = format!("{PACKAGE}/relationships");
    xml.element("Relationships", &[("xmlns", &space)], |xml| {
        for (place, (kind, target)) in all.iter().enumerate() {
            let id = format!("rId{}", place + 1);
            xml.empty("Relationship", &[("Id", &id), ("Type", kind), ("Target", target)]);
        }
    });
    xml.into_bytes()
}

fn core(teller: &Teller<'_>) -> Vec<u8> {
    let mut xml = Xml::part();
    let space = format!("{PACKAGE}/metadata/core-properties");
    let spaces = [
        ("xmlns:cp", space.as_str()),
        ("xmlns:dc", "http://purl.org/dc/elements/1.1/"),
        ("xmlns:dcterms", "http://purl.org/dc/terms/"),
        ("xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance"),
    ];
    let made = teller.view.made_at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
    xml.element("cp:coreProperties", &spaces, |xml| {
        xml.leaf("dc:title", &[], w::TITLE.get(teller.lang));
        xml.leaf("dc:creator", &[], w::PRODUCT.get(teller.lang));
        xml.leaf("dc:language", &[], styles::tag(teller.lang));
        for name in ["dcterms:created", "dcterms:modified"] {
            xml.leaf(name, &[("xsi:type", "dcterms:W3CDTF")], &made);
        }
    });
    xml.into_bytes()
}

fn app() -> Vec<u8> {
    let mut xml = Xml::part();
    let space = "http://schemas.openxmlformats.org/officeDocument/2006/extended-properties";
    xml.element("Properties", &[("xmlns", space)], |xml| xml.leaf("Application", &[], "Anji"));
    xml.into_bytes()
}

fn document(body: Body) -> Vec<u8> {
    let mut xml = Xml::part();
    xml.element("w:document", &[W, R], |xml| {
        xml.element("w:body", &[], |xml| {
            xml.append(body.into_xml());
            xml.element("w:sectPr", &[], |xml| {
                xml.empty("w:headerReference", &[("w:type", "default"), ("r:id", "rId3")]);
                xml.empty("w:footerReference", &[("w:type", "default"), ("r:id", "rId4")]);
                xml.empty("w:pgSz", &[("w:w", "11906"), ("w:h", "16838")]);
                let margins = [
                    ("w:top", "1440"),
                    ("w:right", "1260"),
                    ("w:bottom", "1300"),
                    ("w:left", "1260"),
                    ("w:header", "720"),
                    ("w:footer", "640"),
                    ("w:gutter", "0"),
                ];
                xml.empty("w:pgMar", &margins);
            });
        });
    });
    xml.into_bytes()
}

fn header(teller: &Teller<'_>) -> Vec<u8> {
    let mut xml = Xml::part();
    let name = bounded(&teller.subject_of_run(), HEAD_MAX);
    let text = format!("{} · {name}", w::TITLE.get(teller.lang));
    xml.element("w:hdr", &[W], |xml| paragraph(xml, "Header", &[plain(&text)]));
    xml.into_bytes()
}

/// The run on the left, the page and their number on the right.
fn footer(teller: &Teller<'_>) -> Vec<u8> {
    let lang = teller.lang;
    let run_id = teller.view.report.run.as_ref();
    let run_id = run_id.map_or(w::RUN_NONE.get(lang), |run| run.as_str());
    let left = d::RUN_AT_FOOT.fill(lang, &[("run", run_id)]);
    let page = d::PAGE_OF.get(lang);
    let mut xml = Xml::part();
    xml.element("w:ftr", &[W], |xml| {
        xml.element("w:p", &[], |xml| {
            xml.element("w:pPr", &[], |xml| xml.value("w:pStyle", "Footer"));
            run(xml, &plain(&left));
            for _ in 0..2 {
                xml.element("w:r", &[], |xml| xml.empty("w:tab", &[]));
            }
            for piece in page.split_inclusive('}') {
                let (text, place) = piece.split_once('{').unwrap_or((piece, ""));
                run(xml, &plain(text));
                match place {
                    "page}" => field(xml, " PAGE ", "1"),
                    "pages}" => field(xml, " NUMPAGES ", "1"),
                    _ => {}
                }
            }
        });
    });
    xml.into_bytes()
}

fn settings(lang: Lang) -> Vec<u8> {
    let mut xml = Xml::part();
    xml.element("w:settings", &[W], |xml| {
        xml.value("w:defaultTabStop", "420");
        xml.value("w:characterSpacingControl", "compressPunctuation");
        xml.element("w:compat", &[], |xml| {
            let mode = [
                ("w:name", "compatibilityMode"),
                ("w:uri", "http://schemas.microsoft.com/office/word"),
                ("w:val", "15"),
            ];
            xml.empty("w:compatSetting", &mode);
        });
        let tags = [("w:val", "en-US"), ("w:eastAsia", "zh-CN")];
        xml.empty("w:themeFontLang", if lang == Lang::Zh { &tags } else { &tags[..1] });
    });
    xml.into_bytes()
}
