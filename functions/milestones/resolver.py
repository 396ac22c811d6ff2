"""The REST resolver of milestones, and what its routes share."""

import functools
from typing import TYPE_CHECKING, Annotated, Final

from shared.api import operations
from shared.api.declarations import Path, word
from shared.api.operations import BODY, KEYED, Consistent, page
from shared.api.rest import Api
from shared.callers.auth import Caller

if TYPE_CHECKING:
    from functions.milestones.shapes import ProjectId

__all__ = [
    "ADMIN",
    "BODY",
    "KEYED",
    "MILESTONE",
    "MILESTONES",
    "READ",
    "WRITE",
    "Consistent",
    "ProjectInPath",
    "api",
    "caller",
    "claim",
    "page",
    "partition",
]

READ: Final = "milestones:read"
WRITE: Final = "milestones:write"
ADMIN: Final = "milestones:admin"

MILESTONES = "/api/v1/milestones"
MILESTONE = f"{MILESTONES}/<milestone_uid>"

ProjectInPath = Annotated["ProjectId", Path("functions.milestones.shapes", quick=word(128))]

api = Api()
claim = functools.partial(operations.claim, api)


def caller() -> Caller:
    """Return who calls."""
    return api.caller


def partition(caller: Caller) -> str:
    """Return the partition of the caller's idempotency keys."""
    return f"USER#{caller.user_id}"
