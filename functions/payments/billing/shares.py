"""Which part of the amount of a milestone an invoice asks for. Shares are in millionths. Pure.

Parts are rounded cumulatively: 33.33 % + 33.33 % + 33.34 % of any amount are exactly the amount, and so is what is
kept back of them.
"""

from typing import NamedTuple

from functions.payments.money import rates, splitting
from shared.errors import Conflict, InvalidInput


class OverInvoiced(Conflict):
    """409: more would be invoiced than there is."""

    def __init__(self, left: int) -> None:
        super().__init__(
            f"Of this milestone {rates.to_percent(left)} % are not invoiced yet. Ask for no more than that."
        )


class Invoiced(NamedTuple):
    """What is invoiced of a milestone and not cancelled: its share, its net, and what of that is kept back."""

    share: int = 0
    net_minor_units: int = 0
    retention_minor_units: int = 0


def part(amount: int, share: int | None, *, before: Invoiced, retention_rate: int) -> Invoiced:
    """Return the part that a share of the amount is, after what is out already; without a share, all that is left.

    Raises OverInvoiced for more than is left, or if nothing is; InvalidInput for a share of less than a minor unit.
    """
    left = rates.WHOLE - before.share
    asked = left if share is None else share
    if not 0 < asked <= left:
        raise OverInvoiced(left)
    upto = before.share + asked
    net = splitting.next_part(amount, shares_to=upto, of=rates.WHOLE, already_out=before.net_minor_units)
    if net <= 0:
        raise InvalidInput.of("percentage", "is less than one minor unit of the amount")
    kept_to = rates.of(before.net_minor_units + net, retention_rate)
    # What a cancelled invoice had kept back is free again, and never kept from a part that is less than that.
    retention = min(max(kept_to - before.retention_minor_units, 0), net)
    return Invoiced(asked, net, retention)


def added(before: Invoiced, more: Invoiced) -> Invoiced:
    """Return what is out with a part more."""
    return Invoiced(*(own + other for own, other in zip(before, more, strict=True)))


def freed(before: Invoiced, less: Invoiced) -> Invoiced:
    """Return what is out without a part of it."""
    return Invoiced(*(own - other for own, other in zip(before, less, strict=True)))
