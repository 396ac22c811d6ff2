"""Random histories of a milestone under review, on the table in this process.

Whatever people ask, and whoever leaves: nothing is verified without the votes for it, no layer is open but those of a
milestone that is completed, and work waits for those alone who may do it. `make soak` lives through 2,000 of them.
"""

import contextlib
import random

import pytest

from functions.projects.delegation import lifecycle as delegation
from functions.projects.evidence import evidence, links, reading, removal, sweeping
from functions.projects.following import asking
from functions.projects.layers import attempt, seating
from functions.projects.layers.layers import Choice, Layer
from functions.projects.milestones import milestones
from functions.projects.ownership import owning
from functions.projects.people import lifecycle as people
from functions.projects.people import owners
from functions.projects.verification import decisions, reassigning
from shared import clock
from shared.callers import auth
from shared.callers.caller import Caller
from shared.errors import Refusal
from shared.storage import table
from shared.storage.writes import Put
from shared.teamwork import delegations, worklist
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
        self.delegations = list[tuple[Caller, str]]()

    def rule(self) -> dict[str, object]:
        """Return what a layer asks; some ask nobody, some apply only to what is not urgent, or has evidence."""
        if self.random.random() < 0.2:
            check = {"check": "evidence_count", "at_least": self.random.randint(1, 2)}
            automated = {"kind": "automated", "approvers": [], "auto_checks": [check]}
            return {"level": self.random.randint(1, 3), "required": self.random.random() < 0.5, **automated}
        mode = self.random.choice(["any", "all", "quorum"])
        return {
            "level": self.random.randint(1, 3),
            "mode": mode,
            "quorum": self.random.randint(1, 4) if mode == "quorum" else 1,
            "required": self.random.random() < 0.8,
            "order": self.random.choice(["parallel", "parallel", "sequential"]),
            "reject_rule": self.random.choice(["first_reject", "quorum_unreachable"]),
            "restart_at": self.random.choice(["rejected_level", "first_level"]),
            "applies_when": self.random.choice([None, None, "evidence.count < 2", "milestone.attempt > 1"]),
        }

    def step(self) -> None:
        """Do one thing; a refusal changes nothing."""
        does = [
            self.decide,
            self.decide,
            self.decide,
            self.decide,
            self.delegate,
            self.move,
            self.withdraw,
            self.reassign,
        ]
        with contextlib.suppress(Refusal):
            self.random.choice(
                [
                    *does,
                    self.transfer,
                    self.leave,
                    self.lose_role,
                    self.hear,
                    self.prove,
                    self.disprove,
                    self.expire,
                ]
            )()

    def decide(self) -> None:
        choice: Choice = "approve" if self.random.random() < 0.8 else "reject"
        principal = self.anybody().user_id if self.random.random() < 0.3 else None
        self.court.decides(self.anybody(), self.any_layer(), choice, principal)

    def delegate(self) -> None:
        """Let somebody decide for another, or end one of the delegations."""
        if self.delegations and self.random.random() < 0.4:
            principal, given = self.random.choice(self.delegations)
            delegation.revoke(principal, given)
            return
        principal = self.anybody()
        self.delegations.append((principal, self.court.delegates(principal, self.anybody())))

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
            if self.random.random() < 0.5:
                table.delete_many([auth.membership_key(gone.tenant_id, gone.user_id)])
            else:
                people.remove(self.court.ada, self.court.project_id, gone.user_id, if_match=None)

    def lose_role(self) -> None:
        if self.random.random() < 0.3:
            found = self.random.choice(self.people).user_id
            people.put(self.court.ada, self.court.project_id, found, ["finance"], [], if_match=None)

    def hear(self) -> None:
        """Do what follows from the events by now."""
        latest = self.court.milestone(self.milestone_id).attempt
        asking.follow(self.court.tenant_id, self.milestone_id, range(1, latest))

    def prove(self) -> None:
        link = {"url": "https://example.org", "description": "", "requirement": None, "tags": [], "expires_on": None}
        links.add(self.court.ada, self.milestone_id, link)

    def disprove(self) -> None:
        found, _ = reading.page(self.court.ada, self.milestone_id, limit=100, cursor=None)
        removal.delete(self.court.ada, self.random.choice(found)["evidence_id"], if_match=None) if found else None

    def expire(self) -> None:
        """Let one piece of the evidence that is there expire."""
        place = milestones.partition(self.court.tenant_id, self.milestone_id)
        pieces = [evidence.from_item(item) for item in table.query(place, evidence.PREFIX, limit=100).items]
        present = [each for each in pieces if each.status in evidence.PRESENT]
        if present:
            over = self.random.choice(present)._replace(due_at=clock.to_rfc3339(clock.now() - clock.DAY))
            table.transact([Put(evidence.to_item(over))])
            sweeping.run(lambda: True)

    def anybody(self) -> Caller:
        return self.random.choice([*self.people, self.court.ada])

    def any_layer(self) -> Layer:
        now = self.court.layers(self.milestone_id, self.court.milestone(self.milestone_id).attempt)
        found = [each for each in now if each.status == "open"] or now or self.every()
        return self.random.choice(found) if found else self.fail()

    def every(self) -> list[Layer]:
        latest = self.court.milestone(self.milestone_id).attempt
        return [each for number in range(1, latest + 1) for each in self.court.layers(self.milestone_id, number)]

    def everybody(self) -> set[str]:
        return {seat.person for each in self.every() for seat in each.people}

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


