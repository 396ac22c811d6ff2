"""What a stage was deployed with the last time, so that a deployment takes nothing away that nobody has named.

The stack `stateful` holds the settings as an SSM parameter (`infra/stacks.py`): it stays when a stage is destroyed.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any, Final

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from infra.deploying.removal import DATA
from infra.stage_files import NONE, Written

Given = Mapping[str, Any]
_TABLE: Final = "adopted_table"


class SettingsUnknown(Exception):
    """The settings of the last deployment could not be read; the message says why."""


class SettingsDiffer(Exception):
    """One stack alone would get other settings than its stage has; the message says what to do."""


class SettingLost(Exception):
    """The stage has settings that the file does not name; the message says which, and what to write."""


def path_of(stage: str) -> str:
    """Return the name of the parameter with the settings of a stage."""
    return f"/milepost/{stage}/DeployedSettings"


def _former_path_of(stage: str) -> str:
    """Return the name that the parameter had while it was in the stack `stateless`."""
    return f"/milepost/{stage}/Settings"


def read(stage: str, *, region: str) -> dict[str, Any] | None:
    """Return what the stage was deployed with, None when it is not deployed. Raises SettingsUnknown."""
    ssm = boto3.client("ssm", region_name=region)
    try:
        for path in (path_of(stage), _former_path_of(stage)):
            with suppress(ssm.exceptions.ParameterNotFound):
                given: dict[str, Any] = json.loads(ssm.get_parameter(Name=path)["Parameter"]["Value"])
                return given
    except (BotoCoreError, ClientError) as error:
        raise SettingsUnknown(f"The settings of the last deployment cannot be read: {error}") from error
    return None


def require_nothing_lost(earlier: Given, written: Written, *, shown: str) -> None:
    """Require that the file keeps, changes or removes by name each setting that the stage has. Raises SettingLost."""
    named = written.settings.given().keys() | written.removed
    lost = {name: value for name, value in earlier.items() if name not in named}
    if lost:
        quoted = json.dumps(NONE)
        lines = [f"{shown} does not name what the stage has. Keep it, or write {quoted} to remove it:"]
        raise SettingLost("\n".join([*lines, *(f"  {name} = {json.dumps(value)}" for name, value in lost.items())]))


def require_same(earlier: Given | None, written: Written, *, only: str, stage: str, shown: str) -> None:
    """Require that the one stack to deploy gets the settings that all others have. Raises SettingsDiffer."""
    if earlier is None and only != DATA:
        raise SettingsDiffer(
            f"The stage {stage} is not deployed: deploy all stacks, without ONLY, or ONLY={DATA} first."
        )
    if earlier is not None and earlier != written.settings.given():
        raise SettingsDiffer(f"{shown} changes settings: deploy all stacks, without ONLY.")


def require_table_kept(earlier: Given, written: Written, *, shown: str) -> None:
    """Require that the stage keeps a table that it has adopted, or adopts another. Raises SettingLost."""
    adopted = earlier.get(_TABLE)
    if adopted is not None and written.settings.adopted_table is None:
        raise SettingLost(
            f"{shown}: the data of the stage are in a table that it has adopted, and without it the stage would begin "
            f"with an empty one. Keep it, or adopt another:\n  {_TABLE} = {json.dumps(adopted)}"
        )


def differences(earlier: Given, now: Given) -> Iterator[str]:
    """Yield a line for each setting that the deployment changes."""
    for name in [*now, *(name for name in earlier if name not in now)]:
        before, after = (json.dumps(given[name]) if name in given else NONE for given in (earlier, now))
        if before != after:
            yield f"{name}: {before} → {after}"
