"""Reads OSCAL documents with the models and validators of compliance-trestle;
prints problems and how many objectives are not satisfied."""

import contextlib
import json
import sys

import trestle.core.validator_factory as validators
from pydantic import ValidationError
from trestle.oscal import assessment_results, poam


def read(path):
    with open(path, encoding="utf-8") as stream:
        document = json.load(stream)
    kind = poam if "plan-of-action-and-milestones" in document else assessment_results
    try:
        model = kind.Model.model_validate(document)
    except ValidationError as error:
        return {"problems": [str(error)[:1000]]}
    if kind is poam:
        whole = model.plan_of_action_and_milestones
        findings = whole.findings
    else:
        whole = model.assessment_results
        findings = whole.results[0].findings
    validator = validators.all_validator.AllValidator()
    # It tells what it finds on standard output.
    with contextlib.redirect_stdout(sys.stderr):
        valid = validator.model_is_valid(whole, True)
    states = [finding.target.status.state for finding in findings or []]
    return {
        "problems": [] if valid else [validator.error_msg()],
        "not_satisfied": sum(getattr(state, "value", state) == "not-satisfied" for state in states),
    }


print(json.dumps([read(path) for path in sys.argv[1:]]))
