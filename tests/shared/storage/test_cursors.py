import base64
import json

import pytest

from shared.errors import Malformed
from shared.storage import cursors

ITEM = {"PK": "USER#1", "SK": "TASK#1#2", "GSI1PK": "USER#2", "GSI1SK": "ENTITY#Task#3"}


def encoded(place: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(place).encode()).decode()


def test_a_cursor_leads_back_to_where_the_page_ended():
    start = cursors.start_key(cursors.after(ITEM, index=False), "USER#1", "TASK#1#", index=False)

    assert start == {"PK": {"S": "USER#1"}, "SK": {"S": "TASK#1#2"}}


def test_a_cursor_of_the_index_leads_back_to_where_the_page_ended():
    start = cursors.start_key(cursors.after(ITEM, index=True), "USER#2", "ENTITY#Task#", index=True)

    assert {name: value["S"] for name, value in start.items()} == ITEM


def test_a_cursor_never_leads_out_of_the_partition_that_is_read():
    start = cursors.start_key(cursors.after(ITEM, index=True), "USER#9", "ENTITY#Task#", index=True)

    assert start["GSI1PK"] == {"S": "USER#9"}


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "x",
        "ä",
        "\ud800",
        encoded(None),
        encoded({}),
        encoded([]),
        encoded([7]),
        encoded([""]),
        encoded(["GOAL#1"]),
        encoded(["TASK#1#" + "x" * 1024]),
        encoded(["TASK#1#\ud800"]),
        encoded(["TASK#1#2", "USER#1", "ENTITY#Task#3"]),
        base64.urlsafe_b64encode(b"[" * 3000).decode(),
        base64.urlsafe_b64encode(b'["TASK#1#2"').decode(),
    ],
)
def test_what_the_list_did_not_hand_out_is_malformed(cursor: str):
    with pytest.raises(Malformed):
        cursors.start_key(cursor, "USER#1", "TASK#1#", index=False)
