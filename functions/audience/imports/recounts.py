"""All leads of a tenant counted again, as a job whose file has a line for each lead that differs.

A part repairs what the part before it has found, then looks at the next leads. So a part that is done again finds and
reports what it did the first time.
"""

from functools import partial
from itertools import islice
from typing import Any, Final

from functions.audience.activity import recounts
from functions.audience.activity.recounts import View
from functions.audience.imports import exports, rights
from functions.audience.leads import exporting
from functions.audience.leads.leads import Lead, LeadNotFound
from functions.audience.resolver import READ
from shared.callers.auth import Caller
from shared.jobs import jobs
from shared.jobs.jobs import Job
from shared.jobs.parts import Step
from shared.storage import parallel
from shared.storage.idempotency import Answer, Claim

KIND: Final = "audience.recount"
PART_LEADS: Final = 1_000


def begin(caller: Caller, *, is_repairing: bool, claim: Claim | None = None) -> Answer:
    """Have all leads of the caller's tenant counted again; return the job. Raises TooManyJobs.

    `refused` of the job counts the leads that differ and are left as they are.
    """
    position: dict[str, Any] = {**exporting.BEGINNING, "is_repairing": is_repairing, "found": []}
    return jobs.begin(caller, KIND, unit="leads", scope=READ, position=position, claim=claim)


def work(job: Job) -> Step:
    """Repair what was found, if that was asked for, and count the next leads; behind the last one, make the file."""
    if not rights.may_write(job):
        return Step(None, job.done, failed=rights.NOT_ALLOWED)
    is_repairing = bool(job.position["is_repairing"])
    parallel.calls(partial(_recounted, job.tenant_id, is_repairing=True), job.position["found"])
    some = [*islice(exports.present(job.tenant_id, job.position["after"]), PART_LEADS)]
    found = [each for each in parallel.calls(_looked_at, some) if each is not None and each["differences"]]
    is_last = len(some) < PART_LEADS and not (is_repairing and found)
    lines = [{**each, "repaired": is_repairing} for each in found]
    step = exporting.step(job, lines, form="jsonl", name="recount", after=None if is_last else some[-1].lead_id)
    return step._replace(
        position=step.position and {**step.position, "found": _ids(found) if is_repairing else []},
        done=job.done + len(some),
        refused=0 if is_repairing else len(found),
    )


def _looked_at(lead: Lead) -> View | None:
    """Return what differs of a lead; None for one that has what was counted, or is not there any more."""
    return _recounted(lead.tenant_id, lead.lead_id, is_repairing=False) if recounts.seems_wrong(lead) else None


def _recounted(tenant_id: str, lead_id: str, *, is_repairing: bool) -> View | None:
    try:
        return recounts.recount(tenant_id, lead_id, is_repairing=is_repairing)
    except LeadNotFound:
        return None


def _ids(found: list[View]) -> list[str]:
    return [each["lead_id"] for each in found]
