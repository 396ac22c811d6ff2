"""Items of a table, and the calls that are made to it."""

import pytest
from hypothesis import strategies as st

from shared.storage.attributes import Key
from tests.aws import hooks

_VALUES = st.recursive(
    st.text() | st.integers(-(10**37), 10**37) | st.booleans() | st.none() | st.binary(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(min_size=1), inner),
    max_leaves=20,
)
ITEMS = st.dictionaries(st.text(min_size=1), _VALUES)
"""What an item may hold."""


def item(number: int, partition: str = "USER#1", **fields: object) -> dict:
    return {
        "PK": partition,
        "SK": f"TASK#{number:03}",
        "GSI1PK": partition,
        "GSI1SK": f"ENTITY#Task#{number % 2}",
        "version": 1,
        **fields,
    }


def key(number: int) -> Key:
    return Key("USER#1", f"TASK#{number:03}")


@pytest.fixture
def calls() -> list[str]:
    called: list[str] = []
    hooks.register("before-call.dynamodb", lambda model, **_: called.append(model.name))
    return called
