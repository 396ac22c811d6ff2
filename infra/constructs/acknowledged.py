"""What cdk-nag finds and is as it should be: said once for each resource and rule, with the reason."""

from aws_cdk import Acknowledgment, Validations
from aws_cdk import aws_iam as iam
from constructs import IConstruct

NIST = "NIST.800.53.R5"


def acknowledge(scope: IConstruct, reason: str, *rules: str) -> None:
    """Say why what these rules find at a construct, or below it, is meant to be."""
    Validations.of(scope).acknowledge(*(Acknowledgment(id=rule, reason=reason) for rule in rules))


def own_policy(role: iam.Role) -> None:
    """Say why the policy of a role is inline."""
    reason = (
        "The policy names what this one role needs, and goes with it. A managed policy could be attached to other "
        "roles and outlive this one; tests/infra/test_functions.py holds that no function shares a role."
    )
    acknowledge(role, reason, f"{NIST}-IAMNoInlinePolicy")
