"""Histories at random: what is restated is what the events said, and who keeps the highest version ends right.

Restatements are read at one time and said at another, events come twice and in any order, and some never do.
Each of the two lives through 1,000 of them, `make soak` through 10,000, HISTORIES=100000 more.
"""

import random
from collections.abc import Mapping
from typing import Any

import pytest
import time_machine

from functions.milestones.evaluation import client as evaluator
from shared.storage.events import Event
from tests.aws.quick.table import QuickTable
from tests.milestones.conftest import secret, wire
from tests.milestones.evaluation.wire import Wire
from tests.restating.facts import Facts, Subject
from tests.restating.living import KINDS, World
from tests.soaking import histories, soaks
from tests.webhooks.conftest import _stage

__all__ = ["_stage", "secret", "wire"]

HISTORIES = histories(1000, soaking=10_000)
PARTS = 10
STEPS = 50


@pytest.fixture
def table_of_world(_stage: None, pepper: str, wire: Wire) -> QuickTable:
    """The one table of all histories of a part."""
    quick = QuickTable()
    quick.stand_in()
    return quick


def live(table: QuickTable, seed: int) -> World:
    """Live through a history."""
    luck = random.Random(seed)  # noqa: S311 - repeatable, not secret
    with time_machine.travel("2026-11-20T12:00:00Z", tick=False) as time:
        evaluator.breaker.succeeded()
        contexts = tuple(KINDS) if seed % 2 else (luck.choice(sorted(KINDS)),)
        world = World(table, luck, time, contexts)
        world.begins()
        for _ in range(luck.randint(10, STEPS)):
            world.step()
    return world


def disordered(luck: random.Random, heard: list[Event]) -> list[Event]:
    """Return the same in another order, some of it twice."""
    again = luck.sample(heard, k=luck.randint(0, len(heard)))
    return luck.sample([*heard, *again], k=len(heard) + len(again))


def versioned(facts: Mapping[Subject, Mapping[str, Any]]) -> dict[Subject, int]:
    return {subject: state["version"] for subject, state in facts.items()}


def without_versions(facts: Mapping[Subject, Mapping[str, Any]]) -> dict[Subject, dict[str, Any]]:
    """Return facts without the versions of tracked milestones.

    What concerns the evaluator only raises them, and is no event: as it is told, such a milestone is no other one.
    """
    return {
        subject: {name: value for name, value in state.items() if name != "version" or subject[0] != "milestones"}
        for subject, state in facts.items()
    }


def hold_same(told: Mapping[Subject, Mapping[str, Any]], truth: Mapping[Subject, Mapping[str, Any]]) -> None:
    """Fail unless these are the facts that the events have told."""
    assert without_versions(told) == without_versions(truth)
    assert all(version >= versioned(truth)[subject] for subject, version in versioned(told).items())


def hold_equal_versions_equal(said: list[Event], happened: list[Event]) -> None:
    """Fail when a change has told another state, or other data, than a restatement of the version that it made."""
    told = {_place(event): event for event in happened if event.state is not None}
    for event in said:
        change = told.get(_place(event))
        if change is not None:
            assert event.state == change.state
            assert event.data.items() <= {**event.data, **change.data}.items()


def _place(event: Event) -> tuple[str, str, str, int]:
    state = event.state or {}
    return event.event_type.split(".")[0], event.subject_id, state["created_at"], state["version"]


@soaks
@pytest.mark.parametrize("part", range(PARTS))
def test_what_is_restated_is_what_the_events_said(part: int, table_of_world: QuickTable) -> None:
    for seed in range(part, HISTORIES, PARTS):
        world = live(table_of_world, seed)
        happened, restated = world.happened(), world.restated()
        told = Facts(restated)

        assert len(told.of) == len(restated), f"seed {seed}"
        hold_same(told.of, Facts(happened).there())
        hold_equal_versions_equal([*world.said, *restated], happened)


@soaks
@pytest.mark.parametrize("part", range(PARTS))
def test_who_keeps_the_highest_version_ends_right_whatever_comes_when(part: int, table_of_world: QuickTable) -> None:
    for seed in range(part, HISTORIES, PARTS):
        world = live(table_of_world, HISTORIES + seed)
        happened = world.happened()
        truth = Facts(happened)

        hold_same(Facts(disordered(world.luck, [*happened, *world.said])).of, truth.of)

        heard = world.luck.sample(happened, k=world.luck.randint(0, len(happened)))
        mended = Facts(disordered(world.luck, [*heard, *world.said, *world.restated()]))
        hold_same({subject: mended.of[subject] for subject in truth.there()}, truth.there())
