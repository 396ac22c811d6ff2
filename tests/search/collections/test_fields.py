"""Which fields make a schema."""

from typing import Any

import pytest

from functions.search.collections import fields


def reasons(*sent: dict[str, Any], by: str | None = None) -> list[str]:
    return [flaw.field for flaw in fields.flaws(fields.read(sent), by)]


def field(name: str = "title", kind: str = "string", **more: Any) -> dict[str, Any]:
    return {"name": name, "type": kind, **more}


def test_numbers_truth_and_instants_are_sorted_by_unless_the_schema_says_otherwise():
    kinds = ["int64", "float", "bool", "datetime", "string", "string[]"]
    read = fields.read([field(kind, kind) for kind in kinds])

    assert [each.name for each in read if each.sort] == ["int64", "float", "bool", "datetime"]
    assert not fields.read([field("pages", "int64", sort=False)])[0].sort


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ([field("title"), field("title")], ["fields.1.name"]),
        ([field("id", "int64")], ["fields.0"]),
        ([field("id")], []),
        ([field(index=False, facet=True)], ["fields.0"]),
        ([field(index=False, sort=True)], ["fields.0"]),
        ([field("tags", "string[]", sort=True)], ["fields.0"]),
        ([field(sort=True)], []),
        ([field(infix=True)], []),
        ([field("tags", "string[]", infix=True)], []),
        ([field(index=False, infix=True)], ["fields.0"]),
        ([field("pages", "int64", infix=True)], ["fields.0"]),
    ],
)
def test_a_schema_says_what_is_wrong_with_it(sent: list[dict[str, Any]], expected: list[str]):
    assert reasons(*sent) == expected


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        (field("pages", "int64"), []),
        (field("pages", "float"), []),
        (field("pages", "datetime"), []),
        (field("pages", "int64", optional=True), ["default_sorting_field"]),
        (field("pages", "int64", index=False), ["default_sorting_field"]),
        (field("pages", "string", sort=True), ["default_sorting_field"]),
        (field("others", "int64"), ["default_sorting_field"]),
    ],
)
def test_what_a_collection_is_sorted_by_is_always_there(sent: dict[str, Any], expected: list[str]):
    assert reasons(sent, by="pages") == expected


def test_a_field_is_shown_as_it_was_sent():
    sent = {"name": "tags", "type": "string[]", "facet": True, "optional": True, "index": True, "sort": False}
    sent["infix"] = True

    assert fields.shown(fields.read([sent])[0]) == sent
