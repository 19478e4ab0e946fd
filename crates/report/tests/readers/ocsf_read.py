"""Reads OCSF events with py-ocsf-models; prints problems, events and failures.
With --schema: the schema of their class that ocsf-json-schema carries."""

import json
import sys

from ocsf_json_schema import OcsfJsonSchemaEmbedded, get_ocsf_schema
from py_ocsf_models import OCSF_VERSION
from py_ocsf_models.events.findings.compliance_finding import ComplianceFinding
from py_ocsf_models.objects.compliance_status import StatusID
from pydantic import ValidationError


def schema():
    schemas = OcsfJsonSchemaEmbedded(get_ocsf_schema(version=OCSF_VERSION))
    return schemas.get_class_schema("compliance_finding", profiles=["datetime"])


def read(path):
    problems, events, failing = [], 0, 0
    with open(path, encoding="utf-8") as stream:
        for line in stream:
            events += 1
            if len(problems) > 4:
                continue
            event = json.loads(line)
            if event["metadata"]["version"] != OCSF_VERSION:
                problems.append(f"version {event['metadata']['version']}, read {OCSF_VERSION}")
            try:
                finding = ComplianceFinding.model_validate(event)
                failing += finding.compliance.status_id == StatusID.Fail
            except ValidationError as error:
                problems.append(str(error)[:300])
    return {"problems": problems[:5], "events": events, "failing": failing}


print(json.dumps(schema() if sys.argv[1:] == ["--schema"] else {"documents": [read(path) for path in sys.argv[1:]]}))
