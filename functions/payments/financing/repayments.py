"""The repayments of an advance as they are stored, beside it and as long as it is."""

from typing import Final, NamedTuple

from functions.payments.financing import financings
from functions.payments.financing.financings import Financing
from shared.storage import records, table
from shared.storage.attributes import Key
from shared.storage.writes import ABSENT, Put

PREFIX: Final = "REPAYMENT#"
_ENTITY: Final = "Repayment"


class Repayment(NamedTuple):
    """A repayment as it is stored; amounts are minor units.

    `outstanding_minor_units` is the principal that was left after it. Pledged money has a `payment_id`, and
    `passed_on_minor_units` is what of that payment it did not take.
    """

    number: int
    repaid_on: str
    repaid_at: str
    principal_minor_units: int
    interest_minor_units: int
    outstanding_minor_units: int
    repaid_by: str | None = None
    payment_id: str | None = None
    passed_on_minor_units: int = 0


def made(financing: Financing, repayment: Repayment) -> Put:
    """Return the write of a new repayment."""
    place = financings.partition(financing.tenant_id, financing.financing_id)
    return Put(records.to_item(Key(place, f"{PREFIX}{repayment.number:06}"), _ENTITY, repayment), ABSENT)


def page(financing: Financing, *, limit: int, cursor: str | None) -> tuple[list[Repayment], str | None]:
    """Return a page of the repayments of an advance, the first first; one query. Raises Malformed."""
    place = financings.partition(financing.tenant_id, financing.financing_id)
    found = table.query(place, PREFIX, limit=limit, cursor=cursor)
    return [records.from_item(Repayment, item) for item in found.items], found.next_cursor
