"""JSON knows no difference between 70 and 70.0, so no body does; what is no whole number is refused by name.

The integers are read off the API reference, wherever in a body they stand.
"""

import copy
import itertools
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from functions.goals.shapes import Weights
from tests.platform.operations import DOCUMENT, OPERATIONS, Operation
from tests.platform.tenants import Actor

# The evaluator writes as it likes; rows are judged one by one in an answer, by the models of the writes.
OTHERWISE = {
    "/api/v1/delivery/inbound",
    "/api/v1/delivery/receipt",
    "/api/v1/goals/check",
    "/api/v1/milestones/webhooks/milestone-complete",
    "/api/v1/payment-webhooks/{gateway}",
}
Place = tuple[str | int, ...]


def resolved(schema: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield what a schema may be: itself, or what it refers to, but not null."""
    for part in schema.get("anyOf", [schema]):
        if "$ref" in part:
            yield DOCUMENT["components"]["schemas"][part["$ref"].rpartition("/")[2]]
        else:
            yield part


def integers(schema: Mapping[str, Any], at: Place = ()) -> Iterator[Place]:
    """Yield where in a body an integer may stand, and no text; of a list, in its first element."""
    parts = [*resolved(schema)]
    may_be_text = any(part.get("type") == "string" for part in parts)
    for part in parts:
        if part.get("type") == "integer" and not may_be_text:
            yield at
        for name, field in part.get("properties", {}).items():
            yield from integers(field, (*at, name))
        if "items" in part:
            yield from integers(part["items"], (*at, 0))


def numbered() -> Iterator[Any]:
    for operation in OPERATIONS:
        if operation.example is not None and operation.path not in OTHERWISE:
            body = DOCUMENT["paths"][operation.path][operation.method.lower()]["requestBody"]
            for place in integers(body["content"]["application/json"]["schema"]):
                yield pytest.param(operation, place, id=f"{operation} {'.'.join(map(str, place))}")


def put(body: Any, place: Place, value: Any) -> Any:
    """Return the body with a value put where the place says, and what leads there made."""
    changed = copy.deepcopy(body)
    inner = changed
    for part, following in itertools.pairwise(place):
        if isinstance(part, str) and not inner.get(part):
            inner[part] = [{}] if following == 0 else {}
        inner = inner[part]
    inner[place[-1]] = value
    return changed


def refused(owner: Actor, operation: Operation, place: Place, value: Any) -> bool:
    reply = owner.calls(operation, put(operation.example, place, value))
    errors = reply.body.get("errors", []) if reply.body else []
    return ".".join(map(str, place)) in [error["field"] for error in errors]


@pytest.mark.parametrize(("operation", "place"), [*numbered()])
def test_a_whole_number_may_be_written_with_a_fraction_of_zero(operation: Operation, place: Place, owner: Actor):
    fractions = [value for value in (1, 1.0) if refused(owner, operation, place, value)]

    # A number of a restored history may not agree with the others; then both are refused, and for that.
    assert fractions in ([], [1, 1.0])


@pytest.mark.parametrize(("operation", "place"), [*numbered()])
@pytest.mark.parametrize("value", [1.5, "1", True], ids=str)
def test_what_is_no_whole_number_is_refused_by_name(operation: Operation, place: Place, value: Any, owner: Actor):
    assert refused(owner, operation, place, value)


def test_every_operation_with_integers_is_tried():
    assert len({str(each.values[0]) for each in numbered()}) >= 10


@pytest.mark.parametrize("task", [70, 70.0])
def test_weights_are_kept_as_whole_numbers(task: float):
    found = Weights.model_validate({"task": task, "time": 30})

    assert (found.task, type(found.task)) == (70, int)
