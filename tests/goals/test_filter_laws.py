"""A list under every filter and order is what a filter over all goals says: across pages nothing is lost or doubled."""

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from functions.goals import lifecycle as goal_lifecycle
from functions.goals import list_shapes, reading
from functions.goals.goals import STATUSES
from functions.goals.list_shapes import Filter
from functions.goals.shapes import FilterSent, GoalDraft, GoalPatch
from shared import clock, ids
from shared.callers.auth import Caller
from shared.clock import DAY
from tests.aws.quick.table import clear
from tests.soaking import histories, soaks

NOW = clock.from_rfc3339("2026-03-01T00:00:00Z")
NAMES = st.sampled_from(["a", "b", "a#active", "%23"])
ZONES = st.sampled_from(["UTC", "Pacific/Kiritimati", "America/St_Johns"])
DEADLINES = st.none() | st.integers(0, 4).map(lambda days: clock.to_rfc3339(NOW + days * DAY)[:10])
FIELDS = {
    "category": st.none() | NAMES,
    "tags": st.lists(NAMES, max_size=3),
    "deadline": DEADLINES,
    "time_zone": ZONES,
}
CHANGES = st.fixed_dictionaries({}, optional=FIELDS) | st.sampled_from([*goal_lifecycle.TRANSITIONS, "delete"])
LIVES = st.lists(
    st.tuples(st.fixed_dictionaries(FIELDS), st.integers(0, 2), st.lists(CHANGES, max_size=3)), min_size=1, max_size=8
)
INSTANTS = st.integers(-1, 6).map(lambda days: clock.to_rfc3339(NOW + days * DAY))
FILTERS = st.one_of(
    st.just({}),
    st.fixed_dictionaries({"category": NAMES}),
    st.fixed_dictionaries({"tag": NAMES}),
    st.fixed_dictionaries({"is_overdue": st.booleans()}),
    st.fixed_dictionaries({}, optional={"due_after": INSTANTS, "due_before": INSTANTS}).filter(
        lambda due: len(due) < 2 or due["due_after"] < due["due_before"]
    ),
)
ASKED = st.tuples(
    st.none() | st.lists(st.sampled_from(STATUSES), min_size=1, unique=True).map(tuple),
    st.sampled_from(["created", "-created", "deadline", "-deadline"]),
    FILTERS,
    st.integers(1, 4),
)

Goals = list[dict[str, Any]]


@pytest.fixture
def caller(aws: None) -> Caller:
    return Caller(ids.new("user"), ids.new("tenant"), (), frozenset(), None, (), None)


def live(caller: Caller, lives: list[Any]) -> Goals:
    """Let goals live, and return them as they are then."""
    made = []
    for fields, hours, changes in lives:
        with time_machine.travel((NOW + hours * 3_600_000) / 1000, tick=False):
            draft = GoalDraft.model_validate({"title": "Goal", "start_at": clock.to_rfc3339(NOW), **fields})
            goal_id = goal_lifecycle.create(caller, draft)["goal_id"]
            made.append(goal_id)
            for change in changes:
                if change == "delete":
                    goal_lifecycle.delete(caller, goal_id)
                    made.pop()
                    break
                try_to(caller, goal_id, change)
    return [reading.goal(caller, goal_id) for goal_id in made]


def try_to(caller: Caller, goal_id: str, change: Any) -> None:
    if isinstance(change, dict):
        goal_lifecycle.patch(caller, goal_id, GoalPatch.model_validate(change))
        return
    leaves, _, _ = goal_lifecycle.TRANSITIONS[change]
    if reading.goal(caller, goal_id)["status"] in leaves:
        goal_lifecycle.transition(caller, goal_id, change)


def end(goal: dict[str, Any]) -> str:
    """Return when a goal ends, `~` for never."""
    if goal["deadline"] is None:
        return "~"
    day = goal_lifecycle.date.fromisoformat(goal["deadline"])
    return clock.to_rfc3339(goal_lifecycle.deadline.end_of(day, goal["time_zone"]))


def belongs(goal: dict[str, Any], given_filter: dict[str, Any]) -> bool:
    match given_filter:
        case {"category": category}:
            return goal["category"] == category
        case {"tag": tag}:
            return tag in goal["tags"]
        case {"is_overdue": is_overdue}:
            return goal["progress"]["is_overdue"] is is_overdue
    ends = end(goal)
    is_due = not given_filter or ends != "~"
    return is_due and given_filter.get("due_after", "") < ends <= given_filter.get("due_before", "~")


def pages(caller: Caller, asked: Any) -> Iterator[list[str]]:
    statuses, sort, given_filter, limit = asked
    wanted = list_shapes.asked(statuses, sort, Filter(**vars(FilterSent.model_validate(given_filter))))
    cursor = None
    while True:
        found, cursor = reading.list_goals(caller, wanted, limit=limit, cursor=cursor)
        assert len(found) <= limit
        yield [goal["goal_id"] for goal in found]
        if cursor is None:
            return


@soaks
@settings(
    max_examples=histories(12, soaking=40), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(lives=LIVES, asked=st.lists(ASKED, min_size=12, max_size=12))
def test_a_list_is_a_filter_over_all_goals(lives: list[Any], asked: list[Any], caller: Caller):
    clear()
    with time_machine.travel((NOW + 3 * DAY) / 1000, tick=False):
        goals = live(caller, lives)
    with time_machine.travel((NOW + 3 * DAY) / 1000, tick=False):
        goals = [reading.goal(caller, goal["goal_id"]) for goal in goals]
        for statuses, sort, given_filter, limit in asked:
            among = statuses or (("active",) if sort.endswith("deadline") else STATUSES)
            expected = [goal for goal in goals if goal["status"] in among and belongs(goal, given_filter)]
            found = [goal_id for page in pages(caller, (statuses, sort, given_filter, limit)) for goal_id in page]

            assert sorted(found) == sorted(goal["goal_id"] for goal in expected)
            places = {goal["goal_id"]: (end(goal), goal["created_at"]) for goal in expected}
            keys = [places[goal_id][0 if sort.endswith("deadline") else 1] for goal_id in found]
            assert keys == sorted(keys, reverse=sort.startswith("-"))
        counts = reading.counts(caller)
        assert counts == {
            **{status: sum(goal["status"] == status for goal in goals) for status in STATUSES},
            "total": len(goals),
        }
