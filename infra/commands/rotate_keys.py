"""Make the next signing key of a stage now, before the schedule does: `python -m infra.commands.rotate_keys STAGE`.

The key is published at once and signs 15 minutes later, so no session ends. With one on its way there is nothing to
make. It is the function of the schedule that is called; whoever calls it needs no right on keys or table.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from infra.stage import access
from infra.stage.access import StageNotRunning

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient

HANDLER = "functions.identity.access_tokens.consumers.handler"


class NotRotated(Exception):
    """The stage has no function that rotates, or it failed; the message holds what it said."""


def main(arguments: Sequence[str]) -> int:
    """Run the command and return its exit code: 0, or 1 when nothing was rotated."""
    parser = argparse.ArgumentParser(
        prog="python -m infra.commands.rotate_keys", description=(__doc__ or "").splitlines()[0]
    )
    parser.add_argument("stage")
    stage = parser.parse_args(arguments).stage
    try:
        keys = rotate(access.client("lambda", stage), stage)
    except (StageNotRunning, NotRotated) as failure:
        sys.stderr.write(f"{failure}\n")
        return 1
    for key in keys:
        sys.stdout.write(f"{key['state']:<8} {key['key_id']}\n")
    return 0


def rotate(functions: "LambdaClient", stage: str) -> list[dict[str, Any]]:
    """Let the stage make its next signing key; return what each key is, the one that signs last first.

    Raises NotRotated.
    """
    return _do("rotate", functions, stage)


def renew(functions: "LambdaClient", stage: str) -> list[dict[str, Any]]:
    """Let the stage sign with a new key from now on, and end all earlier ones; return what `rotate` does.

    Raises NotRotated.
    """
    return _do("renew", functions, stage)


def _do(action: str, functions: "LambdaClient", stage: str) -> list[dict[str, Any]]:
    payload = json.dumps({"action": action}).encode()
    answer = functions.invoke(FunctionName=_function(functions, stage), Payload=payload)
    said = json.loads(answer["Payload"].read())
    if "FunctionError" in answer:
        raise NotRotated(f"{said.get('errorType')}: {said.get('errorMessage')}")
    return list(said)


def _function(functions: "LambdaClient", stage: str) -> str:
    """Return the name of the function of the stage that keeps its signing keys. Raises NotRotated."""
    for page in functions.get_paginator("list_functions").paginate():
        for function in page["Functions"]:
            if function.get("Handler") == HANDLER and function["FunctionName"].startswith(f"milepost-{stage}-"):
                return function["FunctionName"]
    raise NotRotated(f"The stage {stage} is not deployed: no function of it keeps signing keys.")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
