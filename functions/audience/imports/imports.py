"""Leads out of a file, as a job: the file is cut, its parts are done at the same time, and a report is made of them.

The messages of the job follow one another (`shared/jobs/parts.py`). The first has the file cut. Each of the others asks
for parts whose turn it is and sees how far they are; the last has the report made. Parts are messages of their own.
"""

import secrets
from collections.abc import Mapping
from typing import Any, Final

from functions.audience.imports import cuts, progress, reports, rights
from functions.audience.imports.cuts import Part, Uncuttable
from functions.audience.resolver import WRITE
from shared import clock, config
from shared.callers.auth import Caller
from shared.clock import Instant
from shared.jobs import jobs, uploads
from shared.jobs.jobs import Job, JobNotFound
from shared.jobs.parts import GAVE_UP, Step
from shared.messaging import queues
from shared.messaging.queues import Outgoing
from shared.storage.idempotency import Answer, Claim

KIND: Final = "audience.import"
MOST_WAITING: Final = 40
"""Parts that wait on the queue at the same time: others wait no longer than these take."""
ASKED_AGAIN_AFTER: Final = 300 * clock.SECOND
"""A part takes seconds, and at most forty wait."""
LONGEST_PAUSE_SECONDS: Final = 5
_LOOKS_A_SECOND_OF_PAUSE: Final = 4

View = dict[str, Any]


def begin(
    caller: Caller,
    *,
    file_name: str,
    size: int,
    sha256: str,
    media_type: str,
    options: Mapping[str, Any],
    claim: Claim | None = None,
) -> Answer:
    """Return an import that waits for its file, and where that is to be sent. Raises TooManyJobs.

    The options are `mapping`, `delimiter`, `encoding` and `is_dry_run`.
    """
    position = {**options, "file_name": file_name, "media_type": media_type}
    begun = uploads.begin(
        caller, KIND, size=size, sha256=sha256, media_type=media_type, scope=WRITE, position=position, claim=claim
    )
    return {"import": show(caller, begun["job"]["job_id"]), "upload": begun["upload"]}


def start(caller: Caller, import_id: str, *, claim: Claim | None = None) -> Answer:
    """Have the rows of the file written that was sent; return the import. Raises JobNotFound, NotUploaded."""
    uploads.start(caller, KIND, import_id, claim=claim)
    return show(caller, import_id)


def cancel(caller: Caller, import_id: str, *, claim: Claim | None = None) -> Answer:
    """End an import after the parts that it is at; return it. Raises JobNotFound, JobEnded."""
    own(caller, import_id)
    jobs.cancel(caller, import_id, claim=claim)
    return show(caller, import_id)


def own(caller: Caller, import_id: str) -> Job:
    """Return an import of the caller. Raises JobNotFound."""
    job = jobs.own(caller, import_id)
    if job.kind != KIND:
        raise JobNotFound
    return job


def show(caller: Caller, import_id: str) -> View:
    """Return what its owner sees of an import, as it is now. Raises JobNotFound."""
    return view(own(caller, import_id))


def page(caller: Caller, *, limit: int, cursor: str | None) -> tuple[list[View], str | None]:
    """Return a page of the imports of the caller, the newest first; a page may have fewer than there are."""
    found, behind = jobs.page(caller, limit=limit, cursor=cursor)
    return [show(caller, each["job_id"]) for each in found if each["kind"] == KIND], behind


def view(job: Job) -> View:
    """Return what its owner sees of an import; what is counted is as of now."""
    cut = job.position.get("cut")
    so_far = progress.Progress() if cut is None else progress.of(job.tenant_id, cut)
    told = jobs.view(job)
    names = ("status", "is_cancelled", "reason", "created_at", "updated_at", "expires_at", "version")
    asked = ("file_name", "media_type", "mapping", "delimiter", "encoding", "is_dry_run")
    return {
        "import_id": job.job_id,
        **{name: job.position[name] for name in asked},
        **{name: told[name] for name in names},
        "size": job.total,
        "rows": job.position.get("rows"),
        "rows_done": so_far.rows,
        "results": so_far.results,
        "has_report": told["has_file"],
    }


