"""Random histories of a milestone under review, on the table in this process.

Whatever people ask: nothing is verified without the votes for it, and no layer is open but those of a milestone that is
completed. `make soak` lives through 2,000 of them.
"""

import contextlib
import random

import pytest

from functions.projects.evidence import links, removal
from functions.projects.evidence import reading as evidence
from functions.projects.layers import attempt
from functions.projects.layers.layers import Choice, Layer
from functions.projects.milestones import owning
from functions.projects.people import lifecycle as people
from functions.projects.verification import decisions, reassigning
from shared.callers.caller import Caller
from shared.errors import Refusal
from tests.aws.quick.table import QuickTable
from tests.projects.verification.court import Court
from tests.soaking import histories, soaks

STEPS = 25
PARTS = 10
HISTORIES = histories(60, soaking=2000)


class History:
    """A milestone of three to five layers, five verifiers, and what they do at random."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)  # noqa: S311 - which history it is
        self.court = Court()
        self.people = [self.court.joins() for _ in range(5)]
        rules = [{**self.rule(), "name": f"{number}"} for number in range(self.random.randint(2, 5))]
        rules[0]["required"] = True
        self.milestone_id = self.court.begins(*rules)

    def rule(self) -> dict[str, object]:
        mode = self.random.choice(["any", "all", "quorum"])
        return {
            "level": self.random.randint(1, 3),
            "mode": mode,
            "quorum": self.random.randint(1, 4) if mode == "quorum" else 1,
            "required": self.random.random() < 0.8,
            "order": self.random.choice(["parallel", "parallel", "sequential"]),
            "reject_rule": self.random.choice(["first_reject", "quorum_unreachable"]),
            "restart_at": self.random.choice(["rejected_level", "first_level"]),
        }

    def step(self) -> None:
        """Do one thing; a refusal changes nothing."""
        does = [self.decide, self.decide, self.decide, self.decide, self.move, self.withdraw, self.reassign]
        with contextlib.suppress(Refusal):
            self.random.choice([*does, self.transfer, self.leave, self.prove, self.disprove])()

    def decide(self) -> None:
        choice: Choice = "approve" if self.random.random() < 0.8 else "reject"
        self.court.decides(self.anybody(), self.any_layer(), choice)

    def move(self) -> None:
        event = self.random.choice(["complete", "complete", "recall", "rework", "rework", "reject"])
        self.court.moves(self.milestone_id, event, by=self.anybody() if self.random.random() < 0.2 else None)  # type: ignore[arg-type]

    def withdraw(self) -> None:
        decisions.withdraw(self.anybody(), self.any_layer().verification_id)

    def reassign(self) -> None:
        given, taken = self.anybody().user_id, self.anybody().user_id
        reassigning.reassign(self.court.ada, self.any_layer().verification_id, given, taken)

    def transfer(self) -> None:
        owning.transfer(self.court.ada, self.milestone_id, self.anybody().user_id)

    def leave(self) -> None:
        if len(self.people) > 3:
            gone = self.people.pop()
            people.remove(self.court.ada, self.court.project_id, gone.user_id, if_match=None)

    def prove(self) -> None:
        link = {"url": "https://example.org", "description": "", "requirement": None, "tags": [], "expires_on": None}
        links.add(self.court.ada, self.milestone_id, link)

    def disprove(self) -> None:
        found, _ = evidence.page(self.court.ada, self.milestone_id, limit=100, cursor=None)
        removal.delete(self.court.ada, self.random.choice(found)["evidence_id"], if_match=None) if found else None

    def anybody(self) -> Caller:
        return self.random.choice([*self.people, self.court.ada])

    def any_layer(self) -> Layer:
        now = self.court.layers(self.milestone_id, self.court.milestone(self.milestone_id).attempt)
        found = [each for each in now if each.status == "open"] or now or self.every()
        return self.random.choice(found) if found else self.fail()

    def every(self) -> list[Layer]:
        latest = self.court.milestone(self.milestone_id).attempt
        return [each for number in range(1, latest + 1) for each in self.court.layers(self.milestone_id, number)]

    def fail(self) -> Layer:
        raise NothingSubmitted("Nothing was submitted yet.")


class NothingSubmitted(Refusal):
    """There is no layer yet."""


def hold(history: History) -> None:
    """Assert what is true of a milestone and its layers whatever was asked."""
    milestone = history.court.milestone(history.milestone_id)
    every = history.every()
    now = [each for each in every if each.attempt == milestone.attempt]
    unfinished = attempt.unfinished(every)
    if milestone.status == "completed":
        assert [each for each in unfinished if each.attempt != milestone.attempt] == []
        assert [each for each in unfinished if each.status == "open" and each.policy.required]
        assert attempt.standing(now).opening == []
        assert not attempt.standing(now).is_verified
    else:
        assert unfinished == []
    if milestone.status == "verified":
        assert attempt.standing(now).is_verified
    for layer in every:
        hold_layer(layer)


def hold_layer(layer: Layer) -> None:
    """Assert what is true of a layer."""
    tally, counting = layer.tally, layer.counting
    if layer.status == "approved":
        assert tally.outcome == "approved"
        assert tally.approving >= 1
        assert {each.seen for each in counting if each.decision == "approve"} == {layer.content}
    if layer.status == "rejected":
        assert tally.outcome == "rejected"
        assert tally.rejecting >= 1
    if layer.status == "open":
        assert tally.outcome == "open"
    assert len({each.user_id for each in counting}) == len(counting) == len({each.actor for each in counting})
    if not layer.carried_from:
        assert layer.submitted_by not in [each.actor for each in layer.decided]


@soaks
@pytest.mark.parametrize("part", range(PARTS))
def test_nothing_is_verified_without_votes_and_nothing_stays_open_behind(part: int, aws: None):
    quick = QuickTable()
    quick.stand_in()
    for seed in range(part, HISTORIES, PARTS):
        history = History(seed)
        for _ in range(STEPS):
            history.step()
        hold(history)
        quick.items.clear()
