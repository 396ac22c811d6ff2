"""What people call things: a goal or a task by its id, or by its title when only one has it."""

import re
from collections.abc import Iterable
from typing import Any

from milepost_cli.account import Account
from milepost_cli.names import folded
from milepost_cli.stops import Misused, NotFound

_ID = re.compile(r"(goal|task|link)_[0-9A-Z]{26}", re.ASCII)


def is_id(text: str) -> bool:
    """Return whether the text is an id, so that it is no title."""
    return _ID.fullmatch(text) is not None


def goal(account: Account, text: str) -> dict[str, Any]:
    """Return the goal that is meant. Raises NotFound, or Misused when several goals have the title."""
    if is_id(text):
        found: dict[str, Any] = account.get(f"/goals/{text}")
        return found
    return _only(account.every("/goals"), "goal", text)


def goal_id(account: Account, text: str) -> str:
    """Return the id of the goal that is meant. Raises NotFound, or Misused when several goals have the title."""
    return text if is_id(text) else str(_only(account.every("/goals"), "goal", text)["goal_id"])


def task_id(account: Account, goal: str, text: str) -> str:
    """Return the id of the task of a goal that is meant. Raises as `goal_id` does."""
    return text if is_id(text) else str(_only(account.every(f"/goals/{goal}/tasks"), "task", text)["task_id"])


def _only(found: Iterable[dict[str, Any]], kind: str, title: str) -> dict[str, Any]:
    wanted = folded(title)
    meant = [each for each in found if folded(each["title"]) == wanted]
    if not meant:
        raise NotFound(f"There is no {kind} with the id or the title {title!r}.")
    if len(meant) > 1:
        ids = ", ".join(str(each[f"{kind}_id"]) for each in meant[:5])
        raise Misused(f"{len(meant)} {kind}s have the title {title!r}; say which by its id: {ids}")
    return meant[0]
