"""Background work: payments, retentions and advances go on, and what is due of them is looked for every minute.

Every message says what to look at, and no more: it may come late, twice, and out of order; what is true then decides.
"""

import itertools
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Final, NamedTuple

from functions.payments import payments
from functions.payments.escrow import waiting
from functions.payments.financing import defaulting, financings, repaying
from functions.payments.following import retaining
from functions.payments.gateways import choosing
from functions.payments.invoices import invoices, retentions
from functions.payments.releases import process
from functions.payments.releases.webhooks import receiving
from functions.payments.schedules import running, schedules
from shared import config, ids
from shared.callers import project_members
from shared.messaging import batches, bus, handling, sweep_parts, timers
from shared.messaging.batches import Message
from shared.messaging.timers import Invocation
from shared.storage import table
from shared.storage.events import Event

_OF_INVOICES: Final = "payments.invoice."
_RELEASED: Final = "payments.payment.released"
_FAILED: Final = "payments.payment.failed"
_OF_FUNDS: Final = ("payments.deposit.", "projects.project.")
"""What may let payments of a project go on that wait for a deposit, beside a failure of another one."""
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


class _Funds(NamedTuple):
    """A project that has another deposit, or may pay without."""

    tenant_id: str
    project_id: str


class _Schedule(NamedTuple):
    """A schedule of invoices whose next period may have begun."""

    tenant_id: str
    invoice_schedule_id: str


_About = _Payment | _Invoice | _Retention | _Financing | _Schedule | _Funds


def handler(event: dict[str, Any], context: Invocation) -> dict[str, Any] | int:
    """Do what is due of the payments of a batch, or look for what is due."""
    if "Records" in event:
        return batches.per_subject(event, _about, _do)
    with handling.of_run(context, action="sweep"):
        return sum(sweep_parts.run({"gateway_events": receiving.sweep, **_due(context)}).values())


def _due(context: Invocation) -> dict[str, Callable[[], int]]:
    """Return the sweeps of all timers, by kind and shard."""
    send = partial(timers.sweep, queue_url=config.queue_url("PAYMENTS"), context=context)
    return {f"{kind}#{shard}": partial(send, kind, shard) for kind, shard in itertools.product(_KINDS, _SHARDS)}


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
    if happened.event_type.startswith(_OF_FUNDS):
        return _Funds(happened.tenant_id, _project(happened))
    if happened.event_type.startswith(_OF_INVOICES):
        return _Invoice(happened.tenant_id, _valid(happened.subject_id, invoices.ID))
    return _Payment(happened.tenant_id, _valid(happened.subject_id, payments.ID))


def _valid(text: str, prefix: str) -> str:
    if not ids.is_valid(text, prefix):
        raise ValueError("nothing has such an id")
    return text


def _project(happened: Event) -> str:
    return _valid(str(happened.data["project_id"]), project_members.ID)


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
    if isinstance(about, _Funds):
        waiting.wake(*about, queue_url=config.queue_url("PAYMENTS"))
        return
    if isinstance(about, _Payment):
        _advance(about, messages)
        return
    item = table.get(invoices.key(about.tenant_id, about.invoice_id), consistent=True)
    payment_id = None if item is None else invoices.from_item(item).payment_id
    if payment_id is not None:
        process.advance(about.tenant_id, payment_id, choosing.gateway)


def _advance(about: _Payment, messages: Sequence[Message]) -> None:
    """Bring a payment on, then what has waited for its end: an advance, or others that lack what it gives back."""
    process.advance(about.tenant_id, about.payment_id, choosing.gateway)
    happened = {event.event_type: event for event in map(bus.read, filter(batches.is_event, messages))}
    if _RELEASED in happened:
        repaying.by_pledge(about.tenant_id, about.payment_id)
    if _FAILED in happened:
        waiting.wake(about.tenant_id, _project(happened[_FAILED]), queue_url=config.queue_url("PAYMENTS"))
