//! The styles of the document: fonts, sizes, headings.

use super::xml::Xml;
use anji_model::Lang;

/// The namespace of WordprocessingML.
pub(super) const W: (&str, &str) =
    ("xmlns:w", "http://schemas.openxmlformats.org/wordprocessingml/2006/main");

/// Latin font and East Asian font.
#[derive(Clone, Copy)]
struct Fonts(&'static str, &'static str);

/// Of running text, of headings, and of digests.
fn fonts(lang: Lang) -> [Fonts; 3] {
    match lang {
        Lang::Zh => {
            [Fonts("Times New Roman", "宋体"), Fonts("Arial", "黑体"), Fonts("Courier New", "宋体")]
        }
        Lang::En => {
            [Fonts("Calibri", "宋体"), Fonts("Calibri", "黑体"), Fonts("Courier New", "宋体")]
        }
    }
}

/// The language of the document as a tag.
pub(super) fn tag(lang: Lang) -> &'static str {
    match lang {
        Lang::Zh => "zh-CN",
        Lang::En => "en-US",
    }
}

fn set_fonts(xml: &mut Xml, Fonts(latin, asian): Fonts) {
    let names = [("w:ascii", latin), ("w:hAnsi", latin), ("w:eastAsia", asian), ("w:cs", latin)];
    xml.empty("w:rFonts", &names);
}

/// Both sizes that a run has, in half points.
fn size(xml: &mut Xml, half_points: &str) {
    xml.value("w:sz", half_points);
    xml.value("w:szCs", half_points);
}

