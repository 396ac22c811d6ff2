"""The GraphQL entry of tracked milestones."""

from functions.milestones import api
from tests.aws.appsync import Entry, Reply

__all__ = ["MUTATIONS", "QUERIES", "SCHEMA", "Reply", "ask"]

ENTRY = Entry("milestones", api.handler)
SCHEMA = ENTRY.schema
QUERIES, MUTATIONS, _ = ENTRY.kinds.values()
ask = ENTRY.ask
