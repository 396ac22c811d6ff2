"""What each function of identity may do."""

TABLE_ACTIONS = {
    "functions.identity.api.handler": {
        "BatchGetItem",
        "ConditionCheckItem",
        "DeleteItem",
        "GetItem",
        "PutItem",
        "Query",
        "UpdateItem",
    },
    "functions.identity.audit.consumers.handler": {"BatchGetItem", "PutItem"},
    "functions.identity.codes.consumers.handler": {"PutItem"},
    "functions.identity.access_tokens.consumers.handler": {"DeleteItem", "PutItem", "Query"},
    "functions.identity.authorizer.handler": {"BatchGetItem", "PutItem", "Query"},
}
INDEX_READERS = {"functions.identity.api.handler"}
PEPPER_READERS = {"functions.identity.api.handler", "functions.identity.authorizer.handler"}
KEY_ACTIONS = {
    "functions.identity.access_tokens.consumers.handler": {
        "CreateKey",
        "GetPublicKey",
        "ScheduleKeyDeletion",
        "TagResource",
    },
    "functions.identity.api.handler": {"GetPublicKey", "Sign"},
}
