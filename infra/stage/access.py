"""How commands reach the AWS of a stage: `access.client("sqs", stage)`.

The local stage is found by itself, on the port where it runs; every other is that of the credentials around us.
"""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3

from infra.stage import aws
from infra.stage.ministack import CREDENTIALS, MiniStack, without_aws
from shared.aws import credentials
from shared.aws.credentials import Credentials, NoCredentials

if TYPE_CHECKING:
    from botocore.credentials import Credentials as SessionCredentials
    from botocore.credentials import RefreshableCredentials

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
        return
    session = boto3.Session()
    if session.region_name:
        os.environ["AWS_REGION"] = session.region_name
    found = session.get_credentials()
    if found is not None:
        credentials.use(lambda: _frozen(found))


def _frozen(found: "RefreshableCredentials | SessionCredentials") -> Credentials:
    """Return the credentials around us as they are now; those of a profile or a role change while a command runs."""
    frozen = found.get_frozen_credentials()
    if not frozen.access_key or not frozen.secret_key:
        raise NoCredentials("the profile or the environment around us gives no credentials")
    return Credentials(frozen.access_key, frozen.secret_key, frozen.token)


def _running() -> MiniStack:
    ministack = MiniStack(state=STATE)
    if ministack.running_port() is None:
        raise StageNotRunning("The local stage does not run; start it with `make up`.")
    return ministack
