"""The calls of the earlier service: its curl lines, its field names, and its way to refuse."""

from typing import Any

import pytest

from tests.aws.entries import Answer
from tests.sequences.people import Person


def test_the_curl_line_of_the_earlier_service_gives_a_number(ada: Person):
    answer = ada.post("/sequence", '{"elementType":"script","elementId":1}')

    assert answer.status == 201
    assert answer.body == {
        "sequenceNumber": 1,
        "versionNumber": 1,
        "comment": None,
        "index": {"state": "pending", "version": 1},
    }


def test_an_element_goes_into_the_global_scope_unless_another_is_named(ada: Person):
    ada.post("/sequence", {"elementType": "script", "elementId": 1, "comment": "first", "data": {"text": "Once"}})
    ada.post("/sequence", {"elementType": "script", "elementId": 1, "scope": "season-1"})

    element = ada.get("/sequences/global/script/elements/1").body
    assert (element["sequence_number"], element["comment"]) == (1, "first")
    assert ada.get("/sequences/season-1/script/elements/1").status == 200
    assert ada.get("/sequences/global/script/elements/1/versions/1").body["data"] == {"text": "Once"}


def has_three(ada: Person) -> None:
    for number in (1, 2, 3):
        ada.post("/sequence", {"elementType": "script", "elementId": number})


def test_elements_are_reordered_by_post(ada: Person):
    has_three(ada)

    answer = ada.post("/sequence/reorder", {"elementType": "script", "elementIds": [1, 2, 3], "newOrder": [3, 2, 1]})

    assert answer.body["reorderedElements"] == [
        {"elementId": 1, "oldSequenceNumber": 1, "newSequenceNumber": 3},
        {"elementId": 3, "oldSequenceNumber": 3, "newSequenceNumber": 1},
    ]


def test_elements_are_reordered_by_put(ada: Person):
    has_three(ada)
    sent = [{"elementId": 1, "newSequence": 2}, {"elementId": 2, "newSequence": 1}]

    answer = ada.put("/sequence/reorder", {"elementType": "script", "elements": sent})

    assert answer.status == 200
    assert ada.order("/sequences/global/script") == ["2", "1", "3"]


def test_ids_that_are_texts_come_back_as_texts(ada: Person):
    for element_id in ("opening", "007"):
        ada.post("/sequence", {"elementType": "script", "elementId": element_id})
    sent = {"elementType": "script", "elementIds": ["opening", "007"], "newOrder": ["007", "opening"]}

    answer = ada.post("/sequence/reorder", sent)

    assert [each["elementId"] for each in answer.body["reorderedElements"]] == ["opening", "007"]


def test_a_version_is_made(ada: Person):
    has_three(ada)
    sent = {"elementType": "script", "elementId": 2, "comment": "again", "newVersionData": {"text": "Twice"}}

    answer = ada.post("/sequence/version", sent)

    assert (answer.status, answer.body) == (201, {"versionNumber": 2, "comment": "again"})
    assert ada.get("/sequences/global/script/elements/2/versions/2").body["data"] == {"text": "Twice"}


def refused(answer: Answer) -> dict[str, Any]:
    """Return what a refusal says by the names of the earlier service; it says the same as a problem document."""
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert (answer.body["errorCode"], answer.body["message"]) == (answer.body["code"], answer.body["detail"])
    names = ("errorCode", "details", "sequenceNumber")
    return {name: answer.body[name] for name in names if name in answer.body}


def test_a_refusal_has_the_names_of_the_earlier_service_too(ada: Person):
    has_three(ada)

    there = ada.post("/sequence", {"elementType": "script", "elementId": "2"})
    nowhere = ada.post("/sequence/version", {"elementType": "script", "elementId": 9})
    wrong = ada.post("/sequence/reorder", {"elementType": "script", "elementIds": [1, 2], "newOrder": [1, 3]})
    other = ada.put("/sequence/reorder", {"elementType": "script", "elements": [{"elementId": 1, "newSequence": 9}]})
    unknown = ada.post("/sequence", {"elementType": "poem", "elementId": 1})
    missing = ada.post("/sequence", {"elementType": "script"})
    unread = ada.post("/sequence", "{")
    nobody = ada.holding("sequences:read").post("/sequence", {"elementType": "script", "elementId": 4})

    assert refused(there) == {"errorCode": "ElementExists", "details": None, "sequenceNumber": 2}
    assert refused(nowhere) == {"errorCode": "ElementNotFound", "details": None}
    assert refused(wrong)["details"] == "newOrder: must name each of the elements once, and no other"
    assert refused(other)["details"] == "elements: must be the numbers that these elements hold, each once: 1"
    assert refused(unknown) == {"errorCode": "ElementTypeNotFound", "details": None}
    assert refused(missing)["details"] == "elementId: is required"
    assert (unread.status, refused(unread)["errorCode"]) == (400, "Malformed")
    assert (nobody.status, refused(nobody)["errorCode"]) == (403, "InsufficientScope")


@pytest.mark.parametrize("scope", ["", "season 1", "a#b", "s" * 65, 7, None])
def test_a_wrong_scope_and_type_are_refused_with_what_is_allowed(ada: Person, scope: object):
    sent = {"elementType": "script", "elementId": 1, "scope": scope}
    reorder = {"elementType": "script", "elementIds": [1], "newOrder": [1], "scope": scope}

    for answer in (ada.post("/sequence", sent), ada.post("/sequence/reorder", reorder)):
        assert answer.status == 422
        assert refused(answer)["details"] == "scope: must have 1 to 64 of the characters A-Z, a-z, 0-9, _, ., :, -"
    kind = refused(ada.post("/sequence", {"elementType": "my scene", "elementId": 1}))
    assert kind["details"] == "elementType: must begin with a letter and have up to 64 of A-Z, a-z, 0-9, _, -"


def test_a_call_that_is_sent_again_with_its_key_has_one_effect(ada: Person):
    sent = {"elementType": "script", "elementId": 1}

    answers = [ada.post("/sequence", sent, key="once") for _ in range(2)]

    assert [each.status for each in answers] == [201, 201]
    assert answers[0].body == answers[1].body
    assert refused(ada.post("/sequence", sent))["errorCode"] == "ElementExists"
    assert refused(ada.post("/sequence", {**sent, "elementId": 2}, key="once"))["errorCode"] == "IdempotencyKeyReused"
