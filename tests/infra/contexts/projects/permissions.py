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
    "functions.projects.consumers.handler": {
        "BatchGetItem",
        "ConditionCheckItem",
        "DeleteItem",
        "GetItem",
        "PutItem",
        "Query",
        "UpdateItem",
    },
    "functions.projects.evidence.consumers.handler": {
        "BatchGetItem",
        "ConditionCheckItem",
        "DeleteItem",
        "GetItem",
        "PutItem",
        "Query",
        "UpdateItem",
    },
    "functions.projects.sweeps.handler": {
        "BatchGetItem",
        "ConditionCheckItem",
        "DeleteItem",
        "GetItem",
        "PutItem",
        "Query",
        "UpdateItem",
    },
    "functions.projects.following.consumers.handler": {
        "BatchGetItem",
        "BatchWriteItem",
        "ConditionCheckItem",
        "DeleteItem",
        "GetItem",
        "PutItem",
        "Query",
        "UpdateItem",
    },
    "functions.projects.finding.consumers.handler": {"BatchGetItem", "GetItem", "Query"},
    "functions.projects.listening.consumers.handler": {"BatchGetItem", "GetItem"},
    "functions.projects.probe_calls.consumers.handler": {
        "BatchGetItem",
        "ConditionCheckItem",
        "DeleteItem",
        "GetItem",
        "PutItem",
        "Query",
        "UpdateItem",
    },
    "functions.projects.timers.consumers.handler": {
        "BatchGetItem",
        "ConditionCheckItem",
        "DeleteItem",
        "GetItem",
        "PutItem",
        "Query",
        "UpdateItem",
    },
}
QUEUES_SENT_TO = {
    "functions.projects.consumers.handler": 1,
    "functions.projects.finding.consumers.handler": 1,
    "functions.projects.following.consumers.handler": 2,
}
INDEX_READERS = {
    "functions.projects.consumers.handler",
    "functions.projects.api.handler",
    "functions.projects.sweeps.handler",
    "functions.projects.following.consumers.handler",
    "functions.projects.timers.consumers.handler",
}
PEPPER_READERS = {"functions.projects.api.handler", "functions.projects.following.consumers.handler"}