def work(job: Job) -> Step:
    """Cut the file, or ask for the next parts, or make the report."""
    cut = job.position.get("cut")
    if not rights.may_write(job):
        return Step(None, job.done, failed=rights.NOT_ALLOWED, file=None if cut is None else reports.joined(job, cut))
    return _cut(job) if cut is None else _looked_at(job, cut)


def _cut(job: Job) -> Step:
    """Have the file cut; the record of this step decides which cut it is."""
    try:
        made = cuts.make(job)
    except Uncuttable as error:
        return Step(None, job.done, failed=str(error))
    cut = secrets.token_hex(16)
    progress.begin(job, cut)
    known = {"cut": cut, "manifest": cuts.keep(job, made), "rows": sum(part.rows for part in made)}
    looks = {"sent": 0, "looks": 0, "seen": 0, "seen_at": clock.now(), "asked_at": clock.now()}
    return Step({**job.position, **known, **looks}, job.done)


def _looked_at(job: Job, cut: str) -> Step:
    """Ask for the parts whose turn it is; behind the last, make the report."""
    before, so_far = job.position, progress.of(job.tenant_id, cut)
    every = cuts.kept(before["manifest"])
    done = (job.total or 0) * so_far.rows // before["rows"]
    refused = so_far.refused - job.refused
    now = clock.now()
    is_stuck = so_far.parts == before["seen"] and now - before["seen_at"] > jobs.STUCK_AFTER
    if so_far.parts == len(every):
        return Step(None, job.total or 0, refused=refused, file=reports.joined(job, cut))
    if so_far.given_up or is_stuck:
        return Step(None, done, failed=GAVE_UP, refused=refused, file=reports.joined(job, cut))
    if job.is_cancelled:
        return Step(before, done, refused=refused, file=reports.joined(job, cut))
    sent = _asked_for(job, cut, every, so_far.parts)
    moved = {"seen": so_far.parts, "seen_at": now, "asked_at": now}
    if so_far.parts == before["seen"]:
        moved = _asked_again(job, cut, every, now)
    after = {**before, **moved, "sent": sent, "looks": before["looks"] + 1}
    return Step(after, done, refused=refused, pause_seconds=_pause(before["looks"], sent - so_far.parts))


def _pause(looks: int, waiting: int) -> int:
    """Return after how many seconds to look again: seldom in a long import, soon if few parts are waited for."""
    longest = LONGEST_PAUSE_SECONDS if waiting > MOST_WAITING // 2 else min(1, LONGEST_PAUSE_SECONDS)
    return min(looks // _LOOKS_A_SECOND_OF_PAUSE, longest)


def _asked_again(job: Job, cut: str, every: list[Part], now: Instant) -> dict[str, Any]:
    """Ask once more for parts that nothing was heard of: whoever had them may have been killed."""
    if now - job.position["asked_at"] < ASKED_AGAIN_AFTER:
        return {}
    recorded = progress.recorded(job.tenant_id, cut)
    _send(job, cut, every, [number for number in range(job.position["sent"]) if number not in recorded])
    return {"asked_at": now}


def _asked_for(job: Job, cut: str, every: list[Part], done: int) -> int:
    """Put the next parts on the queue whose turn it is, and return how many were put there so far."""
    first: int = job.position["sent"]
    last = min(len(every), done + MOST_WAITING)
    ready = [number for number in range(first, last) if every[number].after <= done]
    _send(job, cut, every, ready)
    return first + len(ready)


def _send(job: Job, cut: str, every: list[Part], numbers: list[int]) -> None:
    messages = [
        {"user_id": job.user_id, "job_id": job.job_id, "cut": cut, "number": number, "part": [*every[number]]}
        for number in numbers
    ]
    queues.send_all(config.lead_imports_queue_url(), [Outgoing(each, group=job.tenant_id) for each in messages])
