"""What each function of payments may do."""

TABLE_ACTIONS = {
    "functions.payments.releases.consumers.handler": {
        "BatchGetItem",
        "ConditionCheckItem",
        "DeleteItem",
        "GetItem",
        "PutItem",
        "Query",
        "UpdateItem",
    },
    "functions.payments.api.handler": {
        "BatchGetItem",
        "ConditionCheckItem",
        "DeleteItem",
        "GetItem",
        "PutItem",
        "Query",
        "UpdateItem",
    },
    "functions.payments.papers.consumers.handler": {"BatchGetItem", "GetItem", "PutItem"},
    "functions.payments.finding.consumers.handler": {"GetItem", "Query"},
    "functions.payments.following.consumers.handler": {
        "BatchGetItem",
        "ConditionCheckItem",
        "DeleteItem",
        "GetItem",
        "PutItem",
        "Query",
        "UpdateItem",
    },
}
INDEX_READERS = {
    "functions.payments.api.handler",
    "functions.payments.following.consumers.handler",
    "functions.payments.releases.consumers.handler",
}
QUEUES_SENT_TO = {
    "functions.payments.api.handler": 1,
    "functions.payments.finding.consumers.handler": 1,
    "functions.payments.following.consumers.handler": 1,
    "functions.payments.releases.consumers.handler": 1,
}
PEPPER_READERS = {"functions.payments.api.handler"}
