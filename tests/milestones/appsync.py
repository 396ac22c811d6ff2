"""The GraphQL door of tracked milestones."""

from functions.milestones import api
from tests.appsync import Door, Reply

__all__ = ["MUTATIONS", "QUERIES", "SCHEMA", "Reply", "ask"]

DOOR = Door("milestones", api.handler)
SCHEMA = DOOR.schema
QUERIES, MUTATIONS, _ = DOOR.kinds.values()
ask = DOOR.ask
