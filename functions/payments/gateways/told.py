"""What a gateway has told of a transfer in a webhook. Pure."""

from typing import NamedTuple


class Told(NamedTuple):
    """How a transfer stands by an event of a gateway.

    `reference` is what the gateway and we know the payment by, `transfer` what the gateway calls the transfer. The
    amounts are minor units of ISO 4217; what was reversed is part of the amount.
    """

    event_id: str
    reference: str
    transfer: str
    amount_minor_units: int
    reversed_minor_units: int
    currency: str
