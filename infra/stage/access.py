"""How commands reach the AWS of a stage: `access.client("sqs", stage)`.

The local stage is found by itself, on the port where it runs; every other is that of the credentials around us.
"""

import os
from pathlib import Path
from typing import Any

import boto3

from infra.stage import aws
from infra.stage.ministack import CREDENTIALS, MiniStack, without_aws

STATE = Path(__file__).parents[2] / ".milepost"


class StageNotRunning(Exception):
    """There is no local stage to reach; the message says what to do."""


def client(service: str, stage: str) -> Any:
    """Return a client of a service of AWS, such as `sqs`, for a stage. Raises StageNotRunning."""
    if stage == "local":
        return aws.client(service, endpoint=_running().endpoint)
    client: Any = boto3.Session().client(service)  # type: ignore[call-overload]
    return client


def enter(stage: str) -> None:
    """Let `shared` of this process reach the AWS of a stage from now on. Raises StageNotRunning."""
    if stage == "local":
        around = without_aws(os.environ) | CREDENTIALS | {"AWS_ENDPOINT_URL": _running().endpoint}
        os.environ.clear()
        os.environ.update(around)
    else:
        os.environ |= _around(boto3.Session())


def _around(session: boto3.Session) -> dict[str, str]:
    """Return the credentials and the region around us: `shared` reads them from the environment, and no profile."""
    found = session.get_credentials()
    frozen = found.get_frozen_credentials() if found else None
    said = {
        "AWS_ACCESS_KEY_ID": frozen.access_key if frozen else None,
        "AWS_SECRET_ACCESS_KEY": frozen.secret_key if frozen else None,
        "AWS_SESSION_TOKEN": frozen.token if frozen else None,
        "AWS_REGION": session.region_name,
    }
    return {name: value for name, value in said.items() if value}


def _running() -> MiniStack:
    ministack = MiniStack(state=STATE)
    if ministack.running_port() is None:
        raise StageNotRunning("The local stage does not run; start it with `make up`.")
    return ministack
