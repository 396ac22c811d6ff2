"""The report of an import: what became of each row, in the order of the file; one file, which pages are read from."""

import heapq
import json
from collections.abc import Mapping
from typing import Any, Final

from functions.audience.imports import cuts, progress
from functions.audience.imports.refusals import ReportNotReady
from shared.jobs import jobs
from shared.jobs.jobs import File, Job
from shared.storage import cursors, files, parallel

NAME: Final = "lead-import"
_LIST: Final = "lead import"
_MOST_OF_A_PART: Final = 4 * 1024 * 1024
_LONGEST_LINE: Final = 8 * 1024

View = dict[str, Any]


def joined(job: Job, cut: str) -> File:
    """Write the report on all parts that are done, and return its file. Raises Unavailable."""

    def read(key: str) -> list[tuple[int, bytes]]:
        lines = files.read(key, most_bytes=_MOST_OF_A_PART).body.splitlines(keepends=True)
        return [(json.loads(line)["row"], line) for line in lines]

    parts = parallel.calls(read, [*progress.reports(job.tenant_id, cut)])
    key = files.new_key("exports", job.tenant_id)
    files.put_once(key, b"".join(line for _, line in heapq.merge(*parts)), media_type=cuts.LINES)
    return File(key, f"{NAME}-{job.created_at[:10]}.jsonl", cuts.LINES)


def page(job: Job, *, limit: int, cursor: str | None) -> tuple[list[View], str | None]:
    """Return a page of what became of the rows of an import. Raises ReportNotReady, Malformed."""
    made = jobs.file_of(job)
    if made is None:
        raise ReportNotReady
    place = f"{_LIST} {job.job_id}"
    start = 0 if cursor is None else _number(cursors.place_in(cursor, place))
    found = files.find(made.key)
    if found is None or start > found.size:
        raise cursors.foreign()
    if start == found.size:
        return [], None
    some = files.read_from(made.key, start, most_bytes=(limit + 1) * _LONGEST_LINE).splitlines(keepends=True)
    # The last one may not be whole; a page has fewer lines then.
    lines = [each for each in some if each.endswith(b"\n")][:limit]
    end = start + sum(map(len, lines))
    shown: list[Mapping[str, Any]] = [json.loads(each) for each in lines]
    return [dict(each) for each in shown], None if end == found.size else cursors.bind(str(end), place)


def _number(text: str) -> int:
    if not text.isdecimal():
        raise cursors.foreign()
    return int(text)
