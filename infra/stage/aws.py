"""Clients of the AWS of a local stage. Nothing around them leads elsewhere: no profile, no configuration, no proxy."""

import os
from typing import Any

from botocore.config import Config
from botocore.session import Session

from infra.stage.ministack import CREDENTIALS, REGION

# Where botocore would look for each of these: nowhere, whatever the environment says.
_UNREAD: dict[str, tuple[None, None, str | None, None]] = {
    "profile": (None, None, None, None),
    "config_file": (None, None, os.devnull, None),
    "credentials_file": (None, None, os.devnull, None),
}


def client(service: str, *, endpoint: str) -> Any:
    """Return a client of a service of the stage at an endpoint; what it does is boto3's."""
    return Session(session_vars=_UNREAD).create_client(
        service,
        endpoint_url=endpoint,
        region_name=REGION,
        aws_access_key_id=CREDENTIALS["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=CREDENTIALS["AWS_SECRET_ACCESS_KEY"],
        # None of its own is not the same as none at all, which would be those of the environment.
        config=Config(proxies={}),
    )
