"""The files of leads compared with the table, as a job whose file has a line for each lead that differs.

Files follow the table by some 20 seconds, so what differs at first is looked at again five minutes later. What the
files have not caught up with by then differs. The repair is to have the files made anew from the table.
"""

from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Any, Final, Literal

from functions.audience.files import tasks
from functions.audience.imports import rights
from functions.audience.leads import exporting, leads
from functions.audience.querying import audiences
from functions.audience.querying.audiences import Version
from functions.audience.querying.copies import LeadsTooLarge
from functions.audience.resolver import READ
from shared import clock
from shared.callers.auth import Caller
from shared.clock import Instant
from shared.jobs import jobs
from shared.jobs.jobs import Job
from shared.jobs.parts import Step
from shared.storage.attributes import Item
from shared.storage.idempotency import Answer, Claim

Difference = Literal["missing", "too_many", "old", "newer"]

KIND: Final = "audience.segment_recount"
PART_LEADS: Final = 50_000
MOST: Final = 2_000
"""How many leads are looked at again, and told of at most."""
CAUGHT_UP: Final = 300 * clock.SECOND
TOO_LARGE: Final = "too_large"

_COMPARED: Final = ("lead_id", "version", "updated_at", leads.MERGED)


def begin(caller: Caller, *, is_repairing: bool, claim: Claim | None = None) -> Answer:
    """Have the files of the caller's tenant compared with the table; return the job. Raises TooManyJobs.

    `refused` of the job counts the leads that differ, unless the files are made anew.
    """
    position: dict[str, Any] = {**exporting.BEGINNING, "is_repairing": is_repairing, "found": {}, "is_second": False}
    return jobs.begin(caller, KIND, unit="leads", scope=READ, position=position, claim=claim)


def work(job: Job) -> Step:
    """Compare the next leads; behind the last one, look again at those that differ, and make the file."""
    if not rights.may_write(job):
        return Step(None, job.done, failed=rights.NOT_ALLOWED)
    try:
        return _looked_again(job) if job.position["is_second"] else _looked(job)
    except LeadsTooLarge:
        return Step(None, job.done, failed=TOO_LARGE)


def _looked(job: Job) -> Step:
    after, now = job.position["after"], clock.now()
    found = leads.every_ascending(job.tenant_id, only=_COMPARED, after=after, consistent=True)
    some = [*islice(found, PART_LEADS)]
    audience = audiences.of(job.tenant_id)
    if audience is None:
        # No file answers: the table does.
        return exporting.step(job, [], form="jsonl", name="recount", after=None)
    last = some[-1]["lead_id"] if len(some) == PART_LEADS else None
    differing = {**job.position["found"], **_differing(some, audience.versions(after or "", last), now)}
    kept = dict(islice(differing.items(), MOST))
    position = {**job.position, "after": last, "found": kept, "is_second": last is None}
    if last is None and not kept:
        return exporting.step(job, [], form="jsonl", name="recount", after=None)._replace(done=job.done + len(some))
    pause = CAUGHT_UP // clock.SECOND if last is None else 0
    return Step(position, job.done + len(some), pause_seconds=pause)


def _differing(some: Sequence[Item], in_files: Mapping[str, Version], now: Instant) -> dict[str, int | None]:
    """Return the leads whose files are another version, with that of the table; None for one that is only in files.

    What has changed within the last minutes is on its way to the files.
    """
    there = {each["lead_id"]: each for each in some if leads.MERGED not in each}
    settled = clock.to_rfc3339(now - CAUGHT_UP)
    differing: dict[str, int | None] = {
        lead_id: int(each["version"])
        for lead_id, each in there.items()
        if in_files.get(lead_id) != Version(each["version"], is_gone=False) and each["updated_at"] < settled
    }
    return differing | {each: None for each, version in in_files.items() if not version.is_gone and each not in there}


def _looked_again(job: Job) -> Step:
    """Look at those that have differed, at the files first: what they have by now, the table had before."""
    before: Mapping[str, int | None] = job.position["found"]
    audience = audiences.of(job.tenant_id)
    in_files = {} if audience is None else audience.versions_of([*before])
    in_table = {each.lead_id: each.version for each in leads.several(job.tenant_id, [*before], consistent=True)}
    is_repairing = bool(job.position["is_repairing"])
    lines = [
        {
            "lead_id": lead_id,
            "difference": what,
            "in_files": in_files[lead_id].version if lead_id in in_files else None,
            "in_table": in_table.get(lead_id),
            "repaired": is_repairing,
        }
        for lead_id, version in before.items()
        if (what := _difference(version, in_files.get(lead_id), in_table.get(lead_id)))
    ]
    if lines and is_repairing:
        tasks.ask(job.tenant_id, "rebuild")
    step = exporting.step(job, lines, form="jsonl", name="recount", after=None)
    return step._replace(done=job.done, refused=0 if is_repairing else len(lines))


def _difference(before: int | None, in_files: Version | None, in_table: int | None) -> Difference | None:
    """Return how files still differ from the table, None if they have caught up.

    `before` is the version that the table had minutes ago, None if it had none.
    """
    is_shown = in_files is not None and not in_files.is_gone
    if before is None or in_table is None:
        return "too_many" if is_shown and before is None and in_table is None else None
    if in_files is None or in_files.version < before:
        return "old" if is_shown else "missing"
    if in_files.version > in_table:
        return "newer"
    return "missing" if not is_shown and in_files.version == in_table else None
