"""The ways in which the owner of goals leaves the tenant, and those in which they stay."""

from collections.abc import Callable

import pytest

from tests.goals.conftest import enrol, expel
from tests.goals.people import Person

GONE: dict[str, Callable[[Person], None]] = {
    "disabled": lambda owner: enrol(owner, disabled=True),
    "removed": expel,
}
STAYING: dict[str, Callable[[Person], None]] = {
    "active": enrol,
    "enabled again": lambda owner: (enrol(owner, disabled=True), enrol(owner))[1],
    "invited again": lambda owner: (expel(owner), enrol(owner))[1],
}
gone = pytest.mark.parametrize("leaves", GONE.values(), ids=GONE)
staying = pytest.mark.parametrize("stays", STAYING.values(), ids=STAYING)
