"""How far an import is: an item that counts what became of rows, and an item for each part that is done.

Both are written in the transaction that records the part, so a part that is done twice counts once, with its first
results.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from functions.audience.leads import happenings
from shared import clock
from shared.clock import Instant
from shared.jobs.jobs import Job
from shared.storage import changes, records, table
from shared.storage.attributes import Key
from shared.storage.changes import Plan
from shared.storage.writes import ABSENT, Add, Put, Write

RESULTS: Final = ("inserted", "updated", "unchanged", "conflict", "invalid")
REFUSED: Final = ("conflict", "invalid")
_ENTITY: Final = "LeadImport"
_PART: Final = "LeadImportPart"
_PARTS: Final = "PART#"
_DIGITS: Final = 6


class Progress(NamedTuple):
    """How many parts and rows are done, what became of the rows, and how many parts were given up."""

    parts: int = 0
    rows: int = 0
    inserted: int = 0
    updated: int = 0
    unchanged: int = 0
    conflict: int = 0
    invalid: int = 0
    given_up: int = 0

    @property
    def refused(self) -> int:
        """How many rows were refused."""
        return self.conflict + self.invalid

    @property
    def results(self) -> Mapping[str, int]:
        """How often each result is there."""
        return {name: getattr(self, name) for name in RESULTS}


class _Done(NamedTuple):
    """The number of a part, and where its results are."""

    number: int
    report: str


def begin(job: Job, cut: str) -> None:
    """Make the item that counts for a cut."""
    item = records.to_item(_key(job.tenant_id, cut), _ENTITY, Progress()) | {"ttl": job.ttl}
    changes.make(lambda: Plan(None, [Put(item, ABSENT)] if table.get(_key(job.tenant_id, cut)) is None else []))


def of(tenant_id: str, cut: str) -> Progress:
    """Return how far a cut is."""
    item = table.get(_key(tenant_id, cut), consistent=True)
    return Progress() if item is None else records.from_item(Progress, item)


def is_recorded(tenant_id: str, cut: str, number: int) -> bool:
    """Return whether a part is done."""
    return table.get(_part_key(tenant_id, cut, number), consistent=True) is not None


def record(job: Job, cut: str, number: int, *, results: Sequence[Mapping[str, Any]], report: str) -> None:
    """Record a part with what became of its rows, and announce which leads it has written, unless that was done."""

    def plan() -> Plan[None]:
        if is_recorded(job.tenant_id, cut, number):
            return Plan(None)
        done = records.to_item(_part_key(job.tenant_id, cut, number), _PART, _Done(number, report)) | {"ttl": job.ttl}
        counts = {"parts": 1, "rows": len(results), **Counter(each["result"] for each in results)}
        writes: list[Write] = [Put(done, ABSENT), Add(_key(job.tenant_id, cut), counts)]
        return Plan(None, [*writes, *([] if job.position["is_dry_run"] else _announced(job, results, clock.now()))])

    changes.make(plan)


def give_up(tenant_id: str, cut: str) -> None:
    """Record that a part cannot be done."""
    table.transact([Add(_key(tenant_id, cut), {"given_up": 1})])


def reports(tenant_id: str, cut: str) -> Iterator[str]:
    """Return the keys of the results of all parts that are done."""
    return (each.report for each in _done(tenant_id, cut))


def recorded(tenant_id: str, cut: str) -> set[int]:
    """Return the numbers of all parts that are done."""
    return {each.number for each in _done(tenant_id, cut)}


def _done(tenant_id: str, cut: str) -> Iterator[_Done]:
    for item in table.query_all(_partition(tenant_id, cut), _PARTS):
        yield records.from_item(_Done, item)


def _announced(job: Job, results: Sequence[Mapping[str, Any]], at: Instant) -> list[Put]:
    ids = {name: [*dict.fromkeys(each["lead_id"] for each in results if each["result"] == name)] for name in RESULTS}
    inserted = ids["inserted"]
    updated = [each for each in ids["updated"] if each not in {*inserted}]
    if not inserted and not updated:
        return []
    return [happenings.imported(job.tenant_id, at, inserted=inserted, updated=updated, import_id=job.job_id)]


def _partition(tenant_id: str, cut: str) -> str:
    return f"TENANT#{tenant_id}#LEADIMPORT#{cut}"


def _key(tenant_id: str, cut: str) -> Key:
    return Key(_partition(tenant_id, cut), "PROGRESS")


def _part_key(tenant_id: str, cut: str, number: int) -> Key:
    return Key(_partition(tenant_id, cut), f"{_PARTS}{number:0{_DIGITS}d}")
