"""Ranks that have become long are spread: each element gets the rank of its place, counted from 1.

Order holds at every moment: elements whose rank grows are written from the last to the first, then those whose rank
shrinks from the first to the last. So each is written between what stands beside it. Nobody moves elements meanwhile;
those that are created come behind all others.
"""

from typing import Any, Final

from functions.sequences import elements, rank
from functions.sequences.elements import Element
from functions.sequences.order import works
from functions.sequences.sequences import Place
from shared import clock
from shared.callers.caller import Caller
from shared.jobs.jobs import Job, TooManyJobs
from shared.jobs.parts import Step
from shared.observability import logger
from shared.storage import changes, table
from shared.storage.changes import Plan
from shared.storage.writes import Write

KIND: Final = works.SPREAD
REASON: Final = "spread"

COUNT: Final = "count"
GROW: Final = "grow"
SHRINK: Final = "shrink"

_COUNTED_AT_ONCE: Final = 1000
_WRITTEN_AT_ONCE: Final = 90


def begin(caller: Caller, at: Place, *, scope: str, last: int) -> None:
    """Have the ranks of a sequence spread; whoever has too many jobs asks with their next move."""
    try:
        works.request(caller, at, KIND, scope=scope, last=last)
    except TooManyJobs:
        logger.info("ranks not spread yet", scope=at.scope, element_type=at.element_type)


def work(job: Job) -> Step:
    """Do the next part: count the elements, or write the next of those whose rank grows or shrinks."""
    phase = job.position["phase"]
    if phase == "begin":
        return works.begin(job, {"phase": COUNT, "count": 0, "longest": 0, "boundary": elements.FIRST})
    wait = works.seconds_to_wait(job, clock.now())
    if wait:
        return Step(job.position, job.done, pause_seconds=wait)
    return _counted(job) if phase == COUNT else _written(job)


def _counted(job: Job) -> Step:
    at, before = works.place(job), job.position
    found, last = table.between(
        elements.listed_in(at), before["boundary"], _end(job), limit=_COUNTED_AT_ONCE, index=True
    )
    longest = max([before["longest"], *[len(item["rank"]) for item in found]])
    position = {
        **before,
        "count": before["count"] + len(found),
        "longest": longest,
        "boundary": f"{last}{elements.FIRST}",
    }
    if last is not None:
        return Step(position, job.done)
    if longest <= rank.LONGEST:
        works.end(job)
        return Step(None, job.done)
    return Step({**position, "phase": GROW, "place": position["count"], "boundary": _end(job)}, job.done)


def _written(job: Job) -> Step:
    at, before = works.place(job), job.position
    is_growing = before["phase"] == GROW
    low, high = (elements.FIRST, before["boundary"]) if is_growing else (before["boundary"], _end(job))
    found, last = table.between(
        elements.listed_in(at), low, high, limit=_WRITTEN_AT_ONCE, index=True, newest_first=is_growing
    )
    element_ids = [item["element_id"] for item in found]
    position: dict[str, Any] = changes.make(lambda: _plan(job, at, element_ids, is_growing=is_growing))
    if last is not None:
        return Step(position, job.done + len(element_ids))
    if is_growing:
        return Step({**position, "phase": SHRINK, "place": 1, "boundary": elements.FIRST}, job.done)
    works.end(job)
    return Step(None, job.done + len(element_ids))


def _plan(job: Job, at: Place, element_ids: list[str], *, is_growing: bool) -> Plan[dict[str, Any]]:
    """Return the writes of the elements that get another rank, and where the next part goes on."""
    now, before = clock.now(), job.position
    place, boundary = before["place"], before["boundary"]
    pairs: list[tuple[Element, Element]] = []
    for each in _standing(at, element_ids, boundary, is_growing=is_growing):
        after = _at_place(each, place, is_growing=is_growing)
        if after != each:
            pairs.append((each, elements.next_version(after, now)))
        place, boundary = place + (-1 if is_growing else 1), after.position
    writes: list[Write] = [elements.written(old, new) for old, new in pairs]
    if pairs:
        writes.append(works.changed(at, now, reason=REASON, pairs=pairs))
    return Plan({**before, "place": place, "boundary": boundary}, writes)


def _at_place(element: Element, place: int, *, is_growing: bool) -> Element:
    wanted, held = rank.of_number(place), element.rank or ""
    is_due = wanted > held if is_growing else wanted < held
    return element._replace(rank=wanted) if is_due else element


def _standing(at: Place, element_ids: list[str], boundary: str, *, is_growing: bool) -> list[Element]:
    """Return the elements that are still to be looked at, in the order in which they are, as they are now."""
    found = elements.get_all(at, element_ids)
    left = [each for each in found if (each.position < boundary if is_growing else each.position > boundary)]
    return sorted(left, key=lambda each: each.position, reverse=is_growing)


def _end(job: Job) -> str:
    """Return what stands behind all elements that were there when the job began."""
    return rank.of_number(job.position["last"] + 1)
