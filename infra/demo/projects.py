"""What the projects of the demo have in common: who works on them, and how they are found and made through the API."""

import uuid
from dataclasses import dataclass
from typing import Any, Final

from infra.demo.account import Account

PROJECTS: Final = "/api/v1/projects"
MILESTONES: Final = "/api/v1/project-milestones"


@dataclass(frozen=True, kw_only=True)
class Crew:
    """Who works on a project: its manager, another admin, the builder who owns its milestones, and the client."""

    manager: Account
    admin: Account
    builder: Account
    client: Account
    builder_id: str
    client_id: str


def find(manager: Account, name: str) -> str | None:
    """Return the id of the project of this name, None if there is none. Raises NotDone."""
    return next((each["project_id"] for each in manager.every(PROJECTS) if each["name"] == name), None)


def planned(manager: Account, project_id: str) -> dict[str, str]:
    """Return the ids of the milestones of a project by their titles. Raises NotDone."""
    found = manager.every(f"{PROJECTS}/{project_id}/project-milestones")
    return {each["title"]: each["project_milestone_id"] for each in found}


def post(account: Account, path: str, body: object = None) -> dict[str, Any]:
    """Send a body once, and return that of the answer. Raises NotDone."""
    return dict(account.post(path, body, idempotency_key=str(uuid.uuid4())))
