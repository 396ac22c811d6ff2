"""Which account and region the credentials around us lead to, and whether that is where the stage belongs."""

import os
from typing import NamedTuple

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from infra import adopted_tables
from infra.stage_files import StageFile


class WrongAccount(Exception):
    """There are no usable credentials, or they lead elsewhere than the stage file says; the message says what to do."""


class Account(NamedTuple):
    """An account of AWS and a region, and who we are there."""

    id: str
    region: str
    caller: str

    def __str__(self) -> str:
        return f"account {self.id}, region {self.region}, as {self.caller}"


def identify(settings: StageFile) -> Account:
    """Return where a stage with these settings would be deployed. Raises WrongAccount."""
    # The CDK knows this variable, and boto3 only AWS_DEFAULT_REGION.
    session = boto3.Session(region_name=settings.region or os.environ.get("AWS_REGION"))
    if session.region_name is None:
        raise WrongAccount("No region is set. Name it in the stage file (region = …), in AWS_REGION or in the profile.")
    try:
        identity = session.client("sts").get_caller_identity()
    except (BotoCoreError, ClientError) as error:
        raise WrongAccount(f"AWS does not know these credentials: {error}. Sign in, or choose AWS_PROFILE.") from error
    found = Account(identity["Account"], session.region_name, identity["Arn"])
    if settings.account not in {None, found.id}:
        raise WrongAccount(f"The stage belongs to account {settings.account}, and these are credentials of {found.id}.")
    _require_table(settings, found)
    return found


def _require_table(settings: StageFile, found: Account) -> None:
    """Require that an adopted table is where the stage is: functions know it by its name. Raises WrongAccount."""
    if settings.adopted_table is None:
        return
    table = adopted_tables.parse(settings.adopted_table)
    if (table.account, table.region) != (found.id, found.region):
        raise WrongAccount(
            f"The adopted table is in account {table.account}, region {table.region}, and this is {found}."
        )
