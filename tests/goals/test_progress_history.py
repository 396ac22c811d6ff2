"""The law of progress: after any history the ledger says what a recount of the whole history says.

Every rule is one change in an instant of its own or in the same millisecond as the one before; the clock also stops
exactly where time alone reaches a threshold, a millisecond before and a millisecond after.
"""

import inspect
from dataclasses import replace
from fractions import Fraction
from types import ModuleType
from typing import Any, ClassVar

import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from functions.goals import progress
from shared.clock import DAY
from tests.goals.histories import HISTORIES, NOW, PAUSES, SHARES, WEIGHTS, told
from tests.goals.recount import Account, Change, Facts, recount
from tests.soaking import soaks

LENGTHS = st.one_of(
    st.integers(1, 400).map(lambda days: days * DAY), st.integers(1, 3660 * DAY), st.integers(1, 10), st.just(9 * DAY)
)


class History(RuleBasedStateMachine):
    """A goal lived through twice: by its ledger, change by change, and by the facts that a recount starts from."""

    progress: ClassVar[ModuleType] = progress
    lived: ClassVar[list[int]] = []
    tasks = Bundle("tasks")

    @initialize(begin=st.integers(-400 * DAY, 40 * DAY), length=st.none() | LENGTHS, task_share=SHARES)
    def open(self, begin: int, length: int | None, task_share: int) -> None:
        self.now = NOW
        start = NOW + begin
        opened_at = min(start, NOW)
        facts = Facts(start, None if length is None else start + length, task_share)
        self.history = [Change(opened_at, facts)]
        self.ledger = self.progress.open_ledger(
            start=facts.start, end=facts.end, task_share=task_share, opened_at=opened_at
        )

    @property
    def facts(self) -> Facts:
        return self.history[-1].facts

    @property
    def account(self) -> Account:
        return recount(self.history, self.now)

    def change(self, **facts: Any) -> None:
        """Let facts become true now: in the history, and in the ledger as its counters have them."""
        self.history.append(Change(self.now, replace(self.facts, **facts)))
        fields = {name: value for name, value in facts.items() if name in {"start", "end", "task_share", "fixed"}}
        if "tasks" in facts:
            counted = [task for task in self.facts.tasks.values() if task[1] in {"active", "paused", "completed"}]
            done = [weight for weight, status in counted if status == "completed"]
            fields |= {"done_weight": sum(done), "counted_weight": sum(weight for weight, _ in counted)}
            fields |= {"completed_tasks": len(done), "total_tasks": len(counted)}
        if "status" in facts:
            at_rest = {"completed": (100, 1), "archived": self.progress.hybrid(self.ledger, self.now)}
            fields["fixed"] = at_rest.get(facts["status"])
        self.ledger = self.progress.change(self.ledger, self.now, **fields)

    def set_task(self, task: str, **changes: Any) -> None:
        weight, status = self.facts.tasks[task]
        changed = (changes.get("weight", weight), changes.get("status", status))
        self.change(tasks={**self.facts.tasks, task: changed})

    @rule(pause=PAUSES)
    def time_passes(self, pause: int) -> None:
        self.now += pause

    @rule(threshold=st.integers(0, 3), beside=st.integers(-1, 1))
    def time_comes_to_a_threshold(self, threshold: int, beside: int) -> None:
        self.now = max(self.now, (self.account.predicted_at[threshold] or self.now) + beside)

    @rule(target=tasks, weight=WEIGHTS)
    def add_task(self, weight: int) -> str:
        task = f"task {len(self.history)}"
        self.change(tasks={**self.facts.tasks, task: (weight, "active")})
        return task

    @rule(task=tasks, status=st.sampled_from(["completed", "completed", "active", "paused", "cancelled", "archived"]))
    def set_task_status(self, task: str, status: str) -> None:
        self.set_task(task, status=status)

    @rule(task=tasks, weight=WEIGHTS)
    def set_task_weight(self, task: str, weight: int) -> None:
        self.set_task(task, weight=weight)

    @rule(task=consumes(tasks))
    def delete_task(self, task: str) -> None:
        self.change(tasks={name: kept for name, kept in self.facts.tasks.items() if name != task})

    @rule(length=LENGTHS)
    def move_deadline(self, length: int) -> None:
        self.change(end=self.facts.start + length)

    @rule()
    def clear_deadline(self) -> None:
        self.change(end=None)

    @rule(begin=st.integers(-400 * DAY, 40 * DAY))
    def move_start(self, begin: int) -> None:
        start = self.now + begin
        self.change(start=start if self.facts.end is None else min(start, self.facts.end - 1))

    @rule(task_share=SHARES)
    def set_weights(self, task_share: int) -> None:
        self.change(task_share=task_share)

    @precondition(lambda self: self.facts.status == "active")
    @rule(status=st.sampled_from(["completed", "archived"]))
    def come_to_rest(self, status: str) -> None:
        self.change(status=status)

    @precondition(lambda self: self.facts.status == "completed")
    @rule()
    def archive_completed(self) -> None:
        self.change(status="archived")

    @precondition(lambda self: self.facts.status != "active")
    @rule()
    def reopen(self) -> None:
        self.change(status="active")

    def teardown(self) -> None:
        self.lived.append(len(self.history))

    @rule()
    def look(self) -> None:
        self.ledger = self.progress.advance(self.ledger, self.now)

    @rule(threshold=st.integers(0, 3), part=st.sampled_from([0, Fraction(1, 2), 1]), beside=st.integers(-1, 1))
    def ask_of_an_instant(self, threshold: int, part: Fraction, beside: int) -> None:
        changed_at = self.history[-1].at
        crossing = recount(self.history, changed_at).predicted_at[threshold] or self.now
        at = max(changed_at, changed_at + int(part * (crossing - changed_at)) + beside)

        assert told(self.progress, self.ledger, at) == recount(self.history, at)

    @invariant()
    def the_ledger_equals_a_recount(self) -> None:
        assert told(self.progress, self.ledger, self.now) == self.account

    @invariant()
    def a_prediction_is_the_first_millisecond(self) -> None:
        ledger = self.progress.advance(self.ledger, self.now)
        for index, threshold in enumerate(self.progress.THRESHOLDS):
            predicted = self.progress.predicted_at(ledger, index) if ledger.since[index] is None else None
            if predicted is not None:
                assert Fraction(*self.progress.hybrid(ledger, predicted)) >= threshold
                assert Fraction(*self.progress.hybrid(ledger, predicted - 1)) < threshold


