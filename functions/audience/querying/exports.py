"""The members of a segment written into a sheet, as a job.

The rule is evaluated for the instant at which the export was asked for, and each lead is written as it is in its turn.
"""

import itertools
from collections.abc import Iterator
from typing import Any, Final

from functions.audience.leads import exporting
from functions.audience.querying import members
from functions.audience.querying.athena.statements import RuleTooLarge
from functions.audience.resolver import READ
from functions.audience.segments import forms, segments
from functions.audience.segments.matching import AudienceTooLarge, RuleNotAnswered
from functions.audience.segments.rules.refusals import RuleRefused
from functions.audience.segments.segments import SegmentNotFound
from shared import clock
from shared.callers.auth import Caller
from shared.jobs import jobs
from shared.jobs.jobs import Job
from shared.jobs.parts import Step
from shared.storage.idempotency import Answer, Claim

KIND: Final = "audience.segment_export"
SEGMENT_DELETED: Final = "segment_deleted"
NOT_ANSWERED: Final = "not_answered"


def begin(caller: Caller, segment_id: str, *, claim: Claim | None = None) -> Answer:
    """Have the members of a segment written into a file; return the job. Raises SegmentNotFound, TooManyJobs."""
    segments.get(caller.tenant_id, segment_id)
    position: dict[str, Any] = {**exporting.BEGINNING, "segment_id": segment_id, "now": clock.now()}
    return jobs.begin(caller, KIND, unit="leads", scope=READ, position=position, claim=claim)


def work(job: Job) -> Step:
    """Write some members into a part of the file; behind the last one, make the file."""
    try:
        found = list(itertools.islice(_members(job), exporting.PART_LEADS))
    except SegmentNotFound:
        return Step(None, job.done, failed=SEGMENT_DELETED)
    except (RuleNotAnswered, RuleRefused, AudienceTooLarge, RuleTooLarge):
        return Step(None, job.done, failed=NOT_ANSWERED)
    after = found[-1] if len(found) == exporting.PART_LEADS else None
    return exporting.step(job, members.views(job.tenant_id, found), form="csv", name="segment", after=after)


def _members(job: Job) -> Iterator[str]:
    segment = segments.get(job.tenant_id, job.position["segment_id"])
    form = forms.of(job.tenant_id, segment.rule, now=job.position["now"], segment_id=segment.segment_id)
    return members.lead_ids(job.tenant_id, form, after=job.position["after"] or "")
