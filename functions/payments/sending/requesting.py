"""How somebody asks for an invoice to be mailed to its client; the mail itself follows in the background."""

from typing import Any, Final

from functions.payments.invoices import reading, views
from functions.payments.invoices.invoices import Invoice
from functions.payments.invoices.opening import Opened
from functions.payments.invoices.views import View
from functions.payments.sending import sending
from functions.payments.sending.sending import Sending
from shared import clock
from shared.callers.caller import Caller
from shared.clock import Instant
from shared.errors import Conflict
from shared.sending import addresses
from shared.storage import changes, versions
from shared.storage.changes import Plan
from shared.storage.idempotency import Answer, Claim

MOST: Final = 10
"""How often an invoice may be sent."""
_SENT: Final = frozenset({"issued", "paid"})


class InvoiceNotSendable(Conflict):
    """409: a draft or a cancelled invoice is not sent."""

    def __init__(self, status: str) -> None:
        super().__init__(f"The invoice is {status}. Only issued and paid invoices are sent.")


class BuyerWithoutEmail(Conflict):
    """409: the client has no e-mail address that a mail can be sent to."""

    def __init__(self) -> None:
        super().__init__("The client has no e-mail address that mail can be sent to. Set it with the project first.")


class InvoiceSent(Conflict):
    """409: the invoice was sent before; `again=true` sends it once more."""

    def __init__(self, status: str) -> None:
        super().__init__(f"The invoice was sent before ({status}). Ask with `again=true` to send it once more.")


class InvoiceOnItsWay(Conflict):
    """409: the invoice is being sent; come back in an hour."""

    def __init__(self) -> None:
        super().__init__("The invoice is being sent. If it is not sent in an hour, ask again.")


class SentTooOften(Conflict):
    """409: the invoice was sent ten times."""

    def __init__(self) -> None:
        super().__init__(f"The invoice was sent {MOST} times, and is not sent again.")


def request(
    caller: Caller, invoice_id: str, *, again: bool, if_match: str | None, claim: Claim | None = None
) -> Answer:
    """Have an invoice mailed to its client, and return it; two calls if this instance has seen it before.

    Raises InvoiceNotFound, access.FinanceRequired, versions.VersionChanged, InvoiceNotSendable, BuyerWithoutEmail,
    InvoiceSent, InvoiceOnItsWay, SentTooOften.
    """

    def plan() -> Plan[View]:
        now = clock.now()
        read = reading.opened(caller, invoice_id)
        read.opened.require_acting()
        found = read.invoice
        versions.require(if_match, found.version)
        number = _number(found, now, again=again)
        asked = Sending(number, "waiting", _address(found, read.opened), caller.user_id, clock.to_rfc3339(now))
        after, writes = sending.changed(found, asked, now, what="send_requested", more={"sending": number})
        return Plan(views.invoice(after, read.opened.time_zone, now), writes)

    return changes.make(plan, claim=claim)


def _number(found: Invoice, now: Instant, *, again: bool) -> int:
    """Return the number of another sending. Raises as `request` does."""
    if found.status not in _SENT:
        raise InvoiceNotSendable(found.status)
    latest = sending.of(found)
    if latest is None:
        return 1
    if latest.status in sending.ON_ITS_WAY and now - clock.from_rfc3339(latest.requested_at) < sending.PATIENCE:
        raise InvoiceOnItsWay
    if not again:
        raise InvoiceSent(latest.status)
    if latest.number >= MOST:
        raise SentTooOften
    return latest.number + 1


def _address(found: Invoice, opened: Opened) -> str:
    """Return the address of the client: that of the project now, or else of the invoice. Raises BuyerWithoutEmail."""
    parties: list[Any] = [opened.client, found.buyer]
    address = next((each["email"] for each in parties if each and each.get("email")), None)
    if address is None:
        raise BuyerWithoutEmail
    try:
        addresses.to_ascii(address)
    except addresses.NotMailable as error:
        raise BuyerWithoutEmail from error
    return str(address)
