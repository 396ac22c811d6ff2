"""Moving: one element goes next to another, and nothing else is written unless two have the same rank."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from functions.sequences import elements, rank
from functions.sequences.sequences import Place
from shared import clock, ids
from shared.jobs import jobs, parts
from shared.storage import table
from tests.aws import hooks
from tests.sequences.people import Person
from tests.sequences.working import dies_at_every_step, does, enrol, found, message, queue, requested, works

__all__ = ["queue"]


@pytest.fixture
def ada(ada: Person, queue: None) -> Person:
    enrol(ada)
    return ada


@pytest.fixture
def scenes(ada: Person) -> str:
    return ada.adds_type("scene", "rank")


def ranks(ada: Person, scenes: str) -> dict[str, str]:
    return {each["element_id"]: each["rank"] for each in ada.elements(scenes)}


@pytest.mark.parametrize(
    ("moved", "where", "expected"),
    [
        ("e1", {"after": "e2"}, ["e2", "e1", "e3", "e4"]),
        ("e1", {"after": "e4"}, ["e2", "e3", "e4", "e1"]),
        ("e4", {"before": "e1"}, ["e4", "e1", "e2", "e3"]),
        ("e4", {"before": "e3"}, ["e1", "e2", "e4", "e3"]),
        ("e2", {"after": "e1"}, ["e1", "e2", "e3", "e4"]),
        ("e1", {"before": "e2"}, ["e1", "e2", "e3", "e4"]),
    ],
)
def test_an_element_stands_where_it_was_moved(
    moved: str, where: dict[str, str], expected: list[str], ada: Person, scenes: str
):
    ada.has(scenes, 4)

    ada.moves(scenes, moved, **where)

    assert ada.order(scenes) == expected
    assert ada.numbers(scenes) == {"e1": 1, "e2": 2, "e3": 3, "e4": 4}


def test_a_move_writes_the_moved_element_alone(ada: Person, scenes: str):
    ada.has(scenes, 4)
    before = ada.elements(scenes)

    ada.moves(scenes, "e4", after="e1")

    assert [each for each in ada.elements(scenes) if each not in before] == [ada.get(f"{scenes}/elements/e4").body]


def test_an_element_that_is_there_already_is_not_written(ada: Person, scenes: str):
    ada.has(scenes, 3)

    assert ada.moves(scenes, "e2", after="e1")["version"] == 1
    assert ada.moves(scenes, "e2", before="e3")["version"] == 1


def test_what_is_created_comes_behind_what_was_moved_to_the_end(ada: Person, scenes: str):
    ada.has(scenes, 3)
    ada.moves(scenes, "e1", after="e3")
    ada.creates(scenes, "new")
    ada.moves(scenes, "e2", after="new")
    ada.creates(scenes, "newer")

    assert ada.order(scenes) == ["e3", "e1", "new", "e2", "newer"]


@pytest.mark.parametrize(
    "where", [{}, {"after": "e1", "before": "e3"}, {"after": "e2"}, {"after": ""}, {"after": "a b"}, {"beside": "e1"}]
)
def test_such_a_move_is_refused(where: dict[str, str], ada: Person, scenes: str):
    ada.has(scenes, 3)

    assert ada.post(f"{scenes}/elements/e2/move", where).status == 422


def test_a_move_of_or_next_to_nobody_is_refused(ada: Person, scenes: str):
    ada.has(scenes, 3)
    ada.delete(f"{scenes}/elements/e3")

    for moved, anchor in (("e9", "e1"), ("e1", "e9"), ("e3", "e1"), ("e1", "e3")):
        answer = ada.post(f"{scenes}/elements/{moved}/move", {"after": anchor})
        assert (answer.status, answer.code) == (404, "ElementNotFound")


def test_elements_that_are_ordered_by_number_are_not_moved(ada: Person):
    ada.has("/sequences/global/script", 2)

    answer = ada.post("/sequences/global/script/elements/e2/move", {"before": "e1"})

    assert (answer.status, answer.code) == (422, "OrderedByNumber")


def test_a_move_that_is_sent_again_with_its_key_is_made_once(ada: Person, scenes: str):
    ada.has(scenes, 3)

    answers = [ada.post(f"{scenes}/elements/e3/move", {"before": "e1"}, key="once").body for _ in range(2)]
    ada.moves(scenes, "e3", after="e1")
    answers.append(ada.post(f"{scenes}/elements/e3/move", {"before": "e1"}, key="once").body)

    assert answers[0] == answers[1] == answers[2]
    assert ada.order(scenes) == ["e1", "e3", "e2"]


def meanwhile(ada: Person, scenes: str, outer: tuple[str, dict[str, str]], inner: tuple[str, dict[str, str]]) -> None:
    """Make a move, and another one between its reads and its transaction."""

    def be_faster(**_: Any) -> None:
        hooks.unregister("before-call.dynamodb.TransactWriteItems", be_faster)
        ada.moves(scenes, inner[0], **inner[1])

    hooks.register("before-call.dynamodb.TransactWriteItems", be_faster)
    ada.moves(scenes, outer[0], **outer[1])


def test_two_moves_into_one_gap_at_once_both_succeed_and_their_ids_say_who_is_first(ada: Person, scenes: str):
    ada.has(scenes, 4)

    meanwhile(ada, scenes, ("e3", {"after": "e1"}), ("e4", {"after": "e1"}))

    assert ada.order(scenes) == ["e1", "e3", "e4", "e2"]
    assert ranks(ada, scenes)["e3"] == ranks(ada, scenes)["e4"]


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ({"after": "e3"}, ["e1", "e3", "e2", "e4"]),
        ({"before": "e4"}, ["e1", "e3", "e2", "e4"]),
        ({"before": "e3"}, ["e1", "e2", "e3", "e4"]),
        ({"after": "e4"}, ["e1", "e3", "e4", "e2"]),
    ],
)
def test_between_two_of_the_same_rank_there_is_room(
    where: dict[str, str], expected: list[str], ada: Person, scenes: str
):
    ada.has(scenes, 4)
    meanwhile(ada, scenes, ("e3", {"after": "e1"}), ("e4", {"after": "e1"}))

    ada.moves(scenes, "e2", **where)

    assert ada.order(scenes) == expected


def test_an_anchor_that_goes_elsewhere_meanwhile_is_followed(ada: Person, scenes: str):
    ada.has(scenes, 4)

    meanwhile(ada, scenes, ("e4", {"after": "e1"}), ("e1", {"after": "e3"}))

    assert ada.order(scenes) == ["e2", "e3", "e1", "e4"]


MOVES = st.lists(st.tuples(st.integers(0, 5), st.booleans(), st.integers(0, 5)), max_size=12)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moves=MOVES)
def test_a_history_of_moves_is_the_same_history_of_a_plain_list(moves: list[tuple[int, bool, int]], ada: Person):
    scenes = ada.adds_type(ids.new("scene", at=clock.now()).replace("_", "-"), "rank")
    plain = ada.has(scenes, 6)
    for moved, is_behind, anchor in moves:
        if moved == anchor:
            continue
        name, other = f"e{moved + 1}", f"e{anchor + 1}"
        ada.moves(scenes, name, **{"after" if is_behind else "before": other})
        plain.remove(name)
        plain.insert(plain.index(other) + is_behind, name)

    assert ada.order(scenes) == plain


def crowded(ada: Person, scenes: str, time: time_machine.Traveller) -> tuple[list[str], str]:
    """Let elements stand as if they were moved into one gap again and again, until a move has their ranks spread.

    Returns the order, and the job.
    """
    names = ada.has(scenes, 110)
    time.shift(timedelta(minutes=1))
    low, high = rank.of_number(1), rank.of_number(2)
    at = Place(ada.tenant_id, "global", "scene")
    crowd = []
    while len(high) <= rank.LONGEST:
        high = rank.between(low, high)
        crowd.append(high)
    standing = elements.get_all(at, names[1:-1])
    moved = [each._replace(rank=held) for each, held in zip(standing, crowd[-109:-1][::-1], strict=True)]
    table.put_many([elements.to_item(each) for each in moved])
    ada.moves(scenes, names[-1], after=names[0])
    (asked,) = requested(ada)
    return [names[0], names[-1], *names[1:-1]], asked.subject_id


def test_300_to_350_moves_into_one_gap_have_the_ranks_spread(ada: Person, scenes: str):
    ada.has(scenes, 3)
    moves = 0
    while not requested(ada):
        ada.moves(scenes, f"e{2 + moves % 2}", after="e1")
        moves += 1

    assert 300 < moves <= 350


def test_ranks_of_more_than_64_characters_are_spread_by_a_job(ada: Person, scenes: str, time: time_machine.Traveller):
    plain, job_id = crowded(ada, scenes, time)
    longest = max(map(len, ranks(ada, scenes).values()))
    refused = ada.post(f"{scenes}/elements/{plain[5]}/move", {"after": plain[0]})
    ada.creates(scenes, "new")
    numbers = ada.numbers(scenes)

    works(ada, job_id, time)

    assert longest == rank.LONGEST + 1
    assert (refused.status, refused.code) == (409, "Spreading")
    assert found(ada, job_id).status == jobs.COMPLETED
    assert ada.order(scenes) == [*plain, "new"]
    assert max(map(len, ranks(ada, scenes).values())) < 5
    assert ada.numbers(scenes) == numbers
    ada.moves(scenes, "new", after=plain[0])
    assert ada.order(scenes) == [plain[0], "new", *plain[1:]]


def test_a_move_that_is_repeated_after_its_ranks_were_spread_has_them_spread_no_more(
    ada: Person, scenes: str, time: time_machine.Traveller
):
    plain, job_id = crowded(ada, scenes, time)
    jobs.cancel(parts.owner(found(ada, job_id)), job_id)
    move = f"{scenes}/elements/{plain[5]}/move"
    first = ada.post(move, {"after": plain[0]}, key="once")
    works(ada, requested(ada)[-1].subject_id, time)

    assert ada.post(move, {"after": plain[0]}, key="once").body == first.body
    assert len(requested(ada)) == 2


@pytest.mark.parametrize("takes_effect", [True, False])
def test_a_job_that_dies_at_every_step_keeps_the_order_at_each(
    ada: Person, scenes: str, time: time_machine.Traveller, *, takes_effect: bool
):
    plain, job_id = crowded(ada, scenes, time)

    while found(ada, job_id).status not in jobs.ENDED:
        dies_at_every_step(message(ada, job_id), takes_effect=takes_effect)
        assert ada.order(scenes) == plain
        time.shift(timedelta(minutes=1))

    assert max(map(len, ranks(ada, scenes).values())) < 5


def test_elements_that_are_deleted_while_ranks_are_spread_leave_no_trace(
    ada: Person, scenes: str, time: time_machine.Traveller
):
    plain, job_id = crowded(ada, scenes, time)
    part = 0
    while found(ada, job_id).status not in jobs.ENDED:
        does(message(ada, job_id))
        time.shift(timedelta(minutes=1))
        part += 1
        for gone in (plain[part * 7], plain[-part * 5]):
            ada.delete(f"{scenes}/elements/{gone}")
            plain.remove(gone)
        assert ada.order(scenes) == plain

    assert max(map(len, ranks(ada, scenes).values())) < 5
