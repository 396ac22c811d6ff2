"""All leads of a tenant written into a file: at once where they are few, or as a job."""

from collections.abc import Iterator
from itertools import islice
from typing import Any, Final

from functions.audience import money
from functions.audience.imports.refusals import TooManyLeads
from functions.audience.leads import exporting, leads
from functions.audience.leads.leads import Lead
from functions.audience.resolver import READ
from shared.callers.auth import Caller
from shared.jobs import jobs
from shared.jobs.jobs import Job
from shared.jobs.parts import Step
from shared.storage.idempotency import Answer, Claim

KIND: Final = "audience.export"
MOST_AT_ONCE: Final = 1_000
MOST_BYTES_AT_ONCE: Final = 4 * 1024 * 1024
"""Lambda answers 6 MB at most, as JSON."""


def begin(caller: Caller, form: str, *, claim: Claim | None = None) -> Answer:
    """Have all leads of the caller's tenant written into a file; return the job. Raises TooManyJobs."""
    position: dict[str, Any] = {**exporting.BEGINNING, "format": form}
    return jobs.begin(caller, KIND, unit="leads", scope=READ, position=position, claim=claim)


def sheet(tenant_id: str) -> str:
    """Return all leads of a tenant as CSV. Raises TooManyLeads."""
    currency = money.find(tenant_id)
    some = [leads.view(each, currency) for each in islice(present(tenant_id, None), MOST_AT_ONCE + 1)]
    lines = exporting.written(some, "csv", with_columns=True)
    if len(some) > MOST_AT_ONCE or len(lines) > MOST_BYTES_AT_ONCE:
        raise TooManyLeads
    return lines.decode()


def work(job: Job) -> Step:
    """Write some leads into a part of the file; behind the last one, make the file."""
    some = [*islice(present(job.tenant_id, job.position["after"]), exporting.PART_LEADS)]
    after = some[-1].lead_id if len(some) == exporting.PART_LEADS else None
    currency = money.find(job.tenant_id)
    shown = [leads.view(each, currency) for each in some]
    return exporting.step(job, shown, form=job.position["format"], name="leads", after=after)


def present(tenant_id: str, after: str | None) -> Iterator[Lead]:
    """Yield the leads of a tenant that were not merged, from the one behind this."""
    items = leads.every_item(tenant_id, after=after, only=())
    return (leads.from_item(item) for item in items if leads.MERGED not in item)
