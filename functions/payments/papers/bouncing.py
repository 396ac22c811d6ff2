"""What SES says of the mail of an invoice: where it did not arrive, or was taken for spam, whoever sent it is told.

The invoice shows it as how its sending has ended, an event says so, and the sender gets an e-mail.
"""

from typing import Final, NamedTuple

from functions.payments.invoices import invoices
from functions.payments.invoices.invoices import Invoice
from functions.payments.papers import mailing
from functions.payments.sending import sending
from functions.payments.sending.sending import Sending, Status
from shared import clock, config, ids
from shared.callers import mailboxes
from shared.errors import Unavailable
from shared.observability import logger
from shared.sending import mail
from shared.sending.attempts import PATIENT
from shared.sending.feedback import Feedback
from shared.sending.labels import Label
from shared.sending.mime import Mail
from shared.storage import changes, table
from shared.storage.changes import Plan

_TROUBLES: Final[frozenset[Status]] = frozenset({"bounced", "complained"})
_SUBJECT: Final[dict[Status, str]] = {
    "bounced": "Not delivered: invoice {number}",
    "complained": "Taken for spam: invoice {number}",
}
_TEXT: Final[dict[Status, str]] = {
    "bounced": """\
The mail with invoice {number} to {buyer} ({address}) did not arrive.

Check the e-mail address of the client in the project, and send the invoice again in Milepost.
""",
    "complained": """\
{buyer} ({address}) has marked the mail with invoice {number} as spam.

Ask them whether they expect it. Milepost sends it again only if you say so.
""",
}


class Mailed(NamedTuple):
    """Which mail of an invoice it was, by its label."""

    tenant_id: str
    invoice_id: str
    number: int


def hear(told: Feedback) -> None:
    """Keep that the mail of an invoice is lost, or unwanted, and tell whoever sent it.

    What comes twice changes nothing; what is about an earlier sending neither. Raises Unavailable: try again.
    """
    trouble = _trouble(told)
    mailed = None if trouble is None else _mailed(told.label)
    if trouble is None or mailed is None:
        return
    logger.info("feedback on an invoice", kind=told.kind, invoice_id=mailed.invoice_id, sending=mailed.number)
    found = changes.make(lambda: _kept(mailed, trouble))
    if found is not None:
        _notify(*found)
        changes.make(lambda: _noticed(mailed))


def _trouble(told: Feedback) -> Status | None:
    if told.kind == "complaint":
        return "complained"
    return "bounced" if told.is_lost else None


def _mailed(label: Label) -> Mailed | None:
    """Return which mail a label is of, None for one that is not of a sending."""
    invoice_id, _, number = label.send_id.rpartition("_")
    if not (ids.is_valid(invoice_id, invoices.ID) and number.isdecimal()):
        return None
    item = table.get(mailing.pointer_key(invoice_id), consistent=True)
    return None if item is None else Mailed(item["tenant_id"], invoice_id, int(number))


def _kept(mailed: Mailed, trouble: Status) -> Plan[tuple[Invoice, Sending] | None]:
    """Return the change that ends a sending in trouble, and what its sender has to be told of, if they are not yet."""
    found = mailing.stored(mailed.tenant_id, mailed.invoice_id)
    latest = None if found is None else sending.of(found)
    if found is None or latest is None or latest.number != mailed.number:
        return Plan(None)
    if latest.status in _TROUBLES:
        return Plan((found, latest) if latest.is_notice_due else None)
    ended = latest._replace(status=trouble, reason=None, is_notice_due=True)
    after, writes = sending.changed(found, ended, clock.now(), what=trouble, more={"sending": latest.number})
    return Plan((after, ended), writes)


def _notify(invoice: Invoice, lost: Sending) -> None:
    """Mail whoever sent an invoice what became of it, unless they are gone. Raises Unavailable."""
    address, sender = mailboxes.addresses([lost.requested_by]).get(lost.requested_by), config.mail_sender()
    if address is None or sender is None:
        return
    words = {"number": invoice.number, "buyer": (invoice.buyer or {})["name"], "address": lost.to}
    letter = Mail(address, _SUBJECT[lost.status].format(**words), _TEXT[lost.status].format(**words))
    # Without the number of a sending: what becomes of this mail says nothing of the invoice.
    answer = mail.send(letter, sender=sender, label=Label(mailing.CONTEXT, invoice.invoice_id), limits=PATIENT)
    if answer.outcome in {"retry", "account"}:
        raise Unavailable("A notice of a lost mail was not taken; it is tried again.")


def _noticed(mailed: Mailed) -> Plan[None]:
    found = mailing.stored(mailed.tenant_id, mailed.invoice_id)
    latest = None if found is None else sending.of(found)
    if found is None or latest is None or latest.number != mailed.number or not latest.is_notice_due:
        return Plan(None)
    _, writes = sending.changed(found, latest._replace(is_notice_due=False), clock.now(), what=None)
    return Plan(None, writes)
