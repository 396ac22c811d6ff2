"""Removes the stacks of a stage, but for the one that holds its data, and says what stays.

The order is read off what is deployed: a stack goes before those whose values (`infra/constructs/values.py`) or outputs
it reads, also those of another region.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from graphlib import TopologicalSorter
from typing import Any

DATA = "stateful"
_VALUE = "AWS::SSM::Parameter"
# What to do with what stays, by type. Log groups empty themselves.
ADVICE = {
    "AWS::SQS::Queue": "dead letters: `make redrive` once the stage is deployed again, or aws sqs delete-queue",
    "AWS::S3::Bucket": "records for `make republish`, or the front's log, gone after their time: aws s3 rb --force",
    "AWS::Logs::LogGroup": "logs, gone after their time: aws logs delete-log-group",
}


@dataclass(frozen=True)
class Deployed:
    """A stack as CloudFormation has it: the resources that it would keep, and the values it publishes and reads.

    `follows` are the stacks whose outputs it reads, `cloudformation` the client of its region.
    """

    name: str
    cloudformation: Any
    kept: dict[str, list[str]] = field(default_factory=dict)
    publishes: frozenset[str] = frozenset()
    reads: frozenset[str] = frozenset()
    follows: frozenset[str] = frozenset()


def deployed(clients: Iterable[Any], stage: str) -> list[Deployed]:
    """Return the stacks of a stage, in the order in which they can be removed; `clients` are those of its regions.

    Those that do not have its tags are somebody else's, whatever they are called.
    """
    found = {stack.name: stack for client in clients for stack in _tagged(client, stage)}
    publishers = {value: name for name, stack in found.items() for value in stack.publishes}
    # In this graph a stack comes after those that read its values.
    order = TopologicalSorter[str]({name: set() for name in found})
    for name, stack in found.items():
        read = {publishers[value] for value in stack.reads if value in publishers} | (stack.follows & found.keys())
        for publisher in read - {name}:
            order.add(publisher, name)
    return [found[name] for name in order.static_order()]


def remove(stacks: list[Deployed], *, report: Callable[[str], None]) -> None:
    """Remove stacks one after the other. Raises ClientError when CloudFormation refuses, WaiterError when it cannot."""
    for stack in stacks:
        report(f"removing {stack.name}")
        stack.cloudformation.delete_stack(StackName=stack.name)
        stack.cloudformation.get_waiter("stack_delete_complete").wait(StackName=stack.name)


def staying(stacks: list[Deployed]) -> Iterator[str]:
    """Yield a line for each resource that stays when the stacks go, and what can be done with it."""
    for stack in stacks:
        for kind, ids in sorted(stack.kept.items()):
            for physical_id in ids:
                yield f"{physical_id}\n    {kind}, {ADVICE.get(kind, 'data')}"


def _tagged(cloudformation: Any, stage: str) -> Iterator[Deployed]:
    ours = {("project", "milepost"), ("stage", stage)}
    for page in cloudformation.get_paginator("describe_stacks").paginate():
        for stack in page["Stacks"]:
            if ours <= {(tag["Key"], tag["Value"]) for tag in stack.get("Tags", [])}:
                yield _described(cloudformation, stack["StackName"])


def _described(cloudformation: Any, name: str) -> Deployed:
    body = cloudformation.get_template(StackName=name)["TemplateBody"]
    template: Mapping[str, Any] = json.loads(body) if isinstance(body, str) else body
    resources = template["Resources"]
    keeping = {each for each, it in resources.items() if it.get("DeletionPolicy", "Delete").startswith("Retain")}
    kept = dict[str, list[str]]()
    for page in cloudformation.get_paginator("list_stack_resources").paginate(StackName=name):
        for resource in page["StackResourceSummaries"]:
            if resource["LogicalResourceId"] in keeping:
                kept.setdefault(resource["ResourceType"], []).append(resource["PhysicalResourceId"])
    return Deployed(
        name,
        cloudformation,
        kept,
        frozenset(it["Properties"]["Name"] for it in resources.values() if it["Type"] == _VALUE),
        frozenset(it["Default"] for it in template.get("Parameters", {}).values() if it["Type"].startswith(_VALUE)),
        frozenset(_stacks_read(resources)),
    )


def _stacks_read(part: Any) -> Iterator[str]:
    """Yield the names of the stacks whose outputs a part of a template reads."""
    if isinstance(part, list):
        for each in part:
            yield from _stacks_read(each)
    elif isinstance(part, dict):
        if "Fn::GetStackOutput" in part:
            yield part["Fn::GetStackOutput"]["StackName"]
        yield from _stacks_read([*part.values()])