@soaks
def test_the_ledger_equals_a_recount_of_the_whole_history() -> None:
    History.lived.clear()

    run_state_machine_as_test(History, settings=HISTORIES)

    assert len(History.lived) >= HISTORIES.max_examples
    assert max(History.lived) > 12


_INSTANT = "-(-length * missing // (time_share * counted))"
_REACHED = "numerator >= threshold * denominator"
_HYBRID = "return ledger.task_share * done * length + time_share * elapsed * counted, counted * length"
_FLOATS = "return ((ledger.task_share * done / counted) + (time_share * elapsed / length)).as_integer_ratio()"
SLIPS = {
    "an instant rounded down": (_INSTANT, "length * missing // (time_share * counted)"),
    "an instant by floats": (_INSTANT, "-int(-(missing / time_share / counted) * length // 1)"),
    "progress by floats": (_HYBRID, _FLOATS),
    "a threshold to be passed, not reached": (_REACHED, "numerator > threshold * denominator"),
    "a rounded percentage against a threshold": (_REACHED, "percent((numerator, denominator)) >= threshold"),
    "a change at the instant of a threshold that hides it": ("predicted <= until", "predicted < until"),
    "the last millisecond left out": ("elapsed <= length", "elapsed < length"),
    "a run that every change begins anew": ("(at if known is None else known)", "at"),
    "a first time that is forgotten": ("first = [known if known is not None else now", "first = [now"),
    "a change that overlooks what time had reached": ("advance(ledger, at)._replace(", "ledger._replace("),
    "an instant later than the one asked about": (
        "return advance(known_by(ledger, at), at)",
        "return advance(ledger, at)",
    ),
    "a first time later than the one asked about": (
        "(ledger.since, ledger.first))\n",
        "(ledger.since, ledger.first))\n    first = ledger.first\n",
    ),
    "time before the start": ("max(at - start, 0)", "(at - start)"),
    "time after the end": ("min(max(at - start, 0), end - start)", "max(at - start, 0)"),
}


# What random histories come upon too seldom to be found for certain: the same in every run.
KNOWN = {
    "four of six done within a day": [
        ("open", {"begin": 0, "length": DAY, "task_share": 70}),
        ("add_task", {"weight": 4}),
        ("set_task_status", {"task": "task 1", "status": "completed"}),
        ("add_task", {"weight": 2}),
    ],
    "almost a quarter by time alone": [
        ("open", {"begin": 0, "length": None, "task_share": 75}),
        ("move_deadline", {"length": 1}),
        ("move_start", {"begin": -4999}),
    ],
    "a day to its first threshold, and asked about its beginning": [
        ("open", {"begin": 0, "length": DAY, "task_share": 70}),
        ("time_comes_to_a_threshold", {"threshold": 0, "beside": 0}),
        ("look", {}),
        ("ask_of_an_instant", {"threshold": 0, "part": 0, "beside": 0}),
    ],
    "over long ago, and asked about its beginning": [
        ("open", {"begin": -27_099, "length": 9, "task_share": 70}),
        ("look", {}),
        ("ask_of_an_instant", {"threshold": 0, "part": 0, "beside": 0}),
    ],
}


def relive(machine: type[History], steps: list[tuple[str, dict[str, Any]]]) -> None:
    history = machine()
    for name, arguments in steps:
        getattr(history, name)(**arguments)
        history.the_ledger_equals_a_recount()
        history.a_prediction_is_the_first_millisecond()


@pytest.mark.parametrize("steps", KNOWN.values(), ids=KNOWN)
def test_the_ledger_equals_a_recount_of_a_known_history(steps: list[tuple[str, dict[str, Any]]]) -> None:
    relive(History, steps)


@pytest.mark.parametrize(("right", "wrong"), SLIPS.values(), ids=SLIPS)
def test_the_comparison_catches(right: str, wrong: str) -> None:
    slipped = type("Slipped", (History,), {"progress": mutated(right, wrong)})

    with pytest.raises(AssertionError):
        compare(slipped)


def compare(machine: type[History]) -> None:
    for steps in KNOWN.values():
        relive(machine, steps)
    run_state_machine_as_test(machine, settings=settings(HISTORIES, max_examples=2000, phases=[Phase.generate]))


def mutated(right: str, wrong: str) -> ModuleType:
    """Return a copy of `progress.py` with one slip in it."""
    source = inspect.getsource(progress)
    assert right in source
    copy = ModuleType(progress.__name__)
    exec(compile(source.replace(right, wrong), progress.__file__, "exec"), copy.__dict__)  # noqa: S102
    return copy
