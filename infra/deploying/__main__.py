"""`python -m infra.deploying bootstrap|diff|deploy|destroy STAGE [ARGUMENT …]`: a stage on AWS; see docs/deploying.md.

What can be refused is refused before anything is built: a stage file with a fault, credentials of nobody or of another
account, settings that would be lost, another stage for the CDK. Further arguments are the CDK's. ONLY in the
environment is the one stack to deploy, CONFIRM the name of a production stage.
"""

import argparse
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError, WaiterError

from infra import addresses, sender, stage_files
from infra.addresses import EDGE_REGION
from infra.bundling import bytecode
from infra.bundling.target import AWS_TARGET
from infra.deploying import account, cdk, confirmation, earlier, removal
from infra.deploying.account import Account, WrongAccount
from infra.deploying.cdk import ArgumentRefused
from infra.deploying.confirmation import NotConfirmed
from infra.deploying.earlier import SettingLost, SettingsDiffer, SettingsUnknown
from infra.stage import stack_names
from infra.stage.stack_names import NoSuchStack
from infra.stage_files import StageFileError, Written

ROOT = Path(__file__).parents[2]
REFUSED = 2


class NoBytecode(Exception):
    """This machine cannot compile for the functions' Python; the message says what to do."""


class NobodyTold(Exception):
    """A production stage would ring alarms that nobody hears; the message says what to do."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A stage, what its file says, what it was deployed with before, where it is, and what else the CDK is told."""

    stage: str
    written: Written
    earlier: dict[str, Any] | None
    account: Account
    arguments: Sequence[str]

    @property
    def file(self) -> str:
        """Return how messages call the stage file."""
        return f"{stage_files.FOLDER}/{self.stage}.toml"

    @property
    def regions(self) -> list[str]:
        """Return the regions that the stage has stacks in, or had before; its own is the first."""
        given = [self.written.settings.given(), self.earlier or {}]
        needs_edge = any(map(addresses.needs_edge, given)) and self.account.region != EDGE_REGION
        return [self.account.region, EDGE_REGION] if needs_edge else [self.account.region]

    @property
    def is_production(self) -> bool:
        """Return whether the stage is one of production, by its file or by what is deployed."""
        return "production" in {self.written.settings.kind, (self.earlier or {}).get("kind")}


def main(arguments: Sequence[str]) -> int:
    """Run the command and return its exit code: the CDK's, or 2 when it was refused."""
    parser = argparse.ArgumentParser(
        prog="python -m infra.deploying", description=(__doc__ or "").splitlines()[0], allow_abbrev=False
    )
    parser.add_argument("command", choices=COMMANDS)
    parser.add_argument("stage")
    parsed, further = parser.parse_known_args(arguments)
    try:
        return COMMANDS[parsed.command](_asked(parsed.stage, further))
    except (
        StageFileError,
        WrongAccount,
        SettingsUnknown,
        SettingLost,
        SettingsDiffer,
        ArgumentRefused,
        NotConfirmed,
        NoBytecode,
        NobodyTold,
        NoSuchStack,
    ) as refusal:
        sys.stderr.write(f"{refusal}\n")
        return REFUSED


def bootstrap(asked: Asked) -> int:
    """Make what the CDK deploys with, once per account and region."""
    if asked.is_production:
        confirmation.require(asked.stage, what=f"This changes account {asked.account.id}")
    return cdk.bootstrap(asked.arguments, account=asked.account, regions=asked.regions)


def diff(asked: Asked) -> int:
    """Say what a deployment would change."""
    _say_changes(asked)
    return cdk.run("diff", *_which(asked), *asked.arguments, stage=asked.stage, account=asked.account)


def deploy(asked: Asked) -> int:
    """Deploy the stage, or the one stack of it that ONLY names."""
    which = _which(asked)
    if only := os.environ.get("ONLY"):
        earlier.require_same(asked.earlier, asked.written, only=only, stage=asked.stage, shown=asked.file)
    if asked.earlier is not None:
        earlier.require_table_kept(asked.earlier, asked.written, shown=asked.file)
        earlier.require_nothing_lost(asked.earlier, asked.written, shown=asked.file)
    _require_somebody_told(asked)
    _say_changes(asked)
    if asked.is_production:
        _require_bytecode()
    consequences = [*_consequences(asked)]
    if consequences:
        confirmation.require(asked.stage, what=". ".join(consequences))
    _introduce_sender(asked)
    failed = cdk.run("deploy", *which, *asked.arguments, stage=asked.stage, account=asked.account)
    if not failed:
        _tell_of_feedback(asked)
    return failed


