"""Elements: created with a number, listed in their order, read, and deleted."""

from typing import Any

import pytest

from functions.sequences.element_types import BUILT_IN
from shared.aws.client import NoAnswer
from tests.aws import hooks
from tests.sequences.people import Person

SCRIPTS = "/sequences/global/script"


def test_an_element_gets_the_next_number_and_its_first_version(ada: Person):
    first = ada.creates(SCRIPTS, "opening", comment="The beginning", data={"text": "Once"})
    second = ada.creates(SCRIPTS, 7)

    assert (first["sequence_number"], first["version_number"], first["comment"]) == (1, 1, "The beginning")
    assert (second["element_id"], second["sequence_number"]) == ("7", 2)


@pytest.mark.parametrize("element_type", sorted(BUILT_IN))
def test_five_types_are_there_from_the_start(element_type: str, ada: Person):
    assert ada.creates(f"/sequences/global/{element_type}", 1)["sequence_number"] == 1


def test_each_scope_and_type_counts_by_itself(ada: Person):
    ada.creates(SCRIPTS, 1)

    assert ada.creates("/sequences/season-1/script", 1)["sequence_number"] == 1
    assert ada.creates("/sequences/global/section", 1)["sequence_number"] == 1


def test_an_element_that_is_there_is_refused_with_its_number(ada: Person):
    ada.creates(SCRIPTS, "7")

    answer = ada.post(f"{SCRIPTS}/elements", {"element_id": 7})

    assert (answer.status, answer.code, answer.body["sequence_number"]) == (409, "ElementExists", 1)
    assert ada.creates(SCRIPTS, 8)["sequence_number"] == 3


def test_the_sequence_of_another_tenant_is_not_there(ada: Person, eve: Person):
    scenes = ada.adds_type("scene", "number")
    ada.creates(scenes, 1)

    assert eve.get(f"{scenes}/elements").code == "ElementTypeNotFound"
    assert eve.get(f"{scenes}/elements/1").code == "ElementNotFound"
    assert eve.post(f"{scenes}/elements", {"element_id": 2}).code == "ElementTypeNotFound"


@pytest.mark.parametrize("element_id", [0, -1, 1.5, True, "", "a" * 65, "a#b", "a b", "ä", "1\n", None])
def test_such_an_id_is_refused(element_id: object, ada: Person):
    answer = ada.post(f"{SCRIPTS}/elements", {"element_id": element_id})

    assert (answer.status, answer.fields) == (422, ["element_id"])


def test_the_refusal_of_an_id_says_what_one_is(ada: Person):
    [refused] = ada.post(f"{SCRIPTS}/elements", {"element_id": 1.5}).body["errors"]

    assert refused["reason"] == (
        "must be a whole number from 1 on, or a text of 1 to 64 of the characters A-Z, a-z, 0-9, _, ., :, -"
    )


@pytest.mark.parametrize(("element_id", "kept"), [(7.0, "7"), ("A_z.:-9", "A_z.:-9"), ("a" * 64, "a" * 64)])
def test_such_an_id_is_taken(element_id: object, kept: str, ada: Person):
    assert ada.creates(SCRIPTS, element_id)["element_id"] == kept


def test_a_deleted_element_is_in_no_list_and_neither_its_id_nor_its_number_is_given_again(ada: Person):
    ada.creates(SCRIPTS, 1)
    ada.creates(SCRIPTS, 2)

    assert ada.delete(f"{SCRIPTS}/elements/2").status == 204

    assert ada.order(SCRIPTS) == ["1"]
    assert ada.get(f"{SCRIPTS}/elements/2").code == "ElementNotFound"
    assert ada.get(f"{SCRIPTS}/elements", "ids=2").body["items"] == []
    assert ada.post(f"{SCRIPTS}/elements", {"element_id": 2}).code == "ElementDeleted"
    assert ada.delete(f"{SCRIPTS}/elements/2").code == "ElementNotFound"
    assert ada.post(f"{SCRIPTS}/elements/2/versions", {}).code == "ElementNotFound"
    assert ada.creates(SCRIPTS, 3)["sequence_number"] == 4


def test_an_element_is_deleted_at_the_version_that_was_seen(ada: Person):
    etag = ada.get(f"{SCRIPTS}/elements/{ada.creates(SCRIPTS, 1)['element_id']}").headers["ETag"]
    ada.post(f"{SCRIPTS}/elements/1/versions", {})

    assert ada.delete(f"{SCRIPTS}/elements/1", if_match=etag).code == "VersionChanged"


def test_a_list_has_pages_in_the_order_of_the_sequence(ada: Person):
    names = ada.has(SCRIPTS, 7)

    first = ada.get(f"{SCRIPTS}/elements", "limit=3").body
    second = ada.get(f"{SCRIPTS}/elements", f"limit=3&cursor={first['next_cursor']}").body
    third = ada.get(f"{SCRIPTS}/elements", f"limit=3&cursor={second['next_cursor']}").body

    assert [each["element_id"] for page in (first, second, third) for each in page["items"]] == names
    assert third["next_cursor"] is None


