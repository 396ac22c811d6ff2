"""What a caller can look at of payments: one by one, those of the tenant, and those of a project."""

from collections.abc import Sequence

from functions.payments import access, payments
from functions.payments.invoices import reading as invoices
from functions.payments.payments import Payment, PaymentNotFound
from functions.payments.releases import attempts, repayments, views
from functions.payments.releases.views import View
from functions.payments.transition import Status
from shared.callers import project_members
from shared.callers.caller import Caller
from shared.storage import table

Listed = tuple[list[View], str | None]


def payment(caller: Caller, payment_id: str) -> View:
    """Return a payment with its attempts and refunds; three calls, and one more if it is made.

    Raises PaymentNotFound.
    """
    item = table.get(payments.key(caller.tenant_id, payment_id))
    if item is None:
        raise PaymentNotFound
    found = payments.from_item(item)
    if not _seen(caller, [found]):
        raise PaymentNotFound
    refunds = repayments.of(found) if found.refunded_minor_units else []
    return views.whole(found, attempts.of(found), refunds)


def page(caller: Caller, status: Status | None, *, limit: int, cursor: str | None) -> Listed:
    """Return a page of the payments of the tenant, the newest first; a query and a call. Raises Malformed.

    Those of projects whose money is not for the caller are left out, so it may be short.
    """
    place = payments.listing(caller.tenant_id)
    if status is None:
        found = table.query(place, payments.LISTED, newest_first=True, limit=limit, cursor=cursor)
    else:
        by_status = f"{place}#{status}"
        found = table.query(by_status, payments.LISTED, index=True, newest_first=True, limit=limit, cursor=cursor)
    seen = _seen(caller, [payments.from_item(item) for item in found.items])
    return [views.payment(each) for each in seen], found.next_cursor


def of_project(caller: Caller, project_id: str, status: Status | None, *, limit: int, cursor: str | None) -> Listed:
    """Return a page of the payments of a project, those of its newest invoices first; a query and two calls.

    Drafts have no payment, and those of other statuses are left out, so it may be short. Raises ProjectNotFound,
    access.AmountsHidden, Malformed.
    """
    found, following = invoices.stored_of_project(caller, project_id, limit=limit, cursor=cursor)
    keys = [payments.key(caller.tenant_id, each.payment_id) for each in found if each.payment_id]
    items = table.get_many(keys) if keys else []
    listed = [payments.from_item(item) for item in items if item is not None]
    return [views.payment(each) for each in listed if status in (None, each.status)], following


def _seen(caller: Caller, listed: Sequence[Payment]) -> list[Payment]:
    """Return the payments of projects whose money the caller sees."""
    projects = sorted({each.project_id for each in listed})
    own = [project_members.key(caller.tenant_id, each, caller.user_id) for each in projects]
    members = table.get_many(own) if own else []
    pairs = zip(projects, members, strict=True)
    visible = {each for each, member in pairs if access.of_member(caller, member).sees}
    return [each for each in listed if each.project_id in visible]
