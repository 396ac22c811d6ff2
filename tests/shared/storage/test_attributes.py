"""Attribute values, against boto3's own converters where these know better."""

import base64
from typing import Any

import pytest
from boto3.dynamodb.types import TypeSerializer
from hypothesis import given

from shared.storage import attributes
from tests.aws.stored_items import size_of
from tests.shared.storage.items import ITEMS


def sent(value: Any) -> Any:
    """Return an attribute value as botocore writes it into a request: bytes in base64."""
    match value:
        case {"B": bytes(raw)}:
            return {"B": base64.b64encode(raw).decode()}
        case dict():
            return {name: sent(each) for name, each in value.items()}
        case list():
            return [sent(each) for each in value]
    return value


@given(ITEMS)
def test_an_item_is_dumped_as_boto3_sends_it(item: dict):
    assert attributes.dump(item) == {name: sent(TypeSerializer().serialize(value)) for name, value in item.items()}


@given(ITEMS)
def test_an_item_comes_back_as_it_was(item: dict):
    assert attributes.load(attributes.dump(item)) == item


def test_the_size_of_an_item_is_what_dynamodb_counts():
    item = {"PK": "USER#ü", "n": 12345, "none": None, "list": ["a", "bc"], "map": {"k": True}, "raw": b"\x00\xff"}

    # names 2 + 1 + 4 + 4 + 3 + 3; values 7, 4, 1, 3 + (1 + 1) + (1 + 2), 3 + 1 + (1 + 1), 2
    assert attributes.measured(item)[1] == size_of(item) == 17 + 7 + 4 + 1 + 8 + 6 + 2


def test_bytes_are_read_from_the_base64_of_a_record_of_the_stream():
    assert attributes.load({"answer": {"B": base64.b64encode(b"\x00packed\xff").decode()}}) == {
        "answer": b"\x00packed\xff"
    }


@pytest.mark.parametrize("value", [66.67, {"a", "b"}, object()])
def test_what_the_table_does_not_hold_is_refused(value: Any):
    with pytest.raises(TypeError, match=type(value).__name__):
        attributes.dump({"value": value})


def test_a_kind_that_the_table_does_not_hold_is_refused():
    with pytest.raises(TypeError, match="SS"):
        attributes.load({"value": {"SS": ["a", "b"]}})
