"""The names of the stacks of a stage: `python -m infra.stage.stack_names STAGE NAME` says which one `ONLY` means."""

import sys
from collections.abc import Sequence

from infra import discovery

SHARED = ("stateful", "stateless", "graphql", "monitoring")
# What some settings ask for (`infra/edge.py`).
OPTIONAL = ("edge", "front", "edge-logs")


class NoSuchStack(Exception):
    """The stage has no stack of this name; the message says which there are."""


def all_of(stage: str) -> list[str]:
    """Return what the stacks that every stage has are called in CloudFormation."""
    return [f"milepost-{stage}-{name}" for name in (*discovery.contexts(), *SHARED)]


def named(stage: str, name: str) -> str:
    """Return what a stack is called in CloudFormation: that of a context, or another. Raises NoSuchStack."""
    known = [*discovery.contexts(), *SHARED, *OPTIONAL]
    if name not in known:
        raise NoSuchStack(f"There is no stack {name}. ONLY is one of {', '.join(known)}.")
    return f"milepost-{stage}-{name}"


def main(arguments: Sequence[str]) -> int:
    """Print the name and return the exit code: 0, or 2 when there is no such stack."""
    stage, name = arguments
    try:
        sys.stdout.write(f"{named(stage, name)}\n")
    except NoSuchStack as refusal:
        sys.stderr.write(f"{refusal}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
