"""How a project stands, added up over its milestones. Pure: no I/O, no clock."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from functions.milestones import progress
from shared.wording import Ratio


class Standing(NamedTuple):
    """How many milestones a project has and their weights, and its weighted progress in percent, 0 to 100.

    What is neither completed nor missed is open.
    """

    total: int = 0
    completed: int = 0
    missed: int = 0
    scope_weight: int = 0
    done_weight: int = 0
    missed_weight: int = 0
    progress: float = 0.0

    @property
    def open_weight(self) -> int:
        """Return the weight of the milestones that can still be completed in time."""
        return self.scope_weight - self.done_weight - self.missed_weight


def of(entries: Iterable[Mapping[str, Any]]) -> Standing:
    """Return how a project with these entries of milestones stands."""
    found = list(entries)
    completed, missed = ([entry["weight"] for entry in found if entry["status"] == what] for what in _ENDED)
    return Standing(
        total=len(found),
        completed=len(completed),
        missed=len(missed),
        scope_weight=sum(entry["weight"] for entry in found),
        done_weight=sum(completed),
        missed_weight=sum(missed),
        progress=progress.weighted((entry["weight"], percent(entry)) for entry in found),
    )


_ENDED = ("completed", "missed")


def percent(entry: Mapping[str, Any]) -> float:
    """Return how far the milestone of an entry is, 0 to 100; a completed one is there."""
    return progress.of(entry["status"], Decimal(entry["current_value"]), Decimal(entry["target"]))


def exact_progress(entries: Iterable[Mapping[str, Any]]) -> Ratio:
    """Return the weighted progress of a project with these entries as an exact percentage."""
    return progress.weighted_ratio(
        (entry["weight"], progress.exactly(entry["status"], Decimal(entry["current_value"]), Decimal(entry["target"])))
        for entry in entries
    )
