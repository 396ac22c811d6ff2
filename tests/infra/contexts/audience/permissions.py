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
}
INDEX_READERS = {"functions.audience.api.handler"}
PEPPER_READERS = {"functions.audience.api.handler"}
QUEUES_SENT_TO = {"functions.audience.activity.consumers.handler": 1}
