"""What the table's stream tells the consumer of goals: that an item was removed."""

from aws_lambda_powertools.utilities.data_classes.dynamo_db_stream_event import DynamoDBRecord

from shared import attributes
from shared.attributes import Key


def removal_of(key: Key) -> DynamoDBRecord:
    """Return the stream record of the removal of an item."""
    return DynamoDBRecord({"eventName": "REMOVE", "dynamodb": {"Keys": attributes.dump_key(key)}})
