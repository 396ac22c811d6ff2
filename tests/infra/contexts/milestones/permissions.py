"""What each function of tracked milestones may do."""

TABLE_ACTIONS = {
    "functions.milestones.projects.consumers.handler": {"GetItem", "PutItem", "Query"},
    "functions.milestones.schedule_consumers.handler": {"DeleteItem", "GetItem", "PutItem"},
    "functions.milestones.api.handler": {
        "BatchGetItem",
        "ConditionCheckItem",
        "DeleteItem",
        "GetItem",
        "PutItem",
        "Query",
        "UpdateItem",
    },
    "functions.milestones.finding.consumers.handler": {"GetItem"},
    "functions.milestones.consumers.handler": {"DeleteItem", "GetItem", "PutItem", "Query"},
}
INDEX_READERS = {
    "functions.milestones.api.handler",
    "functions.milestones.consumers.handler",
    "functions.milestones.projects.consumers.handler",
}
PEPPER_READERS = {"functions.milestones.api.handler"}
QUEUES_SENT_TO = {"functions.milestones.finding.consumers.handler": 1}
