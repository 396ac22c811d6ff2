"""The sweep of evidence: it gives up files that never came, lets evidence expire whose day is over, and looks for
verdicts of the scanner of which no event has told.
"""

from collections.abc import Callable, Iterator
from typing import Final

from functions.projects import requirements
from functions.projects.evidence import arrival, evidence, reviews, writing
from functions.projects.evidence.evidence import Evidence
from functions.projects.evidence.writing import Change
from functions.projects.milestones import milestones
from shared import clock
from shared.clock import Instant
from shared.observability import logger
from shared.storage import changes, table
from shared.storage.changes import Plan

_AT_ONCE: Final = 100


def run(has_time: Callable[[], bool]) -> int:
    """Look at what is due; return how much of it changed. `has_time` is asked before each piece. Raises Unavailable."""
    done = 0
    for piece in _due(clock.now()):
        if not has_time():
            logger.warning("the sweep had no time for all evidence that is due")
            break
        done += _looked_at(piece)
    return done


def _due(now: Instant) -> Iterator[Evidence]:
    """Yield all evidence that is due, as the index has it."""
    for shard in range(evidence.SHARDS):
        low: str | None = evidence.LISTED
        while low is not None:
            until = f"{evidence.LISTED}{clock.to_rfc3339(now)}~"
            items, low = table.between(evidence.due(shard), low, until, limit=_AT_ONCE, index=True)
            yield from map(evidence.from_item, items)


def _looked_at(listed: Evidence) -> int:
    """Let a piece of evidence expire, or go whose file never came; return 1, or 0 if it is not due any more."""
    item = table.get(evidence.key_of(listed), consistent=True)
    piece = None if item is None else arrival.settle(evidence.from_item(item))
    if piece is None or piece.due_at is None or piece.due_at != listed.due_at or piece.status == "scanning":
        return 0
    return int(changes.make(lambda: _ending(piece)))


def _ending(piece: Evidence) -> Plan[bool]:
    """Return the change that ends a piece of evidence, none if it has changed."""
    now = clock.now()
    keys = [
        evidence.key_of(piece),
        milestones.key(piece.tenant_id, piece.project_milestone_id),
        requirements.key(milestones.partition(piece.tenant_id, piece.project_milestone_id)),
    ]
    item, of_milestone, counted = table.get_many(keys, consistent=True)
    if item is None or of_milestone is None or evidence.from_item(item) != piece:
        return Plan(False)
    milestone, counts = milestones.from_item(of_milestone), requirements.of(counted)
    if piece.status == "pending":
        told, more = Change("abandoned", piece, None), reviews.freed(piece)
    else:
        told, more = Change("expired", piece, _expired(piece, now)), []
    return Plan(True, [*writing.written(milestone, counts, [told], now), *more])


def _expired(piece: Evidence, now: Instant) -> Evidence:
    moment = clock.to_rfc3339(now)
    return piece._replace(status="expired", due_at=None, updated_at=moment, version=piece.version + 1)
