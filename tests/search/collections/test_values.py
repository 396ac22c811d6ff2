"""Which documents fit their collection; each that does not names its fields, and none ends the process."""

import math
from typing import Any

import pytest

from functions.search.collections import values
from functions.search.collections.values import HIGHEST, LOWEST
from tests.search.schemas import FIELDS


def nested(levels: int) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for _ in range(levels - 1):
        found = {"more": found}
    return found


def refused(**content: Any) -> list[str]:
    return [each["field"] for each in values.errors(FIELDS, {"title": "Emma", **content})]


@pytest.mark.parametrize(
    "content",
    [
        {},
        {"tags": []},
        {"tags": None},
        {"pages": LOWEST},
        {"pages": HIGHEST},
        {"price": 1},
        {"price": -0.0},
        {"in_print": False},
        {"published_at": "2026-11-20T09:30:00+05:45"},
        {"title": ""},
        {"title": "\x00\x07 control"},
        {"title": "\u202eright to left\u202c"},
        {"title": "👩‍👩‍👧‍👦"},
        {"title": "<script>alert(1)</script>"},
        {"title": "x" * 60_000},
        {"__proto__": "text", "$where": "1 == 1"},
        {"nobody_knows": {"deep": [1, 2.5, None, True]}},
        {"nobody_knows": nested(9)},
    ],
)
def test_a_document_that_fits(content: dict[str, Any]):
    assert refused(**content) == []


@pytest.mark.parametrize(
    ("content", "field"),
    [
        ({"title": None}, "document.title"),
        ({"title": 1}, "document.title"),
        ({"title": ["Emma"]}, "document.title"),
        ({"tags": "sea"}, "document.tags"),
        ({"tags": ["sea", 1]}, "document.tags"),
        ({"tags": ["x"] * 1001}, "document.tags"),
        ({"tags": ["x" * 1001]}, "document.tags"),
        ({"author": "ä" * 501}, "document.author"),
        ({"pages": HIGHEST + 1}, "document.pages"),
        ({"pages": LOWEST - 1}, "document.pages"),
        ({"pages": 1.0}, "document.pages"),
        ({"pages": True}, "document.pages"),
        ({"pages": "1"}, "document.pages"),
        ({"price": "1.5"}, "document.price"),
        ({"price": True}, "document.price"),
        ({"price": 10**400}, "document.price"),
        ({"in_print": 1}, "document.in_print"),
        ({"published_at": "2026-11-20"}, "document.published_at"),
        ({"published_at": 1795167000}, "document.published_at"),
        ({"published_at": "2026-02-30T00:00:00Z"}, "document.published_at"),
        ({"published_at": "0001-01-01T00:00:00+14:00"}, "document.published_at"),
        ({"published_at": "9999-12-31T23:00:00-02:00"}, "document.published_at"),
        ({"__proto__": {}}, "document.__proto__"),
        ({"price": math.nan}, "document"),
        ({"nobody_knows": math.inf}, "document"),
        ({"title": "\ud800"}, "document"),
        ({"\udfff": "name"}, "document"),
        ({"title": "x" * 66_000}, "document"),
        ({"nobody_knows": nested(11)}, "document"),
        ({"nobody_knows": nested(20_000)}, "document"),
    ],
)
def test_a_document_that_does_not_fit_names_the_field(content: dict[str, Any], field: str):
    assert refused(**content) == [field]


def test_all_fields_at_fault_are_named():
    assert refused(title=1, pages="x", price="y") == ["document.title", "document.pages", "document.price"]


def test_there_is_one_zero():
    price = FIELDS[3]

    assert math.copysign(1, values.number_of(price, -0.0)) == 1
