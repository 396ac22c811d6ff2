"""Looks at a goal, between whatever else happens to it: all that is due is announced, and nothing else changes."""

from itertools import pairwise

import pytest
from hypothesis import settings
from hypothesis.stateful import rule, run_state_machine_as_test
from moto.dynamodb.models.table import StreamShard

from functions.goals.schedules import schedules
from shared import clock
from shared.clock import SECOND, Instant
from shared.messaging.schedules import LEAD
from tests.aws.scheduler import make_surroundings, remove, scheduled
from tests.goals.conftest import enrol
from tests.goals.histories import HISTORIES, Operations
from tests.goals.recount import recount
from tests.soaking import histories, soaks


class Looks(Operations):
    """A goal that messages come about at any time: from a schedule or an event, once, twice, late or never."""

    looked_at = 0

    @rule()
    def a_message_comes(self) -> None:
        # Nothing is announced of the goals of somebody who is no member.
        enrol(self.caller)
        schedules.look(self.caller.user_id, self.goal_id)
        self.looked_at = self.now

        assert self.is_scheduled
        assert not self.is_overdue or self.goal().overdue_end == self.facts.end

    @property
    def is_overdue(self) -> bool:
        return self.status == "active" and self.facts.end is not None and self.facts.end <= self.now

    @property
    def is_scheduled(self) -> bool:
        """Whether the schedule fires in the second in which something is due; one for this moment is set for later."""
        soonest = self.now + LEAD
        if self.due is None:
            return self.fires_at is None or self.fires_at < soonest + SECOND
        return self.fires_at is not None and self.due <= self.fires_at < max(self.due, soonest) + SECOND

    @property
    def fires_at(self) -> Instant | None:
        at = scheduled(self.goal_id)
        return None if at is None else clock.from_rfc3339(at)

    @property
    def due(self) -> Instant | None:
        """When time brings something next, by a recount of the history: None when it will bring nothing."""
        account = recount(self.history, self.now)
        both = zip(account.first_achieved_at, account.predicted_at, strict=True)
        dues = [predicted for first, predicted in both if first is None and predicted is not None]
        if self.status == "active" and self.facts.end is not None and self.facts.end > self.now:
            dues.append(self.facts.end)
        return min(dues, default=None)

    def come_to(self, instant: Instant) -> None:
        super().come_to(instant)
        if self.looked_at and self.fires_at is not None and self.fires_at <= instant:
            remove(self.goal_id)

    @property
    def recorded_until(self) -> int:
        return max(self.looked_at, super().recorded_until)

    def teardown(self) -> None:
        ends = [event["data"]["ended_at"] for event in self.events("goals.goal.overdue")]
        super().teardown()

        assert all(one != other for one, other in pairwise(ends))


@soaks
def test_whatever_messages_come_what_is_due_is_announced_once(aws: None, monkeypatch: pytest.MonkeyPatch) -> None:
    # moto would copy all records of the stream in every transaction.
    monkeypatch.setattr(StreamShard, "add", lambda *_: None)
    make_surroundings(monkeypatch)

    run_state_machine_as_test(
        Looks, settings=settings(HISTORIES, max_examples=histories(8, soaking=25), stateful_step_count=14)
    )
