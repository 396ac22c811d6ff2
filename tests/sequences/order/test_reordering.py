"""Reordering: elements change places among the numbers that they hold, all at once or not at all."""

from typing import Any

import pytest

from tests.aws import hooks
from tests.sequences.people import Person

SCRIPTS = "/sequences/global/script"


def reorders(person: Person, element_ids: list[Any], new_order: list[Any], **more: Any) -> Any:
    return person.post(f"{SCRIPTS}/reorder", {"element_ids": element_ids, "new_order": new_order}, **more)


def test_elements_are_put_in_another_order_and_the_others_stay(ada: Person):
    ada.has(SCRIPTS, 5)

    answer = reorders(ada, ["e2", "e4", "e5"], ["e5", "e4", "e2"])

    assert answer.body["changes"] == [
        {"element_id": "e2", "old_sequence_number": 2, "new_sequence_number": 5},
        {"element_id": "e5", "old_sequence_number": 5, "new_sequence_number": 2},
    ]
    assert ada.order(SCRIPTS) == ["e1", "e5", "e3", "e4", "e2"]


def test_numbers_can_be_named(ada: Person):
    ada.has(SCRIPTS, 3)
    sent = [{"element_id": "e1", "new_sequence_number": 3}, {"element_id": "e3", "new_sequence_number": 1}]

    answer = ada.put(f"{SCRIPTS}/reorder", {"elements": sent})

    assert answer.status == 200
    assert ada.numbers(SCRIPTS) == {"e3": 1, "e2": 2, "e1": 3}


def test_an_order_that_is_there_already_changes_nothing(ada: Person):
    ada.has(SCRIPTS, 3)
    before = ada.elements(SCRIPTS)

    assert reorders(ada, ["e1", "e2"], ["e1", "e2"]).body == {"changes": []}
    assert reorders(ada, ["e3"], ["e3"]).body == {"changes": []}
    assert ada.elements(SCRIPTS) == before


def test_an_element_with_three_versions_is_reordered_and_keeps_them(ada: Person):
    ada.has(SCRIPTS, 2)
    for _ in range(2):
        ada.post(f"{SCRIPTS}/elements/e1/versions", {"comment": "again"})

    assert reorders(ada, ["e1", "e2"], ["e2", "e1"]).status == 200

    moved = ada.get(f"{SCRIPTS}/elements/e1").body
    assert (moved["sequence_number"], moved["version_number"], moved["comment"]) == (2, 3, "again")
    assert len(ada.get(f"{SCRIPTS}/elements/e1/versions").body["items"]) == 3


@pytest.mark.parametrize(
    ("element_ids", "new_order", "field"),
    [
        (["e1", "e2"], ["e1"], "new_order"),
        (["e1", "e2"], ["e1", "e3"], "new_order"),
        (["e1", "e2"], ["e2", "e2"], "new_order"),
        (["e1", "e1"], ["e1", "e1"], "element_ids"),
        ([1, "1"], [1, "1"], "element_ids"),
        ([], [], "element_ids"),
        ([f"e{number}" for number in range(91)], [f"e{number}" for number in range(91)], "element_ids"),
    ],
)
def test_what_is_no_permutation_is_refused(element_ids: list[Any], new_order: list[Any], field: str, ada: Person):
    ada.has(SCRIPTS, 3)

    answer = reorders(ada, element_ids, new_order)

    assert (answer.status, answer.code) == (422, "InvalidInput")
    assert field in answer.fields
    assert ada.order(SCRIPTS) == ["e1", "e2", "e3"]


@pytest.mark.parametrize("numbers", [(1, 1), (1, 3), (2, 9)])
def test_numbers_that_these_elements_do_not_hold_are_refused(numbers: tuple[int, int], ada: Person):
    ada.has(SCRIPTS, 3)
    named = zip(("e1", "e2"), numbers, strict=True)
    sent = [{"element_id": name, "new_sequence_number": number} for name, number in named]

    answer = ada.put(f"{SCRIPTS}/reorder", {"elements": sent})

    assert (answer.status, answer.fields) == (422, ["elements"])


