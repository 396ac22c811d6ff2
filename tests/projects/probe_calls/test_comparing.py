"""What an address answers against what is expected: kinds, places, large numbers, and patterns."""

import json
from typing import Any

import pytest

from functions.projects.probes import comparison, pointer
from functions.projects.probes.comparison import Comparison, NotComparable
from functions.projects.probes.pointer import NoJson, NothingThere

DEEP = b'{"data": [{"state": "passed", "a/b": 1, "m~n": null}], "": 7, "0": true}'
HUGE = b"1" * 60_000


@pytest.mark.parametrize(
    ("body", "which", "expected", "holds"),
    [
        (b'"passed"', "eq", "passed", True),
        (b'"5"', "eq", 5, False),
        (b"5", "eq", "5", False),
        (b"5.0", "eq", 5, True),
        (b"0.1", "eq", 0.1, True),
        (b"0.30000000000000001", "eq", 0.3, False),
        (b"9007199254740993", "eq", 9007199254740992, False),
        (b"1", "eq", True, False),
        (b"true", "eq", True, True),
        (b"null", "eq", None, True),
        (b"null", "ne", 0, True),
        (b"[]", "eq", None, False),
        (b"{}", "ne", None, True),
        (b"1e400", "gt", 10**15, True),
        (b"-1e400000000", "lt", 0, True),
        (HUGE, "gt", 10**15, True),
        (b"5", "gt", 5, False),
        (b"5", "gte", 5, True),
        (b"4.99", "lt", 5, True),
        (b"5.01", "lte", 5, False),
        (b'"2026-11-28"', "gte", "2026-11-20", True),
        (b'"passed"', "in", ["passed", "skipped", 1], True),
        (b"1.0", "in", ["passed", 1], True),
        (b"null", "in", [None], True),
        (b'"failed"', "in", ["passed"], False),
        (b'"all passed"', "contains", "passed", True),
        (b'["passed", 1]', "contains", 1, True),
        (b'["1"]', "contains", 1, False),
        (b'"v1.20.3"', "regex", r"^v1\.(2[0-9])\.", True),
        (b'"v2"', "regex", "^v1", False),
    ],
)
def test_values_of_one_kind_are_compared(body: bytes, which: Comparison, expected: Any, holds: object):
    read = pointer.read(_json(expected))

    assert comparison.holds(which, pointer.find(pointer.read(body), ""), read) is holds


@pytest.mark.parametrize(
    ("body", "which", "expected"),
    [
        (b'"5"', "gt", 4),
        (b"5", "lt", "6"),
        (b"null", "gte", 0),
        (b"true", "gt", 0),
        (b"[5]", "lte", 6),
        (b"5", "contains", "5"),
        (b'"5"', "contains", 5),
        (b"{}", "contains", "a"),
        (b"5", "regex", "5"),
        (b"null", "regex", ".*"),
    ],
)
def test_values_of_other_kinds_are_not(body: bytes, which: Comparison, expected: Any):
    with pytest.raises(NotComparable):
        comparison.holds(which, pointer.read(body), pointer.read(_json(expected)))


@pytest.mark.parametrize(
    ("place", "found"),
    [("/data/0/state", "passed"), ("/data/0/a~1b", 1), ("/data/0/m~0n", None), ("/", 7), ("/0", True)],
)
def test_a_pointer_names_one_place(place: str, found: Any):
    assert pointer.find(pointer.read(DEEP), place) == found


@pytest.mark.parametrize("place", ["/state", "/data/1", "/data/-", "/data/01", "/data/0/state/x", "/data/length"])
def test_a_place_that_is_not_there_is_said(place: str):
    with pytest.raises(NothingThere):
        pointer.find(pointer.read(DEEP), place)


@pytest.mark.parametrize("text", ["state", "/a~2", "/a~", "$.a", "/a\n"])
def test_what_is_no_pointer_is_refused(text: str):
    with pytest.raises(ValueError, match="JSON Pointer"):
        pointer.require(text)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"NaN",
        b'{"a": Infinity}',
        b"-Infinity",
        b"<html>",
        b"[" * 60_000,
        b"\xff",
        b'{"a": 1,}',
        b"1e9" + b"9" * 60,
    ],
)
def test_what_is_no_json_is_said(body: bytes):
    with pytest.raises(NoJson):
        pointer.read(body)


def test_a_text_with_half_a_character_is_said():
    with pytest.raises(NoJson):
        pointer.find(pointer.read(b'{"a": "\\ud800"}'), "/a")


@pytest.mark.parametrize(
    ("pattern", "holds"),
    [(r"(a+)+$", False), (r"(a|aa)*!$", True), (r"(.*a){20}$", False), (r"^(([a-z])+.)+[A-Z]([a-z])+$", False)],
)
def test_a_pattern_that_others_take_years_for_comes_to_an_end(pattern: str, holds: object):
    assert comparison.holds("regex", "a" * 60_000 + "!", pattern) is holds


@pytest.mark.parametrize("pattern", ["(", r"(?=a)", r"(a)\1", "((a{1,100}){1,100}){1,100}", r"(?:x{1000}){1000}"])
def test_a_pattern_that_no_linear_engine_takes_is_refused(pattern: str):
    with pytest.raises(ValueError, match="RE2"):
        comparison.require_pattern(pattern)


def _json(value: Any) -> bytes:
    return json.dumps(value).encode()
