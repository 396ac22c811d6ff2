"""The demo's goals, brought into an account once each, with a bar that says how far that is, and shared with others."""

import uuid
from collections.abc import Iterable, Mapping, Sequence

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn

from infra.demo.account import Account
from infra.demo.board import Goal
from infra.demo.histories import History

GOALS = "/api/v1/goals"
SHARED = {
    "Python 3.14.0": {"member": "viewer"},
    "Python 3.14 bugfix releases": {"member": "contributor", "viewer": "viewer", "service": "viewer"},
}
"""By the title of a goal: who of the team sees it, and as what."""


def load(account: Account, wanted: Sequence[History], console: Console) -> list[Goal]:
    """Import each history that the account has no goal of, by its title, and return the goals. Raises NotDone."""
    goals = {goal["title"]: goal for goal in account.every(GOALS)}
    missing = [history for history in wanted if history["title"] not in goals]
    columns = (TextColumn("importing {task.description:<28}"), BarColumn(), TextColumn("{task.completed} entries"))
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as bars:
        bar = bars.add_task("", total=sum(len(history["history"]) for history in missing))
        for history in missing:
            bars.update(bar, description=history["title"])
            # A new key for every run: under an old one, a goal deleted meanwhile would not come back.
            imported = account.post(f"{GOALS}/import", history, idempotency_key=str(uuid.uuid4()))
            goals[history["title"]] = account.get(f"{GOALS}/{imported['goal_id']}?consistent=true")
            bars.advance(bar, len(history["history"]))
    return [goals[history["title"]] for history in wanted]


def share(account: Account, goals: Iterable[Goal], team: Mapping[str, str]) -> None:
    """Share goals with the users of the team, by what each is in it, unless they have them already. Raises NotDone."""
    for goal in goals:
        shares = f"{GOALS}/{goal['goal_id']}/shares"
        wanted = {team[name]: role for name, role in SHARED.get(goal["title"], {}).items() if name in team}
        known = {each["user_id"] for each in account.every(shares)} if wanted else set()
        for user_id in wanted.keys() - known:
            account.put(f"{shares}/{user_id}", {"role": wanted[user_id]})
