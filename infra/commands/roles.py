"""The roles of a stage for commands that read or write its table: a command becomes one, and may do nothing else."""

import os
from typing import Any

from infra.stage import access


class NotDeployed(Exception):
    """The stage has no such role; the message says why."""


def enter(stage: str, output: str) -> None:
    """Become the role that an output of the stage names, for the rest of this process.

    Raises NotDeployed, access.StageNotRunning.
    """
    told = outputs(stage)
    if output not in told:
        raise NotDeployed(f"The stage {stage} is not deployed with this version; deploy it first.")
    sts = access.client("sts", stage)
    role = sts.assume_role(RoleArn=told[output], RoleSessionName="milepost-operator")["Credentials"]
    access.enter(stage)
    os.environ |= {
        "TABLE_NAME": told["TableName"],
        "AWS_ACCESS_KEY_ID": role["AccessKeyId"],
        "AWS_SECRET_ACCESS_KEY": role["SecretAccessKey"],
        "AWS_SESSION_TOKEN": role["SessionToken"],
    }


def outputs(stage: str) -> dict[str, str]:
    """Return what the stage tells its operators, its table among it. Raises NotDeployed, access.StageNotRunning."""
    told = _outputs(access.client("cloudformation", stage), f"milepost-{stage}-stateless")
    if "TableName" not in told:
        raise NotDeployed(f"The stage {stage} is not deployed with this version; deploy it first.")
    return told


def _outputs(cloudformation: Any, stack: str) -> dict[str, str]:
    try:
        found = cloudformation.describe_stacks(StackName=stack)["Stacks"][0]
    except cloudformation.exceptions.ClientError as error:
        raise NotDeployed(f"There is no stack {stack}: {error}") from error
    return {each["OutputKey"]: each["OutputValue"] for each in found.get("Outputs", [])}
