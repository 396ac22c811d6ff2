"""The epoch of a user: raised, it revokes every access token the user has; ending it also ends every session.

The item is small because whoever verifies a token reads it (shared/callers/revocations.py), and it stays when the user
is removed: without it, a token issued before would be good again.
"""

from typing import NamedTuple

from shared.callers import revocations
from shared.storage.attributes import Item, Key
from shared.storage.writes import ABSENT, Add, Put


class Epoch(NamedTuple):
    """Where a user stands: `number` counts revocations of tokens, `sign_outs` those that ended all sessions too.

    `second_factors` is how many they have enrolled: one or none (second_factor/second_factors.py).
    """

    number: int
    sign_outs: int
    second_factors: int


def key(user_id: str) -> Key:
    """Return the key of the epoch of a user."""
    return revocations.epoch_key(user_id)


def begun(user_id: str, *, second_factors: int = 0) -> Put:
    """Return the write of the epoch of a new user; `second_factors` are those of the account they come with."""
    return Put(_to_item(user_id, Epoch(0, 0, second_factors)), ABSENT)


def begun_again(item: Item | None, user_id: str, *, second_factors: int = 0) -> Put:
    """Return the write of the epoch of a user who was removed and is back: no earlier token is good.

    The factors are those of the account with which they are back, of a new one none.
    """
    earlier = of(item)
    return Put(_to_item(user_id, Epoch(earlier.number + 1, earlier.sign_outs + 1, second_factors)))


def of(item: Item | None) -> Epoch:
    """Return the epoch that an item holds."""
    if item is None:
        return Epoch(0, 0, 0)
    return Epoch(item["epoch"], item["sign_outs"], item.get("second_factors", 0))


def raised(user_id: str) -> Add:
    """Return the write that revokes the access tokens of a user; their sessions refresh to new ones."""
    return Add(key(user_id), {"epoch": 1})


def ended(user_id: str) -> Add:
    """Return the write that revokes the access tokens of a user and ends all their sessions."""
    return Add(key(user_id), {"epoch": 1, "sign_outs": 1})


def with_second_factor(user_id: str) -> Add:
    """Return the write that revokes the access tokens of a user who has enrolled a second factor."""
    return Add(key(user_id), {"epoch": 1, "second_factors": 1})


def without_second_factor(user_id: str) -> Add:
    """Return the write that revokes the access tokens of a user who has removed their second factor."""
    return Add(key(user_id), {"epoch": 1, "second_factors": -1})


def _to_item(user_id: str, epoch: Epoch) -> Item:
    """Return the item of an epoch; without second factors it does not mention them."""
    pk, sk = key(user_id)
    numbers = {"epoch": epoch.number, "sign_outs": epoch.sign_outs}
    if epoch.second_factors:
        numbers["second_factors"] = epoch.second_factors
    return {"PK": pk, "SK": sk, "entity": "Epoch", "user_id": user_id, **numbers}
