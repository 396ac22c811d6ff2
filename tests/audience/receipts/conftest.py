import pytest

from tests.audience.receipts.telling import Post


@pytest.fixture
def post(pepper: str, monkeypatch: pytest.MonkeyPatch) -> Post:
    """What providers tell, and the queue that it waits on."""
    return Post(monkeypatch)
