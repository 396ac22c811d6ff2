from typing import Any

import pytest

from tests.search.people import Person


@pytest.fixture
def collection(ada: Person) -> dict[str, Any]:
    """The collection of books that Ada has."""
    return ada.makes()
