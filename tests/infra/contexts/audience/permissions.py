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
}
PEPPER_READERS = {"functions.audience.api.handler", "functions.audience.imports.consumers.handler"}
QUEUES_SENT_TO = {
    "functions.audience.activity.consumers.handler": 1,
    "functions.audience.imports.consumers.handler": 1,
}
INDEX_READERS = {"functions.audience.api.handler"}
