"""Versions: numbered without gaps, listed newest first, compared and restored."""

import json
from typing import Any

import pytest

from functions.sequences.versions.versions import MOST_BYTES
from tests.sequences.people import Person
from tests.sequences.versions.patches import applied

SCRIPT = "/sequences/global/script/elements/1"
VERSIONS = f"{SCRIPT}/versions"


@pytest.fixture
def ada(ada: Person) -> Person:
    ada.creates("/sequences/global/script", 1, comment="The beginning", data={"text": "Once"})
    return ada


def sized(size: int) -> dict[str, str]:
    """Return data of so many bytes."""
    return {"t": "x" * (size - len('{"t":""}'))}


def test_a_version_has_the_next_number_an_author_and_a_label(ada: Person):
    answer = ada.post(VERSIONS, {"comment": "again", "label": "draft 2", "data": {"text": "Twice"}})

    assert answer.status == 201
    assert {name: answer.body[name] for name in ("version_number", "label", "created_by", "comment")} == {
        "version_number": 2,
        "label": "draft 2",
        "created_by": ada.user_id,
        "comment": "again",
    }
    assert ada.get(SCRIPT).body["version_number"] == 2
    assert ada.get(f"{VERSIONS}/2").body["data"] == {"text": "Twice"}
    assert ada.get(f"{VERSIONS}/1").body["data"] == {"text": "Once"}


def test_a_version_that_is_not_there_or_of_an_element_that_is_not_there(ada: Person):
    assert ada.get(f"{VERSIONS}/2").code == "VersionNotFound"
    assert ada.get(f"{VERSIONS}/0").status == 422
    assert ada.post(f"{VERSIONS}/9/restore").code == "VersionNotFound"
    assert ada.get(f"{SCRIPT}/difference", "older=1&newer=2").code == "VersionNotFound"
    for path in ("", "/1"):
        assert ada.get(f"/sequences/global/script/elements/2/versions{path}").code == "ElementNotFound"
    assert ada.post("/sequences/global/script/elements/2/versions", {}).code == "ElementNotFound"


def test_a_version_that_is_sent_again_with_its_key_is_made_once(ada: Person):
    answers = [ada.post(VERSIONS, {"comment": "again"}, key="once").body for _ in range(2)]

    assert answers[0] == answers[1]
    assert ada.get(SCRIPT).body["version_number"] == 2


@pytest.mark.parametrize(
    "data", [{}, {"n": 1.0, "e": 1e300, "i": 2**80, "z": -0.0}, {"ü": ["😀", None, True, {"": 0}]}]
)
def test_data_come_back_as_they_were_sent(data: dict[str, Any], ada: Person):
    ada.post(VERSIONS, {"data": data})

    assert json.dumps(ada.get(f"{VERSIONS}/2").body["data"]) == json.dumps(data)


def test_data_may_have_256_kb_and_no_byte_more(ada: Person):
    assert ada.post(VERSIONS, {"data": sized(MOST_BYTES)}).status == 201
    assert ada.get(f"{VERSIONS}/2").body["data_bytes"] == MOST_BYTES

    refused = ada.post(VERSIONS, {"data": sized(MOST_BYTES + 1)})

    assert (refused.status, refused.code) == (413, "DataTooLarge")
    assert ada.get(SCRIPT).body["version_number"] == 2


@pytest.mark.parametrize("body", ['{"data":{"a":NaN}}', '{"data":{"a":"\\ud800"}}', '{"data":{"a":-Infinity}}'])
def test_data_that_could_not_be_sent_back_are_refused(body: str, ada: Person):
    assert ada.post(VERSIONS, body).status == 422


def test_data_are_64_levels_deep_at_most(ada: Person):
    def deep(levels: int) -> dict[str, Any]:
        value: dict[str, Any] = {}
        for _ in range(levels - 1):
            value = {"a": value}
        return value

    assert ada.post(VERSIONS, {"data": deep(63)}).status == 201
    assert ada.post(VERSIONS, {"data": deep(65)}).fields == ["data"]


def test_a_thousand_versions_are_listed_by_pages_newest_first(ada: Person):
    for _ in range(999):
        ada.post(VERSIONS, {})
    numbers, query = [], "limit=100"
    while query:
        page = ada.get(VERSIONS, query).body
        numbers += [each["version_number"] for each in page["items"]]
        query = page["next_cursor"] and f"limit=100&cursor={page['next_cursor']}"

    assert numbers == [*range(1000, 0, -1)]


def test_the_difference_of_two_versions_makes_the_newer_of_the_older(ada: Person):
    ada.post(VERSIONS, {"data": {"text": "Once", "scenes": [1, 2, 3]}})
    ada.post(VERSIONS, {"data": {"text": "Twice", "scenes": [1, 3]}})

    latest = ada.get(f"{SCRIPT}/difference").body
    assert (latest["older"], latest["newer"]) == (2, 3)
    for older, newer in ((2, 3), (3, 2), (1, 3), (2, 2)):
        answer = ada.get(f"{SCRIPT}/difference", f"older={older}&newer={newer}").body
        before, after = (ada.get(f"{VERSIONS}/{number}").body["data"] for number in (older, newer))
        assert applied(before, answer["operations"]) == after


def test_a_restored_version_can_be_restored_again(ada: Person):
    ada.post(VERSIONS, {"data": {"text": "Twice"}})

    first = ada.post(f"{VERSIONS}/1/restore", key="back").body
    ada.post(f"{VERSIONS}/1/restore", key="back")
    second = ada.post(f"{VERSIONS}/{first['version_number']}/restore", {"comment": "Back again"}).body

    assert (first["version_number"], first["restored_from"], first["comment"]) == (3, 1, "The beginning")
    assert (second["version_number"], second["restored_from"], second["comment"]) == (4, 3, "Back again")
    assert ada.get(f"{VERSIONS}/4").body["data"] == {"text": "Once"}


def test_the_versions_of_another_tenant_are_not_there(ada: Person, eve: Person):
    assert eve.get(VERSIONS).code == "ElementNotFound"
    assert eve.get(f"{VERSIONS}/1").code == "ElementNotFound"
    assert eve.post(VERSIONS, {}).code == "ElementNotFound"
