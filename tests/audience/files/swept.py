"""An audience with files, whose deltas are folded whenever somebody asks for it, and the sweep of these files."""

from datetime import timedelta

import pytest
import time_machine

from functions.audience.files import deltas, sweeping
from tests.audience.files.living import Audience, compact
from tests.audience.files.stream import collect
from tests.audience.people import Person

DAY = timedelta(days=1, seconds=1)


@pytest.fixture(autouse=True)
def at_once(time: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stand still, and fold deltas whenever somebody asks for it."""
    monkeypatch.setattr(deltas, "MOST", 1)


@pytest.fixture
def audience(ada: Person) -> Audience:
    """An audience with files."""
    audience = Audience(ada)
    audience.comes()
    audience.comes()
    compact(ada.tenant_id, "rebuild")
    return audience


def sweep() -> int:
    """Sweep all files; return how many were removed."""
    return sweeping.run(lambda: True)


def folds(audience: Audience) -> None:
    """Have a lead come, and its delta folded."""
    audience.comes()
    collect(audience.batches[-1])
    compact(audience.person.tenant_id)
