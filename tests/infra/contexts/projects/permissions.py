"""What each function of projects may do."""

TABLE_ACTIONS = {
    "functions.projects.api.handler": {
        "BatchGetItem",
        "BatchWriteItem",
        "ConditionCheckItem",
        "DeleteItem",
        "GetItem",
        "PutItem",
        "Query",
        "UpdateItem",
    },
}
INDEX_READERS = {"functions.projects.api.handler"}
PEPPER_READERS = {"functions.projects.api.handler"}
