"""What a stage was deployed with the last time, so that a deployment takes nothing away that nobody has named.

The stack `stateless` holds the settings as an SSM parameter (`infra/stacks.py`).
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from infra.stage_files import NONE, Written

Given = Mapping[str, Any]


class SettingsUnknown(Exception):
    """The settings of the last deployment could not be read; the message says why."""


class SettingLost(Exception):
    """The stage has settings that the file does not name; the message says which, and what to write."""


def path_of(stage: str) -> str:
    """Return the name of the parameter with the settings of a stage."""
    return f"/milepost/{stage}/Settings"


def read(stage: str, *, region: str) -> dict[str, Any] | None:
    """Return what the stage was deployed with, None when it is not deployed. Raises SettingsUnknown."""
    ssm = boto3.client("ssm", region_name=region)
    try:
        found = ssm.get_parameter(Name=path_of(stage))
    except ssm.exceptions.ParameterNotFound:
        return None
    except (BotoCoreError, ClientError) as error:
        raise SettingsUnknown(f"The settings of the last deployment cannot be read: {error}") from error
    given: dict[str, Any] = json.loads(found["Parameter"]["Value"])
    return given


def require_nothing_lost(earlier: Given, written: Written, *, shown: str) -> None:
    """Require that the file keeps, changes or removes by name each setting that the stage has. Raises SettingLost."""
    named = written.settings.given().keys() | written.removed
    lost = {name: value for name, value in earlier.items() if name not in named}
    if lost:
        quoted = json.dumps(NONE)
        lines = [f"{shown} does not name what the stage has. Keep it, or write {quoted} to remove it:"]
        raise SettingLost("\n".join([*lines, *(f"  {name} = {json.dumps(value)}" for name, value in lost.items())]))


def differences(earlier: Given, now: Given) -> Iterator[str]:
    """Yield a line for each setting that the deployment changes."""
    for name in [*now, *(name for name in earlier if name not in now)]:
        before, after = (json.dumps(given[name]) if name in given else NONE for given in (earlier, now))
        if before != after:
            yield f"{name}: {before} → {after}"
