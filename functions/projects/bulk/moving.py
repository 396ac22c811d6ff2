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
from shared.clock import SECOND
from shared.errors import Conflict, Refusal

MOST: Final = 100
"""How many milestones a request may name."""
_DECISIONS: Final = frozenset[Event]({"accept", "reject"})
_TIME: Final = 20 * SECOND


class NotTried(Conflict):
    """409: the request took too long before it was the turn of this milestone."""

    def __init__(self) -> None:
        super().__init__("The request took too long before it was the turn of this milestone. Send it again.")


def move(caller: Caller, project_id: str, moves: Sequence[Mapping[str, Any]]) -> list[View]:
    """Let each event happen to its milestone, and return what became of each, in their order.

    Raises ProjectNotFound.
    """
    access.open_project(caller, project_id)
    until = clock.now() + _TIME
    return [_outcome(caller, project_id, until=until, **each) for each in moves]


def _outcome(
    caller: Caller, project_id: str, *, until: int, project_milestone_id: str, event: Event, reason: str | None
) -> View:
    told: View = {"project_milestone_id": project_milestone_id, "event": event}
    try:
        if clock.now() > until:
            raise NotTried
        moved = _moved(caller, project_id, project_milestone_id, event, reason)
    except Refusal as refused:
        return told | {"status": None, "version": None, "code": refused.code, "detail": refused.detail}
    return told | {"status": moved["status"], "version": moved["version"], "code": None, "detail": None}


def _moved(caller: Caller, project_id: str, milestone_id: str, event: Event, reason: str | None) -> View:
    if event in _DECISIONS:
        auth.require(caller, DECIDE)
    found = milestones.find(caller.tenant_id, milestone_id)
    if found is None or found.project_id != project_id:
        raise ProjectMilestoneNotFound
    moved: View = commands.advance(caller, milestone_id, event, if_match=None, reason=reason)
    return moved
