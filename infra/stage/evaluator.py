"""`python -m infra.stage.evaluator [CSV …]`: tell the local stage of the reference evaluator, and run it."""

import base64
import contextlib
import json
import os
import secrets
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from infra.contexts.milestones.evaluator_secret import DESCRIPTION
from infra.stage import access, deployment, private
from infra.stage.access import StageNotRunning
from infra.stage.ministack import MiniStack, without_aws

STATE = Path(__file__).parents[2] / ".milepost"
PORT = 8790
WEBHOOK = "/api/v1/milestones/webhooks/milestone-complete"


def main(arguments: Sequence[str]) -> int:
    """Write the secret of the stage, then run the evaluator until it is interrupted; 1 when no stage runs."""
    private.from_now_on()
    try:
        command, environment = _introduced(arguments)
    except StageNotRunning as refusal:
        sys.stderr.write(f"{refusal}\n")
        return 1
    with contextlib.suppress(KeyboardInterrupt):
        return subprocess.call(command, env=environment)
    return 0


@contextlib.contextmanager
def running(series: Sequence[Path]) -> Iterator[None]:
    """Let the evaluator judge KPIs by their series while the block runs; one that runs already does it as it can.

    Raises StageNotRunning.
    """
    command, environment = _introduced(["--every", "0.2", *map(str, series)])
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        # It says where it is when it listens; when its port is taken, it ends without a word.
        if process.stdout is not None:
            process.stdout.readline()
        try:
            yield
        finally:
            process.terminate()


def _introduced(arguments: Sequence[str]) -> tuple[list[str], dict[str, str]]:
    """Write the secret of the stage, and return the command and the environment of an evaluator that knows it."""
    client = access.client("secretsmanager", "local")
    said = introduce(client)
    webhook = deployment.addresses(MiniStack(state=STATE)).api_url + WEBHOOK
    command = [sys.executable, "-m", "examples.evaluator", "--port", str(PORT), "--webhook", webhook]
    command += ["--storage", str(STATE / "evaluator.sqlite"), *arguments]
    told = {"EVALUATOR_API_KEY": said["api_key"], "EVALUATOR_WEBHOOK_SECRET": said["webhook_secret"]}
    return command, {**without_aws(os.environ), **told}


def introduce(client: Any) -> dict[str, str]:
    """Give the local stage the address of the evaluator and keys for it, if it has none, and return its secret."""
    pages = client.get_paginator("list_secrets").paginate()
    described = DESCRIPTION.format(stage="local")
    arn = next(each["ARN"] for page in pages for each in page["SecretList"] if each.get("Description") == described)
    said: dict[str, str] = json.loads(client.get_secret_value(SecretId=arn)["SecretString"])
    said["url"] = f"http://127.0.0.1:{PORT}"
    for name in ("api_key", "webhook_api_key"):
        said[name] = said.get(name) or secrets.token_urlsafe(24)
    # MiniStack 1.5 puts punctuation into what CloudFormation asks it to generate without.
    if not _is_base64(said["webhook_secret"].removeprefix("whsec_")):
        said["webhook_secret"] = "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()
    client.put_secret_value(SecretId=arn, SecretString=json.dumps(said))
    return said


def _is_base64(text: str) -> bool:
    try:
        return bool(base64.b64decode(text, validate=True))
    except ValueError:
        return False


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
