"""What callers see of an escalation."""

from typing import Any

from functions.projects.escalation import transition
from functions.projects.escalation.transition import Event
from functions.projects.escalation_policies import rule as rules
from functions.projects.escalations import Escalation
from functions.projects.people.access import Standing
from shared import clock

View = dict[str, Any]


def escalation(shown: Escalation, standing: Standing) -> View:
    """Return an escalation; what it costs is for those who see amounts."""
    view = shown._asdict()
    del view["tenant_id"], view["remind_at"], view["policy"], view["counted_in"], view["stands_for"]
    if not standing.sees_amounts:
        view["financial_impact_minor_units"] = None
    return view | {
        "escalation_policy_id": None if shown.policy is None else shown.policy["escalation_policy_id"],
        "notified": [*shown.notified],
        "actions": [each._asdict() for each in shown.steps],
        "is_overdue": shown.is_open and shown.due_at < clock.to_rfc3339(clock.now()),
        "allowed": _allowed(shown),
    }


def _allowed(shown: Escalation) -> list[Event]:
    """Return the events of people that an escalation takes: at its last level it goes no further."""
    is_last = rules.is_last(shown.policy, shown.level)
    return [each for each in transition.allowed(shown.status) if each != "escalate" or not is_last]
