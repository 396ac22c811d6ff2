"""The milestones context's REST door: what its routes share."""

import functools
from typing import Final

from shared import doors
from shared.api import Api
from shared.auth import Caller
from shared.doors import BODY, KEYED, Consistent, page

__all__ = [
    "ADMIN",
    "BODY",
    "KEYED",
    "MILESTONE",
    "MILESTONES",
    "READ",
    "WRITE",
    "Consistent",
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

api = Api()
claim = functools.partial(doors.claim, api)


def caller() -> Caller:
    """Return who calls."""
    return api.caller


def partition(caller: Caller) -> str:
    """Return the partition of the caller's idempotency keys."""
    return f"USER#{caller.user_id}"
