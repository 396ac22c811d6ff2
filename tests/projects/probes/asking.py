"""How probes are made, answered and left unanswered in tests."""

from datetime import timedelta
from typing import Any

import time_machine

from tests.aws.entries import Answer
from tests.projects.team import Person
from tests.projects.timers.clockwork import fire

DAY = timedelta(days=1)
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


def falls_silent(milestone: str, time: time_machine.Traveller) -> None:
    """Let three days pass in which nobody answers."""
    for _ in range(3):
        time.shift(DAY)
        fire(milestone)
