"""What each function of search may do."""

TABLE_ACTIONS = {
    "functions.search.api.handler": {
        "BatchGetItem",
        "ConditionCheckItem",
        "DeleteItem",
        "GetItem",
        "PutItem",
        "Query",
        "UpdateItem",
    },
    "functions.search.queries.api.handler": {
        "BatchGetItem",
        "DeleteItem",
        "GetItem",
        "PutItem",
        "Query",
        "UpdateItem",
    },
    "functions.search.consumers.handler": set[str](),
    "functions.search.indexing_consumers.handler": {
        "BatchGetItem",
        "BatchWriteItem",
        "GetItem",
        "PutItem",
        "Query",
        "UpdateItem",
    },
    "functions.search.sweeps.consumers.handler": {"BatchGetItem", "BatchWriteItem", "GetItem", "Query"},
}
INDEX_READERS = {"functions.search.indexing_consumers.handler", "functions.search.sweeps.consumers.handler"}
PEPPER_READERS = {"functions.search.api.handler", "functions.search.queries.api.handler"}
QUEUES_SENT_TO = {
    "functions.search.consumers.handler": 1,
    "functions.search.indexing_consumers.handler": 1,
    "functions.search.sweeps.consumers.handler": 1,
}
