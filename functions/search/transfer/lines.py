"""The lines of the files that documents come in, go out in, and of the reports on what became of them."""

import json
from collections.abc import Sequence
from typing import Any, Final

from shared.jobs.jobs import File, Job
from shared.storage import files

MEDIA_TYPE: Final = "application/jsonl"
MOST_BYTES: Final = 100 * 1024 * 1024
"""How large a file may be: it passes through memory, twice."""


def line(content: dict[str, Any]) -> bytes:
    """Return an object as its line."""
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def part(job: Job, lines: Sequence[bytes]) -> str:
    """Write lines into a part of the file of a job, and return its key. Raises Unavailable."""
    key = files.new_key("parts", job.tenant_id)
    files.put_once(key, b"".join(lines), media_type=MEDIA_TYPE)
    return key


def joined(job: Job, keys: Sequence[str], last: Sequence[bytes], *, name: str) -> File:
    """Write the file of a job out of its parts and the last lines. Raises Unavailable."""
    bodies = [files.read(key, most_bytes=MOST_BYTES).body for key in keys]
    key = files.new_key("exports", job.tenant_id)
    files.put_once(key, b"".join([*bodies, *last]), media_type=MEDIA_TYPE)
    return File(key, name, MEDIA_TYPE)
