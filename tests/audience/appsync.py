"""The GraphQL entry of the audience."""

from functions.audience import api
from tests.aws.appsync import Entry, Reply

__all__ = ["MUTATIONS", "QUERIES", "SCHEMA", "Reply", "ask"]

ENTRY = Entry("audience", api.handler)
SCHEMA = ENTRY.schema
QUERIES, MUTATIONS, _ = ENTRY.kinds.values()
ask = ENTRY.ask
