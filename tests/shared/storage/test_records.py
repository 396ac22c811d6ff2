"""Records: each field is an attribute, and one that has its default is none."""

from collections.abc import Sequence
from typing import NamedTuple

import pytest

from shared.storage import records
from shared.storage.attributes import Key

PLACE = Key("USER#1", "NOTE#1")


class Note(NamedTuple):
    """A record with a field that has to be there, one that may be empty, and two that need not be there."""

    title: str
    read_at: str | None
    tags: Sequence[str] = ()
    colour: str | None = None


def test_the_fields_are_the_attributes_beside_key_and_entity():
    item = records.to_item(PLACE, "Note", Note("Ship it", "2026-01-31", ["work"], "red"))

    assert item == {
        "PK": "USER#1",
        "SK": "NOTE#1",
        "entity": "Note",
        "title": "Ship it",
        "read_at": "2026-01-31",
        "tags": ["work"],
        "colour": "red",
    }


def test_a_field_that_has_its_default_is_left_out():
    item = records.to_item(PLACE, "Note", Note("Ship it", None))

    assert item == {"PK": "USER#1", "SK": "NOTE#1", "entity": "Note", "title": "Ship it", "read_at": None}


def test_an_empty_list_is_told_from_the_default_that_is_no_list():
    assert records.to_item(PLACE, "Note", Note("Ship it", None, []))["tags"] == []


@pytest.mark.parametrize("note", [Note("Ship it", None), Note("Ship it", "2026-01-31", ["work"], "red")])
def test_an_item_is_read_as_the_record_it_was_written_from(note: Note):
    assert records.from_item(Note, records.to_item(PLACE, "Note", note)) == note


def test_an_attribute_that_has_to_be_there_is_missed_by_its_name():
    with pytest.raises(KeyError, match="read_at"):
        records.from_item(Note, {"title": "Ship it"})


def test_an_attribute_that_is_no_field_is_passed_over():
    item = records.to_item(PLACE, "Note", Note("Ship it", None)) | {"ttl": 1}

    assert records.from_item(Note, item) == Note("Ship it", None)
