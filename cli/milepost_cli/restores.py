"""`milepost restore`: the goals of an export, brought into the account that has signed in; goal by goal, each once."""

import itertools
import json
import uuid
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

import typer

from milepost_cli import exports, reports, terminal
from milepost_cli.account import Account, open_account
from milepost_cli.journals import Journal, digest
from milepost_cli.options import Again, Json, Report
from milepost_cli.reports import Line
from milepost_cli.stops import Misused, NotFound, Refused

AT_ONCE = 49
"""So many tasks the API takes in one request."""

Document = dict[str, Any]
File = Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True, help="What `export` has written.")]


@dataclass(kw_only=True)
class _Carried:
    """A goal of the file with its tasks; `number` is its place among the goals."""

    number: int
    goal_id: str
    goal: Document
    tasks: list[Document] = field(default_factory=list)


def restore(
    context: typer.Context, file: File, again: Again = False, report: Report = None, as_json: Json = False
) -> None:
    """Bring the goals of an export in, each as it was: progress, milestones, history, tasks.

    A restore that broke off goes on where it stopped when the same command is given again.
    """
    content = file.read_bytes()
    carried, left_out = _read(content)
    reports.require_writable(report, file)
    account = open_account(context.obj)
    who = account.get("/auth/me")["user_id"]
    journal = Journal(context.obj.folder, digest("restore", account.api.url, who, content))
    if again:
        journal.begin_anew()
    found: list[Line] = []
    try:
        with terminal.moving(len(carried), "restoring") as moved:
            for each in carried:
                found.append(_brought(account, journal, each))
                moved()
    finally:
        reports.tell(found, of=len(carried), path=report, as_json=as_json)
    if left_out:
        terminal.say(f"Left out: {', '.join(f'{times} {kind}s' for kind, times in sorted(left_out.items()))}.")
    if any(line.status == "refused" for line in found):
        raise Refused("Not every goal could be restored.")


def _read(content: bytes) -> tuple[list[_Carried], Counter[str]]:
    """Return the goals of an export, and of what there was that is not restored. Raises Misused for no whole export."""
    carried: dict[str, _Carried] = {}
    left_out: Counter[str] = Counter()
    last: Document = {}
    try:
        for last in _lines(content):
            match last:
                case {"kind": "goal", "goal_id": str(goal_id), "goal": dict(goal)}:
                    carried[goal_id] = _Carried(number=len(carried) + 1, goal_id=goal_id, goal=goal)
                case {"kind": "task", "goal_id": str(goal_id), "task": dict(task)}:
                    carried[goal_id].tasks.append(task)
                case {"kind": "share" | "link" as kind}:
                    left_out[kind] += 1
                case {"kind": "goal" | "task"}:
                    raise ValueError("a goal or a task is none")
    except (ValueError, KeyError, RecursionError) as error:
        raise Misused("The file is no export: a line of it cannot be read.") from error
    counted = {"kind": "end", "goals": len(carried), "tasks": sum(len(each.tasks) for each in carried.values())}
    if last != counted:
        raise Misused("The file is no whole export: it has no end, or not as many goals and tasks as it says.")
    return list(carried.values()), left_out


def _lines(content: bytes) -> Iterator[Document]:
    """Yield the lines. Raises Misused when the first one is not that of an export, ValueError for no JSON object."""
    lines = (_object(line) for line in content.decode("utf-8-sig").split("\n") if line.strip())
    first = next(lines, {})
    if first.get("kind") != "export" or first.get("format") != exports.FORMAT:
        raise Misused("The file is no export, or one of another format.")
    yield first
    yield from lines


def _object(line: str) -> Document:
    found = json.loads(line)
    if not isinstance(found, dict):
        raise ValueError("a line is no object")
    return found


def _brought(account: Account, journal: Journal, each: _Carried) -> Line:
    title = str(each.goal.get("title", ""))
    earlier = journal.found(each.goal_id)
    if earlier is not None:
        return Line(row=each.number, status="earlier", title=title, goal_id=earlier["goal_id"])
    try:
        goal_id = _carried_over(account, journal, each)
    except (Refused, NotFound) as stop:
        return Line(row=each.number, status="refused", title=title, reason="; ".join(stop.reasons))
    journal.note(each.goal_id, {"goal_id": goal_id})
    return Line(row=each.number, status="restored", title=title, goal_id=goal_id)


def _carried_over(account: Account, journal: Journal, each: _Carried) -> str:
    try:
        return _sent(account, journal, each, salt="")
    except NotFound:
        # What an earlier run had begun is given up after an hour, and its keys are still known: begin anew.
        return _sent(account, journal, each, salt=uuid.uuid4().hex)


def _sent(account: Account, journal: Journal, each: _Carried, *, salt: str) -> str:
    def key(what: str) -> str:
        return journal.key(f"{each.goal_id} {what} {salt}")

    goal_id = str(account.post("/goals/restore", each.goal, key=key("begin"))["goal_id"])
    for number, tasks in enumerate(_parts(each.tasks)):
        account.post(f"/goals/restore/{goal_id}/tasks", {"tasks": tasks}, key=key(f"tasks {number}"))
    account.post(f"/goals/restore/{goal_id}/finish", {"task_count": len(each.tasks)}, key=key("finish"))
    return goal_id


def _parts(tasks: Sequence[Document]) -> Iterator[list[Document]]:
    """Yield the tasks in parts as large as one request may be."""
    rest = iter(tasks)
    while part := list(itertools.islice(rest, AT_ONCE)):
        yield part
