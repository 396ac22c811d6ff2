"""Escalations at the same instant: each fact once, and no milestone that goes on while one holds it."""

from functools import partial
from typing import Any

import pytest

from shared.storage import changes
from tests.aws.races import at_once
from tests.projects.escalation.trouble import Trouble, hold, outcome, told
from tests.projects.verification.court import Court

ROUNDS = 8


@pytest.fixture
def court(aws: None, monkeypatch: pytest.MonkeyPatch) -> Court:
    """A project, and patience for all who try at once."""
    monkeypatch.setattr(changes, "PATIENCE_SECONDS", 120)
    made = Court()
    made.joins()
    return made


@pytest.fixture
def trouble(court: Court) -> Trouble:
    return Trouble(court)


def test_of_two_raised_at_once_one_is_open(court: Court, trouble: Trouble):
    for _ in range(ROUNDS):
        milestone_id = court.begins({})
        raised = at_once(*[partial(outcome, partial(trouble.raises, milestone_id, blocks_work=True))] * 2)

        assert sorted(raised) == ["EscalationOpen", "done"]
        hold(trouble, milestone_id)


def test_two_of_different_kinds_at_once_stop_it_once_and_hold_it_both(court: Court, trouble: Trouble):
    for _ in range(ROUNDS):
        milestone_id = court.begins({})
        kinds = ("delay", "budget")
        raised = at_once(*(partial(trouble.raises, milestone_id, kind=kind, blocks_work=True) for kind in kinds))

        assert told(court, milestone_id)["projects.milestone.escalated"] == 1
        hold(trouble, milestone_id)
        at_once(*(partial(trouble.moves, each, "resolve") for each in raised))
        assert told(court, milestone_id)["projects.milestone.cleared"] == 1
        assert court.milestone(milestone_id).status == "in_progress"
        hold(trouble, milestone_id)


def test_two_actions_that_end_at_once_resolve_it_once(court: Court, trouble: Trouble):
    for _ in range(ROUNDS):
        milestone_id = court.begins({})
        escalation_id = trouble.raises(milestone_id, blocks_work=True)
        steps = [trouble.adds(escalation_id) for _ in range(2)]
        at_once(*(partial(trouble.does, escalation_id, each) for each in steps))

        happened = told(court, milestone_id)
        assert happened["projects.escalation.action_completed"] == 2
        assert (happened["projects.escalation.resolved"], happened["projects.milestone.cleared"]) == (1, 1)
        hold(trouble, milestone_id)


@pytest.mark.parametrize("more", [{}, {"blocks_work": True}], ids=["beside", "blocking"])
def test_none_is_open_behind_a_milestone_that_is_cancelled_at_once(
    more: dict[str, Any], court: Court, trouble: Trouble
):
    for _ in range(ROUNDS):
        milestone_id = court.begins({})
        raised, cancelled = at_once(
            partial(outcome, partial(trouble.raises, milestone_id, **more)),
            partial(outcome, partial(court.moves, milestone_id, "cancel")),
        )

        assert (raised in ("done", "EscalationNotPossible"), cancelled) == (True, "done")
        assert court.milestone(milestone_id).status == "cancelled"
        hold(trouble, milestone_id)


def test_a_decision_as_it_is_cleared_counts(court: Court, trouble: Trouble):
    somebody = court.joins()
    for _ in range(ROUNDS):
        milestone_id = court.submits({})
        [layer] = court.layers(milestone_id)
        escalation_id = trouble.raises(milestone_id, blocks_work=True)
        decided = at_once(
            partial(outcome, partial(court.decides, somebody, layer)),
            partial(outcome, partial(trouble.moves, escalation_id, "resolve")),
        )

        assert decided == ["done", "done"]
        assert court.milestone(milestone_id).status == "verified"
        assert told(court, milestone_id)["projects.milestone.verified"] == 1
        hold(trouble, milestone_id)


def test_it_is_stopped_or_completed_first_and_never_lost(court: Court, trouble: Trouble):
    for _ in range(ROUNDS):
        milestone_id = court.begins({})
        raised, completed = at_once(
            partial(outcome, partial(trouble.raises, milestone_id, blocks_work=True)),
            partial(outcome, partial(court.moves, milestone_id, "complete")),
        )

        found = court.milestone(milestone_id)
        assert (raised, completed in ("done", "TransitionNotAllowed"), found.status) == ("done", True, "escalated")
        assert found.escalated_from == ("completed" if completed == "done" else "in_progress")
        hold(trouble, milestone_id)
