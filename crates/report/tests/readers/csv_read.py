"""Reads a table with Python's csv and with LibreOffice, which takes it once
with commas and once with semicolons between cells; prints what they found."""

import collections
import csv
import json
import pathlib
import subprocess
import sys
import tempfile

import openpyxl

path = pathlib.Path(sys.argv[1])
with path.open(encoding="utf-8-sig", newline="") as stream:
    table = list(csv.reader(stream, strict=True))
header, rows = table[0], table[1:]
words = collections.Counter(row[-11] for row in rows if len(row) > 11)

formulas = []
comma_rows = 0
with tempfile.TemporaryDirectory() as folder:
    for separator in (44, 59):
        out = pathlib.Path(folder) / str(separator)
        # Tokens: separator, quote, UTF-8, first line, formats, language, quoted as text,
        # special numbers, as shown, formulas, spaces, sheet, evaluate formulas.
        options = f"CSV:{separator},34,76,1,,1033,false,true,false,false,false,-1,true"
        subprocess.run(
            ["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless",
             f"--infilter={options}", "--convert-to", "xlsx", "--outdir", str(out), str(path)],
            check=True, stdout=sys.stderr)
        book = openpyxl.load_workbook(out / path.with_suffix(".xlsx").name)
        for sheet in book:
            if separator == 44:
                comma_rows = sheet.max_row
            for row in sheet.iter_rows():
                formulas += [str(cell.value)[:80] for cell in row if cell.data_type == "f"]

print(json.dumps({
    "rows": len(rows),
    "columns": sorted({len(row) for row in table}),
    "words": words,
    "formulas": formulas,
    "comma_rows": comma_rows,
    "header": header,
}))
