"""Checks: whether rows of a task and its goal would be accepted, without writing anything.

Every rule is the one that the writes keep: the same models read the drafts, and the same functions make the goal and
the task of them. A row that has no errors is accepted by the writes unless something changes in between.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from pydantic import ValidationError

from functions.goals import lifecycle as goal_lifecycle
from functions.goals.checks.shapes import RowDraft, RowsCheck
from functions.goals.goals import GoalNotFound
from functions.goals.sharing import shares
from functions.goals.sharing.shares import OWNER, Access
from functions.goals.tasks import lifecycle as task_lifecycle
from functions.goals.views import View
from shared import clock, ids
from shared.api import problems
from shared.callers.auth import Caller
from shared.clock import Instant
from shared.errors import FieldError, InvalidInput, Refusal


def run(caller: Caller, sent: RowsCheck) -> View:
    """Return `{results: [{row, errors}]}`, a result for each row in its order; four calls to the table at most."""
    read = [_read(row) for row in sent.rows]
    named = [row.goal_id for row in read if isinstance(row, RowDraft) and row.goal_id is not None]
    opened = shares.open_goals(caller, named)
    now = clock.now()
    errors = [_errors(caller, row, opened, now) if isinstance(row, RowDraft) else row for row in read]
    return {"results": [{"row": number, "errors": each} for number, each in enumerate(errors)]}


def _read(row: Any) -> RowDraft | list[FieldError]:
    """Return a row as its models read it, or what they find wrong with it."""
    try:
        read = RowDraft.model_validate(row)
    except ValidationError as error:
        found = problems.invalid_input([dict(each) for each in error.errors()]).errors
        return [{"field": each["field"] or "row", "reason": each["reason"]} for each in found]
    if (read.goal is None) == (read.goal_id is None):
        return [{"field": "goal_id", "reason": "send either goal_id or goal"}]
    return read


def _errors(caller: Caller, row: RowDraft, opened: Mapping[str, Access], now: Instant) -> list[FieldError]:
    """Return the rules that the goal breaks, else those that the task breaks in that goal."""
    errors: list[FieldError] = []
    with _collected(errors, "goal"):
        access = _access(caller, row, opened, now)
        with _collected(errors, "task"):
            task_lifecycle.drafted(access, caller, row.task, ids.new("task", at=now))
    return errors


def _access(caller: Caller, row: RowDraft, opened: Mapping[str, Access], now: Instant) -> Access:
    """Return the goal of a row: the caller's own that the draft would make, or the one that is there."""
    if row.goal is not None:
        return Access(goal_lifecycle.drafted(caller, row.goal, now), OWNER)
    access = opened.get(str(row.goal_id))
    if access is None:
        raise GoalNotFound
    return access


@contextmanager
def _collected(errors: list[FieldError], part: str) -> Iterator[None]:
    """Add the refusal that ends the block: under the fields of this part, or under the goal that it is about."""
    try:
        yield
    except InvalidInput as refusal:
        errors += [{"field": f"{part}.{each['field']}", "reason": each["reason"]} for each in refusal.errors]
    except Refusal as refusal:
        errors.append({"field": "goal_id", "reason": refusal.detail})
