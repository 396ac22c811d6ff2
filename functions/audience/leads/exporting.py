"""Leads written into a file, as a job: a part of the file for each few thousand of them.

A job's position is `{"after": the lead behind which the next part begins, "keys": of the parts, "bytes": of them all}`.
"""

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from functions.audience.leads.leads import View
from shared.jobs.jobs import File, Job
from shared.jobs.parts import Step
from shared.sheets import cells
from shared.storage import files

PART_LEADS: Final = 5_000
MOST_BYTES: Final = 400 * 1024 * 1024
TOO_LARGE: Final = "too_large"
MEDIA_TYPES: Final[Mapping[str, str]] = {"jsonl": "application/jsonl", "csv": "text/csv"}
BEGINNING: Final[Mapping[str, Any]] = {"after": None, "keys": [], "bytes": 0}
COLUMNS: Final = (
    *("lead_id", "external_id", "name", "emails", "phones", "tags", "status", "locale", "time_zone", "total_spend"),
    *("currency", "order_count", "visits", "last_order_at", "last_visit_at", "created_at", "updated_at"),
    *("consent", "metadata"),
)


def step(job: Job, some: Sequence[View], *, form: str, name: str, after: str | None) -> Step:
    """Write leads into the next part of the file of a job; behind the last part, where `after` is None, make the file.

    A part without a line has no file of its own. Raises Unavailable.
    """
    before = job.position
    lines = written(some, form, with_columns=before["after"] is None)
    size, done = before["bytes"] + len(lines), job.done + len(some)
    if size > MOST_BYTES:
        return Step(None, job.done, failed=TOO_LARGE)
    if after is None:
        return Step(None, done, file=_joined(job, lines, form, name))
    keys = [*before["keys"], *_kept(job, lines, form)]
    return Step({**before, "after": after, "keys": keys, "bytes": size}, done)


def written(some: Sequence[View], form: str, *, with_columns: bool) -> bytes:
    """Return leads as lines of a file."""
    if form == "jsonl":
        return b"".join(_packed(each).encode() + b"\n" for each in some)
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerows([COLUMNS] if with_columns else [])
    writer.writerows([_cell(each[name]) for name in COLUMNS] for each in some)
    return text.getvalue().encode()


def _cell(value: Any) -> str:
    if isinstance(value, tuple | list):
        text = ";".join(value)
    elif isinstance(value, Mapping):
        text = _packed(value) if value else ""
    else:
        text = "" if value is None else str(value)
    return cells.guarded(text)


def _packed(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _kept(job: Job, lines: bytes, form: str) -> list[str]:
    """Write lines into a file of their own, and return its key, if there are any. Raises Unavailable."""
    if not lines:
        return []
    key = files.new_key("parts", job.tenant_id)
    files.put_once(key, lines, media_type=MEDIA_TYPES[form])
    return [key]


def _joined(job: Job, last: bytes, form: str, name: str) -> File:
    """Write the file of a job out of its parts and the last lines. Raises Unavailable."""
    key = files.new_key("exports", job.tenant_id)
    files.put_once(key, b"".join([*_parts(job), last]), media_type=MEDIA_TYPES[form])
    return File(key, f"{name}-{job.created_at[:10]}.{form}", MEDIA_TYPES[form])


def _parts(job: Job) -> Iterator[bytes]:
    for key in job.position["keys"]:
        yield files.read(key, most_bytes=MOST_BYTES).body
