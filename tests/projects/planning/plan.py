"""What tests of plans ask for most."""

from typing import Any

from shared.storage.events import Event
from tests.aws.entries import Answer
from tests.projects.following import telling
from tests.projects.team import Person

HEARD = ("projects.milestone.", "projects.dependency.")
"""How the types of events begin that the consumer hears of."""


def id_of(milestone: str) -> str:
    """Return the id of a milestone by its path."""
    return milestone.rpartition("/")[2]


def depends(somebody: Person, milestone: str, on: str, **more: Any) -> Answer:
    """Ask that a milestone depend on another."""
    return somebody.post(f"{milestone}/dependencies", {"from_id": id_of(on), **more})


def waits(somebody: Person, milestone: str, on: str, **more: Any) -> None:
    """Let a milestone depend on another."""
    made = depends(somebody, milestone, on, **more)
    assert made.status == 201, made.body


def follow(somebody: Person, *paths: str) -> None:
    """Deliver all events of milestones twice, as a queue may."""
    for path in paths:
        telling.follow(*of_milestone(somebody, path))


def of_milestone(somebody: Person, milestone: str) -> list[Event]:
    """Return the events of a milestone that the consumer hears of."""
    found = telling.of_milestone(somebody, milestone)
    return [each for each in found if each.event_type.startswith(HEARD)]


def finishes(somebody: Person, milestone: str) -> None:
    """Bring a draft of somebody's to its end."""
    begins(somebody, milestone)
    done = somebody.post(f"{milestone}/complete")
    assert done.status == 200, done.body


def begins(somebody: Person, milestone: str) -> None:
    """Start a draft."""
    prepares(somebody, milestone)
    started = somebody.post(f"{milestone}/start")
    assert started.status == 200, started.body


def prepares(somebody: Person, milestone: str) -> str:
    """Assign a draft to somebody and activate it; return its status."""
    somebody.assigns(milestone, somebody)
    activated = somebody.post(f"{milestone}/activate")
    assert activated.status == 200, activated.body
    return str(activated.body["status"])
