"""What the function of jobs may do."""

TABLE_ACTIONS = {
    "functions.jobs.api.handler": {"BatchGetItem", "GetItem", "PutItem", "Query", "UpdateItem"},
}
PEPPER_READERS = {"functions.jobs.api.handler"}
