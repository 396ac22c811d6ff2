from typing import Any

import pytest

from tests.search.people import Person


@pytest.fixture
def ada(ada: Person) -> Person:
    ada.makes()
    return ada


@pytest.fixture
def collection(ada: Person) -> dict[str, Any]:
    return dict(ada.get("/collections/books").body)
