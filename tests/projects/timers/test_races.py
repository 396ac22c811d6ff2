"""Looks at the same instant, and beside decisions: each reminder, each escalation and each level once."""

from functools import partial

import pytest
import time_machine

from functions.projects.timers import looking, seeing
from functions.projects.timers.seeing import Subject
from shared import clock
from shared.storage import changes
from tests.aws.races import at_once
from tests.projects.escalation.trouble import Trouble, hold, outcome, told
from tests.projects.verification.court import Court

ROUNDS = 6
HOUR = 3600


@pytest.fixture
def court(aws: None, monkeypatch: pytest.MonkeyPatch) -> Court:
    """A project, and patience for all who try at once."""
    monkeypatch.setattr(changes, "PATIENCE_SECONDS", 120)
    made = Court()
    made.joins()
    return made


def look(court: Court, milestone_id: str) -> None:
    looking.look(Subject(court.tenant_id, court.project_id, milestone_id))


def later(hours: float) -> time_machine.travel:
    return time_machine.travel(clock.now() / clock.SECOND + hours * HOUR)


def test_of_four_looks_at_once_one_reminds(court: Court):
    for _ in range(ROUNDS):
        milestone_id = court.submits({"due_hours": 10})
        with later(5.5):
            at_once(*[partial(look, court, milestone_id)] * 4)

        assert told(court, milestone_id)["projects.layer.reminded"] == 1


def test_of_four_looks_at_once_one_escalates(court: Court):
    for _ in range(ROUNDS):
        milestone_id = court.submits({"due_hours": 10})
        with later(11):
            at_once(*[partial(look, court, milestone_id)] * 4)

        assert told(court, milestone_id)["projects.escalation.raised"] == 1
        hold(Trouble(court), milestone_id)


@pytest.mark.parametrize("on_timeout", ["escalate", "approve", "reject"])
def test_a_decision_beside_the_timeout_leaves_one_outcome(on_timeout: str, court: Court):
    somebody = court.joins()
    for _ in range(ROUNDS):
        milestone_id = court.submits({"due_hours": 10, "on_timeout": on_timeout})
        (layer,) = court.layers(milestone_id)
        with later(11):
            deciding = partial(court.decides, somebody, layer)
            at_once(partial(look, court, milestone_id), partial(outcome, deciding))
            look(court, milestone_id)
            seen = seeing.read(Subject(court.tenant_id, court.project_id, milestone_id))
        (after,) = court.layers(milestone_id)
        events = told(court, milestone_id)

        assert seen is not None
        assert after.status != "open"
        assert events["projects.layer.approved"] + events["projects.layer.rejected"] == 1
        assert len(after.counting) == 1
        assert seen.escalations == []


def test_of_four_looks_at_once_one_takes_an_escalation_to_the_next_level(court: Court):
    for _ in range(ROUNDS):
        milestone_id = court.begins({})
        Trouble(court).raises(milestone_id, severity="critical")
        with later(1.5):
            at_once(*[partial(look, court, milestone_id)] * 4)
        (raised,) = Trouble(court).every(milestone_id)

        assert (raised.level, told(court, milestone_id)["projects.escalation.escalated"]) == (2, 1)
