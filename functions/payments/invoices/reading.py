"""What a caller can look at of invoices: one by one, those of a milestone or a project, and those of the tenant."""

import functools
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from functions.payments import access
from functions.payments.access import AmountsHidden, Standing
from functions.payments.billing import billings, gates
from functions.payments.billing.billings import BilledMilestoneNotFound
from functions.payments.billing.numbers import Series
from functions.payments.invoices import invoices, opening, views
from functions.payments.invoices.invoices import Invoice, InvoiceNotFound, Status
from functions.payments.invoices.opening import Opened
from functions.payments.invoices.views import View
from shared import clock, ids
from shared.callers import project_members, tenant_settings
from shared.callers.caller import Caller
from shared.callers.project_members import ProjectNotFound
from shared.errors import InvalidInput
from shared.storage import table
from shared.storage.attributes import Item
from shared.storage.table import Page

Listed = tuple[list[View], str | None]


class Read(NamedTuple):
    """An invoice, and what was read of its milestone with it; `origin` is the one whose retention it asks for."""

    invoice: Invoice
    opened: Opened
    origin: Invoice | None = None


class _Place(NamedTuple):
    project_id: str
    project_milestone_id: str
    retention_of: str | None


def invoice(caller: Caller, invoice_id: str) -> View:
    """Return an invoice; two calls. Raises InvoiceNotFound."""
    found = _stored(caller.tenant_id, invoice_id)
    if not _standing(caller, found.project_id).sees:
        raise InvoiceNotFound
    return views.invoice(found, tenant_settings.of(caller.tenant_id).time_zone, clock.now())


def opened(caller: Caller, invoice_id: str, *, of_series: Series = "INV") -> Read:
    """Return an invoice that a caller may see as it is now, with its milestone. Raises InvoiceNotFound.

    One call if this instance has seen the invoice before, two otherwise.
    """
    try:
        return of_tenant(caller.tenant_id, invoice_id, caller=caller, of_series=of_series)
    except (BilledMilestoneNotFound, AmountsHidden) as error:
        raise InvoiceNotFound from error


def of_tenant(tenant_id: str, invoice_id: str, *, caller: Caller | None, of_series: Series = "INV") -> Read:
    """Return an invoice as it is now, with its milestone; `caller` is None for background work.

    Raises InvoiceNotFound, BilledMilestoneNotFound.
    """
    place = _place_of(tenant_id, invoice_id)
    origin = [] if place.retention_of is None else [invoices.key(tenant_id, place.retention_of)]
    found, (item, *others) = opening.milestone(
        tenant_id,
        place.project_milestone_id,
        caller=caller,
        project_id=place.project_id,
        of_series=of_series,
        also=[invoices.key(tenant_id, invoice_id), *origin],
    )
    if item is None:
        raise InvoiceNotFound
    origins = [invoices.from_item(each) for each in others if each is not None]
    return Read(invoices.from_item(item), found, *origins)


def of_milestone(caller: Caller, milestone_id: str, *, limit: int, cursor: str | None) -> Listed:
    """Return a page of the invoices of a milestone, the newest first; it may be short.

    Raises BilledMilestoneNotFound, access.AmountsHidden, Malformed.
    """
    gate = gates.of(table.get(gates.key(caller.tenant_id, milestone_id)))
    billings.require_seen(_standing(caller, gate.project_id))
    found, following = _page(caller, gate.project_id, limit=limit, cursor=cursor)
    return _shown(caller, [each for each in found if each.project_milestone_id == milestone_id]), following


def of_project(caller: Caller, project_id: str, status: Status | None, *, limit: int, cursor: str | None) -> Listed:
    """Return a page of the invoices of a project, the newest first; with a status, it may be short.

    Raises ProjectNotFound, access.AmountsHidden, Malformed.
    """
    found, following = stored_of_project(caller, project_id, limit=limit, cursor=cursor)
    return _shown(caller, [each for each in found if status in (None, each.status)]), following


def stored_of_project(
    caller: Caller, project_id: str, *, limit: int, cursor: str | None
) -> tuple[list[Invoice], str | None]:
    """Return a page of the invoices of a project as they are stored, the newest first; a call and a query.

    Raises ProjectNotFound, access.AmountsHidden, Malformed.
    """
    if not ids.is_valid(project_id, project_members.ID):
        raise ProjectNotFound
    standing = _standing(caller, project_id)
    if not standing.is_member:
        raise ProjectNotFound
    standing.require_seeing()
    return _page(caller, project_id, limit=limit, cursor=cursor)