def test_whoever_is_not_there_or_was_deleted_or_is_of_another_type_is_named(ada: Person):
    ada.has(SCRIPTS, 3)
    ada.delete(f"{SCRIPTS}/elements/e2")
    ada.creates("/sequences/global/section", "s1")

    for missing in ("e2", "e9", "s1"):
        answer = reorders(ada, ["e1", missing], [missing, "e1"])
        assert (answer.status, answer.code) == (404, "ElementNotFound")
        assert missing in answer.body["detail"]
    assert reorders(ada, ["s1"], ["s1"]).status == 404
    assert ada.post("/sequences/global/action/reorder", {"element_ids": [1], "new_order": [1]}).status == 404


def test_one_element_alone_stays_where_it_is(ada: Person):
    ada.has(SCRIPTS, 3)

    answer = reorders(ada, ["e2"], ["e2"])

    assert answer.status == 200
    assert ada.order(SCRIPTS) == ["e1", "e2", "e3"]


def test_ninety_elements_are_put_in_another_order_at_once(ada: Person):
    names = ada.has(SCRIPTS, 90)

    answer = reorders(ada, names, names[::-1], key="all of them")

    assert answer.status == 200
    assert ada.order(SCRIPTS) == names[::-1]


def test_of_two_that_read_the_same_order_one_is_told_that_it_has_changed(ada: Person):
    ada.has(SCRIPTS, 3)
    inner: list[Any] = []

    def be_faster(**_: Any) -> None:
        hooks.unregister("before-call.dynamodb.TransactWriteItems", be_faster)
        inner.append(reorders(ada, ["e1", "e2"], ["e2", "e1"]))

    hooks.register("before-call.dynamodb.TransactWriteItems", be_faster)
    outer = reorders(ada, ["e1", "e2", "e3"], ["e3", "e1", "e2"])

    assert (inner[0].status, outer.status, outer.code) == (200, 409, "OrderChanged")
    assert ada.order(SCRIPTS) == ["e2", "e1", "e3"]


def test_a_version_that_is_made_meanwhile_stands_in_no_reorders_way(ada: Person):
    ada.has(SCRIPTS, 2)

    def be_faster(**_: Any) -> None:
        hooks.unregister("before-call.dynamodb.TransactWriteItems", be_faster)
        ada.post(f"{SCRIPTS}/elements/e1/versions", {})

    hooks.register("before-call.dynamodb.TransactWriteItems", be_faster)
    answer = reorders(ada, ["e1", "e2"], ["e2", "e1"])

    assert answer.status == 200
    element = ada.get(f"{SCRIPTS}/elements/e1").body
    assert (element["sequence_number"], element["version_number"]) == (2, 2)


def test_a_reorder_that_is_sent_again_with_its_key_is_answered_as_before(ada: Person):
    ada.has(SCRIPTS, 2)

    answers = [reorders(ada, ["e1", "e2"], ["e2", "e1"], key="once") for _ in range(2)]

    assert answers[0].body == answers[1].body
    assert len(answers[0].body["changes"]) == 2


def test_elements_that_are_ordered_by_rank_are_not_reordered(ada: Person):
    scenes = ada.adds_type("scene", "rank")
    ada.has(scenes, 2)

    for answer in (
        ada.post(f"{scenes}/reorder", {"element_ids": ["e1", "e2"], "new_order": ["e2", "e1"]}),
        ada.post(f"{scenes}/compact"),
    ):
        assert (answer.status, answer.code) == (422, "OrderedByRank")


def owing(person: Person) -> Person:
    """Return a person who has a second factor, and has not used it lately."""
    return Person(person.user_id, person.tenant_id, person.issuer, claims=(("mfa", True),))


def test_more_than_fifty_take_a_second_factor_of_whoever_has_one(ada: Person):
    names = ada.has(SCRIPTS, 51)
    numbered = [{"element_id": name, "new_sequence_number": place} for place, name in enumerate(names, start=1)]

    assert reorders(owing(ada), names, names).code == "STEP_UP_REQUIRED"
    assert owing(ada).put(f"{SCRIPTS}/reorder", {"elements": numbered}).code == "STEP_UP_REQUIRED"
    assert owing(ada).post(f"{SCRIPTS}/compact").code == "STEP_UP_REQUIRED"
    assert reorders(owing(ada), names[1:], names[1:]).status == 200
    assert reorders(ada, names, names).status == 200
