"""Goals restored from a file that was uploaded, as a job: goal by goal, each with a result of its own.

The work takes the steps that a caller would take (functions/goals/transfer/restores.py), under idempotency keys that
name the job and the place in the file: a part that is done twice restores a goal once. What is sent in a file is no
more believed than what is sent in a request.
"""

from collections.abc import Callable
from typing import Any, Final

from pydantic import ValidationError

from functions.goals import goals
from functions.goals.jobs.documents import FORMAT, MEDIA_TYPE, Document, read
from functions.goals.jobs.refusals import reason
from functions.goals.resolver import WRITE
from functions.goals.transfer import restores
from functions.goals.transfer.shapes import MOST_TASKS_AT_ONCE, GoalRestore, TasksRestore
from shared import ids
from shared.callers.auth import Caller
from shared.errors import Refusal, Unavailable
from shared.jobs import parts, uploads
from shared.jobs.jobs import Job
from shared.jobs.parts import Step
from shared.jobs.rows import Row
from shared.storage import files, idempotency
from shared.storage.changes import TooManyChangesAtOnce
from shared.storage.idempotency import Answer, Claim

KIND: Final = "goals.restore"
PART_BYTES: Final = 2 * 1024 * 1024
"""How much of a file a part reads, and how long a line may be: a goal with 4,000 days of history has 1 MB."""
MOST_LINES: Final = 1000
NO_EXPORT: Final = "no_export"
CUT_OFF: Final = "cut_off"


def begin(caller: Caller, *, size: int, sha256: str, claim: Claim | None = None) -> Answer:
    """Return a job that waits for its file, and where the file is to be sent. Raises TooManyJobs."""
    position = {"offset": 0, "goals": 0, "tasks": 0, "goal": None}
    return uploads.begin(
        caller, KIND, size=size, sha256=sha256, media_type=MEDIA_TYPE, scope=WRITE, position=position, claim=claim
    )


def start(caller: Caller, job_id: str, *, claim: Claim | None = None) -> Answer:
    """Have the file restored that was uploaded; return the job. Raises JobNotFound, NotUploaded."""
    return uploads.start(caller, KIND, job_id, claim=claim)


def work(job: Job) -> Step:
    """Restore the goals of the next lines."""
    offset, size = job.position["offset"], job.total or 0
    chunk = files.read_from(job.position["key"], offset, most_bytes=PART_BYTES)
    restoring = _Restoring(job)
    lines = chunk.splitlines(keepends=True)
    if not chunk.endswith(b"\n") and offset + len(chunk) < size:
        lines.pop()
    if not lines:
        return Step(None, offset, failed=NO_EXPORT)
    for text in lines[:MOST_LINES]:
        if len(restoring.rows) >= parts.MOST_ROWS - 1:
            break
        try:
            restoring.take(text, offset)
        except ValueError:
            return Step(None, offset, restoring.rows, failed=NO_EXPORT)
        offset += len(text)
        if restoring.is_ended:
            break
    restoring.send()
    return restoring.step(offset, is_last=offset >= size)


class _Restoring:
    """The restore of the lines of one part. `rows` are the goals that it has brought to an end."""

    def __init__(self, job: Job) -> None:
        self.rows: list[Row] = []
        self.is_ended = False
        self._is_whole = False
        self._caller = parts.owner(job)
        self._job = job
        self._goals: int = job.position["goals"]
        self._tasks: int = job.position["tasks"]
        self._goal: dict[str, Any] | None = job.position["goal"]
        self._waiting: list[Document] = []
        self._waiting_from = 0

    def take(self, text: bytes, offset: int) -> None:
        """Take the line at this place. Raises ValueError for what is no part of an export."""
        if offset == 0:
            _require_export(read(text))
        elif text.strip():
            self._take(read(text), offset)

    def _take(self, document: Document, offset: int) -> None:
        match document:
            case {"kind": "goal", "goal_id": str(source), "goal": dict(goal)} if ids.is_valid(source, "goal"):
                self._finish(offset)
                self._begin(source, goal, offset)
            case {"kind": "task", "goal_id": str(source), "task": dict(task)} if self._is_of(source):
                self._add(task, offset)
            case {"kind": "end", "goals": goals, "tasks": tasks}:
                self._finish(offset)
                self.is_ended = True
                self._is_whole = (goals, tasks) == (self._goals, self._tasks)
            case {"kind": "share" | "link" | "achievement"}:
                pass
            case _:
                raise ValueError("the line is no part of an export")

    def send(self) -> None:
        """Restore the tasks that wait to be sent together."""
        goal, waiting = self._goal, self._waiting
        self._waiting = []
        if goal is None or goal["reason"] is not None or not waiting:
            return
        self._try(lambda: self._sent(goal, waiting))

    def step(self, offset: int, *, is_last: bool) -> Step:
        """Return what the part has done up to this place."""
        if self.is_ended or is_last:
            return Step(None, offset, self.rows, failed=None if self._is_whole else CUT_OFF)
        position = {**self._job.position, "offset": offset, "goals": self._goals, "tasks": self._tasks}
        return Step(position | {"goal": self._goal}, offset, self.rows)

    def _is_of(self, source: str) -> bool:
        return self._goal is not None and self._goal["source"] == source

    def _begin(self, source: str, sent: Document, offset: int) -> None:
        self._goals += 1
        self._goal = goal = {"source": source, "goal_id": None, "tasks": 0, "reason": None}

        def begun() -> None:
            shape = GoalRestore.model_validate(sent)
            goal["goal_id"] = restores.begin(self._caller, shape, claim=self._claim("begin", offset))["goal_id"]

        self._try(begun)

    def _add(self, task: Document, offset: int) -> None:
        assert self._goal is not None  # noqa: S101 - `take` has looked
        self._tasks += 1
        self._goal["tasks"] += 1
        if not self._waiting:
            self._waiting_from = offset
        self._waiting.append(task)
        if len(self._waiting) == MOST_TASKS_AT_ONCE:
            self.send()

    def _sent(self, goal: dict[str, Any], tasks: list[Document]) -> None:
        shape = TasksRestore.model_validate({"tasks": tasks})
        restores.add_tasks(self._caller, goal["goal_id"], shape, claim=self._claim("tasks", self._waiting_from))

    def _finish(self, offset: int) -> None:
        self.send()
        goal = self._goal
        if goal is None:
            return
        if goal["reason"] is None:
            claim = self._claim("finish", offset)
            self._try(lambda: restores.finish(self._caller, goal["goal_id"], task_count=goal["tasks"], claim=claim))
        if goal["reason"] is None:
            self.rows.append(Row(goal["source"], "done", result=goal["goal_id"]))
        else:
            self.rows.append(Row(goal["source"], "refused", reason=goal["reason"]))
        self._goal = None

    def _try(self, step: Callable[[], object]) -> None:
        """Take a step with the present goal, and note why if it is refused."""
        assert self._goal is not None  # noqa: S101 - whoever calls has looked
        try:
            step()
        except (Unavailable, TooManyChangesAtOnce):
            raise
        except (ValidationError, Refusal) as error:
            self._goal["reason"] = reason(error)

    def _claim(self, step: str, offset: int) -> Claim:
        return idempotency.claim(
            partition=goals.partition(self._caller.user_id),
            idempotency_key=f"{self._job.job_id} {step} {offset}",
            operation=KIND,
            request=None,
        )


def _require_export(document: Document) -> None:
    if document.get("kind") != "export" or document.get("format") != FORMAT:
        raise ValueError("the file is no export, or one of another format")
