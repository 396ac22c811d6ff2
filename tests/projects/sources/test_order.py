"""Events of sources that come late, twice, in any order, or at the same instant as a transition."""

import random
from typing import Any

import pytest

from functions.projects.sources import sources
from functions.projects.sources.sources import Heard, Source
from tests.projects.sources.world import Goal, World, follows
from tests.projects.team import Person

SOURCE = Source("tenant_1", "pms_1", "prj_1", "goal", "goal_1", "user_1", "2026-11-20T12:00:00.000Z", 1)


@pytest.mark.parametrize("seed", range(12))
def test_in_whatever_order_events_come_the_newest_version_wins(seed: int, world: World, ada: Person, project: str):
    dice, goal = random.Random(seed), Goal.of(ada)  # noqa: S311 - a history, not a secret
    milestone = ada.begins(project, ada, completion_criteria=[{"key": "never", "text": "No"}], **follows(goal))
    done = set[int]()
    for _ in range(2):
        for _ in range(dice.randrange(1, 5)):
            number = dice.randrange(4)
            if number in done:
                goal.undoes(number)
            else:
                goal.does(number)
            done ^= {number}
        world.settles(milestone, by=[goal], shuffled=dice)

        shown = ada.get(milestone).body
        assert shown["progress"] == 25 * len(done)
        assert shown["source_state"] == ("reached" if len(done) == 4 else "open")


def test_of_states_in_any_order_the_newest_is_kept():
    heard = [Heard(version, (37 * version) % 101) for version in range(1, 8)]
    for seed in range(500):
        dice = random.Random(seed)  # noqa: S311 - as above
        found = SOURCE
        for each in dice.sample([*heard, *heard], 14):
            found = sources.told(found, each)

        assert (found.source_version, found.progress) == (7, heard[-1].progress)


def test_what_is_gone_stays_gone():
    gone = sources.told(SOURCE, Heard(5, 0, is_gone=True))

    assert gone.state == "gone"
    assert sources.told(gone, Heard(9, 100)) == gone


@pytest.mark.parametrize(
    ("kind", "threshold", "state", "progress"),
    [
        ("goal", 75, {"progress": 74}, 98),
        ("goal", 75, {"progress": 75}, 100),
        ("goal", 25, {"progress": 100}, 100),
        ("goal", 100, {"progress": 99}, 99),
        ("kpi", 100, {"current_value": "999.999", "target": "1000"}, 99),
        ("kpi", 100, {"current_value": "1000", "target": "1000"}, 99),
        ("kpi", 100, {"current_value": "-5", "target": "1000"}, 0),
        ("kpi", 100, {"current_value": "5", "target": "0"}, 0),
        ("kpi", 100, {"current_value": "5", "target": "1000", "status": "completed"}, 100),
        ("kpi", 100, {"current_value": "555", "target": "1000", "status": "missed"}, 55),
    ],
)
def test_how_far_a_state_says_a_source_is(kind: Any, threshold: int, state: dict[str, Any], progress: int):
    source = SOURCE._replace(kind=kind, threshold=threshold)
    heard = sources.heard(source, {"version": 3, "status": "in_progress", **state})

    assert heard == Heard(3, progress)


def test_a_state_of_before_goals_said_how_far_they_are_says_nothing():
    assert sources.heard(SOURCE, {"version": 3, "status": "active"}) is None
