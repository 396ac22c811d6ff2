from typing import Any

import pytest

from functions.search.indexing import rebuilding
from tests.search.people import Person


@pytest.fixture
def ada(ada: Person) -> Person:
    ada.makes()
    return ada


@pytest.fixture
def collection(ada: Person) -> dict[str, Any]:
    return dict(ada.get("/collections/books").body)


@pytest.fixture
def pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let few documents be a piece."""
    monkeypatch.setattr(rebuilding, "PIECE", 7)
