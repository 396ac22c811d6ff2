"""Restore the table of a stage to an instant: `python -m infra.commands.restore STAGE --at INSTANT [--from TABLE]`.

AWS restores into a new table, and the stage's own stays as it is. The new one is then made what the stage needs
(`adopt.py`), and its setting is printed. Stopped, it goes on where it was when it is run again with the same instant.
"""

import argparse
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from botocore.exceptions import ClientError

from infra.commands import adopt, roles, typed
from infra.commands.adopt import NotAdopted
from infra.commands.roles import NotDeployed
from infra.stage import access
from infra.stage.access import StageNotRunning
from shared import clock
from shared.clock import Instant


class NotRestored(Exception):
    """AWS does not restore the table to this instant; the message says why."""


def main(arguments: Sequence[str]) -> int:
    """Run the command and return its exit code: 0, or 1 when there is no table to adopt."""
    parser = argparse.ArgumentParser(
        prog="python -m infra.commands.restore", description=(__doc__ or "").splitlines()[0]
    )
    parser.add_argument("stage")
    parser.add_argument("--at", type=typed.instant, required=True, help="such as 2026-11-26T11:00:00Z")
    parser.add_argument("--from", dest="source", help="the table to restore; by default the one that the stage has")
    asked = parser.parse_args(arguments)
    try:
        source = asked.source or roles.outputs(asked.stage)["TableName"]
        dynamodb = access.client("dynamodb", asked.stage)
        target = begin(dynamodb, source, stage=asked.stage, at=asked.at)
        sys.stdout.write(f"{source} is restored to {clock.to_rfc3339(asked.at)} as {target}; this takes a while\n")
        sys.stdout.flush()
        stream_arn = adopt.prepare(dynamodb, target, stage=asked.stage, pause=time.sleep)
    except (StageNotRunning, NotDeployed, NotRestored, NotAdopted) as failure:
        sys.stderr.write(f"{failure}\n")
        return 1
    sys.stdout.write(adopt.next_step(asked.stage, target, stream_arn))
    return 0


def begin(dynamodb: Any, source: str, *, stage: str, at: Instant) -> str:
    """Have AWS restore a table, unless it does already, and return the name of the new one. Raises NotRestored."""
    target = f"milepost-{stage}-{clock.to_datetime(at).astimezone(UTC):%Y%m%dT%H%M%SZ}"
    moment = datetime.fromtimestamp(at // clock.SECOND, UTC)
    if target == source:
        raise NotRestored(
            f"{source} is itself what a restore to this instant has made. "
            "Choose another instant, or name the table that it was made from with --from."
        )
    try:
        dynamodb.restore_table_to_point_in_time(SourceTableName=source, TargetTableName=target, RestoreDateTime=moment)
    except ClientError as error:
        if error.response["Error"]["Code"] != "TableAlreadyExistsException":
            raise NotRestored(f"{source} is not restored to {clock.to_rfc3339(at)}: {error}") from error
        if not _is_restored(dynamodb, target, source=source, moment=moment):
            raise NotRestored(
                f"There is a table {target}, and it is not what {source} was at this instant. "
                "Choose an instant a second earlier or later, or delete that table if nobody needs it."
            ) from error
    return target


def _is_restored(dynamodb: Any, target: str, *, source: str, moment: datetime) -> bool:
    """Tell whether AWS has made the table, or is making it, out of this one as it was at this moment."""
    made = dynamodb.describe_table(TableName=target)["Table"].get("RestoreSummary", {})
    is_from = made.get("SourceTableArn", "").endswith(f":table/{source}")
    return is_from and int(made["RestoreDateTime"].timestamp()) == int(moment.timestamp())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
