"""Backups of the table that outlive it: by AWS Backup, in a vault that is locked, and copied elsewhere if asked for.

Point-in-time recovery is switched on everywhere, and ends with the account. This is for stages whose data must outlive
that (docs/restoring.md).
"""

from aws_cdk import Acknowledgment, Duration, Fn, Stack, Validations
from aws_cdk import aws_backup as backup
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.constructs.acknowledged import own_policy
from infra.constructs.function import allow, finding
from infra.settings import Settings

DAILY_KEPT = Duration.days(35)
MONTHLY_KEPT = Duration.days(365)
# AWS keeps what is in cold storage for 90 days at least.
COLD_AFTER = Duration.days(30)
FAILED = ["ABORTED", "EXPIRED", "FAILED"]


class Backup(Construct):
    """A backup a day, kept for 35 days, and one a month, kept for a year.

    Nobody deletes one earlier but who may take the lock off the vault (its governance mode).
    """

    def __init__(self, scope: Construct, id_: str, *, settings: Settings, table_arn: str) -> None:
        super().__init__(scope, id_)
        self._copied_to = settings.backup_copy_to
        # Copies to another account cannot be made of what a key of AWS has encrypted.
        self._key = kms.Key(
            self,
            "Key",
            description=f"Encrypts the backups of Milepost, stage {settings.stage}",
            enable_key_rotation=True,
            removal_policy=settings.removal_policy,
            pending_window=Duration.days(30),
        )
        self._vault = backup.BackupVault(
            self,
            "Vault",
            # A vault must have a name. A part of the key's id makes it another one whenever the stack is made.
            backup_vault_name=f"milepost-{settings.stage}-{Fn.select(0, Fn.split('-', self._key_id()))}",
            encryption_key=self._key,
            lock_configuration=backup.LockConfiguration(min_retention=DAILY_KEPT, max_retention=MONTHLY_KEPT),
            removal_policy=settings.removal_policy,
        )
        plan = backup.BackupPlan(self, "Plan", backup_plan_name=f"milepost-{settings.stage}", backup_vault=self._vault)
        plan.add_rule(self._rule("Daily", events.Schedule.cron(hour="3", minute="0"), kept=DAILY_KEPT))
        monthly = events.Schedule.cron(day="1", hour="4", minute="0")
        plan.add_rule(self._rule("Monthly", monthly, kept=MONTHLY_KEPT, cold_after=COLD_AFTER))
        backup.BackupSelection(
            self,
            "Selection",
            backup_plan=plan,
            resources=[backup.BackupResource.from_arn(table_arn)],
            role=self._role(table_arn),
            disable_default_backup_policy=True,
        )

    def _key_id(self) -> str:
        return Fn.select(1, Fn.split("/", self._key.key_arn))

    def _rule(
        self, name: str, schedule: events.Schedule, *, kept: Duration, cold_after: Duration | None = None
    ) -> backup.BackupPlanRule:
        copies = []
        if self._copied_to:
            vault = backup.BackupVault.from_backup_vault_arn(self, f"{name}Copy", self._copied_to)
            copies = [
                backup.BackupPlanCopyActionProps(
                    destination_backup_vault=vault, delete_after=kept, move_to_cold_storage_after=cold_after
                )
            ]
        return backup.BackupPlanRule(
            rule_name=name,
            schedule_expression=schedule,
            delete_after=kept,
            move_to_cold_storage_after=cold_after,
            copy_actions=copies or None,
        )

    def _role(self, table_arn: str) -> iam.Role:
        """Return the role of AWS Backup: what its managed policy allows for DynamoDB, with this table and vault alone.

        https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSBackupServiceRolePolicyForBackup.html
        """
        stack = Stack.of(self)
        own = {"StringEquals": {"aws:SourceAccount": stack.account}}
        role = iam.Role(self, "Role", assumed_by=iam.ServicePrincipal("backup.amazonaws.com", conditions=own))
        table = ("DescribeTable", "CreateBackup", "StartAwsBackupJob", "ListTagsOfResource")
        role.add_to_policy(allow(*(f"dynamodb:{action}" for action in table), resources=[table_arn]))
        vaults = [self._vault.backup_vault_arn, *([self._copied_to] if self._copied_to else [])]
        role.add_to_policy(allow("backup:DescribeBackupVault", "backup:CopyIntoBackupVault", resources=vaults))
        points = stack.format_arn(service="backup", resource="recovery-point:*")
        role.add_to_policy(allow("backup:TagResource", resources=[points]))
        key = ["kms:DescribeKey", "kms:Decrypt", "kms:GenerateDataKey"]
        role.add_to_policy(allow(*key, resources=[self._key.key_arn]))
        grants = allow("kms:CreateGrant", resources=[self._key.key_arn])
        grants.add_condition("Bool", {"kms:GrantIsForAWSResource": "true"})
        role.add_to_policy(grants)
        if self._copied_to:
            copying = allow("backup:CopyFromBackupVault", resources=["*"])
            copying.add_condition("ForAllValues:StringEquals", {"backup:CopyTargets": [self._copied_to]})
            role.add_to_policy(copying)
        own_policy(role)
        self._acknowledge(role)
        return role

    def _acknowledge(self, role: iam.Role) -> None:
        """Say why the role may do something with what cannot be named."""
        stack = Stack.of(self)
        region, account = finding(stack.region, "AWS::Region"), finding(stack.account, "AWS::AccountId")
        points = f"arn:<AWS::Partition>:backup:{region}:{account}:recovery-point:*"
        reasons = {points: "AWS Backup names the backups that it makes; it may give them tags, and no more."}
        if self._copied_to:
            reasons["*"] = (
                "backup:CopyFromBackupVault is allowed to one vault, which its condition names; in the managed policy "
                "of AWS it has no narrower resource either (tests/infra/test_backup.py)."
            )
        for resource, reason in reasons.items():
            Validations.of(role).acknowledge(
                Acknowledgment(id=f"AwsSolutions-IAM5[Resource::{resource}]", reason=reason)
            )


def announce_failures(scope: Construct, *, table_arn: str, topic: sns.ITopic, dead_letters: sqs.IQueue) -> None:
    """Tell a topic of every backup and every copy of the table that has failed."""
    # Of a topic that it did not make the CDK leaves the policy alone, which would let every account in.
    target = targets.SnsTopic(
        sns.Topic.from_topic_arn(scope, "BackupTopic", topic.topic_arn), dead_letter_queue=dead_letters
    )
    rule = events.Rule(
        scope,
        "BackupFailures",
        event_pattern=events.EventPattern(
            source=["aws.backup"],
            detail_type=["Backup Job State Change", "Copy Job State Change"],
            detail={"state": FAILED, "resourceArn": [table_arn]},
        ),
        targets=[target],
    )
    Validations.of(rule).acknowledge(
        Acknowledgment(
            id="Annotation::@aws-cdk/aws-events:ruleUnresolvedEnvironment",
            reason="The topic is in the stack of the rule, so it is in its account and region.",
        )
    )
    publishing = allow("sns:Publish", resources=[topic.topic_arn])
    publishing.add_service_principal("events.amazonaws.com")
    publishing.add_condition("ArnEquals", {"aws:SourceArn": rule.rule_arn})
    topic.add_to_resource_policy(publishing)
