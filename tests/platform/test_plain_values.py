"""Plain values of parameters are read without pydantic, and exactly as the model of the same declaration reads them."""

import functools
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from infra import discovery
from shared.api import parameters, validation
from shared.api.declarations import Body
from shared.api.parameters import Parameter
from shared.api.routes import Route
from shared.api.validation import Model


class Declared(NamedTuple):
    """A parameter of an operation that is no body."""

    route: Route
    parameter: Parameter

    def __str__(self) -> str:
        return f"{self.route.method} {self.route.path} {self.parameter.name}"

    @property
    def kind(self) -> str:
        """What decides how its values are read: its annotation, with the place and the limits in it."""
        return repr(self.route.function.__annotations__[self.parameter.name])

    def plainly(self, text: str) -> Any:
        return self.parameter.read({self.parameter.key: text})


DECLARED = [
    Declared(route, parameter)
    for context, _ in discovery.apis()
    if hasattr(discovery.declaring(context), "api")
    for route in discovery.declaring(context).api.routes
    for parameter in parameters.of(route.function, route.path)
    if not isinstance(parameter.place, Body)
]
# One of each kind: many operations have the same `limit`, and the same model of it.
KINDS = list({each.kind: each for each in reversed(DECLARED)}.values())
PLAIN = {
    "again": "true",
    "at": "2026-01-31T09:30:00Z",
    "consistent": "true",
    "currency": "EUR",
    "delete_from_forse": "false",
    "due_after": "2026-01-31T09:30:00+02:00",
    "due_before": "2026-01-31T09:30:00.5Z",
    "is_overdue": "false",
    "limit": "100",
    "metric": "forecast",
    "from_month": "2026-11",
    "month": "2026-11",
    "to_month": "2026-11",
    "newer": "2",
    "older": "1",
    "page": "2",
    "priority": "high",
    "side": "received",
    "sort": "-deadline",
    "days": "30",
    "format": "csv",
    "months": "24",
    "weeks": "52",
    "max_visits": "10",
    "min_visits": "1",
    "origin": "shipped",
    "owner": "me",
    "skills": "mechanics,law",
    "theme": "dark",
    "version_number": "12",
    ("/api/v1/campaigns", "status"): "running",
    ("/api/v1/campaigns/<campaign_id>/logs", "status"): "unknown",
    ("/api/v1/escalations", "due_before"): "2027-01-31",
    ("/api/v1/escalations", "status"): "pending",
    ("/api/v1/invoices", "due_before"): "2027-01-31",
    ("/api/v1/invoices", "status"): "issued",
    ("/api/v1/financing-requests", "status"): "pending",
    ("/api/v1/goals", "status"): "active,paused,active",
    ("/api/v1/leads", "sort"): "-spend",
    ("/api/v1/payments", "status"): "invoiced",
    ("/api/v1/milestones", "status"): "in_progress",
    ("/api/v1/project-milestones", "due_before"): "2027-01-31",
    ("/api/v1/project-milestones", "status"): "draft",
    ("/api/v1/projects/<project_id>/project-milestones", "status"): "in_progress",
    ("/api/v1/webhook-endpoints/<endpoint_id>/deliveries", "status"): "failed",
}
TEXTS = (
    st.text(max_size=300)
    | st.from_regex(r"[+-]?[0-9_]{1,12}(\.0)?", fullmatch=True)
    | st.from_regex(r"[A-Za-z0-9_# -]{1,130}", fullmatch=True)
    | st.from_regex(r" ?(true|True|1|yes|on|failed|active|auto|goal_[0-9A-Z]{26})[,\n]?", fullmatch=True)
    | st.datetimes().map(lambda moment: f"{moment.isoformat()}Z")
)

every_parameter = pytest.mark.parametrize("declared", DECLARED, ids=str)


@functools.cache
def model_of(route: Route) -> Model:
    return validation.model(route.function, [*parameters.of(route.function, route.path)])


def by_model(declared: Declared, text: str) -> Any:
    """Return what the model of an operation reads for one parameter. Raises ValidationError."""
    read = model_of(declared.route).model_construct()
    read.__pydantic_validator__.validate_assignment(read, declared.parameter.name, text)
    return getattr(read, declared.parameter.name)


def hold_same(declared: Declared, text: str) -> None:
    """Fail when a text is read plainly, and the model refuses it or reads something else."""
    try:
        value = declared.plainly(text)
    except (LookupError, ValueError):
        return
    expected = by_model(declared, text)
    assert (value, type(value)) == (expected, type(expected))


@every_parameter
def test_a_plain_value_needs_no_model(declared: Declared):
    name = declared.parameter.name
    text = PLAIN.get((declared.route.path, name)) or PLAIN.get(name, "word_1")

    value = declared.plainly(text)

    assert value == by_model(declared, text)


@pytest.mark.parametrize("declared", KINDS, ids=str)
@settings(max_examples=40, deadline=None)
@given(text=TEXTS)
def test_what_is_read_plainly_is_what_the_model_reads(declared: Declared, text: str):
    hold_same(declared, text)


def test_a_reader_that_takes_what_the_model_refuses_is_caught():
    limit = next(each for each in DECLARED if each.parameter.name == "limit")
    loose = Parameter("limit", "limit", limit.parameter.place, 20, int)

    with pytest.raises(ValidationError, match="limit"):
        hold_same(Declared(limit.route, loose), "101")


def test_a_reader_that_reads_another_value_is_caught():
    limit = next(each for each in DECLARED if each.parameter.name == "limit")
    other = Parameter("limit", "limit", limit.parameter.place, 20, str)

    with pytest.raises(AssertionError):
        hold_same(Declared(limit.route, other), "20")
