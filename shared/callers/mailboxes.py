"""The e-mail addresses of users: whoever mails a user by their id finds where to here.

The item is identity's, which alone writes it; an address does not change.
"""

from collections.abc import Sequence

from shared.storage import table
from shared.storage.attributes import Key


def key(user_id: str) -> Key:
    """Return the key of a user."""
    return Key(f"USER#{user_id}", "PROFILE")


def addresses(user_ids: Sequence[str]) -> dict[str, str]:
    """Return the addresses of users by their ids, without those that are gone; one call if there are any."""
    items = table.get_many([key(each) for each in user_ids]) if user_ids else []
    return {each: item["email"] for each, item in zip(user_ids, items, strict=True) if item is not None}
