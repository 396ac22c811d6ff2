"""The removal of what is left of a goal, as its consumer does it, part after part, and without the pauses."""

import time
from types import SimpleNamespace

import pytest

from functions.goals.removal import removals
from shared import pauses


def remove_all(owner_id: str, goal_id: str, tenant_id: str | None = None) -> int:
    """Remove all that is left of a goal, and return in how many parts."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pauses, "time", SimpleNamespace(sleep=lambda _: None, monotonic=time.monotonic))
        parts = 1
        while removals.remove_part(owner_id, goal_id, tenant_id):
            parts += 1
        return parts


def power_cut(**_: object) -> None:
    raise KeyboardInterrupt
