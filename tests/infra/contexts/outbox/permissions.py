"""What each function of the outbox may do."""

TABLE_ACTIONS = {
    "functions.outbox.consumers.handler": {"DescribeStream", "GetRecords", "GetShardIterator", "ListStreams"},
}
QUEUES_SENT_TO = {"functions.outbox.consumers.handler": 1}