def destroy(asked: Asked) -> int:
    """Remove everything of the stage but its data, and say what stays."""
    if asked.is_production:
        confirmation.require(
            asked.stage, what=f"This removes production in account {asked.account.id}, but for its data"
        )
    clients = [boto3.client("cloudformation", region_name=region) for region in asked.regions]
    found = removal.deployed(clients, asked.stage)
    data = f"milepost-{asked.stage}-{removal.DATA}"
    try:
        removal.remove([stack for stack in found if stack.name != data], report=_say)
    except (ClientError, WaiterError) as failure:
        sys.stderr.write(f"{failure}\nLook at the stack's events, mend the cause, and run this again.\n")
        return 1
    _say(f"The stack {data} stays with all its data; docs/deploying.md says how to remove it. What stays is:")
    for line in removal.staying(found):
        _say(line)
    return 0


COMMANDS: dict[str, Callable[[Asked], int]] = {
    "bootstrap": bootstrap,
    "diff": diff,
    "deploy": deploy,
    "destroy": destroy,
}


def _asked(stage: str, further: Sequence[str]) -> Asked:
    cdk.require_no_context(further)
    written = stage_files.read(stage, folder=ROOT / stage_files.FOLDER)
    found = account.identify(written.settings)
    _say(f"stage {stage} ({written.settings.kind}): {found}")
    before = earlier.read(stage, region=found.region)
    return Asked(stage=stage, written=written, earlier=before, account=found, arguments=further)


def _which(asked: Asked) -> list[str]:
    """Return what tells the CDK which stacks are meant. Raises NoSuchStack."""
    only = os.environ.get("ONLY")
    return [stack_names.named(asked.stage, only), "--exclusively"] if only else ["--all"]


def _say_changes(asked: Asked) -> None:
    if asked.earlier is None:
        _say("it is not deployed yet")
        return
    for line in earlier.differences(asked.earlier, asked.written.settings.given()):
        _say(f"  {line}")


def _consequences(asked: Asked) -> Iterator[str]:
    """Yield a sentence for each consequence of a deployment that somebody has to confirm."""
    if asked.is_production:
        yield f"This deploys to production in account {asked.account.id}"
    if asked.earlier is None:
        return
    before, after = (addresses.issuer_of(given) for given in (asked.earlier, asked.written.settings.given()))
    if before != after:
        names = [issuer or "the address that AWS gave the API" for issuer in (before, after)]
        yield f"The issuer changes from {' to '.join(names)}, which ends every session"


def _require_somebody_told(asked: Asked) -> None:
    """Require that production has somebody who is told of its alarms, or says by name that it has not.

    Raises NobodyTold.
    """
    settings = asked.written.settings
    if settings.kind != "production" or settings.alarm_email:
        return
    if "alarm_email" not in asked.written.removed:
        raise NobodyTold(
            f"Nobody is told of the alarms. Write alarm_email into {asked.file}, "
            f'or alarm_email = "{stage_files.NONE}" if you subscribe somebody to their topic yourself.'
        )
    _say("Nobody is told of the alarms but whom you have subscribed to their topic yourself.")


def _require_bytecode() -> None:
    """Require that functions need not compile their packages at each cold start. Raises NoBytecode."""
    python = AWS_TARGET.python
    if not bytecode.compiler(python):
        raise NoBytecode(
            f"Production is deployed with bytecode only, and here is no Python {python} to write it. "
            f"Install one: .venv/bin/uv python install {python}"
        )


def _introduce_sender(asked: Asked) -> None:
    """Have SES verify the address that the stage sends from, unless it knows it."""
    address = asked.written.settings.mail_sender
    if not address:
        return
    try:
        if sender.introduce(boto3.client("ses", region_name=asked.account.region), address):
            _say(f"AWS has sent {address} an e-mail. Follow its link, or no code is mailed.")
    except (BotoCoreError, ClientError) as failure:
        _say(f"{address} could not be introduced to SES; verify it yourself: {failure}")


def _tell_of_feedback(asked: Asked) -> None:
    """Have SES tell the topic of the stage what becomes of its e-mail."""
    address = asked.written.settings.mail_sender
    if not address:
        return
    name = sender.topic_parameter(asked.stage)
    try:
        topic_arn = boto3.client("ssm", region_name=asked.account.region).get_parameter(Name=name)["Parameter"]["Value"]
        for identity in sender.tell(boto3.client("ses", region_name=asked.account.region), address, topic_arn):
            _say(f"{identity} tells its bounces to another topic, so this stage hears of none. Give it its own sender.")
    except (BotoCoreError, ClientError) as failure:
        _say(f"SES was not told where bounces and complaints go; tell it of the topic in {name} yourself: {failure}")


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
