"""How escalations are asked for in tests."""

from typing import Any

from tests.aws.entries import Answer
from tests.projects.team import Person

DRAFT = {"kind": "technical", "severity": "high", "reason_code": "supplier", "details": "The third wheel jams."}


def draft(milestone: str, **more: Any) -> dict[str, Any]:
    return {**DRAFT, "project_milestone_id": milestone.rpartition("/")[2], **more}


def raises(somebody: Person, milestone: str, **more: Any) -> str:
    """Raise an escalation and return its path."""
    raised = somebody.post("/escalations", draft(milestone, **more))
    assert raised.status == 201, raised.body
    return f"/escalations/{raised.body['escalation_id']}"


def asks(somebody: Person, escalation: str, event: str) -> Answer:
    bodies = {"resolve": {"resolution": "The wheel was replaced."}, "reject": {"reason": "It turns."}}
    return somebody.post(f"{escalation}/{event}", bodies.get(event))
