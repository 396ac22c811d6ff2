"""Feedback on e-mail: the topic that SES tells of bounces and complaints, and a queue for each context by its label.

SES is told of the topic when a stage is deployed (`infra/sender.py`): CloudFormation knows no topics of an identity.
"""

from collections.abc import Sequence

from aws_cdk import Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra import sender
from infra.constructs.acknowledged import NIST, acknowledge
from infra.constructs.bus import Subscription
from infra.constructs.function import allow


class FeedbackTopic(Construct):
    """The topic. SES publishes to it for the identities that the address of the stage can be of, and nobody else."""

    def __init__(self, scope: Construct, id_: str, *, mail_sender: str, key: kms.IKey | None) -> None:
        super().__init__(scope, id_)
        self.topic = sns.Topic(self, "Topic", enforce_ssl=True, master_key=key)
        if key is None:
            reason = (
                "SES cannot publish by the key that AWS has for SNS. An owner who wants a key of the account sets "
                "customer_managed_key (docs/deploying.md)."
            )
            acknowledge(self.topic, reason, f"{NIST}-SNSEncryptedKMS")
        # https://docs.aws.amazon.com/ses/latest/dg/configure-sns-notifications.html
        identities = [
            Stack.of(self).format_arn(service="ses", resource="identity", resource_name=name)
            for name in sender.identities(mail_sender)
        ]
        conditions = {
            "StringEquals": {"aws:SourceAccount": Stack.of(self).account},
            "ArnEquals": {"aws:SourceArn": identities},
        }
        self.topic.grant_publish(iam.ServicePrincipal("ses.amazonaws.com", conditions=conditions))


def subscribe(
    scope: Construct,
    id_: str,
    *,
    topic_arn: str,
    to: Subscription,
    context: str,
    mail_sender: str,
    kinds: Sequence[str],
) -> None:
    """Fill the queue of a consumer with feedback of these kinds on what its context has sent."""
    local, _, _ = mail_sender.rpartition("@")
    sns.CfnSubscription(
        scope,
        id_,
        topic_arn=topic_arn,
        protocol="sqs",
        endpoint=to.queue.queue_arn,
        raw_message_delivery=True,
        filter_policy={
            "mail": {"source": [{"prefix": f"{local}+{context}."}]},
            "notificationType": [*kinds],
        },
        filter_policy_scope="MessageBody",
        redrive_policy={"deadLetterTargetArn": to.dead_letters.queue_arn},
    )
    for queue in (to.queue, to.dead_letters):
        _let_publish(queue, topic_arn)


def _let_publish(queue: sqs.Queue, topic_arn: str) -> None:
    sending = allow("sqs:SendMessage", resources=[queue.queue_arn])
    sending.add_service_principal("sns.amazonaws.com")
    sending.add_condition("ArnEquals", {"aws:SourceArn": topic_arn})
    sending.add_condition("StringEquals", {"aws:SourceAccount": Stack.of(queue).account})
    queue.add_to_resource_policy(sending)