def hold_worklists(history: History) -> None:
    """Assert that, once all events are heard, each worklist has what its owner may decide, and nothing else."""
    # A layer that closes by a strike or by its checks opens or withdraws others, whose events come after that.
    for _ in range(5):
        history.hear()
    court, open_ = history.court, [each for each in history.every() if each.status == "open"]
    found = {user: {each.work_id for each in worklist.every(court.tenant_id, user)} for user in history.everybody()}
    for user, waiting in found.items():
        assert waiting == {each.verification_id for each in open_ if is_asked(each, user)}
    place = milestones.partition(court.tenant_id, history.milestone_id)
    primary = owners.primary_of(table.get(owners.lock_key(place)))
    for layer in open_:
        seated = [seat.person for seat in layer.people if not seat.is_struck]
        known = seating.read_some(court.tenant_id, court.project_id, place, seated)
        assert seating.no_longer(layer, known, None if primary is None else primary.user_id) == []


def hold_delegations(history: History) -> None:
    """Assert that nobody hands on what was delegated to them, and that each act for another has a delegation."""
    given = {each for _, each in history.delegations}
    for user_id in {*history.everybody(), *[each.user_id for each in history.people]}:
        head = delegations.head_of(user_id, table.get(delegations.head_key(user_id)))
        assert not any(one.overlaps(other) for one in head.delegations for other in head.received)
    for decided in [each for layer in history.every() for each in layer.decided]:
        assert (decided.delegation_id in given) == (decided.on_behalf_of is not None)


def is_asked(layer: Layer, user: str) -> bool:
    """Return whether a user has a seat and has not decided, for themselves or for another."""
    acted = {each.user_id for each in layer.counting} | {each.actor for each in layer.counting}
    return user in {seat.person for seat in layer.people if not seat.is_struck} - acted


def hold_layer(layer: Layer) -> None:
    """Assert what is true of a layer."""
    tally, counting = layer.tally, layer.counting
    if layer.policy.is_automated:
        assert [*layer.seats, *layer.decisions] == []
        assert all(each["is_passed"] for each in layer.checks) == (layer.status != "rejected")
        return
    if layer.status == "skipped":
        assert layer.policy.applies_when is not None
        assert [*layer.decisions] == []
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
        hold_delegations(history)
        hold_worklists(history)
        hold(history)
        quick.items.clear()
