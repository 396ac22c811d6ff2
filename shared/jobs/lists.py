"""Jobs over a list that a request has sent: each thing is done by itself, and its row says what became of it.

The list lies in parts beside the job, written together with it. What is done for a thing is claimed by its place, so a
part that is done again finds what the first time has answered. It is done as the caller who asked, who may do no more
by a job than they may now.
"""

import json
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final, Literal, NamedTuple

from shared import clock
from shared.callers import auth, bound_keys
from shared.callers.caller import Caller
from shared.errors import Refusal
from shared.jobs import jobs
from shared.jobs.jobs import Job
from shared.jobs.parts import Step
from shared.jobs.rows import Row
from shared.storage import idempotency, records, table
from shared.storage.attributes import Key
from shared.storage.changes import TooManyChangesAtOnce
from shared.storage.idempotency import Answer, Claim
from shared.storage.writes import ABSENT, Put

Thing = Mapping[str, Any]
Do = Callable[[Caller, Thing, Claim], str]
"""Does a thing for a caller under a claim, and returns what it has led to; raises what refuses it."""

ROLE_CHANGED: Final = "role_changed"
OUTDATED: Final = "outdated"
MOST: Final = 2000
"""How many things a list may have: with the job, its parts are one transaction."""
_AT_ONCE: Final = 40
_MOST_BYTES: Final = 200 * 1024
_REPEATABLE: Final = idempotency.KEPT - 2 * jobs.STUCK_AFTER
"""How long after the last change of a job its next part may be done again: the claims of a part are kept for a day, and
somebody may have asked within the first two hours that the job be cancelled, which changes it too."""
_BROKEN: Final = 500


class Part(NamedTuple):
    """A part of a list as it is stored: JSON, compressed."""

    things: bytes
    ttl: int


def begin(
    caller: Caller, kind: str, things: Sequence[Thing], *, unit: str, scope: str, also: Thing, claim: Claim | None
) -> Answer:
    """Have something done for each thing of a list, and return the job; one call beside those of any job.

    `also` is what is the same for all of them. Raises TooManyJobs, TooLarge.
    """
    position = {
        "role": _role(caller.tenant_id, caller.user_id),
        "roles": [*caller.roles],
        "scopes": sorted(caller.scopes),
        "key_id": caller.key_id,
        "also": dict(also),
    }
    parts = [zlib.compress(json.dumps(each).encode()) for each in _parted(things)]

    def beside(job: Job) -> list[Put]:
        return [
            Put(records.to_item(_key(job, number), "JobPart", Part(part, job.ttl)), ABSENT)
            for number, part in enumerate(parts)
        ]

    total = len(things)
    return jobs.begin(caller, kind, unit=unit, scope=scope, position=position, total=total, claim=claim, beside=beside)


def step(job: Job, do: Do, *, reference: str) -> Step:
    """Do the next part of a list; `reference` is the field of a thing that its row names it by.

    Raises what has to do with no thing of it, such as Unavailable: the part is begun again.
    """
    failed = _failed(job)
    if failed is not None:
        return Step(None, job.done, failed=failed)
    caller = _asked_by(job)
    rows = [_row(job, caller, job.done + place, thing, do, reference) for place, thing in enumerate(_things(job))]
    done = job.done + len(rows)
    return Step(job.position if rows and done < (job.total or 0) else None, done, rows)


def _things(job: Job) -> Sequence[Thing]:
    """Return the things of the next part of a list."""
    item = table.get(_key(job, job.part), consistent=True)
    if item is None:
        return []
    things: list[Thing] = json.loads(zlib.decompress(records.from_item(Part, item).things))
    return things


def _asked_by(job: Job) -> Caller:
    """Return the caller who asked for a job over a list, with the scopes that they had."""
    asked = job.position
    return Caller(
        job.user_id, job.tenant_id, tuple(asked["roles"]), frozenset(asked["scopes"]), asked["key_id"], (), None
    )


def _failed(job: Job) -> Literal["outdated", "role_changed", "key_revoked", "key_expired"] | None:
    """Return why a job cannot go on: what was done twice by then, or is no longer for who asked for it."""
    now = clock.now()
    if now - clock.from_rfc3339(job.updated_at) > _REPEATABLE:
        return OUTDATED
    if job.position["key_id"] is not None:
        ended = bound_keys.ended(job.position["key_id"], now=now)
        if ended is not None:
            return ended
    return None if _role(job.tenant_id, job.user_id) == job.position["role"] else ROLE_CHANGED


def _row(job: Job, caller: Caller, place: int, thing: Thing, do: Do, reference: str) -> Row:
    claim = idempotency.claim(
        partition=jobs.partition(job.user_id),
        idempotency_key=f"{job.job_id}/{place}",
        operation=job.kind,
        request=thing,
    )
    try:
        return Row(thing[reference], "done", result=do(caller, thing, claim))
    except TooManyChangesAtOnce:
        raise
    except Refusal as refused:
        if refused.status >= _BROKEN:
            raise
        return Row(thing[reference], "refused", reason=refused.code)


def _parted(things: Sequence[Thing]) -> Iterator[Sequence[Thing]]:
    """Yield a list in parts that rows and items have room for."""
    part, size = list[Thing](), 0
    for each in things:
        more = len(json.dumps(each))
        if part and (len(part) == _AT_ONCE or size + more > _MOST_BYTES):
            yield part
            part, size = [], 0
        part.append(each)
        size += more
    yield part


def _role(tenant_id: str, user_id: str) -> str | None:
    """Return the role of somebody in a tenant now."""
    item = table.get(auth.membership_key(tenant_id, user_id), consistent=True)
    return None if item is None else item.get("role")


def _key(job: Job, number: int) -> Key:
    return Key(jobs.partition(job.user_id), f"JOBPART#{job.job_id}#{number:08d}")
