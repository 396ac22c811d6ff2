"""Items of a table, and the calls that are made to it."""

import pytest

from shared.storage.attributes import Key
from tests.aws import hooks


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
