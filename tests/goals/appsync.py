"""The GraphQL door of goals."""

from functions.goals import api
from tests.appsync import Door, Reply

__all__ = ["MUTATIONS", "NESTED", "QUERIES", "SCHEMA", "SUBSCRIPTIONS", "Reply", "ask"]

NESTED = {("Goal", "answers")}
DOOR = Door("goals", api.handler, nested=NESTED)
SCHEMA = DOOR.schema
QUERIES, MUTATIONS, SUBSCRIPTIONS = DOOR.kinds.values()
ask = DOOR.ask
