"""The GraphQL entry of projects."""

from functions.projects import api
from tests.aws.appsync import Entry, Reply

__all__ = ["MUTATIONS", "QUERIES", "SCHEMA", "SUBSCRIPTIONS", "Reply", "ask"]

ENTRY = Entry("projects", api.handler)
SCHEMA = ENTRY.schema
QUERIES, MUTATIONS, SUBSCRIPTIONS = ENTRY.kinds.values()
ask = ENTRY.ask
