"""The names by which tenants choose a gateway. Apart from the gateways, so that only who asks them loads them."""

from typing import Final, Literal, get_args

Name = Literal["ledger", "manual", "stripe"]

NAMES: Final[tuple[Name, ...]] = get_args(Name)
REVERSERS: Final = frozenset[str]({"stripe"})
"""The gateways that move money back themselves: each is a `gateways.Reverser`, and sends webhooks."""
