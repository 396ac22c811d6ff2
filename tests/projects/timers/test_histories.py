"""Random histories of a milestone on which time passes, beside people who decide, are in trouble, and cancel.

Time is looked at late, twice and in any order: a second look changes nothing, each reminder and each level comes once,
and a layer closes once. `make soak` lives through 2,000 of them.
"""

import contextlib
import random
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine

from functions.projects.escalation.transition import EVENTS, TRANSITIONS
from functions.projects.layers import attempt
from functions.projects.timers import looking
from functions.projects.timers.seeing import Subject
from shared.errors import Refusal
from tests.aws.quick.table import QuickTable, everything
from tests.projects.escalation.trouble import Trouble, hold, told
from tests.projects.verification.court import Court
from tests.soaking import histories, soaks

STEPS = 20
PARTS = 4
HISTORIES = histories(40, soaking=2000)
ASKED = [each for each in EVENTS if TRANSITIONS[each].by == "people"]
MOVES = ("complete", "complete", "recall", "rework", "reject", "accept")
HOURS = (0.5, 2, 5, 11, 30, 24 * 60)
CLOSED = ("approved", "rejected", "withdrawn")


class History:
    """A milestone of two layers that are due, three people, and what they do while time passes."""

    def __init__(self, seed: int, time: time_machine.Traveller) -> None:
        self.random, self.time = random.Random(seed), time  # noqa: S311 - which history it is
        self.court = Court()
        self.trouble = Trouble(self.court)
        self.people = [self.court.joins() for _ in range(3)]
        self.milestone_id = self.court.begins(self.rule(1), self.rule(self.random.choice([1, 2])))
        self.raised: list[str] = []

    def rule(self, level: int) -> dict[str, Any]:
        return {
            "level": level,
            "mode": self.random.choice(["any", "all"]),
            "due_hours": self.random.choice([4, 10, 40]),
            "on_timeout": self.random.choice(["escalate", "approve", "reject"]),
            "calendar": self.random.choice(["elapsed", "business"]),
        }

    def step(self) -> None:
        """Do one thing; a refusal changes nothing."""
        often = [self.wait, self.wait, self.look, self.decide, self.move, self.see_to]
        with contextlib.suppress(Refusal, IndexError):
            self.random.choice([*often, self.escalate, self.cancel])()

    def wait(self) -> None:
        self.time.shift(timedelta(hours=self.random.choice(HOURS)))
        self.look()

    def look(self) -> None:
        """Look once, and require that a second look finds nothing to do."""
        which = Subject(self.court.tenant_id, self.court.project_id, self.milestone_id)
        looking.look(which)
        before = everything()
        looking.look(which)
        assert everything() == before

    def decide(self) -> None:
        found = self.court.layers(self.milestone_id, self.court.milestone(self.milestone_id).attempt)
        choice = "approve" if self.random.random() < 0.8 else "reject"
        self.court.decides(self.random.choice(self.people), self.random.choice(found), choice)  # type: ignore[arg-type]

    def move(self) -> None:
        self.court.moves(self.milestone_id, self.random.choice(MOVES))  # type: ignore[arg-type]

    def escalate(self) -> None:
        blocks, severity = self.random.random() < 0.5, self.random.choice(["critical", "low"])
        self.raised.append(self.trouble.raises(self.milestone_id, blocks_work=blocks, severity=severity))

    def see_to(self) -> None:
        self.trouble.moves(self.random.choice(self.raised), self.random.choice(ASKED))

    def cancel(self) -> None:
        if self.random.random() < 0.1:
            self.court.moves(self.milestone_id, "cancel")


def hold_time(history: History) -> None:
    """Assert that what time does was done once at most."""
    court, milestone = history.court, history.court.milestone(history.milestone_id)
    every = [each for number in range(1, milestone.attempt + 1) for each in court.layers(history.milestone_id, number)]
    happened = told(court, history.milestone_id)
    assert happened["projects.layer.reminded"] <= 2 * len(every)
    assert sum(happened[f"projects.layer.{each}"] for each in CLOSED) <= len(every)
    for each in every:
        assert len({one.user_id for one in each.counting}) == len(each.counting)
    if milestone.status in ("cancelled", "approved", "in_progress"):
        assert attempt.unfinished(every) == []
    of_levels = sum(each.level - 1 for each in history.trouble.every(history.milestone_id))
    assert happened["projects.escalation.escalated"] <= of_levels


@soaks
@pytest.mark.parametrize("part", range(PARTS))
def test_a_second_look_changes_nothing_and_all_that_time_does_is_done_once(part: int, aws: None):
    quick = QuickTable()
    quick.stand_in()
    with time_machine.travel(datetime(2026, 11, 20, 15, 30, tzinfo=UTC), tick=False) as time:
        for seed in range(part, HISTORIES, PARTS):
            history = History(seed, time)
            for _ in range(STEPS):
                history.step()
                hold(history.trouble, history.milestone_id)
                hold_time(history)
            quick.items.clear()
