"""Bring the table of a stage to the shape of this version: `python -m infra.commands.migrate STAGE [--units N]`.

It reads the whole table once, so many write units a second, and may be stopped at any time: it goes on where it was.
A table that has the shape already costs one read. It takes the role of the stage that may do this and nothing else,
and it runs beside live traffic, after the deployment of this version.
"""

import argparse
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import boto3

from infra.commands import migrations, roles
from infra.commands.migrations.step import Step
from infra.commands.roles import NotDeployed
from infra.stage.access import StageNotRunning
from shared import config
from shared.storage import attributes, table
from shared.storage.attributes import Item, Key

UNITS_A_SECOND = 500
ITEMS_AT_ONCE = 100
SHAPE = Key("TABLE", "SHAPE")
FIRST_SHAPE = 1
"""That of a table which does not say: it was made before there were migrations."""
_POSITION_UNITS = 1


@dataclass
class Pace:
    """How long to wait so that no more write units are used a second than may be."""

    units_a_second: int
    _free_at: float = field(default=0.0)

    def pause(self, units: int, at: float) -> float:
        """Return the seconds to wait after this many units at an instant, in seconds."""
        self._free_at = max(self._free_at, at) + units / self.units_a_second
        return max(0.0, self._free_at - at)


@dataclass(frozen=True)
class Done:
    """How many items were looked at and how many write units it took."""

    looked_at: int
    units: int


def main(arguments: Sequence[str]) -> int:
    """Run the command and return its exit code: 0, or 1 when the stage cannot be migrated."""
    parser = argparse.ArgumentParser(
        prog="python -m infra.commands.migrate", description=(__doc__ or "").splitlines()[0]
    )
    parser.add_argument("stage")
    parser.add_argument("--units", type=int, default=UNITS_A_SECOND, help="write units a second (default %(default)s)")
    asked = parser.parse_args(arguments)
    try:
        roles.enter(asked.stage, "MigrationRoleArn")
    except (StageNotRunning, NotDeployed) as failure:
        sys.stderr.write(f"{failure}\n")
        return 1
    done = run(migrations.STEPS, pace=Pace(max(1, asked.units)), wait=time.sleep)
    what = "had it already" if done is None else f"{done.looked_at} items looked at, {done.units} write units"
    sys.stdout.write(f"{asked.stage}: shape {migrations.SHAPE}, {what}\n")
    return 0


def run(steps: Sequence[Step], *, pace: Pace, wait: Callable[[float], None]) -> Done | None:
    """Take the steps that the table has not taken, and return what was done; None when it has taken all of them."""
    stored = table.get(SHAPE, consistent=True) or {"shape": FIRST_SHAPE}
    left = [step for step in steps if step.shape > stored["shape"]]
    if not left:
        return None
    target = left[-1].shape
    # A position is of the steps it was come to with; with more of them the table is read from its beginning.
    position = stored.get("position") if stored.get("target") == target else None
    menders = [(step.entity, step.begin()) for step in left]
    looked_at = spent = 0
    for items, reached in _pages(position):
        units = sum(mend(item) for item in items for entity, mend in menders if item.get("entity") == entity)
        looked_at, spent = looked_at + len(items), spent + units
        if reached is not None:
            _remember(stored["shape"], target=target, position=reached)
        wait(pace.pause(units + _POSITION_UNITS, time.monotonic()))
    _remember(target)
    return Done(looked_at, spent)


def _pages(position: Mapping[str, str] | None) -> Iterator[tuple[list[Item], dict[str, str] | None]]:
    """Yield the items of the table, and after each page the position to go on from; None after the last."""
    # Nothing else may scan, so what speaks to the table for everybody does not know how.
    client = boto3.client("dynamodb")
    start: Any = None if position is None else attributes.dump({**position})
    while True:
        request: dict[str, Any] = {"TableName": config.table_name(), "Limit": ITEMS_AT_ONCE, "ConsistentRead": True}
        answer = client.scan(**request, **({} if start is None else {"ExclusiveStartKey": start}))
        start = answer.get("LastEvaluatedKey")
        yield [attributes.load(raw) for raw in answer["Items"]], None if start is None else attributes.load(start)
        if start is None:
            return


def _remember(shape: int, **going_on: Any) -> None:
    table.put_many([{"PK": SHAPE.pk, "SK": SHAPE.sk, "entity": "Shape", "shape": shape, **going_on}])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
