"""The commands of the operator on the deployed stage."""

from typing import Any

import boto3

from infra.commands import rotate_keys
from infra.stage.client import call
from infra.stage.deployment import Addresses
from infra.stage.ministack import CREDENTIALS, REGION


def listed(stack: Addresses) -> set[str]:
    """Return the ids of the keys of the JWKS."""
    jwks = call("GET", f"{stack.api_url}/.well-known/jwks.json").json()
    return {key["kid"] for key in jwks["keys"]}


def test_rotating_publishes_a_next_key_once_and_the_active_one_stays(stack: Addresses) -> None:
    functions: Any = boto3.client(
        "lambda",
        endpoint_url=stack.endpoint_url,
        region_name=REGION,
        aws_access_key_id=CREDENTIALS["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=CREDENTIALS["AWS_SECRET_ACCESS_KEY"],
    )
    before = listed(stack)
    keys = rotate_keys.rotate(functions, "local")
    again = rotate_keys.rotate(functions, "local")

    assert [key["state"] for key in keys] == ["next", "active"]
    assert again == keys
    assert {key["key_id"] for key in keys} >= before
