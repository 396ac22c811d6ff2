"""The REST resolver of goals, and what its routes share."""

import functools

from shared.api import operations
from shared.api.operations import BODY, KEYED, Consistent, page
from shared.api.rest import Api
from shared.callers.auth import Caller

__all__ = ["BODY", "GOAL", "GOALS", "KEYED", "READ", "WRITE", "Consistent", "api", "caller", "claim", "page"]

READ = "goals:read"
WRITE = "goals:write"

GOALS = "/api/v1/goals"
GOAL = f"{GOALS}/<goal_id>"

api = Api()
claim = functools.partial(operations.claim, api)


def caller() -> Caller:
    """Return who calls."""
    return api.caller
