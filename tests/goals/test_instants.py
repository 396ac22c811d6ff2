"""Progress at an instant: one question, one answer, whatever looked at the goal or changed anything else meanwhile."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from functions.goals import lifecycle as goal_lifecycle
from functions.goals import progress, reading
from functions.goals.schedules import schedules
from functions.goals.shapes import GoalDraft, GoalImport, GoalPatch
from functions.goals.transfer import exports, imports, restores
from functions.goals.transfer.shapes import GoalRestore
from shared import clock, ids
from shared.callers.auth import Caller
from shared.clock import DAY, Instant
from tests.aws.scheduler import make_surroundings
from tests.goals.conftest import Happened, Travel
from tests.goals.people import Person
from tests.goals.recount import THRESHOLDS, Account, Change, Facts, recount

NOW = "2026-11-20T12:00:00Z"
ADDED = {"at": "2025-01-02T00:00:00Z", "event": "task_added", "task": "a", "title": "A"}
RACE = {"title": "race", "start_at": "2025-01-01T00:00:00Z", "deadline": "2026-12-31", "history": [ADDED]}
QUARTER = "2026-09-01T08:00:00.000Z"
"""When time alone carries the race over 25 %."""


@pytest.fixture
def imported(ada: Person, travel: Travel) -> str:
    travel(NOW)
    return str(ada.post("/goals/import", RACE).body["goal_id"])


def test_a_milestone_that_is_reached_later_is_predicted_at_an_instant_before(ada: Person, imported: str):
    then = ada.progress(imported, "at=2025-01-03T00:00:00Z")

    assert then["progress_percentage"] == 0.08
    assert of_the_first_quarter(then) == (False, None, None, QUARTER)
    assert [each["achieved"] for each in then["milestones"]] == [False] * 4


def test_it_is_reached_at_its_instant_and_not_a_millisecond_before(ada: Person, imported: str):
    before = ada.progress(imported, "at=2026-09-01T07:59:59.999Z")
    then = ada.progress(imported, f"at={QUARTER}")

    assert of_the_first_quarter(before) == (False, None, None, QUARTER)
    assert of_the_first_quarter(then) == (True, QUARTER, QUARTER, None)


def test_graphql_answers_the_same(ada: Person, imported: str):
    asked = {"goalId": imported, "at": "2025-01-03T00:00:00Z"}

    quarter = ada.ask("goalProgress", asked).data["milestones"][0]

    assert quarter["achieved"] is False
    assert (quarter["achievedAt"], quarter["firstAchievedAt"], quarter["predictedAt"]) == (None, None, QUARTER)


LEDGER = progress.Ledger(start=0, end=400, task_share=0, changed_at=50)
ONE, TWO, ALL = (100, None, None, None), (100, 200, None, None), (100, 200, 300, 400)
CASES = {
    "nothing recorded, before all": (progress.NEVER, progress.NEVER, 99, progress.NEVER, progress.NEVER),
    "nothing recorded, at a crossing": (progress.NEVER, progress.NEVER, 100, ONE, ONE),
    "recorded, the millisecond before": (TWO, TWO, 99, progress.NEVER, progress.NEVER),
    "recorded, at the first": (TWO, TWO, 100, ONE, ONE),
    "recorded, in between": (TWO, TWO, 199, ONE, ONE),
    "recorded, later than all": (TWO, TWO, 400, ALL, ALL),
    "reached before the last change": (
        (20, None, None, None),
        (20, None, None, None),
        50,
        (20, None, None, None),
        (20, None, None, None),
    ),
    "lost and reached again by time": (ONE, (10, None, None, None), 60, progress.NEVER, (10, None, None, None)),
}


@pytest.mark.parametrize(("since", "first", "at", "since_then", "first_then"), CASES.values(), ids=CASES)
def test_a_ledger_is_as_of_an_instant(
    since: progress.Instants,
    first: progress.Instants,
    at: Instant,
    since_then: progress.Instants,
    first_then: progress.Instants,
):
    then = progress.as_of(LEDGER._replace(since=since, first=first), at)

    assert (then.since, then.first) == (since_then, first_then)
    assert progress.as_of(then, at) == then


def of_the_first_quarter(shown: dict[str, Any]) -> tuple[Any, ...]:
    names = ("achieved", "achieved_at", "first_achieved_at", "predicted_at")
    return tuple(shown["milestones"][0][name] for name in names)


def test_a_restored_goal_answers_as_the_original_did(ada: Person, imported: str, travel: Travel):
    asked = "at=2026-05-01T00:00:00Z"
    original = ada.progress(imported, asked)
    travel("2026-11-21T12:00:00Z")
    carried = ada.get(f"/goals/{imported}/export").body
    restored = ada.post("/goals/restore", carried["goal"]).body["goal_id"]
    ada.post(f"/goals/restore/{restored}/tasks", {"tasks": carried["tasks"]})
    ada.post(f"/goals/restore/{restored}/finish", {"task_count": 1})

    assert without_names(ada.progress(restored, asked)) == without_names(original)


def without_names(shown: dict[str, Any]) -> dict[str, Any]:
    milestones = [{**each, "id": None} for each in shown["milestones"]]
    return {**shown, "goal_id": None, "milestones": milestones, "last_updated": None}


Act = Callable[[Caller, str], object]
MEANWHILE: dict[str, Act] = {
    "a look": lambda caller, goal_id: schedules.look(caller.user_id, goal_id),
    "another title": lambda caller, goal_id: goal_lifecycle.patch(caller, goal_id, GoalPatch(title=ids.new("goal"))),
    "other tags": lambda caller, goal_id: goal_lifecycle.patch(caller, goal_id, GoalPatch(tags=[ids.new("goal")])),
    "an export": lambda caller, goal_id: exports.page(caller, goal_id, limit=10, cursor=None),
    "a reader": reading.goal,
}


def create(caller: Caller, sent: dict[str, Any]) -> str:
    return str(goal_lifecycle.create(caller, GoalDraft.model_validate(sent))["goal_id"])


def bring_along(caller: Caller, sent: dict[str, Any]) -> str:
    return str(imports.run(caller, GoalImport.model_validate({**sent, "history": []}))["goal_id"])


def restore(caller: Caller, sent: dict[str, Any]) -> str:
    exported = exports.page(caller, create(caller, sent), limit=1, cursor=None)["goal"]
    begun = restores.begin(caller, GoalRestore.model_validate(exported))["goal_id"]
    return str(restores.finish(caller, begun, task_count=0)["goal_id"])


WAYS = {"created": create, "imported": bring_along, "restored": restore}


@pytest.mark.parametrize("way", WAYS)
@settings(max_examples=15, derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    age=st.integers(0, 400),
    length=st.integers(0, 800),
    time_share=st.sampled_from([10, 30, 50, 100]),
    asked=st.integers(0, 3),
    beside=st.integers(-2, 2) | st.integers(-300 * DAY, 300 * DAY),
    meanwhile=st.lists(st.tuples(st.integers(0, 200), st.sampled_from(sorted(MEANWHILE))), min_size=1, max_size=4),
)
def test_one_question_has_one_answer(
    way: str,
    surroundings: None,
    travel: Travel,
    age: int,
    length: int,
    time_share: int,
    asked: int,
    beside: int,
    meanwhile: list[tuple[int, str]],
):
    now = clock.from_stored("2026-11-20T12:00:00.000Z")
    travel(NOW)
    caller = Caller(ids.new("user"), ids.new("tenant"), (), frozenset(), None, (), None)
    start, day = now - age * DAY, clock.to_datetime(now + (length - age) * DAY).date()
    lived = [Change(start, Facts(start, end_of(day), 100 - time_share))]
    at = max(start, (recount(lived, start).predicted_at[asked] or now) + beside)
    goal_id = WAYS[way](caller, draft(start, day, time_share))
    answers = [reading.goal_progress(caller, goal_id, at=at)]
    for days, what in meanwhile:
        now += days * DAY
        travel(clock.to_rfc3339(now))
        MEANWHILE[what](caller, goal_id)
        answers.append(reading.goal_progress(caller, goal_id, at=at))

    assert [each | {"last_updated": None} for each in answers] == [answers[0] | {"last_updated": None}] * len(answers)
    assert instants_of(answers[0]) == expected(recount(lived, at))


def draft(start: Instant, day: date, time_share: int) -> dict[str, Any]:
    weights = {"task": 100 - time_share, "time": time_share}
    return {"title": "Run", "start_at": clock.to_rfc3339(start), "deadline": day.isoformat(), "weights": weights}


def end_of(day: date) -> Instant:
    return ((day - date(1970, 1, 1)).days + 1) * DAY


def instants_of(shown: dict[str, Any]) -> list[tuple[str | None, ...]]:
    names = ("achieved_at", "first_achieved_at", "predicted_at")
    return [tuple(each[name] for name in names) for each in shown["milestones"]]


def expected(account: Account) -> list[tuple[str | None, ...]]:
    kinds = (account.achieved_at, account.first_achieved_at, account.predicted_at)
    return [
        tuple(None if kind[index] is None else clock.to_rfc3339(kind[index]) for kind in kinds)
        for index in range(len(THRESHOLDS))
    ]


@pytest.fixture
def surroundings(aws: None, monkeypatch: pytest.MonkeyPatch) -> None:
    make_surroundings(monkeypatch)


def test_a_clock_that_is_behind_takes_back_nothing_that_was_announced(
    ada: Person, surroundings: None, travel: Travel, happened: Happened
):
    travel("2026-08-31T08:00:00Z")
    goal_id = ada.post("/goals/import", RACE).body["goal_id"]
    travel("2026-09-01T08:00:00.020Z")
    schedules.look(ada.user_id, goal_id)
    travel("2026-09-01T07:59:59.990Z")

    shown = ada.progress(goal_id)
    ada.adds_task(goal_id)
    travel("2026-09-02T08:00:00Z")
    ada.adds_task(goal_id)

    announced = [event for event in happened(ada, goal_id) if event["event_type"] == "goals.milestone.achieved"]
    assert (shown["as_of"], of_the_first_quarter(shown)) == (QUARTER, (True, QUARTER, QUARTER, None))
    assert of_the_first_quarter(ada.progress(goal_id)) == (True, QUARTER, QUARTER, None)
    assert len(announced) == 1
