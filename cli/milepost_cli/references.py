"""What people call things: a goal or a task by its id, or by its title when only one has it."""

import re
from collections.abc import Iterable
from typing import Any

from milepost_cli.account import Account
from milepost_cli.stops import Misused, NotFound

_ID = re.compile(r"(goal|task|link)_[0-9A-Z]{26}", re.ASCII)


def goal_id(account: Account, text: str) -> str:
    """Return the id of the goal that is meant. Raises NotFound, or Misused when several goals have the title."""
    return text if _ID.fullmatch(text) else _only(account.every("/goals"), "goal", text)


def task_id(account: Account, goal: str, text: str) -> str:
    """Return the id of the task of a goal that is meant. Raises as `goal_id` does."""
    return text if _ID.fullmatch(text) else _only(account.every(f"/goals/{goal}/tasks"), "task", text)


def _only(found: Iterable[dict[str, Any]], kind: str, title: str) -> str:
    wanted = title.strip().casefold()
    ids = [str(each[f"{kind}_id"]) for each in found if each["title"].casefold() == wanted]
    if not ids:
        raise NotFound(f"There is no {kind} with the id or the title {title!r}.")
    if len(ids) > 1:
        raise Misused(f"{len(ids)} {kind}s have the title {title!r}; say which by its id: {', '.join(ids[:5])}")
    return ids[0]
