"""How a milestone is bound to its source: by somebody who may follow that, and the source's context is asked how it is.

The transaction checks that the source is there and still theirs. Rights count when it is bound, but for a share that
is taken back: then the source is gone (`following/sources.py`). A milestone is anything that has the fields of one: its
module is above this one.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from functions.projects.sources import sources
from functions.projects.sources.sources import Kind, Source
from shared import clock
from shared.callers import sources as visible
from shared.callers.caller import Caller
from shared.clock import Instant
from shared.errors import InvalidInput
from shared.storage.writes import Check, Write

FIELDS = frozenset({"progress_source", "source_id", "source_threshold"})
"""What says what a milestone is bound to."""


class Bound(NamedTuple):
    """The writes of a binding, and its event, which asks how the source is: what it is called, and its data."""

    writes: list[Write]
    event: str | None = None
    asked: Mapping[str, Any] = {}


def require_sound(milestone: Any) -> None:
    """Require that a milestone names a source exactly if its progress follows one. Raises InvalidInput."""
    kind = milestone.progress_source
    if kind in sources.BOUND and milestone.source_id is None:
        raise InvalidInput.of("source_id", f"must be there when progress_source is {kind}")
    if kind not in sources.BOUND and milestone.source_id is not None:
        raise InvalidInput.of("source_id", f"must not be there when progress_source is {kind}")
    if kind != "goal" and milestone.source_threshold is not None:
        raise InvalidInput.of("source_threshold", f"must not be there when progress_source is {kind}")


def bound(caller: Caller, milestone: Any, before: Source | None, now: Instant) -> Bound:
    """Return what binds a milestone to the source that it names, in the place of another.

    Raises InvalidInput for a source that the caller may not follow.
    """
    unbound: list[Write] = [] if before is None else [sources.gone(before)]
    kind: Kind = milestone.progress_source
    source_id: str | None = milestone.source_id
    if source_id is None or kind not in sources.BOUND:
        return Bound(unbound)
    after = _named(caller, milestone, kind, source_id, now)
    checks, asked = _asked(caller, after)
    if before is not None and before.source_id == source_id:
        unbound, written = [], sources.put(before, after._replace(version=before.version + 1))
    else:
        written = sources.put(None, after)
    return Bound([*unbound, written, *checks], f"{kind}_bound", asked)


def is_other(before: Any, after: Any, source: Source | None, sent: Mapping[str, Any]) -> bool:
    """Return whether a milestone is to be bound anew: to something else, or to what was gone."""
    if any(getattr(before, name) != getattr(after, name) for name in FIELDS):
        return True
    return source is not None and source.is_gone and "source_id" in sent


def _named(caller: Caller, milestone: Any, kind: Kind, source_id: str, now: Instant) -> Source:
    return Source(
        tenant_id=milestone.tenant_id,
        project_milestone_id=milestone.project_milestone_id,
        project_id=milestone.project_id,
        kind=kind,
        source_id=source_id,
        bound_by=caller.user_id,
        bound_at=clock.to_rfc3339(now),
        version=1,
        threshold=milestone.source_threshold or sources.REACHED,
    )


def _asked(caller: Caller, source: Source) -> tuple[list[Check], dict[str, Any]]:
    """Return the checks that the caller may follow a source, and what its context needs to know which it is."""
    if source.kind == "goal":
        found = visible.goal(caller, source.source_id)
        if found is None:
            raise InvalidInput.of("source_id", "must be a goal that is yours or shared with you")
        return found.checks, {
            "goal_id": source.source_id,
            "owner_id": found.owner_id,
            "threshold": source.threshold,
        }
    found = visible.tracked_milestone(caller, source.source_id)
    if found is None:
        raise InvalidInput.of("source_id", "must be a tracked milestone that you may see")
    return found.checks, {"milestone_uid": source.source_id}
