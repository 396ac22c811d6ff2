"""Events of people that happen to several milestones of a project, each by itself."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from functions.projects.milestones import commands, milestones
from functions.projects.milestones.milestones import ProjectMilestoneNotFound
from functions.projects.milestones.transition import Event
from functions.projects.milestones.views import View
from functions.projects.people import access
from functions.projects.resolver import DECIDE
from shared import clock
from shared.callers import auth
from shared.callers.caller import Caller
from shared.clock import SECOND, Instant
from shared.errors import Conflict, Refusal
from shared.storage import idempotency
from shared.storage.idempotency import Claim, IdempotencyKeyReused

MOST: Final = 100
"""How many milestones a request waits for; more are a job (`many.py`)."""
_DECISIONS: Final = frozenset[Event]({"accept", "reject"})
_TIME: Final = 20 * SECOND


class NotTried(Conflict):
    """409: the request took too long before it was the turn of this milestone."""

    def __init__(self) -> None:
        super().__init__("The request took too long before it was the turn of this milestone. Send it again.")


def move(
    caller: Caller, project_id: str, moves: Sequence[Mapping[str, Any]], *, claim: Claim | None = None
) -> list[View]:
    """Let each event happen to its milestone, and return what became of each, in their order.

    With a claim each has one effect, also when the request is sent again after it broke off.
    Raises ProjectNotFound, IdempotencyKeyReused.
    """
    access.open_project(caller, project_id)
    until = clock.now() + _TIME
    return [_outcome(caller, project_id, each, _part(claim, place), until) for place, each in enumerate(moves)]


def moved(
    caller: Caller,
    project_id: str,
    *,
    project_milestone_id: str,
    event: Event,
    reason: str | None,
    claim: Claim | None = None,
) -> View:
    """Let an event of people happen to a milestone of a project, and return it.

    Raises ProjectMilestoneNotFound, InsufficientScope, and what the event alone is refused with.
    """
    if event in _DECISIONS:
        auth.require(caller, DECIDE)
    found = milestones.find(caller.tenant_id, project_milestone_id)
    if found is None or found.project_id != project_id:
        raise ProjectMilestoneNotFound
    view: View = commands.advance(caller, project_milestone_id, event, if_match=None, reason=reason, claim=claim)
    return view


def _part(claim: Claim | None, place: int) -> Claim | None:
    return None if claim is None else idempotency.part(claim, place)


def _outcome(caller: Caller, project_id: str, move: Mapping[str, Any], claim: Claim | None, until: Instant) -> View:
    told: View = {"project_milestone_id": move["project_milestone_id"], "event": move["event"]}
    try:
        if clock.now() > until:
            raise NotTried
        view = moved(caller, project_id, claim=claim, **move)
    except IdempotencyKeyReused:
        raise
    except Refusal as refused:
        return told | {"status": None, "version": None, "code": refused.code, "detail": refused.detail}
    return told | {"status": view["status"], "version": view["version"], "code": None, "detail": None}
