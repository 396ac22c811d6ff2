"""The goals context's REST door: what its routes share."""

import functools

from shared import doors
from shared.api import Api
from shared.auth import Caller
from shared.doors import BODY, KEYED, Consistent, page

__all__ = ["BODY", "GOAL", "GOALS", "KEYED", "READ", "WRITE", "Consistent", "api", "caller", "claim", "page"]

READ = "goals:read"
WRITE = "goals:write"

GOALS = "/api/v1/goals"
GOAL = f"{GOALS}/<goal_id>"

api = Api()
claim = functools.partial(doors.claim, api)


def caller() -> Caller:
    """Return who calls."""
    return api.caller
