"""Many at once: what conditions and transactions make of them, on two tables that are not kind."""

import random
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest

from functions.sequences import creation, element_types, elements, rank
from functions.sequences.creation import New
from functions.sequences.order import compactions, moves, permutation, reorders, spreads
from functions.sequences.order.reorders import OrderChanged
from functions.sequences.order.works import Compacting, Spreading
from functions.sequences.sequences import Place
from functions.sequences.versions import versions
from functions.sequences.versions.versions import Draft
from shared import ids
from shared.callers.caller import Caller
from shared.jobs import jobs
from shared.storage import changes, table
from tests.aws.races import at_once
from tests.aws.stack import server, table_at, table_on_locked_moto
from tests.soaking import histories, soaks


@pytest.fixture(scope="module")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with server(tmp_path_factory.mktemp("stack")) as address:
        yield address


@pytest.fixture(params=["moto", "ministack"], autouse=True)
def _table(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    # On moto, all threads stand in one queue; what is proved here is that nothing is lost, not that it is fast.
    monkeypatch.setattr(changes, "PATIENCE_SECONDS", 120)
    monkeypatch.setattr(versions, "PATIENCE_SECONDS", 120)
    on_moto = request.param == "moto"
    with table_on_locked_moto() if on_moto else table_at(request.getfixturevalue("endpoint")):
        yield


@pytest.fixture
def ada() -> Caller:
    return Caller(ids.new("user"), ids.new("tenant"), (), frozenset(), None, (), None)


@pytest.fixture
def scripts(ada: Caller) -> Place:
    return Place(ada.tenant_id, "global", "script")


def create(ada: Caller, at: Place, element_id: str) -> Any:
    return creation.create(ada, at, New(element_id, Draft()))


def has(ada: Caller, at: Place, count: int) -> list[str]:
    names = [f"e{number}" for number in range(1, count + 1)]
    for start in range(0, count, 100):
        new = [New(name, Draft()) for name in names[start : start + 100]]
        creation.create_all(ada, at, new, claims=iter(lambda: None, 0))
    return names


def standing(at: Place) -> list[elements.Element]:
    """Return the elements of a sequence in the order in which every reader has them."""
    # Positions begin with a nought of their number, or with the letter of a rank.
    begins = "0" if at.element_type in element_types.BUILT_IN else "a"
    return [elements.from_item(item) for item in table.query_all(elements.listed_in(at), begins, index=True)]


def reorder(at: Place, element_ids: list[str], new_order: list[str]) -> Callable[[], Any]:
    order = partial(permutation.in_order, new_order=new_order)
    return partial(reorders.reorder, at, element_ids, order, field="new_order")


def test_64_creates_at_once_have_64_numbers(ada: Caller, scripts: Place):
    made = at_once(*[partial(create, ada, scripts, f"e{number}") for number in range(64)])

    assert sorted(each["sequence_number"] for each in made) == [*range(1, 65)]
    assert [each.sequence_number for each in standing(scripts)] == [*range(1, 65)]


def test_16_creates_of_one_element_make_one(ada: Caller, scripts: Place):
    made = at_once(*[partial(create, ada, scripts, "opening")] * 16)

    assert sum(isinstance(each, dict) for each in made) == 1
    (number,) = {each["sequence_number"] for each in made if isinstance(each, dict)}
    assert {each.sequence_number for each in made if not isinstance(each, dict)} == {number}


def test_20_versions_at_once_are_numbered_without_gap(ada: Caller, scripts: Place):
    create(ada, scripts, "opening")

    made = at_once(*[partial(versions.add, ada, scripts, "opening", Draft(comment=str(n))) for n in range(20)])

    assert sorted(each["version_number"] for each in made) == [*range(2, 22)]
    listed, _ = versions.page(scripts, "opening", limit=100, cursor=None)
    assert [each["version_number"] for each in listed] == [*range(21, 0, -1)]


def test_of_reorders_at_once_each_is_made_whole_or_told_that_the_order_has_changed(ada: Caller, scripts: Place):
    names = has(ada, scripts, 6)
    orders = [random.Random(seed).sample(names, 6) for seed in range(8)]  # noqa: S311 - which order it is

    made = at_once(*[reorder(scripts, names, order) for order in orders])

    refused = [each for each in made if not isinstance(each, dict)]
    assert all(isinstance(each, OrderChanged) for each in refused)
    assert len(refused) < 8
    assert [each.element_id for each in standing(scripts)] in orders
    assert [each.sequence_number for each in standing(scripts)] == [*range(1, 7)]


def test_reorders_and_versions_at_once_lose_neither(ada: Caller, scripts: Place):
    names = has(ada, scripts, 3)
    versioned = [partial(versions.add, ada, scripts, name, Draft()) for name in names for _ in range(4)]

    made = at_once(*versioned, reorder(scripts, names, names[::-1]))

    assert isinstance(made[-1], dict)
    assert [(each.element_id, each.version_number) for each in standing(scripts)] == [("e3", 5), ("e2", 5), ("e1", 5)]


def test_reorders_and_a_compaction_at_once_keep_every_number_unique(
    ada: Caller, scripts: Place, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("functions.sequences.sequences.SETTLED_SECONDS", 0)
    names = has(ada, scripts, 12)
    for name in names[::3]:
        elements.delete(scripts, name, if_match=None)
    left = [each.element_id for each in standing(scripts)]

    made = at_once(
        partial(compactions.compact, ada, scripts, scope="sequences:write"),
        *[reorder(scripts, left[:4], left[3::-1]) for _ in range(3)],
        reorder(scripts, left, left[::-1]),
    )

    assert isinstance(made[0], dict)
    assert all(isinstance(each, (dict, OrderChanged, Compacting)) for each in made)
    assert [each.sequence_number for each in standing(scripts)] == [*range(1, 9)]


def test_creates_and_a_compaction_at_once_keep_every_number_unique(ada: Caller, scripts: Place):
    """No time has passed since the last number was given, so the compaction is left to a job."""
    has(ada, scripts, 5)
    elements.delete(scripts, "e2", if_match=None)

    made = at_once(
        partial(compactions.compact, ada, scripts, scope="sequences:write"),
        *[partial(create, ada, scripts, f"n{number}") for number in range(8)],
    )

    assert made[0]["kind"] == compactions.KIND
    assert [each.sequence_number for each in standing(scripts)] == [1, *range(3, 14)]


@soaks
def test_moves_into_one_gap_by_8_threads_end_in_one_order_and_their_ranks_are_spread(
    ada: Caller, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("functions.sequences.sequences.SETTLED_SECONDS", 0)
    each_moves = histories(25, soaking=125)
    element_types.add(ada, "scene", "rank")
    at = Place(ada.tenant_id, "global", "scene")
    has(ada, at, 66)
    left = dict.fromkeys(range(8), each_moves)

    def moves_its_own(thread: int) -> None:
        while left[thread]:
            name = f"e{3 + thread * 8 + left[thread] % 8}"
            try:
                moves.move(ada, at, name, "after", "e1", scope="sequences:write")
            except Spreading:
                return
            left[thread] -= 1

    while any(left.values()):
        made = at_once(*[partial(moves_its_own, thread) for thread in range(8)])
        assert made == [None] * 8
        spreads_ranks(ada)

    order = [each.element_id for each in standing(at)]
    assert (len(order), len(set(order)), order[0], order[-1]) == (66, 66, "e1", "e2")
    assert max(len(each.rank or "") for each in standing(at)) <= rank.LONGEST
    assert {each.sequence_number for each in standing(at)} == {*range(1, 67)}


def spreads_ranks(ada: Caller) -> None:
    """Do the jobs that are asked for, to their end."""
    for shown in jobs.page(ada, limit=10, cursor=None)[0]:
        job = jobs.find(ada.user_id, shown["job_id"])
        while job is not None and job.status == jobs.QUEUED:
            step = spreads.work(job)
            if step.position is None:
                jobs.cancel(ada, job.job_id)
                break
            job = job._replace(position=step.position, done=step.done)
