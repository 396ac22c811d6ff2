"""Files that are sent to have goals restored from them."""

from collections.abc import Sequence
from typing import Any

from functions.goals.jobs import documents
from functions.goals.transfer.shapes import GoalRestore, TaskRestore
from shared import ids
from tests.goals.catalogue import example
from tests.goals.jobs.working import announced, upload
from tests.goals.people import Person

Document = dict[str, Any]
END: Document = {"kind": "end", "goals": 1, "tasks": 0}


def content(*lines: Document) -> bytes:
    return b"".join(documents.line(each) for each in lines)


def export(*goals: tuple[str, Document, Sequence[Document]]) -> bytes:
    """Return a file with these goals, each under the id that it had and with its tasks."""
    lines: list[Document] = [{"kind": "export", "format": 1}]
    for goal_id, goal, tasks in goals:
        lines.append({"kind": "goal", "goal_id": goal_id, "goal": goal})
        lines += [{"kind": "task", "goal_id": goal_id, "task": task} for task in tasks]
    end = {"kind": "end", "goals": len(goals), "tasks": sum(len(tasks) for _, _, tasks in goals)}
    return content(*lines, end)


def marathon(**fields: Any) -> tuple[str, Document, list[Document]]:
    return ids.new("goal"), example(GoalRestore) | fields, [example(TaskRestore)]


def begun(person: Person, body: bytes) -> str:
    """Announce a file, put it where it is to be sent, and start the job."""
    job_id = announced(person, body)
    upload(person, job_id, body)
    answer = person.post(f"/goals/restore-jobs/{job_id}/start")
    assert answer.status == 202, answer.body
    return job_id


def titles(person: Person) -> list[str]:
    return sorted(goal["title"] for goal in person.get("/goals", "limit=100").body["items"])
