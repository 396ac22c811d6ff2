"""Milestones in trouble, for races and histories: functions are called, not routes."""

from collections import Counter
from collections.abc import Callable
from typing import Any

from functions.projects import escalations, open_escalations
from functions.projects.escalation import actions, commands, raising
from functions.projects.escalation.transition import Event
from functions.projects.escalations import Escalation
from functions.projects.milestones import gates, milestones
from functions.projects.open_escalations import OpenEscalations
from shared.callers.caller import Caller
from shared.errors import Refusal
from shared.storage import events, table
from tests.projects.verification.court import Court

DRAFT: dict[str, Any] = {
    "kind": "technical",
    "severity": "high",
    "reason_code": "supplier",
    "details": "",
    "blocks_work": False,
}


class Trouble:
    """What is done about the escalations of the milestones of a court."""

    def __init__(self, court: Court) -> None:
        self.court = court

    def raises(self, milestone_id: str, by: Caller | None = None, **more: Any) -> str:
        raised = raising.raise_(by or self.court.ada, milestone_id, {**DRAFT, **more})
        return str(raised["escalation_id"])

    def moves(self, escalation_id: str, event: Event, by: Caller | None = None) -> None:
        commands.advance(by or self.court.ada, escalation_id, event, if_match=None, reason="So it is.")

    def adds(self, escalation_id: str) -> str:
        fields = {"title": "Order a wheel", "user_id": None, "due_on": None}
        return str(actions.add(self.court.ada, escalation_id, fields, if_match=None)["actions"][-1]["action_id"])

    def does(self, escalation_id: str, action_id: str) -> None:
        actions.complete(self.court.ada, escalation_id, action_id, if_match=None)

    def every(self, milestone_id: str) -> list[Escalation]:
        place = milestones.partition(self.court.tenant_id, milestone_id)
        return [escalations.from_item(item) for item in table.query_all(place, escalations.PREFIX)]

    def open(self, milestone_id: str) -> OpenEscalations:
        place = milestones.partition(self.court.tenant_id, milestone_id)
        return open_escalations.of(table.get(open_escalations.key(place), consistent=True))

    def holds(self, milestone_id: str) -> list[str]:
        gate = table.get(gates.key(self.court.milestone(milestone_id)), consistent=True)
        assert gate is not None
        return list(gate["holds"])


def hold(trouble: Trouble, milestone_id: str) -> None:
    """Assert what is true of a milestone and its escalations, whatever was asked."""
    milestone, every = trouble.court.milestone(milestone_id), trouble.every(milestone_id)
    still = [each for each in every if each.is_open]
    assert trouble.open(milestone_id).by_kind == {each.kind: each.escalation_id for each in still}
    blocking = {each.escalation_id for each in still if each.blocks_work}
    assert {*milestone.held_by} == blocking == {*trouble.holds(milestone_id)}
    stopped = bool(blocking) and milestone.stage in ("active", "in_progress", "completed")
    assert (milestone.status == "escalated") == stopped == (milestone.escalated_from is not None)
    if milestone.status == "cancelled":
        assert still == []
    for each in every:
        is_done = bool(each.actions) and all(step.done_at is not None for step in each.steps)
        assert not (is_done and each.is_open)


def outcome(act: Callable[[], Any]) -> str:
    try:
        act()
    except Refusal as refused:
        return refused.code
    return "done"


def told(court: Court, milestone_id: str) -> Counter[str]:
    """Return how often each event happened to a milestone."""
    place = milestones.history(court.tenant_id, milestone_id)
    return Counter(item["event_type"] for item in table.query_all(place, events.prefix(milestone_id)))
