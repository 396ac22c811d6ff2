"""How many random histories a test lives through: few in every run, many in `make soak`, which runs only such tests."""

import os

import pytest

IS_ON = os.environ.get("SOAK") == "true"
soaks = pytest.mark.soak


def histories(usual: int, *, soaking: int) -> int:
    """Return how many there are to be; HISTORIES of the environment asks for another number."""
    return int(os.environ.get("HISTORIES") or (soaking if IS_ON else usual))
