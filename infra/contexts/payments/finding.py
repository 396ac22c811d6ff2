"""What tells search of invoices, credit notes and financing requests, and its queue."""

from infra.constructs.function import allow
from infra.contexts import feeding
from infra.contexts.surroundings import EVENTS_TIMEOUT, WAITING_MB, Surroundings

# 40 changes a second, of about 50 ms each; the fewest that Lambda takes.
AT_ONCE = 2
# What changes by what an invoice or a financing request is found; what is paid changes nothing of it.
FOUND = (
    *(f"payments.invoice.{what}" for what in ("drafted", "changed", "deleted", "issued", "credited", "stated")),
    *(f"payments.financing.{what}" for what in ("requested", "rejected", "stated")),
)


def build(given: Surroundings, *, bundle: str) -> None:
    """Make the function and its queue."""
    feed = given.function(
        "InvoiceFeed",
        "functions.payments.finding.consumers.handler",
        allow("dynamodb:GetItem", "dynamodb:Query", resources=[given.table.arn]),
        bundle=bundle,
        memory_mb=WAITING_MB,
        timeout=EVENTS_TIMEOUT,
    )
    feeding.subscribe(given, "InvoiceFeed", feed, *FOUND, at_once=AT_ONCE)
