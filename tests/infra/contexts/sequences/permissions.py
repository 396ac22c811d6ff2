"""What each function of sequences may do."""

TABLE_ACTIONS = {
    "functions.sequences.api.handler": {
        "BatchGetItem",
        "ConditionCheckItem",
        "GetItem",
        "PutItem",
        "Query",
        "UpdateItem",
    },
    "functions.sequences.finding.consumers.handler": {"BatchGetItem"},
    "functions.sequences.order.consumers.handler": {"BatchGetItem", "DeleteItem", "GetItem", "PutItem", "Query"},
}
INDEX_READERS = {"functions.sequences.api.handler", "functions.sequences.order.consumers.handler"}
PEPPER_READERS = {"functions.sequences.api.handler"}
QUEUES_SENT_TO = {
    "functions.sequences.finding.consumers.handler": 1,
    "functions.sequences.order.consumers.handler": 1,
}
