from collections.abc import Iterator

import pytest

from tests.shared.egress.listeners import Listening


@pytest.fixture
def listening() -> Iterator[Listening]:
    """A listener that nobody may reach."""
    listener = Listening()
    yield listener
    listener.close()
