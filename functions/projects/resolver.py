"""The resolver of projects: its one API, and what several of its operations take."""

import functools
from typing import Final

from shared.api import operations
from shared.api.operations import BODY, KEYED, page
from shared.api.rest import Api

__all__ = [
    "BODY",
    "DECIDE",
    "KEYED",
    "MILESTONE",
    "PROJECT",
    "PROJECTS",
    "READ",
    "WRITE",
    "api",
    "claim",
    "page",
]

READ: Final = "projects:read"
WRITE: Final = "projects:write"
DECIDE: Final = "projects:decide"

PROJECTS: Final = "/api/v1/projects"
PROJECT: Final = f"{PROJECTS}/<project_id>"
MILESTONE: Final = "/api/v1/project-milestones/<project_milestone_id>"

api = Api()
claim = functools.partial(operations.claim, api)
