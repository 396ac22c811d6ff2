import pytest


@pytest.fixture
def quick_table() -> None:
    """Nothing stands in for moto, which is what the quick table is held against."""
