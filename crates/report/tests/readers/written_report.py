"""Reads a document with python-docx 1.2 and lxml and prints what stands in it as JSON."""

import json
import sys

import docx
from docx.oxml.ns import qn

document = docx.Document(sys.argv[1])
body = document.element.body


def shown(element):
    """The text as a reader sees it."""
    return "".join(one.text or "" for one in element.iter(qn("w:t")))


def fonts(style):
    found = style.element.find(".//" + qn("w:rFonts"))
    return None if found is None else [found.get(qn("w:ascii")), found.get(qn("w:eastAsia"))]


codes = [one.text.strip() for one in body.iter(qn("w:instrText"))]
depth = 0
contents = []
balanced = True
inside = False
for paragraph in body.iter(qn("w:p")):
    for mark in paragraph.iter(qn("w:fldChar")):
        depth += {"begin": 1, "separate": 0, "end": -1}[mark.get(qn("w:fldCharType"))]
        balanced = balanced and depth >= 0
    style = paragraph.pPr.pStyle.val if paragraph.pPr is not None and paragraph.pPr.pStyle is not None else None
    if style in ("TOC1", "TOC2"):
        links = [link.get(qn("w:anchor")) for link in paragraph.iter(qn("w:hyperlink"))]
        contents.append([style, shown(paragraph), links])
anchors = [one.get(qn("w:name")) for one in body.iter(qn("w:bookmarkStart"))]
section = document.sections[0]
footer = section.footer._element
lang = document.styles.element.find(".//" + qn("w:docDefaults")).find(".//" + qn("w:lang"))
print(
    json.dumps(
        {
            "paragraphs": [[one.style.name, one.text] for one in document.paragraphs],
            "headings": [
                [one.style.name, one.text]
                for one in document.paragraphs
                if one.style.name.lower().startswith("heading")
            ],
            "tables": [
                {
                    "rows": [
                        ["\n".join(shown(p) for p in cell.iter(qn("w:p"))) for cell in row.iter(qn("w:tc"))]
                        for row in table._tbl.iter(qn("w:tr"))
                    ],
                    "repeated": table._tbl.find(".//" + qn("w:tblHeader")) is not None,
                    "grid": [int(one.get(qn("w:w"))) for one in table._tbl.iter(qn("w:gridCol"))],
                }
                for table in document.tables
            ],
            "codes": codes,
            "balanced": balanced and depth == 0,
            "contents": contents,
            "anchors": anchors,
            "header": section.header.paragraphs[0].text,
            "footer": shown(footer),
            "footer_codes": [one.text.strip() for one in footer.iter(qn("w:instrText"))],
            "defaults": [
                fonts(document.styles["Body Text"]),
                fonts(document.styles["Heading 1"]),
            ],
            "lang": [lang.get(qn("w:val")), lang.get(qn("w:eastAsia"))],
            "language": document.core_properties.language,
            "created": document.core_properties.created.isoformat(),
            "all": shown(body),
        }
    )
)
