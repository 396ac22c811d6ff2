"""The chart is what happened: each sample equals a recount of the history until then, lived or brought along."""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import run_state_machine_as_test
from moto.dynamodb.models.table import StreamShard

from functions.goals import goals, points
from functions.goals.charts import samples as chart
from functions.goals.charts.samples import Sample
from functions.goals.goals import Goal
from functions.goals.shapes import GoalImport
from functions.goals.transfer import imports
from shared import clock, ids
from shared.callers.auth import Caller
from shared.clock import DAY
from shared.storage import table
from tests.aws.quick.table import clear
from tests.goals.histories import HISTORIES, NOW, SHARES, WEIGHTS, Operations, end_of, last_day
from tests.goals.recount import Change, Facts, recount
from tests.soaking import histories, soaks

GONE = {"cancelled", "archived"}
SHORT = settings(HISTORIES, stateful_step_count=10)


def seen(sample: Sample) -> tuple[Any, ...]:
    """Return what a sample says, exactly."""
    numbers = sample.scope_weight, sample.done_weight, sample.total_tasks, sample.completed_tasks
    time = sample.time_progress
    return (*numbers, Fraction(*sample.progress), Fraction(*sample.task_progress), time and Fraction(*time))


def true(history: Sequence[Change], at: int) -> tuple[Any, ...]:
    """Return what a recount of the history until an instant says."""
    until = [change for change in history if change.at <= at]
    account = recount(until, at)
    counted = [(weight, status) for weight, status in until[-1].facts.tasks.values() if status not in GONE]
    weights = sum(weight for weight, _ in counted), sum(weight for weight, status in counted if status == "completed")
    counts = account.total_tasks, account.completed_tasks
    time = None if account.time_progress is None else account.time_progress
    return (*weights, *counts, account.progress, account.task_progress, time)


def hold_against_recount(samples: Sequence[Sample], history: Sequence[Change], now: int) -> None:
    """Fail unless each sample is true, they begin and end where they should, and nothing is left out between them."""
    opening, *others = samples

    assert opening.at == history[0].at // DAY * DAY
    assert seen(opening)[:6] == (0, 0, 0, 0, 0, 0)
    assert [seen(sample) for sample in others] == [true(history, sample.at) for sample in others]
    assert [sample.at for sample in others[:-1]] == sorted({(sample.at // DAY + 1) * DAY - 1 for sample in others[:-1]})
    assert others[-1].at == now
    for one, next_one in pairwise(others):
        assert next_one.at // DAY - one.at // DAY <= 1 or is_straight(history, one, next_one)


def is_straight(history: Sequence[Change], one: Sample, next_one: Sample) -> bool:
    """Tell whether between two samples only time moved, evenly."""
    middle = (one.at + next_one.at) // 2
    part = Fraction(middle - one.at, next_one.at - one.at)
    rise = Fraction(*next_one.progress) - Fraction(*one.progress)
    found = true(history, middle)
    return found[:4] == seen(one)[:4] == seen(next_one)[:4] and found[4] == Fraction(*one.progress) + part * rise


class Brought:
    """A history that is written down entry by entry, and the facts that it makes true."""

    def __init__(self, start: int, days: int | None, task_share: int) -> None:
        self.start, self.at, self.entries = start, start, list[dict[str, Any]]()
        self.deadline = last_day(start, days)
        self.history = [Change(start, Facts(start, end_of(self.deadline), task_share))]
        self.weights = {"task": task_share, "time": 100 - task_share}
        self.sent = {"title": "Run", "start_at": clock.to_rfc3339(start), "deadline": self.deadline}

    def happens(self, event: str, facts: dict[str, Any], **fields: Any) -> None:
        self.entries.append({"at": clock.to_rfc3339(self.at), "event": event, **fields})
        self.history.append(Change(self.at, replace(self.history[-1].facts, **facts)))

    def goes_on(self, step: tuple[int, int, int]) -> None:
        """Let time pass and something happen: what, is a number that finds what is possible then."""
        pause, choice, weight = step
        self.at += pause
        tasks = self.history[-1].facts.tasks
        name = str(choice % (len(tasks) + 1))
        if name not in tasks:
            self.happens(
                "task_added", {"tasks": {**tasks, name: (weight, "active")}}, task=name, title="Step", weight=weight
            )
        elif choice % 7 == 0:
            day = last_day(self.start, weight)
            self.happens("deadline_moved", {"end": end_of(day)}, deadline=day)
        else:
            known, status = tasks[name]
            event, then = self.next_step(status, choice)
            self.happens(event, {"tasks": {**tasks, name: (known, then)}}, task=name)

    @staticmethod
    def next_step(status: str, choice: int) -> tuple[str, str]:
        if status != "active":
            return "task_reopened", "active"
        return ("task_completed", "completed") if choice % 3 else ("task_cancelled", "cancelled")


STEPS = st.tuples(st.sampled_from([0, 1, DAY // 3, DAY, 9 * DAY, 200 * DAY]), st.integers(0, 1000), WEIGHTS)


@pytest.fixture
def caller(aws: None) -> Caller:
    return Caller(ids.new("user"), ids.new("tenant"), (), frozenset(), None, (), None)


def imported(caller: Caller, brought: Brought) -> Goal:
    sent = {**brought.sent, "weights": brought.weights, "history": brought.entries}
    goal_id = imports.run(caller, GoalImport.model_validate(sent))["goal_id"]
    item = table.get(goals.key(caller.user_id, goal_id), consistent=True)
    assert item is not None
    return goals.from_item(item)


@soaks
def test_the_chart_of_an_import_equals_a_recount_of_its_history(caller: Caller) -> None:
    @settings(SHORT, max_examples=histories(15, soaking=40))
    @given(days=st.none() | st.integers(0, 1000), task_share=SHARES, steps=st.lists(STEPS, max_size=15))
    def hold(days: int | None, task_share: int, steps: list[tuple[int, int, int]]) -> None:
        clear()
        brought = Brought(NOW - 4000 * DAY, days, task_share)
        for step in steps:
            brought.goes_on(step)
        now = clock.now()

        goal = imported(caller, brought)
        hold_against_recount(chart.samples(points.history(goal), now), brought.history, now)

    hold()


class Charted(Operations):
    """The goal of somebody who does everything, and looks at its chart in the end."""

    def teardown(self) -> None:
        goal = self.goal()
        try:
            hold_against_recount(chart.samples(points.history(goal), self.now), self.history, self.now)
        finally:
            self.traveller.stop()


@soaks
def test_every_sample_equals_a_recount_of_what_happened_until_then(aws: None, monkeypatch: pytest.MonkeyPatch) -> None:
    # moto would copy all records of the stream in every transaction.
    monkeypatch.setattr(StreamShard, "add", lambda *_: None)

    run_state_machine_as_test(Charted, settings=settings(SHORT, max_examples=histories(6, soaking=15)))
