"""Background work: payments, retentions and advances go on, and what is due of them is looked for every minute.

Every message says what to look at, and no more: it may come late, twice, and out of order; what is true then decides.
"""

import itertools
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from functions.payments import payments
from functions.payments.financing import defaulting, financings, repaying
from functions.payments.following import retaining
from functions.payments.gateways import choosing
from functions.payments.invoices import invoices, retentions
from functions.payments.releases import process
from functions.payments.releases.webhooks import receiving
from functions.payments.schedules import running, schedules
from shared import config, ids
from shared.messaging import batches, bus, handling, timers
from shared.messaging.batches import Message
from shared.messaging.timers import Invocation
from shared.storage import table

_OF_INVOICES: Final = "payments.invoice."
_RELEASED: Final = "payments.payment.released"
_KINDS: Final = (payments.KIND, retentions.KIND, financings.KIND, schedules.KIND)
_SHARDS: Final = range(timers.SHARDS)


class _Payment(NamedTuple):
    """A payment that something has happened to, or of which something is due."""

    tenant_id: str
    payment_id: str


class _Invoice(NamedTuple):
    """An invoice that is paid or cancelled."""

    tenant_id: str
    invoice_id: str


class _Financing(NamedTuple):
    """An advance of which an instalment may be too late."""

    tenant_id: str
    financing_id: str


class _Retention(NamedTuple):
    """An invoice whose retention may be due."""

    tenant_id: str
    invoice_id: str


class _Schedule(NamedTuple):
    """A schedule of invoices whose next period may have begun."""

    tenant_id: str
    invoice_schedule_id: str


_About = _Payment | _Invoice | _Retention | _Financing | _Schedule


def handler(event: dict[str, Any], context: Invocation) -> dict[str, Any] | int:
    """Do what is due of the payments of a batch, or look for what is due."""
    if "Records" in event:
        return batches.per_subject(event, _about, _do)
    with handling.of_run(context, action="sweep"):
        url = config.queue_url("PAYMENTS")
        receiving.sweep()
        return sum(timers.sweep(*each, queue_url=url, context=context) for each in itertools.product(_KINDS, _SHARDS))


def _about(message: Message) -> _About:
    """Return what a message is about. Raises KeyError, TypeError or ValueError when it is about nothing."""
    if not batches.is_event(message):
        if "financing_id" in message:
            return _Financing(str(message["tenant_id"]), _valid(message["financing_id"], financings.ID))
        if "invoice_schedule_id" in message:
            return _Schedule(str(message["tenant_id"]), _valid(message["invoice_schedule_id"], schedules.ID))
        if "invoice_id" in message:
            return _Retention(str(message["tenant_id"]), _valid(message["invoice_id"], invoices.ID))
        return _Payment(str(message["tenant_id"]), _valid(message["payment_id"], payments.ID))
    happened = bus.read(message)
    if happened.event_type.startswith(_OF_INVOICES):
        return _Invoice(happened.tenant_id, _valid(happened.subject_id, invoices.ID))
    return _Payment(happened.tenant_id, _valid(happened.subject_id, payments.ID))


def _valid(text: str, prefix: str) -> str:
    if not ids.is_valid(text, prefix):
        raise ValueError("nothing has such an id")
    return text


def _do(about: _About, messages: Sequence[Message]) -> None:
    if isinstance(about, _Financing):
        defaulting.look(*about)
        return
    if isinstance(about, _Schedule):
        running.run(*about)
        return
    if isinstance(about, _Retention):
        retaining.of_invoice(*about)
        return
    if isinstance(about, _Payment):
        process.advance(about.tenant_id, about.payment_id, choosing.gateway)
        if any(_is_released(each) for each in messages):
            repaying.by_pledge(about.tenant_id, about.payment_id)
        return
    item = table.get(invoices.key(about.tenant_id, about.invoice_id), consistent=True)
    payment_id = None if item is None else invoices.from_item(item).payment_id
    if payment_id is not None:
        process.advance(about.tenant_id, payment_id, choosing.gateway)


def _is_released(message: Message) -> bool:
    return batches.is_event(message) and bus.read(message).event_type == _RELEASED
