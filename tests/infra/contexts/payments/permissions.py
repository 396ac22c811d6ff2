"""What each function of payments may do."""

TABLE_ACTIONS = {
    "functions.payments.api.handler": {"BatchGetItem", "GetItem", "Query", "UpdateItem"},
}
PEPPER_READERS = {"functions.payments.api.handler"}
