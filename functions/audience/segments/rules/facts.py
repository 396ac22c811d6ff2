"""What is known of one lead when a rule is evaluated: plain values, wherever they were read."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from shared.instants import Instant


class Attributes(Protocol):
    """Attributes by their names; one that is not set is None."""

    def get(self, name: str, /) -> Any:
        """Return an attribute."""


class Order(NamedTuple):
    """An order of a lead: what is left of its amount after refunds, when it was placed, and the SKUs of its items."""

    amount_minor_units: int
    ordered_at: Instant
    skus: Sequence[str]


class Facts(NamedTuple):
    """A lead. Its dates are instants and its spend is in minor units.

    Its attributes have the measures of all orders too: `orders_count`, `orders_sum`, `orders_last_at`. `orders` and
    `campaigns` (happenings of a message by the id of its campaign) may be empty where no rule asks for them.
    """

    lead: Attributes
    orders: Sequence[Order] = ()
    campaigns: Mapping[str, Mapping[str, Instant]] = {}
