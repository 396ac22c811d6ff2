"""Rows of a service that was in use before: numbers and versions stay, what comes twice is reported."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine

from tests.aws import hooks
from tests.aws.troubles import dying_at
from tests.sequences.people import Person

SCRIPTS = "/sequences/global/script"


def row(element_id: object, number: int, version: int = 1, **more: Any) -> dict[str, Any]:
    return {"element_id": element_id, "sequence_number": number, "version_number": version, **more}


def imports(ada: Person, *rows: dict[str, Any], sequence: str = SCRIPTS) -> list[tuple[str, str | None]]:
    """Import rows and return what became of each, and who has its number if somebody else has."""
    answer = ada.post(f"{sequence}/import", {"rows": [*rows]})
    assert answer.status == 200, answer.body
    return [(each["status"], each["held_by"]) for each in answer.body["results"]]


def test_numbers_and_versions_stay_and_new_elements_come_behind(ada: Person):
    rows = [row(7, 3, 1, data={"text": "Once"}), row(9, 5), row(7, 3, 2, comment="again", data={"text": "Twice"})]

    assert imports(ada, *rows) == [("imported", None)] * 3

    assert ada.numbers(SCRIPTS) == {"7": 3, "9": 5}
    element = ada.get(f"{SCRIPTS}/elements/7").body
    assert (element["version_number"], element["comment"]) == (2, "again")
    assert ada.get(f"{SCRIPTS}/elements/7/versions/1").body["data"] == {"text": "Once"}
    assert ada.post(f"{SCRIPTS}/elements/7/versions", {}).body["version_number"] == 3
    assert ada.creates(SCRIPTS, "new")["sequence_number"] == 6


def test_the_counter_goes_on_behind_the_highest_of_all_requests(ada: Person):
    imports(ada, row(1, 1000))
    imports(ada, row(2, 5))

    assert ada.creates(SCRIPTS, "new")["sequence_number"] == 1001


def test_what_comes_twice_is_reported_and_the_first_has_it(ada: Person):
    found = imports(ada, row(1, 1), row(2, 1), row(1, 1, 2), row(1, 1, 2), row(3, 2), row(3, 4, 2), row(4, 2))

    assert found == [
        ("imported", None),
        ("duplicate_number", "1"),
        ("imported", None),
        ("duplicate_version", None),
        ("imported", None),
        ("other_number", None),
        ("duplicate_number", "3"),
    ]
    assert ada.numbers(SCRIPTS) == {"1": 1, "3": 2}
    assert imports(ada, row(1, 9), row(5, 1)) == [("duplicate_element", None), ("duplicate_number", "1")]


def test_rows_that_are_sent_again_say_so(ada: Person):
    rows = [row(1, 1), row(2, 2, 1), row(2, 2, 2)]
    imports(ada, *rows)
    before = ada.elements(SCRIPTS)

    assert imports(ada, *rows) == [("imported_before", None)] * 3
    assert ada.elements(SCRIPTS) == before


@pytest.mark.parametrize("takes_effect", [True, False])
def test_an_import_that_dies_at_every_step_is_whole_when_it_is_sent_again(ada: Person, *, takes_effect: bool):
    rows = [row(1, 3, 1), row(1, 3, 2), row(2, 5)]
    for number in range(2, 8):
        with dying_at(number, takes_effect=takes_effect):
            ada.post(f"{SCRIPTS}/import", {"rows": rows})

    assert {status for status, _ in imports(ada, *rows)} <= {"imported", "imported_before"}
    assert ada.numbers(SCRIPTS) == {"1": 3, "2": 5}
    assert len(ada.get(f"{SCRIPTS}/elements/1/versions").body["items"]) == 2


def test_rows_are_imported_before_numbers_are_given_or_compacted(ada: Person):
    ada.creates(SCRIPTS, "first")
    imports(ada, row(1, 3), sequence="/sequences/global/section")
    ada.post("/sequences/global/section/compact")

    for sequence in (SCRIPTS, "/sequences/global/section"):
        answer = ada.post(f"{sequence}/import", {"rows": [row(2, 9)]})
        assert (answer.status, answer.code) == (409, "SequenceInUse")


def test_rows_of_a_type_that_is_ordered_by_rank_stand_by_their_numbers(ada: Person):
    scenes = ada.adds_type("scene", "rank")

    imports(ada, row(1, 70), row(2, 5), row(3, 61), sequence=scenes)
    ada.creates(scenes, "new")

    assert ada.order(scenes) == ["2", "3", "1", "new"]


def test_versions_go_on_behind_the_highest_that_is_imported(ada: Person):
    imports(ada, row(1, 1, 10**7))
    ada.post(f"{SCRIPTS}/elements/1/versions", {"comment": "next"})

    listed = ada.get(f"{SCRIPTS}/elements/1/versions").body["items"]
    assert [each["version_number"] for each in listed] == [10**7 + 1, 10**7]


def test_ninety_versions_of_one_element_come_at_once_and_no_more(ada: Person):
    assert imports(ada, *[row(1, 1, version) for version in range(1, 91)]) == [("imported", None)] * 90
    assert ada.post(f"{SCRIPTS}/import", {"rows": [row(2, 2, version) for version in range(1, 92)]}).status == 422


@pytest.mark.parametrize(
    "wrong", [row(1, 0), row(1, 10**11 + 1), row(1, 1, 0), row(1, 1, 10**7 + 1), row("a b", 1), {"element_id": 1}]
)
def test_such_a_row_is_refused(wrong: dict[str, Any], ada: Person):
    assert ada.post(f"{SCRIPTS}/import", {"rows": [row(2, 2), wrong]}).status == 422
    assert ada.elements(SCRIPTS) == []


def test_an_element_that_is_created_while_rows_come_keeps_its_number_to_itself(ada: Person):
    created: list[int] = []

    def create(params: Any, **_: Any) -> None:
        if ":highest" in params["ExpressionAttributeValues"] and not created:
            created.append(0)
            created[0] = ada.creates(SCRIPTS, "meanwhile")["sequence_number"]

    hooks.register("provide-client-params.dynamodb.UpdateItem", create)
    refused = ada.post(f"{SCRIPTS}/import", {"rows": [row(7, 1)]})

    assert (refused.status, refused.code) == (409, "SequenceInUse")
    assert ada.numbers(SCRIPTS) == {"meanwhile": created[0]}
    assert ada.creates(SCRIPTS, "next")["sequence_number"] == created[0] + 1


@pytest.mark.parametrize(("first", "second"), [(3, 7), (7, 3), (5, 5)])
def test_two_imports_at_once_both_come_in(first: int, second: int, ada: Person):
    others: list[Any] = []

    def import_meanwhile(params: Any, **_: Any) -> None:
        if ":highest" in params["ExpressionAttributeValues"] and not others:
            others.append(None)
            others[0] = imports(ada, row("other", first))

    hooks.register("provide-client-params.dynamodb.UpdateItem", import_meanwhile)
    own = imports(ada, row("own", second))
    created = ada.creates(SCRIPTS, "next")["sequence_number"]

    assert others[0] == [("imported", None)]
    assert own == [("imported", None) if first != second else ("duplicate_number", "other")]
    assert created == max(first, second) + 1


def test_a_compaction_gives_nobody_a_number_of_a_row_that_is_on_its_way(ada: Person):
    with time_machine.travel(timedelta(minutes=-5)):
        imports(ada, row(1, 5))
    answers: list[Any] = []

    def compact_meanwhile(**_: Any) -> None:
        hooks.unregister("before-call.dynamodb.TransactWriteItems", compact_meanwhile)
        answers.append(ada.post(f"{SCRIPTS}/compact"))

    hooks.register("before-call.dynamodb.TransactWriteItems", compact_meanwhile)
    imports(ada, row(2, 1))

    assert answers[0].status == 202
    assert ada.numbers(SCRIPTS) == {"2": 1, "1": 5}
