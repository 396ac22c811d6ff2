"""A dependency of a milestone on another of its project, as it is stored with the one that depends. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal, NamedTuple

Type = Literal[
    "finish_to_start",
    "verified_to_start",
    "payment_to_start",
    "start_to_start",
    "finish_to_finish",
    "start_to_finish",
]

MOST: Final = 50
"""How many dependencies a milestone may have."""
MOST_PAYMENTS: Final = 40
"""How many of them may wait for payments: each takes a check more in the transaction of the start."""
LONGEST_LAG: Final = 365
BEFORE_START: Final = frozenset[Type]({"finish_to_start", "verified_to_start", "payment_to_start", "start_to_start"})
"""These guard the start of a milestone; the others guard that it is complete."""
BEFORE_FINISH: Final = frozenset[Type]({"finish_to_finish", "start_to_finish"})
GUARDING: Final[Mapping[str, frozenset[Type]]] = {
    "pending": BEFORE_START,
    "active": BEFORE_START,
    "in_progress": BEFORE_START | BEFORE_FINISH,
}
"""By which dependencies a milestone shows whether it is blocked, by its status; with another it shows nothing."""


class Dependency(NamedTuple):
    """What a milestone depends on. `lag_days` are working days; an optional one is for planning only."""

    from_id: str
    type: Type = "finish_to_start"
    lag_days: int = 0
    is_optional: bool = False
    condition: str | None = None

    @property
    def holds(self) -> bool:
        """Whether it stays open for some days when its prerequisite is satisfied."""
        return self.lag_days > 0 and not self.is_optional


def stored(dependency: Dependency) -> dict[str, Any]:
    """Return what is stored of a dependency: no defaults, for lists of milestones are read with them."""
    defaults = Dependency._field_defaults
    return {name: value for name, value in dependency._asdict().items() if value != defaults.get(name)}


def of(items: Sequence[Mapping[str, Any]]) -> list[Dependency]:
    """Return the dependencies that are stored."""
    return [Dependency(**each) for each in items]
