"""How commands reach the AWS of a stage: `boto3.client(name, **access.of(stage))`.

The local stage is found by itself, on the port where it runs; every other is that of the credentials around us.
"""

from pathlib import Path
from typing import Any

from infra.local.ministack import CREDENTIALS, REGION, MiniStack

STATE = Path(__file__).parents[1] / ".milepost"


class StageNotRunning(Exception):
    """There is no local stage to reach; the message says what to do."""


def of(stage: str) -> dict[str, Any]:
    """Return what boto3 clients of a stage are made with. Raises StageNotRunning."""
    if stage != "local":
        return {}
    port = MiniStack(state=STATE, port=0).running_port()
    if port is None:
        raise StageNotRunning("The local stage does not run; start it with `make up`.")
    return {
        "endpoint_url": MiniStack(state=STATE, port=port).endpoint,
        "region_name": REGION,
        "aws_access_key_id": CREDENTIALS["AWS_ACCESS_KEY_ID"],
        "aws_secret_access_key": CREDENTIALS["AWS_SECRET_ACCESS_KEY"],
    }
