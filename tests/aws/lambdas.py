"""Functions that are called through AWS's client and run in this process: moto lists none and runs none."""

import io
import json
from collections.abc import Callable, Mapping
from typing import Any

import boto3

from tests.aws.entries import Context

Handler = Callable[[dict[str, Any], Any], Any]

_ARN = "arn:aws:lambda:eu-west-1:123456789012:function:"
_ANSWERED = {"ResponseMetadata": {"HTTPStatusCode": 200}}


class Answer:
    """What a call whose answer a test gives was answered with."""

    status_code = 200


def client(handlers: Mapping[str, Handler], functions: list[dict[str, Any]]) -> Any:
    """Return a client that lists these functions, and that runs the handlers, by the name of their function."""
    made = boto3.client("lambda", region_name="eu-west-1")

    def listed(**_: object) -> Any:
        return Answer(), {"Functions": functions} | _ANSWERED

    def invoked(params: dict[str, Any], **_: object) -> Any:
        name = params["url_path"].split("/")[-2]
        try:
            context = Context(function_name=name, invoked_function_arn=f"{_ARN}{name}")
            said, failed = handlers[name](json.loads(params["body"]), context), {}
        except Exception as error:
            said, failed = (
                {"errorType": type(error).__name__, "errorMessage": str(error)},
                {"FunctionError": "Unhandled"},
            )
        return Answer(), {"StatusCode": 200, "Payload": io.BytesIO(json.dumps(said).encode())} | failed | _ANSWERED

    made.meta.events.register("before-call.lambda.ListFunctions", listed)
    made.meta.events.register("before-call.lambda.Invoke", invoked)
    return made
