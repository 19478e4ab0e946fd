"""Reads a workbook with openpyxl 3.1 and prints what stands in it as JSON."""

import json
import sys

import openpyxl

workbook = openpyxl.load_workbook(sys.argv[1])
sheets = []
for sheet in workbook.worksheets:
    rows = []
    formulas = []
    unquoted = []
    for row in sheet.iter_rows():
        rows.append([cell.value for cell in row])
        for cell in row:
            if cell.data_type == "f":
                formulas.append(cell.coordinate)
            dangerous = isinstance(cell.value, str) and cell.value[:1] in "=+-@\t'"
            if dangerous and not cell.quotePrefix:
                unquoted.append(cell.coordinate)
    sheets.append(
        {
            "name": sheet.title,
            "rows": rows,
            "formulas": formulas,
            "unquoted": unquoted,
            "types": sorted({cell.data_type for row in sheet.iter_rows() for cell in row}),
            "dates": {
                cell.coordinate: cell.number_format
                for row in sheet.iter_rows()
                for cell in row
                if getattr(cell, "is_date", False) and cell.value is not None
            },
            "frozen": sheet.freeze_panes,
            "filter": sheet.auto_filter.ref,
            "repeated": sheet.print_title_rows,
            "landscape": sheet.page_setup.orientation,
            "footer": sheet.oddFooter.center.text,
            "validations": [
                {"cells": str(one.sqref), "list": one.formula1}
                for one in sheet.data_validations.dataValidation
            ],
            "links": [cell.hyperlink.location for row in sheet.iter_rows() for cell in row if cell.hyperlink],
            "fonts": sorted({c.font.name for row in sheet.iter_rows() for c in row if c.value is not None}),
        }
    )
print(
    json.dumps(
        {
            "sheets": sheets,
            "created": workbook.properties.created.isoformat(),
            "title": workbook.properties.title,
            "names": list(workbook.defined_names.keys()),
        },
        default=lambda when: when.isoformat(),
    )
)
