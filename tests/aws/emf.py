"""The lines that CloudWatch makes metrics of, as a function has written them to its log.

Each is held against the embedded metric format, and against what its metric is declared to be: it has the declared
dimensions with declared values, and nothing besides, so nobody is in it.
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
"""

import json
from typing import Any, NamedTuple

import jsonschema
import pytest

from infra import discovery
from shared.metrics import Metric

_TEXT = {"type": "string", "minLength": 1}
_METRIC = {
    "type": "object",
    "required": ["Name"],
    "properties": {
        "Name": _TEXT | {"maxLength": 1024},
        "Unit": {"enum": ["Count", "Milliseconds"]},
        "StorageResolution": {"enum": [1, 60]},
    },
    "additionalProperties": False,
}
_DIMENSIONS = {"type": "array", "items": _TEXT | {"maxLength": 250}, "maxItems": 30}
_DIRECTIVE = {
    "type": "object",
    "required": ["Namespace", "Dimensions", "Metrics"],
    "properties": {
        "Namespace": _TEXT | {"maxLength": 1024},
        "Dimensions": {"type": "array", "items": _DIMENSIONS, "minItems": 1},
        "Metrics": {"type": "array", "items": _METRIC, "minItems": 1, "maxItems": 100},
    },
    "additionalProperties": False,
}
_METADATA = {
    "type": "object",
    "required": ["Timestamp", "CloudWatchMetrics"],
    "properties": {
        "Timestamp": {"type": "integer", "minimum": 0},
        "CloudWatchMetrics": {"type": "array", "items": _DIRECTIVE, "minItems": 1},
    },
    "additionalProperties": False,
}
SCHEMA = {"type": "object", "required": ["_aws"], "properties": {"_aws": _METADATA}}
_NUMBERS = {"type": "array", "items": {"type": "number"}, "minItems": 1, "maxItems": 100}


class Measured(NamedTuple):
    """What a line says of one metric; `value` is that of its own dimension."""

    service: str
    name: str
    value: str | None
    numbers: list[float]


def written(capsys: pytest.CaptureFixture[str]) -> list[Measured]:
    """Return what was measured since the test read it last, and hold each line against the format."""
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines() if '"_aws"' in line]
    return [measured for line in lines for measured in _measured(line)]


def counted(capsys: pytest.CaptureFixture[str], name: str) -> list[Measured]:
    """Return what was written of one metric."""
    return [each for each in written(capsys) if each.name == name]


def _measured(line: dict[str, Any]) -> list[Measured]:
    jsonschema.validate(line, SCHEMA)
    (directive,) = line["_aws"]["CloudWatchMetrics"]
    (dimensions,) = directive["Dimensions"]
    names = [each["Name"] for each in directive["Metrics"]]
    assert line.keys() == {"_aws", *dimensions, *names}
    return [_one(line, name, unit=each["Unit"]) for each in directive["Metrics"] for name in [each["Name"]]]


def _one(line: dict[str, Any], name: str, *, unit: str) -> Measured:
    declared = _declared(name, line["service"])
    jsonschema.validate(line[name], _NUMBERS)
    assert unit == declared.unit
    assert set(line["_aws"]["CloudWatchMetrics"][0]["Dimensions"][0]) == {"service", declared.by} - {None}
    value = line[declared.by] if declared.by else None
    assert value is None or value in declared.values
    return Measured(line["service"], name, value, line[name])


def _declared(name: str, service: str) -> Metric:
    (found,) = [each for each in discovery.metrics() if (each.name, each.service) == (name, service)]
    return found
