"""The look at tracked milestones that nobody has heard of for a day, or whose time is over, every five minutes."""

from aws_cdk import Duration
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.constructs.every_shard import EveryShard
from infra.constructs.function import Function

EVERY = Duration.minutes(5)
# As many as functions/milestones/due.py says.
SHARDS = 8


class Reconciliation(Construct):
    """One call for each shard; what is due is for the function to say."""

    def __init__(self, scope: Construct, id_: str, *, function: Function, dead_letters: sqs.IQueue) -> None:
        super().__init__(scope, id_)
        event = {"task": "reconcile"}
        EveryShard(self, "Runs", function=function, event=event, shards=SHARDS, every=EVERY, dead_letters=dead_letters)
