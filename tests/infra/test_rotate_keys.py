"""The command that rotates, where it must not: what it says of a stage that is not there, and of a function that fails.

That it rotates is held by tests/e2e/test_commands.py, on the deployed stage.
"""

import io
import json
from typing import Any

import boto3
import pytest
from botocore.response import StreamingBody
from botocore.stub import Stubber

from infra.commands import rotate_keys
from infra.commands.rotate_keys import HANDLER, NotRotated

OURS = {"FunctionName": "milepost-dev-identity-FunctionsKeyRotationFunc-x1", "Handler": HANDLER}
OTHERS = [
    {"FunctionName": "milepost-prod-identity-FunctionsKeyRotationFunc-x2", "Handler": HANDLER},
    {"FunctionName": "milepost-dev-goals-FunctionsGoalsApiFunction-x3", "Handler": "functions.goals.api.handler"},
]


def payload(content: object) -> StreamingBody:
    encoded = json.dumps(content).encode()
    return StreamingBody(io.BytesIO(encoded), len(encoded))


@pytest.fixture
def functions() -> Any:
    return boto3.client("lambda", region_name="eu-west-1")


def test_of_all_functions_that_of_the_stage_is_told_to_rotate(functions: Any) -> None:
    keys = [{"key_id": "b", "state": "next"}, {"key_id": "a", "state": "active"}]
    with Stubber(functions) as stub:
        stub.add_response("list_functions", {"Functions": [*OTHERS, OURS]})
        called = {"FunctionName": OURS["FunctionName"], "Payload": b'{"action": "rotate"}'}
        stub.add_response("invoke", {"StatusCode": 200, "Payload": payload(keys)}, called)

        assert rotate_keys.rotate(functions, "dev") == keys


def test_a_stage_that_is_not_deployed_is_not_rotated(functions: Any) -> None:
    with Stubber(functions) as stub:
        stub.add_response("list_functions", {"Functions": OTHERS})

        with pytest.raises(NotRotated, match="The stage dev is not deployed"):
            rotate_keys.rotate(functions, "dev")


def test_what_the_function_could_not_do_is_said(functions: Any) -> None:
    failed = {"errorType": "KeysChanged", "errorMessage": "Another rotation was faster."}
    with Stubber(functions) as stub:
        stub.add_response("list_functions", {"Functions": [OURS]})
        stub.add_response("invoke", {"StatusCode": 200, "FunctionError": "Unhandled", "Payload": payload(failed)})

        with pytest.raises(NotRotated, match=r"KeysChanged: Another rotation was faster\."):
            rotate_keys.rotate(functions, "dev")
