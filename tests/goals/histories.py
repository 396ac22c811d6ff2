"""Random histories of a goal: their instants, and everything that an owner can do to one."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from types import ModuleType
from typing import Any

import time_machine
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    precondition,
    rule,
)

from functions.goals import achievements, goals, progress, reading
from functions.goals import lifecycle as goal_lifecycle
from functions.goals.shapes import GoalDraft, GoalPatch, TaskDraft, TaskPatch
from functions.goals.tasks import lifecycle as task_lifecycle
from shared import clock, ids
from shared.callers.auth import Caller
from shared.clock import DAY, Instant
from shared.storage import events, table
from tests.aws.quick.table import clear
from tests.goals.recount import THRESHOLDS, Account, Change, Facts, falls, recount, regains
from tests.soaking import histories

NOW: Instant = 1_767_225_600_000
HISTORIES = settings(
    max_examples=histories(200, soaking=2000),
    stateful_step_count=20,
    derandomize=True,
    database=None,
    deadline=None,
    print_blob=False,
    suppress_health_check=list(HealthCheck),
)
PAUSES = st.one_of(
    st.integers(0, 3), st.integers(0, 30).map(lambda days: days * DAY), st.integers(0, 20 * 365 * DAY), st.just(DAY)
)
WEIGHTS = st.one_of(st.just(1), st.integers(1, 4), st.integers(1, 1000))
SHARES = st.one_of(st.just(70), st.sampled_from([0, 25, 50, 75, 100]), st.integers(0, 100))
BEGINS = st.integers(-400 * DAY, 40 * DAY)
DAYS = st.none() | st.integers(0, 400) | st.just(8)


class Operations(RuleBasedStateMachine):
    """A goal of somebody who does everything that an owner can do, on a clock that stands still in between."""

    tasks = Bundle("tasks")

    @initialize(begin=BEGINS, days=DAYS, task_share=SHARES)
    def create_goal(self, begin: int, days: int | None, task_share: int) -> None:
        clear()
        self.traveller = time_machine.travel(0, tick=False)
        self.clock = self.traveller.start()
        self.come_to(NOW)
        self.caller = Caller(ids.new("user"), ids.new("tenant"), (), frozenset(), None, (), None)
        start = NOW + begin
        deadline = last_day(start, days)
        weights = {"task": task_share, "time": 100 - task_share}
        sent = {"title": "Run", "start_at": clock.to_rfc3339(start), "deadline": deadline, "weights": weights}
        self.goal_id = goal_lifecycle.create(self.caller, GoalDraft.model_validate(sent))["goal_id"]
        self.history = [Change(min(start, NOW), Facts(start, end_of(deadline), task_share))]
        self.status = "active"
        self.lives(status="active")

    @property
    def facts(self) -> Facts:
        return self.history[-1].facts

    def teardown(self) -> None:
        # Here and not after every step: it reads all events of the goal.
        self.each_first_achievement_was_recorded_and_announced_once()
        self.each_fall_was_announced_once()
        self.each_regain_was_announced_once()
        self.traveller.stop()

    def come_to(self, instant: int) -> None:
        # Half a millisecond more: the traveller takes seconds as a float.
        self.now = instant
        self.clock.move_to(clock.to_datetime(instant) + timedelta(microseconds=500), tick=False)

    def lives(self, **facts: Any) -> None:
        self.history.append(Change(self.now, replace(self.facts, **facts)))

    def patch(self, **sent: Any) -> None:
        goal_lifecycle.patch(self.caller, self.goal_id, GoalPatch.model_validate(sent))

    def set_task(self, task: str, **sent: Any) -> None:
        if sent == {"status": "completed"}:
            task_lifecycle.complete(self.caller, self.goal_id, task)
        elif sent == {"status": "active"}:
            task_lifecycle.reopen(self.caller, self.goal_id, task)
        else:
            task_lifecycle.patch(self.caller, self.goal_id, task, TaskPatch.model_validate(sent))
        weight, status = self.facts.tasks[task]
        self.lives(tasks={**self.facts.tasks, task: (sent.get("weight", weight), sent.get("status", status))})

    @rule(pause=PAUSES)
    def time_passes(self, pause: int) -> None:
        self.come_to(self.now + pause)

    @rule(threshold=st.integers(0, 3), beside=st.integers(-1, 1))
    def time_comes_to_a_threshold(self, threshold: int, beside: int) -> None:
        predicted = recount(self.history, self.now).predicted_at[threshold]
        self.come_to(max(self.now, (predicted or self.now) + beside))

    @precondition(lambda self: self.status in {"active", "paused"})
    @rule(target=tasks, weight=WEIGHTS)
    def add_task(self, weight: int) -> str:
        task = task_lifecycle.add(self.caller, self.goal_id, TaskDraft(title="Step", weight=weight))["task_id"]
        self.lives(tasks={**self.facts.tasks, task: (weight, "active")})
        return task

    @rule(task=tasks, status=st.sampled_from(["completed", "completed", "active", "paused", "cancelled", "archived"]))
    def set_task_status(self, task: str, status: str) -> None:
        self.set_task(task, status=status)

    @rule(task=tasks, weight=WEIGHTS)
    def set_task_weight(self, task: str, weight: int) -> None:
        self.set_task(task, weight=weight)

    @rule(task=consumes(tasks))
    def delete_task(self, task: str) -> None:
        task_lifecycle.delete(self.caller, self.goal_id, task)
        self.lives(tasks={name: kept for name, kept in self.facts.tasks.items() if name != task})

    @rule(days=DAYS)
    def move_deadline(self, days: int | None) -> None:
        deadline = last_day(self.facts.start, days)
        self.patch(deadline=deadline)
        self.lives(end=end_of(deadline))

    @rule(begin=BEGINS)
    def move_start(self, begin: int) -> None:
        start = self.now + begin if self.facts.end is None else min(self.now + begin, self.facts.end - 1)
        self.patch(start_at=clock.to_rfc3339(start))
        self.lives(start=start)

    @rule(task_share=SHARES)
    def set_weights(self, task_share: int) -> None:
        self.patch(weights={"task": task_share, "time": 100 - task_share})
        self.lives(task_share=task_share)

    @rule(title=st.sampled_from(["Run", "Run far", "Run fast"]))
    def retitle(self, title: str) -> None:
        before = self.goal().version
        self.patch(title=title)
        if self.goal().version > before:
            self.lives(status=self.facts.status)

    @rule(action=st.sampled_from(sorted(goal_lifecycle.TRANSITIONS)))
    def move_on(self, action: str) -> None:
        leaves, status, _ = goal_lifecycle.TRANSITIONS[action]
        if self.status in leaves:
            goal_lifecycle.transition(self.caller, self.goal_id, action)
            self.status = status
            self.lives(status=status)

    @rule(threshold=st.integers(0, 3), part=st.sampled_from([0, Fraction(1, 2), 1]), beside=st.integers(-1, 1))
    def ask_of_an_instant(self, threshold: int, part: Fraction, beside: int) -> None:
        changed_at = self.goal().ledger.changed_at
        lived = [change for change in self.history if change.at <= changed_at]
        crossing = recount(lived, changed_at).predicted_at[threshold] or self.now
        at = max(changed_at, changed_at + int(part * (crossing - changed_at)) + beside)
        account = recount(lived, at)

        shown = reading.goal_progress(self.caller, self.goal_id, at=at)

        assert shown["progress_percentage"] == account.percentage
        for name in ("achieved_at", "first_achieved_at", "predicted_at"):
            instants = [None if each is None else clock.to_rfc3339(each) for each in getattr(account, name)]
            assert [milestone[name] for milestone in shown["milestones"]] == instants

    def goal(self) -> goals.Goal:
        item = table.get(goals.key(self.caller.user_id, self.goal_id), consistent=True)
        assert item is not None
        return goals.from_item(item)

    @invariant()
    def the_stored_ledger_equals_a_recount(self) -> None:
        assert told(progress, self.goal().ledger, self.now) == recount(self.history, self.now)

    @property
    def recorded_until(self) -> int:
        """Until when what time alone has reached is recorded: until the last change."""
        return self.history[-1].at

    def each_first_achievement_was_recorded_and_announced_once(self) -> None:
        firsts = recount(self.history, self.recorded_until).first_achieved_at
        expected = {t: clock.to_rfc3339(at) for t, at in zip(THRESHOLDS, firsts, strict=True) if at is not None}
        recorded = list(table.query_all(f"USER#{self.caller.user_id}", achievements.prefix(self.goal_id)))
        announced = [event["data"] for event in self.events("goals.milestone.achieved")]

        assert {item["percentage"]: item["achieved_at"] for item in recorded} == expected
        assert {data["percentage"]: data["achieved_at"] for data in announced} == expected
        assert len(announced) == len(expected)

    def each_fall_was_announced_once(self) -> None:
        lost = Counter(event["data"]["percentage"] for event in self.events("goals.milestone.lost"))

        assert [lost[threshold] for threshold in THRESHOLDS] == falls(self.history)

    def each_regain_was_announced_once(self) -> None:
        regained = Counter(event["data"]["percentage"] for event in self.events("goals.milestone.regained"))

        assert [regained[threshold] for threshold in THRESHOLDS] == regains(self.history)

    def events(self, event_type: str) -> list[dict[str, Any]]:
        found = table.query_all(f"USER#{self.caller.user_id}", events.prefix(self.goal_id))
        return [event for event in found if event["event_type"] == event_type]


def told(formulas: ModuleType, ledger: progress.Ledger, now: Instant) -> Account:
    """Return what a ledger has to say at an instant, as its views say it."""
    advanced = formulas.as_of(ledger, now)
    time = formulas.time_progress(advanced, now)
    return Account(
        progress=Fraction(*formulas.hybrid(advanced, now)),
        percentage=formulas.percent(formulas.hybrid(advanced, now)),
        task_progress=Fraction(*formulas.task_progress(advanced)),
        time_progress=None if time is None else Fraction(*time),
        completed_tasks=advanced.completed_tasks,
        total_tasks=advanced.total_tasks,
        achieved_at=advanced.since,
        first_achieved_at=advanced.first,
        predicted_at=tuple(
            formulas.predicted_at(advanced, index) if since is None else None
            for index, since in enumerate(advanced.since)
        ),
    )


def last_day(start: int, days: int | None) -> str | None:
    return None if days is None else (clock.to_datetime(start).date() + timedelta(days)).isoformat()


def end_of(day: str | None) -> int | None:
    return None if day is None else ((date.fromisoformat(day) - date(1970, 1, 1)).days + 1) * DAY
