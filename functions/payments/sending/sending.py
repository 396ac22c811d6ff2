"""The sending of an invoice: it is asked for, claimed before the mail goes out, and told how it has ended.

waiting → claimed → sent | refused | unknown, and then bounced or complained, if SES says so.
A mail that may be with its reader is not sent again by itself: whoever claimed it and said no more has ended `unknown`,
and people decide.
"""

from collections.abc import Mapping
from typing import Any, Final, Literal, NamedTuple

from functions.payments.invoices import invoices
from functions.payments.invoices.invoices import Invoice
from shared import clock
from shared.clock import Instant
from shared.storage.writes import Write

Status = Literal["waiting", "claimed", "sent", "refused", "unknown", "bounced", "complained"]

ON_ITS_WAY: Final[frozenset[Status]] = frozenset({"waiting", "claimed"})
PATIENCE: Final = 3600 * clock.SECOND
"""How long a sending may be on its way before another may be asked for: the tries of a message take 55 minutes."""


class Sending(NamedTuple):
    """The latest sending of an invoice. `number` counts them; `reason` is why it was refused, or is not known.

    `is_notice_due` is set while whoever asked for it has to be told that the mail is lost, or unwanted.
    """

    number: int
    status: Status
    to: str
    requested_by: str
    requested_at: str
    reason: str | None = None
    is_notice_due: bool = False


def of(invoice: Invoice) -> Sending | None:
    """Return the latest sending of an invoice, None if there was none."""
    return None if invoice.sending is None else Sending(**invoice.sending)


def changed(
    before: Invoice, sending: Sending, now: Instant, *, what: str | None, more: Mapping[str, Any] | None = None
) -> tuple[Invoice, list[Write]]:
    """Return an invoice with a changed sending, and the writes of that with the event `what`, if there is one."""
    moment = clock.to_rfc3339(now)
    after = before._replace(
        sending=sending._asdict(),
        sent_at=moment if sending.status == "sent" else before.sent_at,
        updated_at=moment,
        version=before.version + 1,
    )
    told = [] if what is None else [invoices.happened(what, after, now, more=more)]
    return after, [*invoices.changed(before, after), *told]
