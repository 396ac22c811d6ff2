"""GuardDuty, which looks for malware in the files of evidence of a stage whose `evidence_scanner` is `guardduty`.

It is no part of any other stage.
https://docs.aws.amazon.com/guardduty/latest/ug/malware-protection-s3-iam-policy-prerequisite.html
"""

from collections.abc import Sequence
from typing import Final

from aws_cdk import Acknowledgment, Stack, Validations
from aws_cdk import aws_events as events
from aws_cdk import aws_guardduty as guardduty
from aws_cdk import aws_iam as iam
from constructs import Construct

from infra.constructs import encryption
from infra.constructs.acknowledged import own_policy
from infra.constructs.function import Function, allow, finding
from infra.contexts.surroundings import Surroundings

SERVICE: Final = "malware-protection-plan.guardduty.amazonaws.com"
SAYS: Final = "GuardDuty Malware Protection Object Scan Result"
READS_TAGS: Final = "s3:GetObjectVersionTagging"
# GuardDuty makes rules of such names, and writes such an object when it first sees the bucket.
_RULES: Final = "DO-NOT-DELETE-AmazonGuardDutyMalwareProtectionS3*"
_PROBE: Final = "malware-protection-resource-validation-object"
_TAGS: Final = (
    "s3:GetObjectTagging",
    "s3:PutObjectTagging",
    "s3:GetObjectVersionTagging",
    "s3:PutObjectVersionTagging",
)


class Scanner(Construct):
    """The plan by which GuardDuty looks at each new file of a purpose, and tags it with what it has found."""

    def __init__(self, scope: Construct, id_: str, *, given: Surroundings, purpose: str) -> None:
        super().__init__(scope, id_)
        self._bucket, self._bucket_arn, self._purpose = (
            given.read("FilesBucketName"),
            given.read("FilesBucketArn"),
            purpose,
        )
        key = given.read(encryption.PUBLISHED) if given.settings.customer_managed_key else None
        role = iam.Role(self, "Role", assumed_by=iam.ServicePrincipal(SERVICE))
        for statement in self._statements(key):
            role.add_to_policy(statement)
        own_policy(role)
        self._acknowledge(role)
        plan = guardduty.CfnMalwareProtectionPlan(
            self,
            "Plan",
            role=role.role_arn,
            protected_resource=guardduty.CfnMalwareProtectionPlan.CFNProtectedResourceProperty(
                s3_bucket=guardduty.CfnMalwareProtectionPlan.S3BucketProperty(
                    bucket_name=self._bucket, object_prefixes=[f"{purpose}/"]
                )
            ),
            actions=guardduty.CfnMalwareProtectionPlan.CFNActionsProperty(
                tagging=guardduty.CfnMalwareProtectionPlan.CFNTaggingProperty(status="ENABLED")
            ),
        )
        # It is refused if the role may not do all of this yet.
        plan.node.add_dependency(role)

    def pattern(self) -> events.EventPattern:
        """Return what the rule of its verdicts listens to."""
        return events.EventPattern(
            source=["aws.guardduty"],
            detail_type=[SAYS],
            detail={
                "s3ObjectDetails": {
                    "bucketName": [self._bucket],
                    "objectKey": events.Match.prefix(f"{self._purpose}/"),
                }
            },
        )

    def _statements(self, key: str | None) -> Sequence[iam.PolicyStatement]:
        rules = Stack.of(self).format_arn(service="events", resource="rule", resource_name=_RULES)
        managed = allow(
            "events:PutRule", "events:DeleteRule", "events:PutTargets", "events:RemoveTargets", resources=[rules]
        )
        managed.add_condition("StringEquals", {"events:ManagedBy": SERVICE})
        files = f"{self._bucket_arn}/{self._purpose}/*"
        found = [
            managed,
            allow("events:DescribeRule", "events:ListTargetsByRule", resources=[rules]),
            allow("s3:GetObject", "s3:GetObjectVersion", *_TAGS, resources=[files]),
            allow("s3:PutObject", resources=[f"{self._bucket_arn}/{_PROBE}"]),
            allow(
                "s3:ListBucket",
                "s3:GetBucketNotification",
                "s3:PutBucketNotification",
                resources=[self._bucket_arn],
            ),
        ]
        if key is not None:
            used = allow("kms:Decrypt", "kms:GenerateDataKey", resources=[key])
            used.add_condition("StringLike", {"kms:ViaService": "s3.*.amazonaws.com"})
            found.append(used)
        return found

    def _acknowledge(self, role: iam.Role) -> None:
        stack = Stack.of(self)
        region, account = finding(stack.region, "AWS::Region"), finding(stack.account, "AWS::AccountId")
        name = stack.resolve(self._bucket_arn)["Ref"]
        for resource, reason in (
            (f"<{name}>/{self._purpose}/*", "The id of a file is made when it is written; the purpose is named."),
            (
                f"arn:<AWS::Partition>:events:{region}:{account}:rule/{_RULES}",
                "GuardDuty chooses the rest of the name; the condition leaves no rule but its own.",
            ),
        ):
            Validations.of(role).acknowledge(
                Acknowledgment(id=f"AwsSolutions-IAM5[Resource::{resource}]", reason=reason)
            )


def let_look(given: Surroundings, function: Function, purpose: str) -> None:
    """Tell a function that files wait for a verdict, and let it read the tags that have it."""
    given.files.open(function, purpose, READS_TAGS)
    function.function.add_environment("EVIDENCE_SCANNER", given.settings.evidence_scanner)
