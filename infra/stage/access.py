"""How commands reach the AWS of a stage: `access.client("sqs", stage)`.

The local stage is found by itself, on the port where it runs; every other is that of the credentials around us, in the
region that its file names.
"""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3

from infra import stage_files
from infra.stage import aws
from infra.stage.ministack import CREDENTIALS, MiniStack, without_aws
from infra.stage_files import StageFileError
from shared.aws import credentials
from shared.aws.credentials import Credentials, NoCredentials

if TYPE_CHECKING:
    from botocore.credentials import Credentials as SessionCredentials
    from botocore.credentials import RefreshableCredentials

ROOT = Path(__file__).parents[2]
STATE = ROOT / ".milepost"
STAGES = ROOT / stage_files.FOLDER


class StageNotRunning(Exception):
    """A stage cannot be reached: the local one does not run, another's file has a fault; the message says which."""


def client(service: str, stage: str) -> Any:
    """Return a client of a service of AWS, such as `sqs`, for a stage. Raises StageNotRunning."""
    if stage == "local":
        return aws.client(service, endpoint=_running().endpoint)
    client: Any = _session(stage).client(service)  # type: ignore[call-overload]
    return client


def enter(stage: str) -> None:
    """Let `shared` of this process reach the AWS of a stage from now on. Raises StageNotRunning."""
    if stage == "local":
        around = without_aws(os.environ) | CREDENTIALS | {"AWS_ENDPOINT_URL": _running().endpoint}
        os.environ.clear()
        os.environ.update(around)
        return
    session = _session(stage)
    if session.region_name:
        # `shared` knows the one, boto3 the other.
        os.environ |= {"AWS_REGION": session.region_name, "AWS_DEFAULT_REGION": session.region_name}
    found = session.get_credentials()
    if found is not None:
        credentials.use(lambda: _frozen(found))


def _session(stage: str) -> boto3.Session:
    """Return a session with the credentials around us, in the region of the stage. Raises StageNotRunning."""
    try:
        region = stage_files.region_of(stage, folder=STAGES)
    except StageFileError as error:
        raise StageNotRunning(str(error)) from error
    # The CDK knows this variable, and boto3 only AWS_DEFAULT_REGION.
    return boto3.Session(region_name=region or os.environ.get("AWS_REGION"))


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
