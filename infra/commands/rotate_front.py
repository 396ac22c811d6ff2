"""Give the front of a stage another secret: `python -m infra.commands.rotate_front STAGE`. Each run takes one step.

1. A new value is stored beside the one that CloudFront sends. Instances know it once they have read the secret again.
2. CloudFront is given the new value. When all of it has that, the value before is taken away.

A run that was stopped is repeated: what is to be done is read off the secret and the distribution.
"""

import argparse
import json
import secrets
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from botocore.exceptions import BotoCoreError, ClientError, WaiterError

from infra.stage import access
from infra.stage.stack_names import named
from infra.stage_files import LOCAL

# Instances read the secret every five minutes (shared/api/front.py).
KNOWN_AFTER: Final = timedelta(minutes=6)
_HEADER: Final = "x-front-secret"
_BYTES: Final = 48


class NotRotated(Exception):
    """The stage has no front, or AWS has refused; the message says what."""


@dataclass(frozen=True)
class Clients:
    """How the AWS of the stage is called."""

    cloudformation: Any
    ssm: Any
    secretsmanager: Any
    cloudfront: Any


@dataclass(frozen=True)
class _Front:
    """What CloudFront sends, and what the functions take."""

    distribution_id: str
    secret_arn: str
    sent: str
    current: str
    previous: str
    stored_at: datetime


def main(arguments: Sequence[str]) -> int:
    """Run the command and return its exit code: 0, or 1 when nothing was done."""
    parser = argparse.ArgumentParser(
        prog="python -m infra.commands.rotate_front", description=(__doc__ or "").splitlines()[0]
    )
    parser.add_argument("stage")
    stage = parser.parse_args(arguments).stage
    try:
        if stage == LOCAL:
            raise NotRotated("The local stage has no front.")
        services = ("cloudformation", "ssm", "secretsmanager", "cloudfront")
        said = rotate(Clients(*(access.client(service, stage) for service in services)), stage, now=datetime.now(UTC))
    except NotRotated as failure:
        sys.stderr.write(f"{failure}\n")
        return 1
    sys.stdout.write(f"{said}\n")
    return 0


def rotate(clients: Clients, stage: str, *, now: datetime) -> str:
    """Take the step that is due, and say what it was and what comes next. Raises NotRotated."""
    try:
        front = _look(clients, stage)
        if front.sent == front.current:
            return _take_away(clients, front) if front.previous else _store(clients, front)
        known_at = front.stored_at + KNOWN_AFTER
        if now < known_at:
            seconds = (known_at - now) / timedelta(seconds=1)
            return f"Not every instance knows the new value yet. Run this again in {seconds:.0f} seconds."
        _give(clients, front)
        return _take_away(clients, front)
    except (BotoCoreError, ClientError, WaiterError) as failure:
        raise NotRotated(f"{failure}\nNothing that is in use was taken away; run this again.") from failure


def _look(clients: Clients, stage: str) -> _Front:
    outputs = clients.cloudformation.describe_stacks(StackName=named(stage, "front"))["Stacks"][0].get("Outputs", [])
    ids = [output["OutputValue"] for output in outputs if output["OutputKey"] == "DistributionId"]
    if not ids:
        raise NotRotated(f"The stage {stage} has no front.")
    arn = clients.ssm.get_parameter(Name=f"/milepost/{stage}/FrontSecretArn")["Parameter"]["Value"]
    found = clients.secretsmanager.get_secret_value(SecretId=arn)
    values = json.loads(found["SecretString"])
    configuration = clients.cloudfront.get_distribution_config(Id=ids[0])["DistributionConfig"]
    (sent,) = (header["HeaderValue"] for header in _proofs(configuration))
    return _Front(ids[0], arn, sent, values["current"], values.get("previous", ""), found["CreatedDate"])


def _store(clients: Clients, front: _Front) -> str:
    _put(clients, front, current=secrets.token_urlsafe(_BYTES), previous=front.current)
    minutes = KNOWN_AFTER / timedelta(minutes=1)
    return f"A new value is stored; the one in use stays good. Run this again in {minutes:.0f} minutes."


def _give(clients: Clients, front: _Front) -> None:
    found = clients.cloudfront.get_distribution_config(Id=front.distribution_id)
    for header in _proofs(found["DistributionConfig"]):
        header["HeaderValue"] = front.current
    clients.cloudfront.update_distribution(
        Id=front.distribution_id, IfMatch=found["ETag"], DistributionConfig=found["DistributionConfig"]
    )


def _take_away(clients: Clients, front: _Front) -> str:
    """Take the value before away, once CloudFront sends it nowhere any more."""
    clients.cloudfront.get_waiter("distribution_deployed").wait(Id=front.distribution_id)
    _put(clients, front, current=front.current, previous="")
    return "CloudFront sends the new value, and the one before is good nowhere in five minutes. It is done."


def _put(clients: Clients, front: _Front, **values: str) -> None:
    clients.secretsmanager.put_secret_value(SecretId=front.secret_arn, SecretString=json.dumps(values))


def _proofs(configuration: Any) -> list[Any]:
    """Return the headers of the origins that hold the secret, to be read or changed."""
    return [
        header
        for origin in configuration["Origins"]["Items"]
        for header in origin["CustomHeaders"].get("Items", [])
        if header["HeaderName"].lower() == _HEADER
    ]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
