"""Who does something: the system by itself, or whoever was made the actor, for as long as that lasts."""

from typing import Any

import pytest

from shared import actors
from shared.actors import ANONYMOUS, SYSTEM, Actor

ADA = Actor("user", "user_1")


def test_where_nobody_calls_the_system_acts() -> None:
    assert actors.current() == SYSTEM


def test_somebody_acts_until_it_is_over_also_when_it_ends_by_an_error() -> None:
    with actors.acting(ADA):
        within = actors.current()
        with pytest.raises(KeyError), actors.acting(ANONYMOUS):
            raise KeyError
        after = actors.current()

    assert (within, after, actors.current()) == (ADA, ADA, SYSTEM)


@pytest.mark.parametrize("actor", [ADA, SYSTEM, ANONYMOUS, Actor("service", "user_2")])
def test_an_actor_is_read_as_it_was_stored(actor: Actor) -> None:
    assert actors.read(actor.told()) == actor


@pytest.mark.parametrize(
    "stored",
    [None, "user_1", {}, {"id": "user_1"}, {"kind": "robot", "id": "1"}, {"kind": ["user"]}, {"kind": "user", "id": 1}],
)
def test_what_names_no_actor_is_none(stored: Any) -> None:
    assert actors.read(stored) is None
