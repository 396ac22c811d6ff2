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
    "functions.search.query_api.handler": {
        "BatchGetItem",
        "DeleteItem",
        "GetItem",
        "PutItem",
        "Query",
        "UpdateItem",
    },
    "functions.search.transfer.consumers.handler": {"BatchGetItem", "GetItem", "PutItem", "Query"},
    "functions.search.consumers.handler": set[str](),
    "functions.search.everything.consumers.handler": {"GetItem", "UpdateItem"},
    "functions.search.indexing_consumers.handler": {
        "BatchGetItem",
        "BatchWriteItem",
        "DeleteItem",
        "GetItem",
        "PutItem",
        "Query",
        "UpdateItem",
    },
    "functions.search.sweeps.consumers.handler": {"BatchGetItem", "BatchWriteItem", "GetItem", "PutItem", "Query"},
}
INDEX_READERS = {
    "functions.search.indexing_consumers.handler",
    "functions.search.query_api.handler",
    "functions.search.sweeps.consumers.handler",
}
PEPPER_READERS = {"functions.search.api.handler", "functions.search.query_api.handler"}
QUEUES_SENT_TO = {
    "functions.search.transfer.consumers.handler": 1,
    "functions.search.consumers.handler": 1,
    "functions.search.everything.consumers.handler": 1,
    "functions.search.indexing_consumers.handler": 1,
    "functions.search.sweeps.consumers.handler": 1,
}
