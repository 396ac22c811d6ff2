"""The frequency cap: so many messages of marketing to a lead in so many days, whatever campaign they are of.

A message is reserved in the transaction that claims its recipient, so two campaigns at once cannot both have the last
one, and is given back when nothing was sent.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple

from functions.audience.activity import contacts
from functions.audience.activity.contacts import LABEL, Contact, Message
from functions.audience.respect.permission import Purpose
from shared.clock import DAY, Instant
from shared.storage import changes
from shared.storage.changes import Plan
from shared.storage.writes import Put

_MARKETING: Final = "marketing"


class Cap(NamedTuple):
    """At most so many messages of marketing in so many days."""

    messages: int
    days: int


def cap_of(decided: Mapping[str, int] | None) -> Cap | None:
    """Return the cap of a tenant, None for one that has none."""
    return None if decided is None else Cap(decided["messages"], decided["days"])


def reserve(contact: Contact, send_id: str, purpose: Purpose, cap: Cap | None, *, now: Instant) -> Put | None:
    """Return the write that reserves a message, on the condition that nobody else has written to the lead meanwhile.

    None: the cap is reached. A message that is reserved already stays so. What is no marketing is kept and not counted.
    """
    label, is_marketing = send_id[:LABEL], purpose == _MARKETING
    if any(each.label == label for each in contact.messages):
        return contacts.written(contact, contact)
    if is_marketing and cap is not None and _counted(contact, cap, now) >= cap.messages:
        return None
    return contacts.written(contact, contacts.with_message(contact, Message(label, now, is_marketing)))


def give_back(tenant_id: str, lead_id: str, send_id: str) -> None:
    """Take a reserved message back, for nothing was sent; twice is once."""

    def plan() -> Plan[None]:
        before = contacts.get(tenant_id, lead_id)
        after = contacts.without_message(before, send_id[:LABEL])
        return Plan(None, [] if after is before else [contacts.written(before, after)])

    changes.make(plan)


def _counted(contact: Contact, cap: Cap, now: Instant) -> int:
    since = now - cap.days * DAY
    return sum(each.is_marketing and each.at > since for each in contact.messages)
