"""What each function of webhooks may do."""

TABLE_ACTIONS = {
    "functions.webhooks.api.handler": {"BatchGetItem", "DeleteItem", "GetItem", "PutItem", "Query", "UpdateItem"},
    "functions.webhooks.consumers.handler": {"BatchGetItem", "PutItem", "Query"},
    "functions.webhooks.delivery_consumers.handler": {"BatchGetItem", "DeleteItem", "PutItem", "UpdateItem"},
}
INDEX_READERS = {"functions.webhooks.api.handler", "functions.webhooks.consumers.handler"}
PEPPER_READERS = {"functions.webhooks.api.handler"}
QUEUES_SENT_TO = {
    "functions.webhooks.consumers.handler": 2,
    "functions.webhooks.delivery_consumers.handler": 1,
}