def test_a_cursor_of_another_list_is_refused(ada: Person):
    ada.has(SCRIPTS, 3)
    cursor = ada.get(f"{SCRIPTS}/elements", "limit=1").body["next_cursor"]

    assert ada.get("/sequences/global/section/elements", f"cursor={cursor}").status == 400
    assert ada.get(f"{SCRIPTS}/elements", "cursor=WyIhIl0").status == 400


def test_elements_are_read_by_their_ids_in_that_order(ada: Person):
    ada.has(SCRIPTS, 3)

    found = ada.get(f"{SCRIPTS}/elements", "ids=e3,nobody,e1,e3,not%20an%20id").body

    assert [each["element_id"] for each in found["items"]] == ["e3", "e1"]
    assert found["next_cursor"] is None
    assert ada.get(f"{SCRIPTS}/elements", f"ids={','.join(map(str, range(101)))}").fields == ["ids"]


def test_a_type_that_was_added_keeps_its_order_and_its_name_is_taken(ada: Person):
    ada.adds_type("scene", "rank")

    again = ada.post("/sequences/types", {"element_type": "scene", "order": "number"})
    built_in = ada.post("/sequences/types", {"element_type": "script", "order": "rank"})
    listed = ada.get("/sequences/types").body

    assert (again.code, built_in.code) == ("ElementTypeExists", "ElementTypeExists")
    assert [(each["element_type"], each["order"]) for each in listed["items"]] == [("scene", "rank")]
    assert listed["built_in"] == [*BUILT_IN]


def test_a_type_that_nobody_has_added_is_not_there(ada: Person):
    for answer in (
        ada.post("/sequences/global/scene/elements", {"element_id": 1}),
        ada.get("/sequences/global/scene/elements"),
        ada.post("/sequences/global/scene/compact"),
        ada.get("/sequences/global/not a type/elements"),
    ):
        assert (answer.status, answer.code) == (404, "ElementTypeNotFound")


def test_sequences_are_listed_once_they_have_given_a_number(ada: Person, eve: Person):
    scenes = ada.adds_type("scene", "rank")
    assert ada.get("/sequences").body["items"] == []
    ada.creates(SCRIPTS, 1)
    ada.creates(SCRIPTS, 2)
    ada.creates(scenes, 1)
    ada.post("/sequences/a/action/import", {"rows": [{"element_id": 1, "sequence_number": 1, "version_number": 1}]})

    listed = [(each["scope"], each["element_type"], each["order"]) for each in ada.get("/sequences").body["items"]]
    assert listed == [("a", "action", "number"), ("global", "scene", "rank"), ("global", "script", "number")]
    assert eve.get("/sequences").body["items"] == []


@pytest.mark.parametrize("operation", ["TransactWriteItems", "UpdateItem"])
def test_a_sequence_that_could_not_be_listed_is_listed_with_the_next_element(operation: str, ada: Person):
    calls: list[str] = []

    def lose_the_first(model: Any, **_: Any) -> None:
        calls.append(model.name)
        if model.name == operation and calls.count(operation) == (2 if operation == "UpdateItem" else 1):
            raise NoAnswer("lost")

    hooks.register("before-call.dynamodb", lose_the_first)
    ada.post(f"{SCRIPTS}/elements", {"element_id": 1})
    hooks.unregister("before-call.dynamodb", lose_the_first)
    ada.creates(SCRIPTS, 2)

    assert len(ada.get("/sequences").body["items"]) == 1


def test_many_are_created_in_the_order_in_which_they_are_sent(ada: Person):
    ada.creates(SCRIPTS, "e40")
    ada.delete(f"{SCRIPTS}/elements/{ada.creates(SCRIPTS, 'e50')['element_id']}")
    sent = [{"element_id": f"e{number}"} for number in range(100)]

    results = ada.post(f"{SCRIPTS}/batch", {"elements": sent}).body["results"]

    assert results[40] == {"element_id": "e40", "status": "exists", "sequence_number": 1}
    assert results[50] == {"element_id": "e50", "status": "deleted", "sequence_number": 2}
    created = [each["sequence_number"] for each in results if each["status"] == "created"]
    assert created == [number for number in range(3, 103) if number not in (43, 53)]
    assert len(ada.elements(SCRIPTS)) == 99


def test_many_that_are_sent_again_with_their_key_are_answered_as_before(ada: Person):
    sent = {"elements": [{"element_id": f"e{number}"} for number in range(70)]}

    answers = [ada.post(f"{SCRIPTS}/batch", sent, key="all of them").body for _ in range(2)]

    assert answers[0] == answers[1]
    assert {each["status"] for each in answers[0]["results"]} == {"created"}


def test_one_comes_once_among_many(ada: Person):
    answer = ada.post(f"{SCRIPTS}/batch", {"elements": [{"element_id": 7}, {"element_id": "7"}]})

    assert answer.status == 422
