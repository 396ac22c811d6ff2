"""What CloudFormation says of the stacks of a local stage."""

import json
from typing import Any

from infra.stage import aws


def outputs(*, endpoint: str) -> dict[str, dict[str, str]]:
    """Return the outputs of all stacks there are, by the name of the stack."""
    pages = aws.client("cloudformation", endpoint=endpoint).get_paginator("describe_stacks").paginate()
    return {
        stack["StackName"]: {each["OutputKey"]: each["OutputValue"] for each in stack.get("Outputs", [])}
        for page in pages
        for stack in page["Stacks"]
    }


def template(name: str, *, endpoint: str) -> dict[str, Any]:
    """Return what a stack was deployed with; a template without resources when there is no such stack."""
    cloudformation = aws.client("cloudformation", endpoint=endpoint)
    try:
        body = cloudformation.get_template(StackName=name)["TemplateBody"]
    except cloudformation.exceptions.ClientError:
        return {"Resources": {}}
    found: dict[str, Any] = json.loads(body) if isinstance(body, str) else body
    return found