def page_of_tenant(
    caller: Caller, status: Status | None, due_before: str | None, *, limit: int, cursor: str | None
) -> Listed:
    """Return a page of the invoices of a tenant, the newest first, or with a status those due first; three calls.

    Those of projects whose money is not for the caller are left out, so it may be short. Raises Malformed, InvalidInput
    for a day without a status.
    """
    if status is None:
        if due_before is not None:
            raise InvalidInput.of("due_before", "goes with a status, such as issued")
        place = invoices.of_tenant(caller.tenant_id)
        found = table.query(place, invoices.ENTRY, newest_first=True, limit=limit, cursor=cursor)
    else:
        found = _due(caller, status, due_before, limit=limit, cursor=cursor)
    return _shown(caller, _visible(caller, found.items)), found.next_cursor


def _due(caller: Caller, status: Status, due_before: str | None, *, limit: int, cursor: str | None) -> Page:
    """Return a page of the entries of a status, those due first. Raises Malformed, InvalidInput for what is no day."""
    place = invoices.of_status(caller.tenant_id, status)
    found = table.query(place, invoices.BY_DUE, index=True, limit=limit, cursor=cursor)
    if due_before is None:
        return found
    _require_day(due_before)
    listed = [each for each in found.items if invoices.is_due_before(each, due_before)]
    return Page(listed, found.next_cursor if len(listed) == len(found.items) else None)


def _require_day(text: str) -> None:
    try:
        is_day = date.fromisoformat(text).isoformat() == text
    except ValueError:
        is_day = False
    if not is_day:
        raise InvalidInput.of("due_before", "must be a day, such as 2026-12-31")


def _standing(caller: Caller, project_id: str) -> Standing:
    return access.of_member(caller, table.get(project_members.key(caller.tenant_id, project_id, caller.user_id)))


def _page(caller: Caller, project_id: str, *, limit: int, cursor: str | None) -> tuple[list[Invoice], str | None]:
    """Return a page of the invoices of a project, the newest first. Raises Malformed."""
    place = invoices.of_project(caller.tenant_id, project_id)
    found = table.query(place, invoices.LISTED, index=True, newest_first=True, limit=limit, cursor=cursor)
    return [invoices.from_item(item) for item in found.items], found.next_cursor


def _visible(caller: Caller, entries: Sequence[Item]) -> list[Invoice]:
    """Return the invoices of entries whose money is for the caller."""
    projects = sorted({each["project_id"] for each in entries})
    own = [project_members.key(caller.tenant_id, each, caller.user_id) for each in projects]
    members = table.get_many(own) if own else []
    seen = {each for each, item in zip(projects, members, strict=True) if access.of_member(caller, item).sees}
    keys = [invoices.key(caller.tenant_id, each["invoice_id"]) for each in entries if each["project_id"] in seen]
    found = table.get_many(keys) if keys else []
    return [invoices.from_item(item) for item in found if item is not None]


def _shown(caller: Caller, found: Sequence[Invoice]) -> list[View]:
    if not found:
        return []
    now, time_zone = clock.now(), tenant_settings.of(caller.tenant_id).time_zone
    return [views.invoice(each, time_zone, now) for each in found]


def _stored(tenant_id: str, invoice_id: str) -> Invoice:
    item = table.get(invoices.key(tenant_id, invoice_id), consistent=True)
    if item is None:
        raise InvoiceNotFound
    return invoices.from_item(item)


def project_of(tenant_id: str, invoice_id: str) -> str:
    """Return the project of an invoice; no call if this instance has seen it before. Raises InvoiceNotFound."""
    return _place_of(tenant_id, invoice_id).project_id


@functools.lru_cache(maxsize=10_000)
def _place_of(tenant_id: str, invoice_id: str) -> _Place:
    """Return where an invoice belongs, which never changes. Raises InvoiceNotFound."""
    found = _stored(tenant_id, invoice_id)
    return _Place(found.project_id, found.project_milestone_id, found.retention_of)
