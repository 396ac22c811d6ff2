"""The shop of the mill, as a project: its plan is made of a shipped template, and one milestone is bound to a goal."""

import time
from collections.abc import Mapping
from typing import Any, Final

from infra.demo.account import Account
from infra.demo.projects import MILESTONES, PROJECTS, find, planned, post

NAME: Final = "Shop in the old mill"
GOAL: Final = "Python 3.14 bugfix releases"
BOUND: Final = "Shelf of books on Python 3.14"
TEMPLATE: Final = "/api/v1/plan-templates/retail/instantiate"
PATIENCE_SECONDS: Final = 60
_SETTLED: Final = {"completed", "failed", "cancelled"}


def is_there(manager: Account) -> bool:
    """Return whether the account has the whole project already. Raises NotDone."""
    found = find(manager, NAME)
    bound = None if found is None else planned(manager, found).get(BOUND)
    return bound is not None and manager.get(f"{MILESTONES}/{bound}")["status"] != "draft"


def bring(manager: Account, goal_id: str) -> None:
    """Make what is missing of the project; the last milestone is as far as the goal. Raises NotDone."""
    found = find(manager, NAME) or str(
        post(manager, PROJECTS, {"name": NAME, "currency": "EUR", "time_zone": "Europe/Berlin"})["project_id"]
    )
    known = planned(manager, found)
    if not known:
        _plan(manager, found)
    bound = known.get(BOUND) or str(
        post(manager, f"{PROJECTS}/{found}/project-milestones", _bound(goal_id))["project_milestone_id"]
    )
    _begin(manager, f"{MILESTONES}/{bound}")


def _plan(manager: Account, found: str) -> None:
    """Have the plan made, and return when it is, or after a minute: it may still come later."""
    own_id = _own_id(manager)
    asked = {
        "project_id": found,
        "start_on": "2027-03-01",
        "total_minor_units": 4_200_000,
        "parameters": {"shop": "The mill shop", "manager": own_id, "planner": own_id},
    }
    # The same key for a load that was interrupted, so that there is one plan.
    job = manager.post(TEMPLATE, asked, idempotency_key=f"demo-shop-{found}")
    give_up = time.monotonic() + PATIENCE_SECONDS
    while job["status"] not in _SETTLED and time.monotonic() < give_up:
        time.sleep(0.2)
        job = manager.get(f"/api/v1/jobs/{job['job_id']}")


def _bound(goal_id: str) -> Mapping[str, Any]:
    return {
        "title": BOUND,
        "kind": "custom",
        "description": "It is complete once half of the bugfix releases are out.",
        "progress_source": "goal",
        "source_id": goal_id,
        "source_threshold": 50,
    }


def _begin(manager: Account, path: str) -> None:
    shown = manager.get(path)
    if shown["status"] != "draft":
        return
    if shown["primary_owner_id"] is None:
        post(manager, f"{path}/owners", {"user_id": _own_id(manager), "role": "primary"})
    post(manager, f"{path}/activate")
    post(manager, f"{path}/start")


def _own_id(manager: Account) -> str:
    return str(manager.get("/api/v1/auth/me")["user_id"])
