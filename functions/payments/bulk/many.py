"""More invoices than a request waits for: a job, which reports each of them."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from functions.payments.bulk.invoicing import Wanted
from functions.payments.invoices import lifecycle
from functions.payments.invoices.asking import Asked, LineAsked
from functions.payments.resolver import WRITE
from shared.callers.caller import Caller
from shared.jobs import lists
from shared.jobs.jobs import Job
from shared.jobs.parts import Step
from shared.storage.idempotency import Answer, Claim

KIND: Final = "payments.invoice"
MOST: Final = lists.MOST
"""How many invoices a job may make."""


def begin(caller: Caller, wanted: Sequence[Wanted], *, claim: Claim | None = None) -> Answer:
    """Have invoices issued, or drafts of them made, in the background; return the job. Raises TooManyJobs."""
    things = [_kept(each) for each in wanted]
    return lists.begin(caller, KIND, things, unit="invoices", scope=WRITE, also={}, claim=claim)


def work(job: Job) -> Step:
    """Make the next invoices of a job."""
    return lists.step(job, _make, reference="project_milestone_id")


def _make(caller: Caller, thing: Mapping[str, Any], claim: Claim) -> str:
    asked = thing["asked"]
    lines = [LineAsked(**each) for each in asked["lines"]]
    made = lifecycle.create(
        caller,
        thing["project_milestone_id"],
        Asked(**{**asked, "lines": lines}),
        as_draft=thing["as_draft"],
        claim=claim,
    )
    return str(made["invoice_id"])


def _kept(wanted: Wanted) -> dict[str, Any]:
    asked = {**wanted.asked._asdict(), "lines": [each._asdict() for each in wanted.asked.lines]}
    return {**wanted._asdict(), "asked": asked}
