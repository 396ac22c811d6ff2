"""The mail that brings an invoice to its client: a few lines, and the PDF as it is stored.

A sending is claimed before the mail goes out, so two messages of one are one mail, and whoever dies in between sends
no second one.
"""

from typing import Final, NamedTuple

from functions.payments.invoices import invoices
from functions.payments.invoices.invoices import Invoice, InvoiceNotFound
from functions.payments.money import amounts
from functions.payments.papers import making, papers, written
from functions.payments.papers.papers import Document
from functions.payments.sending import sending
from functions.payments.sending.sending import Sending, Status
from shared import clock, config
from shared.errors import Unavailable
from shared.observability import logger
from shared.sending import mail
from shared.sending.answers import Answer
from shared.sending.attempts import PATIENT
from shared.sending.labels import Label
from shared.sending.mime import Attachment, Mail
from shared.storage import changes, files, records, table
from shared.storage.attributes import Key
from shared.storage.changes import Plan
from shared.storage.writes import Put, Write

CONTEXT: Final = "payments"
"""What the label of these e-mails begins with."""
_MOST_BYTES: Final = 5 * 1024 * 1024
"""Of a PDF; SES takes 10 MB of a mail, of which base64 is four thirds."""
_SUBJECT: Final = "Invoice {number} from {seller}"
_TEXT: Final = """\
{buyer},

attached is invoice {number} of {issued_on} from {seller}.

{asks}
"""
_ASKS: Final = "It asks for {currency} {amount} by {due_on}."
_PAID: Final = "It is paid, and nothing is due."
_ENDS: Final[dict[Status, str]] = {"sent": "sent", "refused": "send_failed", "unknown": "send_failed"}


class _Pointer(NamedTuple):
    """Whose an invoice is that was mailed."""

    tenant_id: str


def send(tenant_id: str, invoice_id: str, number: int, *, comes_again: bool, is_last_try: bool) -> None:
    """Mail an invoice whose sending of this number waits. Raises Unavailable: try again."""
    of = Document(tenant_id, invoice_id)
    making.make(of)
    paper = _paper(of)
    claimed = changes.make(lambda: _claiming(of, number, comes_again=comes_again))
    if claimed is None:
        return
    answer = _sent(*claimed, paper)
    if answer.outcome in {"retry", "account"} and not is_last_try:
        _settle(of, number, "waiting", answer.reason)
        raise Unavailable("The mail with an invoice was not taken; it is tried again.")
    status: Status = {"accepted": "sent", "ambiguous": "unknown"}.get(answer.outcome, "refused")  # type: ignore[assignment]
    if status != "sent":
        logger.warning("an invoice could not be mailed", invoice_id=invoice_id, reason=answer.reason)
    _settle(of, number, status, answer.reason)


def _claiming(of: Document, number: int, *, comes_again: bool) -> Plan[tuple[Invoice, Sending] | None]:
    """Return the change that claims a sending; one that somebody claimed before, and did not end, is not known."""
    found, now = stored(of.tenant_id, of.invoice_id), clock.now()
    latest = None if found is None else sending.of(found)
    if found is None or latest is None or latest.number != number or latest.status not in sending.ON_ITS_WAY:
        return Plan(None)
    if latest.status == "claimed":
        if not comes_again:
            return Plan(None)
        return Plan(None, _ended(found, latest, "unknown", "broke_off"))
    if not (found.is_open or found.status == "paid"):
        return Plan(None, _ended(found, latest, "refused", found.status))
    claimed = latest._replace(status="claimed", reason=None)
    after, writes = sending.changed(found, claimed, now, what=None)
    return Plan((after, claimed), [*writes, _pointer(after)])


def _paper(of: Document) -> bytes | None:
    """Return the PDF of an invoice as it is stored, None if there is none to send."""
    try:
        stored = written.find(of)[0].stored
    except InvoiceNotFound:
        return None
    if stored is None or stored.size_bytes > _MOST_BYTES:
        return None
    return files.read(stored.place, most_bytes=_MOST_BYTES).body


def _sent(invoice: Invoice, claimed: Sending, paper: bytes | None) -> Answer:
    """Send the mail once."""
    sender = config.mail_sender()
    if sender is None:
        return Answer("refused", "no_sender")
    if paper is None:
        return Answer("refused", "no_document")
    letter = _letter(invoice, claimed.to, Attachment(f"{invoice.number}.pdf", papers.MEDIA_TYPE, paper))
    return mail.send(letter, sender=sender, label=label(invoice.invoice_id, claimed.number), limits=PATIENT)


def label(invoice_id: str, number: int) -> Label:
    """Return the label of the mail of a sending."""
    return Label(CONTEXT, f"{invoice_id}_{number}")


def _letter(invoice: Invoice, to: str, paper: Attachment) -> Mail:
    seller, buyer = invoice.seller or {}, invoice.buyer or {}
    due = amounts.written(invoice.amount_due_minor_units, invoice.currency)
    asks = _ASKS.format(currency=invoice.currency, amount=due, due_on=invoice.due_on) if invoice.is_open else _PAID
    subject = _SUBJECT.format(number=invoice.number, seller=seller["name"])
    text = _TEXT.format(
        buyer=buyer["name"], number=invoice.number, issued_on=invoice.issued_on, seller=seller["name"], asks=asks
    )
    return Mail(to, subject, text, reply_to=seller.get("email"), attachments=[paper])


def _settle(of: Document, number: int, status: Status, reason: str | None) -> None:
    """Write how a sending that was claimed has ended, unless another one has begun since."""

    def plan() -> Plan[None]:
        found = stored(of.tenant_id, of.invoice_id)
        latest = None if found is None else sending.of(found)
        if found is None or latest is None or latest.number != number or latest.status not in ("claimed", "unknown"):
            return Plan(None)
        return Plan(None, _ended(found, latest, status, reason))

    changes.make(plan)


def _ended(found: Invoice, latest: Sending, status: Status, reason: str | None) -> list[Write]:
    after = latest._replace(status=status, reason=None if status in ("sent", "waiting") else reason)
    what = _ENDS.get(status)
    more = {"sending": latest.number, **({} if what != "send_failed" else {"reason": status})}
    _, writes = sending.changed(found, after, clock.now(), what=what, more=more)
    return writes


def stored(tenant_id: str, invoice_id: str) -> Invoice | None:
    """Return an invoice as it is stored, None if it is gone."""
    item = table.get(invoices.key(tenant_id, invoice_id), consistent=True)
    return None if item is None else invoices.from_item(item)


def pointer_key(invoice_id: str) -> Key:
    """Return the key of what says whose invoice it is: the label of a mail, which comes back, has no tenant."""
    return Key(f"MAILEDINVOICE#{invoice_id}", "MAILED")


def _pointer(invoice: Invoice) -> Put:
    return Put(records.to_item(pointer_key(invoice.invoice_id), "MailedInvoice", _Pointer(invoice.tenant_id)))
