"""The GraphQL entry of payments."""

from functions.payments import api
from tests.aws.appsync import Entry, Reply

__all__ = ["MUTATIONS", "QUERIES", "SCHEMA", "Reply", "ask"]

ENTRY = Entry("payments", api.handler)
SCHEMA = ENTRY.schema
QUERIES, MUTATIONS, _ = ENTRY.kinds.values()
ask = ENTRY.ask