/// One paragraph style.
struct Paragraph {
    id: &'static str,
    /// The name by which Word and LibreOffice know built-in styles.
    name: &'static str,
    next: &'static str,
    heading: bool,
    bold: bool,
    /// Half points.
    size: &'static str,
    color: &'static str,
    /// Twentieths of a point before, after, between lines.
    spacing: [&'static str; 3],
    keep: bool,
    align: &'static str,
    level: Option<&'static str>,
}

const BODY: Paragraph = Paragraph {
    id: "",
    name: "",
    next: "",
    heading: false,
    bold: false,
    size: "21",
    color: "000000",
    spacing: ["0", "120", "320"],
    keep: false,
    align: "left",
    level: None,
};

const HEADING: Paragraph =
    Paragraph { next: "Text", heading: true, bold: true, color: "1F3864", keep: true, ..BODY };

const STYLES: [Paragraph; 17] = [
    Paragraph { id: "Text", name: "Body Text", ..BODY },
    // What belongs to the table that follows stays with it.
    Paragraph { id: "Intro", name: "Table Introduction", keep: true, ..BODY },
    Paragraph {
        id: "Heading1",
        name: "heading 1",
        size: "32",
        spacing: ["360", "160", "400"],
        level: Some("0"),
        ..HEADING
    },
    Paragraph {
        id: "Heading2",
        name: "heading 2",
        size: "28",
        spacing: ["280", "120", "360"],
        level: Some("1"),
        ..HEADING
    },
    Paragraph {
        id: "Heading3",
        name: "heading 3",
        size: "24",
        spacing: ["240", "80", "320"],
        level: Some("2"),
        ..HEADING
    },
    Paragraph {
        id: "Title",
        name: "Title",
        size: "52",
        spacing: ["1200", "240", "640"],
        align: "center",
        ..HEADING
    },
    Paragraph {
        id: "Subtitle",
        name: "Subtitle",
        size: "28",
        bold: false,
        spacing: ["0", "600", "400"],
        align: "center",
        ..HEADING
    },
    Paragraph { id: "TOCHeading", name: "TOC Heading", size: "32", ..HEADING },
    Paragraph { id: "TOC1", name: "toc 1", bold: true, spacing: ["100", "40", "320"], ..BODY },
    Paragraph { id: "TOC2", name: "toc 2", spacing: ["0", "20", "300"], ..BODY },
    Paragraph { id: "Header", name: "header", size: "18", color: "595959", align: "right", ..BODY },
    Paragraph { id: "Footer", name: "footer", size: "18", color: "595959", ..BODY },
    Paragraph { id: "Cell", name: "Table Text", size: "18", spacing: ["20", "20", "250"], ..BODY },
    Paragraph {
        id: "CellKept",
        name: "Table Text Kept",
        size: "18",
        spacing: ["20", "20", "250"],
        keep: true,
        ..BODY
    },
    Paragraph {
        id: "CellHead",
        name: "Table Heading",
        size: "18",
        bold: true,
        heading: true,
        spacing: ["40", "40", "250"],
        keep: true,
        ..BODY
    },
    Paragraph { id: "Note", name: "Note", size: "18", color: "404040", ..BODY },
    Paragraph { id: "Gap", name: "Gap", size: "8", spacing: ["0", "0", "160"], ..BODY },
];

/// `word/styles.xml`.
pub(super) fn part(lang: Lang) -> Vec<u8> {
    let mut xml = Xml::part();
    xml.element("w:styles", &[W], |xml| {
        defaults(xml, lang);
        xml.element(
            "w:style",
            &[("w:type", "paragraph"), ("w:default", "1"), ("w:styleId", "Normal")],
            |xml| {
                xml.value("w:name", "Normal");
                xml.empty("w:qFormat", &[]);
            },
        );
        for style in &STYLES {
            paragraph(xml, style, lang);
        }
        character(xml, "Strong", "Strong", |xml| {
            xml.empty("w:b", &[]);
            xml.empty("w:bCs", &[]);
        });
        character(xml, "Grave", "Grave", |xml| {
            xml.empty("w:b", &[]);
            xml.empty("w:bCs", &[]);
            xml.value("w:color", "9C0006");
        });
        character(xml, "Digest", "Digest", |xml| {
            set_fonts(xml, fonts(lang)[2]);
            size(xml, "15");
        });
        table(xml);
    });
    xml.into_bytes()
}

fn defaults(xml: &mut Xml, lang: Lang) {
    xml.element("w:docDefaults", &[], |xml| {
        xml.element("w:rPrDefault", &[], |xml| {
            xml.element("w:rPr", &[], |xml| {
                set_fonts(xml, fonts(lang)[0]);
                size(xml, BODY.size);
                // Latin text is English in both; East Asian text is Chinese.
                let tags = [("w:val", "en-US"), ("w:eastAsia", "zh-CN"), ("w:bidi", "ar-SA")];
                xml.empty("w:lang", &tags);
            });
        });
        xml.element("w:pPrDefault", &[], |xml| xml.empty("w:pPr", &[]));
    });
}

fn paragraph(xml: &mut Xml, style: &Paragraph, lang: Lang) {
    let attributes = [("w:type", "paragraph"), ("w:styleId", style.id)];
    xml.element("w:style", &attributes, |xml| {
        xml.value("w:name", style.name);
        xml.value("w:basedOn", "Normal");
        if !style.next.is_empty() {
            xml.value("w:next", style.next);
        }
        xml.empty("w:qFormat", &[]);
        xml.element("w:pPr", &[], |xml| {
            if style.keep {
                xml.empty("w:keepNext", &[]);
                xml.empty("w:keepLines", &[]);
            }
            tabs(xml, style.id);
            let [before, after, line] = style.spacing;
            let values = [
                ("w:before", before),
                ("w:after", after),
                ("w:line", line),
                ("w:lineRule", "atLeast"),
            ];
            xml.empty("w:spacing", &values);
            if style.id == "TOC2" {
                xml.empty("w:ind", &[("w:left", "420")]);
            }
            xml.value("w:jc", style.align);
            if let Some(level) = style.level {
                xml.value("w:outlineLvl", level);
            }
        });
        xml.element("w:rPr", &[], |xml| {
            set_fonts(xml, fonts(lang)[usize::from(style.heading)]);
            if style.bold {
                xml.empty("w:b", &[]);
                xml.empty("w:bCs", &[]);
            }
            xml.value("w:color", style.color);
            size(xml, style.size);
        });
    });
}

/// Where page numbers stand.
fn tabs(xml: &mut Xml, id: &str) {
    let stop = |xml: &mut Xml, kind: &str, at: &str, leader: &str| {
        xml.empty("w:tab", &[("w:val", kind), ("w:leader", leader), ("w:pos", at)]);
    };
    match id {
        "TOC1" | "TOC2" => xml.element("w:tabs", &[], |xml| stop(xml, "right", "9386", "dot")),
        "Footer" => xml.element("w:tabs", &[], |xml| {
            stop(xml, "center", "4693", "none");
            stop(xml, "right", "9386", "none");
        }),
        _ => {}
    }
}

fn character(xml: &mut Xml, id: &str, name: &str, look: impl FnOnce(&mut Xml)) {
    xml.element("w:style", &[("w:type", "character"), ("w:styleId", id)], |xml| {
        xml.value("w:name", name);
        xml.empty("w:qFormat", &[]);
        xml.element("w:rPr", &[], look);
    });
}

fn table(xml: &mut Xml) {
    xml.element("w:style", &[("w:type", "table"), ("w:styleId", "TableGrid")], |xml| {
        xml.value("w:name", "Table Grid");
        xml.element("w:tblPr", &[], |xml| {
            xml.element("w:tblBorders", &[], |xml| {
                for side in ["w:top", "w:left", "w:bottom", "w:right", "w:insideH", "w:insideV"] {
                    let line = [
                        ("w:val", "single"),
                        ("w:sz", "4"),
                        ("w:space", "0"),
                        ("w:color", "A6A6A6"),
                    ];
                    xml.empty(side, &line);
                }
            });
            xml.element("w:tblCellMar", &[], |xml| {
                for side in ["w:left", "w:right"] {
                    xml.empty(side, &[("w:w", "80"), ("w:type", "dxa")]);
                }
            });
        });
    });
}
