"""How probes are made and answered in tests."""

from typing import Any

from tests.aws.entries import Answer
from tests.projects.team import Person

QUESTION = "Will the third wheel be there on Friday?"
DAILY: dict[str, Any] = {"every": 1, "unit": "days"}


def draft(milestone: str, **more: Any) -> dict[str, Any]:
    asked = {"question": QUESTION, "schedule": DAILY, "time_zone": "Europe/Berlin"}
    return {"project_milestone_id": milestone.rpartition("/")[2], **asked, **more}


def makes(somebody: Person, milestone: str, **more: Any) -> str:
    """Create a probe and return its path."""
    made = somebody.post("/probes", draft(milestone, **more))
    assert made.status == 201, made.body
    return f"/probes/{made.body['probe_id']}"


def answers(somebody: Person, probe: str, answer: str = "on_track", **more: Any) -> Answer:
    return somebody.post(f"{probe}/answer", {"answer": answer, "comment": "It turns.", **more})


def outcomes(somebody: Person, probe: str) -> list[str]:
    return [each["outcome"] for each in somebody.get(f"{probe}/runs").body["items"]]
