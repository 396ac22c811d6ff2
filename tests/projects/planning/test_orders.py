"""Halves of a cycle, and a start beside a refusal of what it needs, in 50 orders of what both ask of the table."""

from functools import partial
from typing import Any

import pytest

from functions.projects import lifecycle as projects
from functions.projects.dependencies.dependencies import Dependency
from functions.projects.milestones import commands, lifecycle
from functions.projects.milestones.transition import Event
from functions.projects.ownership import owning
from functions.projects.planning import lifecycle as planning
from shared import ids
from shared.callers.caller import Caller
from tests.aws.races import shuffled
from tests.projects.verification.court import Court, outcome

ROUNDS = 50
COMPLETING: tuple[Event, ...] = ("start", "complete")
EDGES: dict[str, dict[str, Any]] = {
    "plain": {},
    "optional": {"is_optional": True},
    "conditional": {"condition": 'milestone.priority == "low"'},
    "to be paid for": {"type": "payment_to_start"},
    "start to finish": {"type": "start_to_finish"},
}


@pytest.fixture
def ada(aws: None) -> Caller:
    return Caller(ids.new("user"), ids.new("tenant"), (), frozenset({"projects:admin"}), None, (), None)


@pytest.fixture
def project_id(ada: Caller) -> str:
    return str(projects.create(ada, {"name": "Engine", "currency": "EUR"})["project_id"])


def plans(ada: Caller, project_id: str) -> str:
    draft = {"title": "Mill", "kind": "custom", "amount_minor_units": 500}
    return str(lifecycle.create(ada, project_id, draft)["project_milestone_id"])


def waits(ada: Caller, milestone_id: str, on: str, **edge: Any) -> Any:
    return partial(outcome, partial(planning.add, ada, milestone_id, Dependency(on, **edge)))


@pytest.mark.parametrize("second", EDGES)
@pytest.mark.parametrize("first", ["plain", "optional", "conditional"])
def test_of_two_halves_of_a_cycle_one_is_refused_whatever_the_edges(
    first: str, second: str, ada: Caller, project_id: str
):
    one, two = plans(ada, project_id), plans(ada, project_id)
    refused = set()
    for seed in range(ROUNDS):
        ended = shuffled(seed, waits(ada, one, two, **EDGES[first]), waits(ada, two, one, **EDGES[second]))
        refused.add(ended.index("DependencyCycle"))

        assert sorted(ended) == ["DependencyCycle", "done"]
        planning.remove(ada, *((one, two) if ended[0] == "done" else (two, one)), if_match=None)
    assert refused == {0, 1}


@pytest.mark.parametrize("edge", EDGES)
def test_of_a_part_and_of_what_waits_for_its_whole_one_is_refused(edge: str, ada: Caller, project_id: str):
    whole = str(lifecycle.create(ada, project_id, {"title": "Mill", "kind": "custom"})["project_milestone_id"])
    part, first = plans(ada, project_id), plans(ada, project_id)
    lifecycle.change(ada, whole, {"amount_minor_units": None}, if_match=None)
    planning.add(ada, part, Dependency(first, is_optional=True))
    into = partial(outcome, partial(lifecycle.change, ada, part, {"parent_id": whole}, if_match=None))
    on_whole = {name: value for name, value in EDGES[edge].items() if value != "payment_to_start"}
    refused = set()
    for seed in range(ROUNDS):
        ended = shuffled(seed, waits(ada, first, whole, **on_whole), into)
        refused.add(ended.index("DependencyCycle"))

        assert sorted(ended) == ["DependencyCycle", "done"]
        if ended[0] == "done":
            planning.remove(ada, first, whole, if_match=None)
        else:
            lifecycle.change(ada, part, {"parent_id": None}, if_match=None)
    assert refused == {0, 1}


def test_no_start_comes_after_what_it_waits_for_was_rejected(aws: None):
    court, orders = Court(), set[tuple[str, ...]]()
    ben = court.joins("creator")
    for seed in range(ROUNDS):
        first = _planned(court, ben)
        for event in COMPLETING:
            court.moves(first, event, by=ben)
        then = _planned(court, court.ada, on=first)
        order: list[str] = []

        def moves(milestone_id: str, event: Event, order: list[str] = order) -> None:
            commands.advance(court.ada, milestone_id, event, if_match=None, reason="It jams.")
            order.append(event)

        acts = [partial(outcome, partial(moves, *each)) for each in ((then, "start"), (first, "reject"))]
        ended = shuffled(seed, *acts)
        orders.add(tuple(order))

        assert ended == ["done" if "start" in order else "DependenciesOpen", "done"]
    assert orders == {("start", "reject"), ("reject",)}


def _planned(court: Court, owner: Caller, on: str | None = None) -> str:
    """Return an active milestone that a manager accepts, and that may wait for another."""
    draft = {"title": "Mill", "kind": "custom", "acceptance": "manager"}
    milestone_id = str(lifecycle.create(court.ada, court.project_id, draft)["project_milestone_id"])
    owning.assign(court.ada, milestone_id, owner.user_id, "primary", 0)
    if owner != court.ada:
        owning.accept(owner, milestone_id)
    if on is not None:
        planning.add(court.ada, milestone_id, Dependency(on))
    court.moves(milestone_id, "activate")
    return milestone_id
