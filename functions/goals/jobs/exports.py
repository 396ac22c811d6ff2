"""All goals of a user exported into a file, as a job: a part writes some goals, and the last part joins the parts."""

from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

from functions.goals import goals
from functions.goals.goals import Goal
from functions.goals.jobs.documents import FORMAT, MEDIA_TYPE, MOST_BYTES, Document, line
from functions.goals.resolver import READ
from functions.goals.transfer import exports
from shared import clock, config
from shared.callers.auth import Caller
from shared.errors import Unavailable
from shared.jobs import jobs, parts
from shared.jobs.jobs import File, Job
from shared.jobs.parts import Step
from shared.jobs.rows import Row
from shared.storage import files, table
from shared.storage.idempotency import Answer, Claim

KIND: Final = "goals.export"
PART_BYTES: Final = 1024 * 1024
TOO_LARGE: Final = "too_large"
_GOALS_AT_ONCE: Final = 5
_TASKS_AT_ONCE: Final = 1000
_TRIES: Final = 5


def begin(caller: Caller, *, claim: Claim | None = None) -> Answer:
    """Have all goals of the caller exported; return the job. Raises TooManyJobs."""
    total = sum(goals.counts(caller.user_id).values())
    position: dict[str, Any] = {"cursor": None, "keys": [], "tasks": 0, "bytes": 0}
    return jobs.begin(caller, KIND, unit="goals", scope=READ, position=position, total=total, claim=claim)


def work(job: Job) -> Step:
    """Write some goals into a part of the file; behind the last goal, make the file."""
    before, taken = job.position, _taken(job)
    lines, tasks = taken.lines, before["tasks"] + taken.tasks
    done = job.done + sum(row.status == "done" for row in taken.rows)
    if taken.cursor is None:
        lines.append(line({"kind": "end", "goals": done, "tasks": tasks}))
    size = before["bytes"] + sum(map(len, lines))
    if size > MOST_BYTES:
        return Step(None, done, taken.rows, failed=TOO_LARGE)
    if taken.cursor is None:
        return Step(None, done, taken.rows, file=_joined(job, lines))
    key = files.new_key("parts", job.tenant_id)
    files.put_once(key, b"".join(lines), media_type=MEDIA_TYPE)
    position = {"cursor": taken.cursor, "keys": [*before["keys"], key], "tasks": tasks, "bytes": size}
    return Step(position, done, taken.rows)


class _Taken(NamedTuple):
    """The lines of some goals, what became of each goal, how many tasks they have, and where the next goals are."""

    lines: list[bytes]
    rows: list[Row]
    tasks: int
    cursor: str | None


def _taken(job: Job) -> _Taken:
    lines = [] if job.position["keys"] else [line(_head(job))]
    rows, tasks, cursor = list[Row](), 0, job.position["cursor"]
    while True:
        found, cursor = goals.page(job.user_id, limit=_GOALS_AT_ONCE, cursor=cursor, oldest_first=True)
        for goal in found:
            written = [line(each) for each in whole(goal)]
            lines += written
            tasks += max(len(written) - 1, 0)
            rows.append(_row(goal, is_there=bool(written)))
        is_full = len(rows) + _GOALS_AT_ONCE > parts.MOST_ROWS or sum(map(len, lines)) >= PART_BYTES
        if cursor is None or is_full:
            return _Taken(lines, rows, tasks, cursor)


def _head(job: Job) -> Document:
    return {
        "kind": "export",
        "format": FORMAT,
        "exported_at": clock.to_rfc3339(clock.now()),
        "url": config.token_issuer(),
        "account": {"user_id": job.user_id, "tenant_id": job.tenant_id},
    }


def _row(goal: Goal, *, is_there: bool) -> Row:
    if is_there:
        return Row(goal.goal_id, "done")
    return Row(goal.goal_id, "refused", reason="The goal was deleted meanwhile.")


def whole(goal: Goal) -> list[Document]:
    """Return a goal and its tasks, all of one version; nothing of one that was deleted. Raises Unavailable."""
    for _ in range(_TRIES):
        before = table.get(goals.key(goal.owner_id, goal.goal_id), consistent=True)
        if before is None:
            return []
        made = [*_documents(goals.from_item(before))]
        after = table.get(goals.key(goal.owner_id, goal.goal_id), consistent=True)
        if after is not None and after["version"] == before["version"]:
            return made
    raise Unavailable("A goal is being changed all the time.")


def _documents(goal: Goal) -> Iterator[Document]:
    about: dict[str, Any] = {"goal_id": goal.goal_id}
    cursor = None
    while True:
        page = exports.page_of_goal(goal, limit=_TASKS_AT_ONCE, cursor=cursor)
        if cursor is None:
            yield {"kind": "goal", **about, "goal": page["goal"]}
        yield from ({"kind": "task", **about, "task": task} for task in page["tasks"])
        cursor = page["next_cursor"]
        if cursor is None:
            return


def _joined(job: Job, last: Sequence[bytes]) -> File:
    """Write the file out of its parts and the last lines."""
    bodies = [files.read(key, most_bytes=MOST_BYTES).body for key in job.position["keys"]]
    key = files.new_key("exports", job.tenant_id)
    files.put_once(key, b"".join([*bodies, *last]), media_type=MEDIA_TYPE)
    return File(key, f"milepost-{job.created_at[:10]}.jsonl", MEDIA_TYPE)
