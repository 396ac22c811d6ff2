"""What each function of goals may do."""

TABLE_ACTIONS = {
    "functions.goals.api.handler": {
        "BatchGetItem",
        "BatchWriteItem",
        "ConditionCheckItem",
        "DeleteItem",
        "GetItem",
        "PutItem",
        "Query",
        "UpdateItem",
    },
    "functions.goals.jobs.consumers.handler": {
        "BatchGetItem",
        "BatchWriteItem",
        "DeleteItem",
        "GetItem",
        "PutItem",
        "Query",
        "UpdateItem",
    },
    "functions.goals.removal.consumers.handler": {"BatchWriteItem", "GetItem", "Query", "UpdateItem"},
    "functions.goals.finding.consumers.handler": {"BatchGetItem", "GetItem", "Query"},
    "functions.goals.listening.consumers.handler": {"GetItem"},
    "functions.goals.schedules.consumers.handler": {"DeleteItem", "GetItem", "PutItem", "Query", "UpdateItem"},
}
INDEX_READERS = {
    "functions.goals.api.handler",
    "functions.goals.jobs.consumers.handler",
    "functions.goals.removal.consumers.handler",
    "functions.goals.schedules.consumers.handler",
}
PEPPER_READERS = {"functions.goals.api.handler"}
QUEUES_SENT_TO = {
    "functions.goals.jobs.consumers.handler": 1,
    "functions.goals.finding.consumers.handler": 2,
    "functions.goals.removal.consumers.handler": 2,
}
