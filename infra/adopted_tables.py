"""The table of a stage that was restored: AWS restores into a new table, which a setting gives to the stage.

The setting is the ARN of the table's stream. It says everything that the stacks need: account, region, table, stream.
"""

import re
from typing import Final, NamedTuple

_STREAM: Final = re.compile(
    r"(?P<arn>arn:aws[a-z-]*:dynamodb:(?P<region>[a-z0-9-]+):(?P<account>[0-9]{12}):table/(?P<name>[A-Za-z0-9_.-]{3,255}))"
    r"/stream/[0-9T:.-]+",
    re.ASCII,
)


class AdoptedTable(NamedTuple):
    """A table that belongs to no stack, and its stream."""

    name: str
    arn: str
    stream_arn: str
    account: str
    region: str


def parse(stream_arn: str) -> AdoptedTable:
    """Return the table whose stream has this ARN. Raises ValueError."""
    found = _STREAM.fullmatch(stream_arn)
    if found is None:
        raise ValueError(f"{stream_arn} is no ARN of the stream of a table; `make adopt` prints it")
    return AdoptedTable(found["name"], found["arn"], stream_arn, found["account"], found["region"])


def require(stream_arn: str) -> str:
    """Return the ARN of a stream as it is. Raises ValueError."""
    return parse(stream_arn).stream_arn
