"""What each function of the audience may do."""

TABLE_ACTIONS = {
    "functions.audience.api.handler": {
        "BatchGetItem",
        "ConditionCheckItem",
        "DeleteItem",
        "GetItem",
        "PutItem",
        "Query",
        "UpdateItem",
    },
    "functions.audience.query_api.handler": {"BatchGetItem", "GetItem", "PutItem", "Query", "UpdateItem"},
    "functions.audience.querying.consumers.handler": {
        "BatchGetItem",
        "BatchWriteItem",
        "GetItem",
        "PutItem",
        "Query",
        "UpdateItem",
    },
    "functions.audience.activity.consumers.handler": {
        "BatchWriteItem",
        "ConditionCheckItem",
        "DeleteItem",
        "GetItem",
        "PutItem",
        "Query",
    },
    "functions.audience.imports.consumers.handler": {
        "BatchGetItem",
        "DeleteItem",
        "GetItem",
        "PutItem",
        "Query",
        "UpdateItem",
    },
    "functions.audience.files.collector.handler": {
        "DescribeStream",
        "GetRecords",
        "GetShardIterator",
        "ListStreams",
        "Query",
    },
    "functions.audience.files.consumers.handler": {"GetItem", "PutItem", "Query"},
    "functions.audience.files.sweeping.handler": {"GetItem"},
}
PEPPER_READERS = {
    "functions.audience.api.handler",
    "functions.audience.imports.consumers.handler",
    "functions.audience.query_api.handler",
}
QUEUES_SENT_TO = {
    "functions.audience.activity.consumers.handler": 1,
    "functions.audience.files.collector.handler": 1,
    "functions.audience.files.consumers.handler": 1,
    "functions.audience.files.sweeping.handler": 1,
    "functions.audience.imports.consumers.handler": 1,
    "functions.audience.querying.consumers.handler": 1,
}
INDEX_READERS = {"functions.audience.api.handler", "functions.audience.querying.consumers.handler"}
