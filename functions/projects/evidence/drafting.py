"""What new evidence has in common, whether it is a file or a link, and when a milestone takes any."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from functions.projects import projects, requirements
from functions.projects.evidence.evidence import Evidence, Kind
from functions.projects.evidence.opening import Place
from functions.projects.milestones import transition
from functions.projects.milestones.refusals import MilestoneFinal
from shared import clock, days
from shared.callers.caller import Caller
from shared.clock import Instant
from shared.errors import Conflict, InvalidInput
from shared.storage import table


class TooMuchEvidence(Conflict):
    """409: a milestone has 100 pieces of evidence at most."""

    def __init__(self) -> None:
        super().__init__(f"A milestone has {requirements.MOST} pieces of evidence at most. Delete some first.")


def require_room(place: Place, requirement: str | None) -> None:
    """Require that the caller may bring evidence now, and that the milestone wants what it is for.

    Raises RoleRequired, MilestoneFinal, TooMuchEvidence, InvalidInput.
    """
    place.require_worker()
    milestone = place.within.milestone
    if milestone.status in transition.FINAL:
        raise MilestoneFinal(milestone.status)
    if place.within.counts.pieces >= requirements.MOST:
        raise TooMuchEvidence
    if requirement is not None and requirement not in [each["key"] for each in milestone.evidence_requirements]:
        raise InvalidInput.of("requirement", "must be the key of evidence that the milestone wants")


def drafted(
    caller: Caller, place: Place, evidence_id: str, kind: Kind, fields: Mapping[str, Any], now: Instant
) -> Evidence:
    """Return new evidence of a milestone; it is pending."""
    moment = clock.to_rfc3339(now)
    return Evidence(
        tenant_id=caller.tenant_id,
        evidence_id=evidence_id,
        project_milestone_id=place.within.milestone.project_milestone_id,
        project_id=place.within.milestone.project_id,
        kind=kind,
        status="pending",
        uploaded_by=caller.user_id,
        created_at=moment,
        updated_at=moment,
        version=1,
        expires_at=_end_of(caller, place, fields["expires_on"], now),
        **fields,
    )


def _end_of(caller: Caller, place: Place, day: str | None, now: Instant) -> str | None:
    """Return the end of a day in the time zone of the project, None without a day. Raises InvalidInput."""
    if day is None:
        return None
    item = table.get(projects.key(caller.tenant_id, place.within.milestone.project_id))
    zone = "UTC" if item is None else projects.from_item(item).time_zone
    last = date.fromisoformat(day)
    if last == date.max or days.start_of(last + timedelta(days=1), zone) <= now:
        raise InvalidInput.of("expires_on", "must not be over")
    return clock.to_rfc3339(days.start_of(last + timedelta(days=1), zone))
