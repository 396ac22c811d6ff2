"""What an earlier version of a local stage must not remove when it is brought to this one.

The group of schedules has moved from the stateless stack to the stateful one (decision 0044). The old stack would
remove it, with all schedules in it, right after the new one has taken it over. So the old stack is told to keep it.
"""

import json

from infra.stage import aws, stacks
from infra.stage.ministack import ACCOUNT, REGION

MOVED = "AWS::Scheduler::ScheduleGroup"
# Where the CDK puts templates, which are too large to be sent with a request.
BUCKET = f"cdk-hnb659fds-assets-{ACCOUNT}-{REGION}"


def keep_schedules(*, stack: str, endpoint: str) -> None:
    """Have a stack keep the group of schedules when it is updated; nothing when it has none, or is not there."""
    cloudformation = aws.client("cloudformation", endpoint=endpoint)
    template = stacks.template(stack, endpoint=endpoint)
    groups = [each for each in template["Resources"].values() if each["Type"] == MOVED]
    if all(group.get("DeletionPolicy") == "Retain" for group in groups):
        return
    for group in groups:
        group["DeletionPolicy"] = "Retain"
    key = f"{stack}-handover.json"
    aws.client("s3", endpoint=endpoint).put_object(Bucket=BUCKET, Key=key, Body=json.dumps(template).encode())
    known = [{"ParameterKey": name, "UsePreviousValue": True} for name in template.get("Parameters", {})]
    cloudformation.update_stack(
        StackName=stack,
        TemplateURL=f"{endpoint}/{BUCKET}/{key}",
        Capabilities=["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM"],
        Parameters=known,
    )
    cloudformation.get_waiter("stack_update_complete").wait(StackName=stack, WaiterConfig={"Delay": 1})
