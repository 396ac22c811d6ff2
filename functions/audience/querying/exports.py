"""The members of a segment written into a sheet, as a job: a part of the file for each few thousand of them.

The rule is evaluated for the instant at which the export was asked for, and each lead is written as it is in its turn.
"""

import csv
import io
import itertools
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from functions.audience.leads.leads import View
from functions.audience.querying import members
from functions.audience.resolver import READ
from functions.audience.segments import forms, segments
from functions.audience.segments.matching import AudienceTooLarge, RuleNotAnswered
from functions.audience.segments.rules.refusals import RuleRefused
from functions.audience.segments.segments import SegmentNotFound
from shared import clock
from shared.callers.auth import Caller
from shared.jobs import jobs
from shared.jobs.jobs import File, Job
from shared.jobs.parts import Step
from shared.storage import files
from shared.storage.idempotency import Answer, Claim

KIND: Final = "audience.segment_export"
PART_LEADS: Final = 5_000
MOST_BYTES: Final = 400 * 1024 * 1024
MEDIA_TYPE: Final = "text/csv"
TOO_LARGE: Final = "too_large"
SEGMENT_DELETED: Final = "segment_deleted"
NOT_ANSWERED: Final = "not_answered"
COLUMNS: Final = (
    *("lead_id", "external_id", "name", "emails", "phones", "tags", "status", "locale", "time_zone", "total_spend"),
    *("currency", "order_count", "visits", "last_order_at", "last_visit_at", "created_at", "updated_at"),
    *("consent", "metadata"),
)
_BEGINS_A_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
"""https://owasp.org/www-community/attacks/CSV_Injection"""


def begin(caller: Caller, segment_id: str, *, claim: Claim | None = None) -> Answer:
    """Have the members of a segment written into a file; return the job. Raises SegmentNotFound, TooManyJobs."""
    segments.get(caller.tenant_id, segment_id)
    position = {"segment_id": segment_id, "now": clock.now(), "after": "", "keys": [], "bytes": 0}
    return jobs.begin(caller, KIND, unit="leads", scope=READ, position=position, claim=claim)


def work(job: Job) -> Step:
    """Write some members into a part of the file; behind the last one, make the file."""
    before = job.position
    try:
        found = list(itertools.islice(_members(job), PART_LEADS))
    except SegmentNotFound:
        return Step(None, job.done, failed=SEGMENT_DELETED)
    except (RuleNotAnswered, RuleRefused, AudienceTooLarge):
        return Step(None, job.done, failed=NOT_ANSWERED)
    lines = written(members.views(job.tenant_id, found), with_columns=not before["after"])
    size, done = before["bytes"] + len(lines), job.done + len(found)
    if size > MOST_BYTES:
        return Step(None, job.done, failed=TOO_LARGE)
    if len(found) < PART_LEADS:
        return Step(None, done, file=_joined(job, lines))
    key = files.new_key("parts", job.tenant_id)
    files.put_once(key, lines, media_type=MEDIA_TYPE)
    return Step({**before, "after": found[-1], "keys": [*before["keys"], key], "bytes": size}, done)


def written(some: Sequence[View], *, with_columns: bool) -> bytes:
    """Return leads as lines of a sheet, of which no cell is a formula."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerows([COLUMNS] if with_columns else [])
    writer.writerows([_cell(each[name]) for name in COLUMNS] for each in some)
    return text.getvalue().encode()


def _members(job: Job) -> Iterator[str]:
    segment = segments.get(job.tenant_id, job.position["segment_id"])
    form = forms.of(job.tenant_id, segment.rule, now=job.position["now"], segment_id=segment.segment_id)
    return members.lead_ids(job.tenant_id, form, after=job.position["after"])


def _cell(value: Any) -> str:
    if isinstance(value, tuple | list):
        text = ";".join(value)
    elif isinstance(value, Mapping):
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":")) if value else ""
    else:
        text = "" if value is None else str(value)
    # A number with a sign, also of a telephone, is no formula that does anything.
    return f"'{text}" if text.startswith(_BEGINS_A_FORMULA) and not text[1:].isdecimal() else text


def _joined(job: Job, last: bytes) -> File:
    """Write the file of a job out of its parts and the last lines. Raises Unavailable."""
    parts = [files.read(key, most_bytes=MOST_BYTES).body for key in job.position["keys"]]
    key = files.new_key("exports", job.tenant_id)
    files.put_once(key, b"".join([*parts, last]), media_type=MEDIA_TYPE)
    return File(key, f"segment-{job.created_at[:10]}.csv", MEDIA_TYPE)
