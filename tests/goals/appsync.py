"""The GraphQL entry of goals."""

from functions.goals import api
from tests.aws.appsync import Entry, Reply

__all__ = ["MUTATIONS", "NESTED", "QUERIES", "SCHEMA", "SUBSCRIPTIONS", "Reply", "ask"]

NESTED = {("Goal", "answers")}
ENTRY = Entry("goals", api.handler, nested=NESTED)
SCHEMA = ENTRY.schema
QUERIES, MUTATIONS, SUBSCRIPTIONS = ENTRY.kinds.values()
ask = ENTRY.ask
