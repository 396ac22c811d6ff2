"""All leads of a tenant written into a file, as a job: a part of the file for each few thousand of them."""

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, Final

from functions.audience import money
from functions.audience.imports.refusals import TooManyLeads
from functions.audience.leads import leads
from functions.audience.leads.leads import Lead
from functions.audience.money import Currency
from functions.audience.resolver import READ
from shared.callers.auth import Caller
from shared.jobs import jobs
from shared.jobs.jobs import File, Job
from shared.jobs.parts import Step
from shared.storage import files
from shared.storage.idempotency import Answer, Claim

KIND: Final = "audience.export"
PART_LEADS: Final = 5_000
MOST_AT_ONCE: Final = 1_000
MOST_BYTES_AT_ONCE: Final = 4 * 1024 * 1024
"""Lambda answers 6 MB at most, as JSON."""
MOST_BYTES: Final = 400 * 1024 * 1024
TOO_LARGE: Final = "too_large"
MEDIA_TYPES: Final[Mapping[str, str]] = {"jsonl": "application/jsonl", "csv": "text/csv"}
COLUMNS: Final = (
    *("lead_id", "external_id", "name", "emails", "phones", "tags", "status", "locale", "time_zone", "total_spend"),
    *("currency", "order_count", "visits", "last_order_at", "last_visit_at", "created_at", "updated_at"),
    *("consent", "metadata"),
)
_BEGINS_A_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
"""https://owasp.org/www-community/attacks/CSV_Injection"""


def begin(caller: Caller, form: str, *, claim: Claim | None = None) -> Answer:
    """Have all leads of the caller's tenant written into a file; return the job. Raises TooManyJobs."""
    position: dict[str, Any] = {"format": form, "after": None, "keys": [], "bytes": 0}
    return jobs.begin(caller, KIND, unit="leads", scope=READ, position=position, claim=claim)


def sheet(tenant_id: str) -> str:
    """Return all leads of a tenant as CSV. Raises TooManyLeads."""
    some = [*islice(_leads(tenant_id, None), MOST_AT_ONCE + 1)]
    lines = written(some, "csv", money.find(tenant_id), with_columns=True)
    if len(some) > MOST_AT_ONCE or len(lines) > MOST_BYTES_AT_ONCE:
        raise TooManyLeads
    return lines.decode()


def work(job: Job) -> Step:
    """Write some leads into a part of the file; behind the last one, make the file."""
    before = job.position
    some = [*islice(_leads(job.tenant_id, before["after"]), PART_LEADS)]
    lines = written(some, before["format"], money.find(job.tenant_id), with_columns=before["after"] is None)
    size, done = before["bytes"] + len(lines), job.done + len(some)
    if size > MOST_BYTES:
        return Step(None, job.done, failed=TOO_LARGE)
    if len(some) < PART_LEADS:
        return Step(None, done, file=_joined(job, lines))
    key = files.new_key("parts", job.tenant_id)
    files.put_once(key, lines, media_type=MEDIA_TYPES[before["format"]])
    return Step({**before, "after": some[-1].lead_id, "keys": [*before["keys"], key], "bytes": size}, done)


def written(some: Sequence[Lead], form: str, currency: Currency | None, *, with_columns: bool) -> bytes:
    """Return leads as lines of a file."""
    shown = [leads.view(each, currency) for each in some]
    if form == "jsonl":
        return b"".join(_packed(each).encode() + b"\n" for each in shown)
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerows([COLUMNS] if with_columns else [])
    writer.writerows([_cell(each[name]) for name in COLUMNS] for each in shown)
    return text.getvalue().encode()


def _leads(tenant_id: str, after: str | None) -> Iterator[Lead]:
    """Yield the leads of a tenant that were not merged, from the one behind this."""
    items = leads.every_item(tenant_id, after=after, only=())
    return (leads.from_item(item) for item in items if leads.MERGED not in item)


def _cell(value: Any) -> str:
    """Return a value as a cell that no spreadsheet takes for a formula."""
    if isinstance(value, tuple | list):
        text = ";".join(value)
    elif isinstance(value, dict):
        text = _packed(value) if value else ""
    else:
        text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_BEGINS_A_FORMULA) and not _is_number(text) else text


def _is_number(text: str) -> bool:
    """Return whether a text is a number, also of a telephone: one with a sign is no formula that does anything."""
    return text[1:].isdecimal()


def _packed(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _joined(job: Job, last: bytes) -> File:
    """Write the file of a job out of its parts and the last lines. Raises Unavailable."""
    form = job.position["format"]
    key = files.new_key("exports", job.tenant_id)
    files.put_once(key, b"".join([*_parts(job), last]), media_type=MEDIA_TYPES[form])
    return File(key, f"leads-{job.created_at[:10]}.{form}", MEDIA_TYPES[form])


def _parts(job: Job) -> Iterator[bytes]:
    for key in job.position["keys"]:
        yield files.read(key, most_bytes=MOST_BYTES).body
