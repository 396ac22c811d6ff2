"""Random histories of a milestone in trouble, on the table in this process.

Whatever people ask: it is escalated exactly while an escalation holds it that blocks work, its gate says so, and what
was decided meanwhile counts when that is over. `make soak` lives through 2,000 of them.
"""

import contextlib
import random
from collections import Counter

import pytest

from functions.projects import escalations
from functions.projects.escalation.transition import EVENTS, TRANSITIONS
from functions.projects.layers import attempt
from functions.projects.reports import delays
from shared import clock
from shared.errors import Refusal
from tests.aws.quick.table import QuickTable
from tests.projects.escalation.trouble import Trouble, hold
from tests.projects.verification.court import Court
from tests.soaking import histories, soaks

STEPS = 30
PARTS = 6
HISTORIES = histories(60, soaking=2000)
KINDS: list[escalations.Kind] = ["delay", "quality", "budget"]
ASKED = [each for each in EVENTS if TRANSITIONS[each].by == "people"]


class History:
    """A milestone with two layers, two verifiers, and what people do at random."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)  # noqa: S311 - which history it is
        self.court = Court()
        self.trouble = Trouble(self.court)
        self.people = [self.court.joins() for _ in range(2)]
        self.milestone_id = self.court.begins({}, {"level": self.random.choice([1, 2])})
        self.raised: list[str] = []

    def step(self) -> None:
        """Do one thing; a refusal changes nothing."""
        often = [self.escalate, self.see_to, self.see_to, self.decide, self.decide, self.move]
        with contextlib.suppress(Refusal, IndexError):
            self.random.choice([*often, self.act, self.cancel])()

    def escalate(self) -> None:
        kind, blocks = self.random.choice(KINDS), self.random.random() < 0.6
        self.raised.append(self.trouble.raises(self.milestone_id, kind=kind, blocks_work=blocks))

    def see_to(self) -> None:
        self.trouble.moves(self.random.choice(self.raised), self.random.choice(ASKED))

    def decide(self) -> None:
        found = self.court.layers(self.milestone_id, self.court.milestone(self.milestone_id).attempt)
        choice = "approve" if self.random.random() < 0.8 else "reject"
        self.court.decides(self.random.choice(self.people), self.random.choice(found), choice)  # type: ignore[arg-type]

    def move(self) -> None:
        event = self.random.choice(["complete", "complete", "recall", "rework", "reject", "accept"])
        self.court.moves(self.milestone_id, event)  # type: ignore[arg-type]

    def act(self) -> None:
        escalation_id = self.random.choice(self.raised)
        if self.random.random() < 0.5:
            self.trouble.adds(escalation_id)
            return
        found = [each for each in self.trouble.every(self.milestone_id) if each.escalation_id == escalation_id]
        self.trouble.does(escalation_id, self.random.choice(found[0].steps).action_id)

    def cancel(self) -> None:
        if self.random.random() < 0.1:
            self.court.moves(self.milestone_id, "cancel")


def hold_layers(history: History) -> None:
    """Assert that a milestone stands where its layers have brought it, unless it is escalated."""
    milestone = history.court.milestone(history.milestone_id)
    found = history.court.layers(history.milestone_id, milestone.attempt)
    if milestone.status == "completed":
        standing = attempt.standing(found)
        assert (standing.is_verified, standing.is_rejected, standing.opening) == (False, False, [])
    if milestone.stage != "completed":
        assert attempt.unfinished(found) == []


def hold_report(history: History) -> None:
    """Assert that the report of the month counts what was raised and not rejected."""
    court = history.court
    every = history.trouble.every(history.milestone_id)
    counted = Counter((each.kind, each.reason_code) for each in every if each.status != "rejected")
    month = delays.month_of(clock.to_rfc3339(clock.now()))
    reported = delays.of_tenant(court.tenant_id, [month])
    assert {(each.kind, each.reason_code): each.escalations for each in reported} == counted


@soaks
@pytest.mark.parametrize("part", range(PARTS))
def test_it_is_escalated_exactly_while_one_that_blocks_work_is_open(part: int, aws: None):
    quick = QuickTable()
    quick.stand_in()
    for seed in range(part, HISTORIES, PARTS):
        history = History(seed)
        for _ in range(STEPS):
            history.step()
            hold(history.trouble, history.milestone_id)
        hold_layers(history)
        hold_report(history)
        quick.items.clear()
