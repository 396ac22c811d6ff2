"""The payee of a tenant: who its payments go to, what its invoices print for clients, and who has changed that lately.
Pure but for `find`.

A change is proposed by one person and confirmed by another. A day later it takes effect; until then payments go where
they went before.
"""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from shared import clock
from shared.clock import DAY, Instant
from shared.storage import records, table
from shared.storage.attributes import Item, Key

PROPOSAL: Final = "pye"
"""What the ids of proposals begin with."""
WAIT: Final = DAY
"""How long after its confirmation a change takes effect, and how long who has changed something releases nothing."""
_ENTITY: Final = "Payee"


class Details(NamedTuple):
    """Where money goes: a name, the lines of a bank, and the connected account at Stripe.

    `invoice_lines` are those of the bank that clients pay to, as invoices print them.
    """

    name: str
    bank_lines: Sequence[str] = ()
    stripe_account: str | None = None
    invoice_lines: Sequence[str] = ()


class Payee(NamedTuple):
    """The payee as it is stored. `following` takes the place of `present` at `effective_at`.

    `proposed` waits for a second person. `changed_by` says who has changed something within a day, and when last.
    """

    tenant_id: str
    version: int = 0
    updated_at: str | None = None
    present: Mapping[str, object] | None = None
    following: Mapping[str, object] | None = None
    effective_at: str | None = None
    confirmed_by: str | None = None
    proposal_id: str | None = None
    proposed: Mapping[str, object] | None = None
    proposed_by: str | None = None
    proposed_at: str | None = None
    changed_by: Mapping[str, str] = {}


def is_waiting(payee: Payee, now: Instant) -> bool:
    """Return whether a confirmed change has not taken effect yet."""
    return payee.effective_at is not None and now < clock.from_rfc3339(payee.effective_at)


def in_effect(payee: Payee, now: Instant) -> Details | None:
    """Return where money goes now, None if nobody has said so."""
    held = payee.present if payee.following is None or is_waiting(payee, now) else payee.following
    return None if held is None else details(held)


def details(held: Mapping[str, object]) -> Details:
    """Return details as they are stored in a payee."""
    return Details(**held)  # type: ignore[arg-type]


def printed(payee: Payee, before: Sequence[str], now: Instant) -> list[str]:
    """Return the lines of a bank that invoices print now.

    `before` are those that the tenant had in its settings when one person could set them; they are printed until two
    people have said others, and nobody changes them.
    """
    found = in_effect(payee, now)
    return [*(before if found is None or not found.invoice_lines else found.invoice_lines)]


def has_changed(payee: Payee, user_id: str, now: Instant) -> bool:
    """Return whether somebody has proposed, confirmed or withdrawn a change within a day."""
    at = payee.changed_by.get(user_id)
    return at is not None and now - clock.from_rfc3339(at) < WAIT


def touched(payee: Payee, user_id: str, now: Instant) -> Payee:
    """Return the next version of a payee, which somebody changes now."""
    moment = clock.to_rfc3339(now)
    lately = {each: at for each, at in payee.changed_by.items() if has_changed(payee, each, now)}
    changed_by = {**lately, user_id: moment}
    return payee._replace(version=payee.version + 1, updated_at=moment, changed_by=changed_by)


def key(tenant_id: str) -> Key:
    """Return the key of the payee of a tenant."""
    return Key(f"TENANT#{tenant_id}", "PAYEE")


def of(tenant_id: str, item: Item | None) -> Payee:
    """Return the payee that an item holds, an empty one if there is none."""
    return Payee(tenant_id) if item is None else records.from_item(Payee, item)


def find(tenant_id: str) -> Payee:
    """Return the payee of a tenant as it is now; one call."""
    return of(tenant_id, table.get(key(tenant_id), consistent=True))


def to_item(payee: Payee) -> Item:
    """Return the item of a payee."""
    return records.to_item(key(payee.tenant_id), _ENTITY, payee)
