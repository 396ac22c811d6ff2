"""What an escalation follows: its levels, whom each tells and how, and by what clock. Pure.

An escalation holds the rule that applied when it was raised, as plain values, so that later changes touch new ones.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal, NamedTuple

HoursOf = Literal["elapsed", "business"]
Channel = Literal["worklist", "email"]

MOST_LEVELS: Final = 10
MOST_TARGETS: Final = 10
MOST_REPEATS: Final = 3


class Target(NamedTuple):
    """Whom a level tells: a user, the members with a role in the project, or the owners with a role; one of them."""

    user: str | None = None
    role: str | None = None
    owner_role: str | None = None


class Level(NamedTuple):
    """A level: whom it tells, and by what besides the events."""

    targets: Sequence[Target]
    channels: Sequence[Channel] = ("worklist",)


class Rule(NamedTuple):
    """The levels of an escalation, from the first one up.

    `repeats` is how often a level tells its people again while nobody has acknowledged.
    """

    levels: Sequence[Level]
    calendar: HoursOf = "elapsed"
    repeats: int = 0

    @property
    def last_level(self) -> int:
        """The highest level."""
        return len(self.levels)

    def at(self, level: int) -> Level:
        """Return what a level is like."""
        return self.levels[level - 1]


DEFAULT: Final = Rule([Level([Target(owner_role="primary")]), Level([Target(role="manager")])])
"""What applies without a policy: first the primary owner of the milestone, then the managers of its project."""


def of(stored: Mapping[str, Any] | None) -> Rule:
    """Return the rule that an escalation holds; the default one for None."""
    if stored is None:
        return DEFAULT
    levels = [Level([Target(**target) for target in each["targets"]], each["channels"]) for each in stored["levels"]]
    return Rule(levels, stored["calendar"], stored["repeats"])


def is_last(stored: Mapping[str, Any] | None, level: int) -> bool:
    """Return whether no level follows this one in the rule that an escalation holds."""
    return level >= of(stored).last_level
