"""Layers with automated checks, and how what follows from events is heard."""

from typing import Any

from functions.projects.following import asking
from tests.projects.verification.review import Review, layer

COUNT = {"check": "evidence_count", "at_least": 1}


def automated(level: int = 1, *checks: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Return a layer that checks decide."""
    return layer(level, kind="automated", approvers=[], auto_checks=[*(checks or [COUNT])], **more)


def hybrid(level: int = 1, *checks: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Return a layer that people decide once checks pass."""
    return layer(level, kind="hybrid", auto_checks=[*(checks or [COUNT])], **more)


def hears(review: Review, milestone: str) -> None:
    """Have the consumer follow the layers of a milestone, as it does after each of its events."""
    for _ in range(4):
        asking.follow(review.ada.tenant_id, milestone.rpartition("/")[2])


def proves(review: Review, milestone: str, name: str = "1", **more: Any) -> str:
    """Have Ben bring a link; return its id."""
    made = review.ben.post(f"{milestone}/evidence/links", {"url": f"https://example.org/{name}", **more})
    assert made.status == 201, made.body
    return str(made.body["evidence_id"])
