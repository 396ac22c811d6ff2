"""Documents: a function that makes the PDFs of invoices and credit notes and mails them, in its own bundle."""

from typing import Final

from aws_cdk import Duration

from infra import sender
from infra.constructs.function import Function, allow
from infra.contexts import sending
from infra.contexts.surroundings import EVENTS_TIMEOUT, WHOLE_PROCESSOR_MB, Surroundings

BUNDLE: Final = "papers"
# No rule removes them: invoices are kept for ten years and longer.
PURPOSE: Final = "papers"
# The fewest that Lambda takes; a document is a tenth of a second.
AT_ONCE: Final = 2
# Whoever looks at a document that is not made asks for it.
LATE: Final = Duration.minutes(10)
FOLLOWED: Final = ("payments.invoice.issued", "payments.invoice.credited", "payments.invoice.send_requested")


def build(given: Surroundings, *, api: Function) -> None:
    """Make the function and its queue, and let the API ask for a document and sign for its download."""
    maker = given.function(
        "InvoicePapers",
        "functions.payments.papers.consumers.handler",
        # A sending is claimed and settled with its invoice, and counts in the sums of the tenant as before.
        allow("dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:PutItem", resources=[given.table.arn]),
        *sending.mailing(given.stack, given.settings),
        bundle=BUNDLE,
        environment={"MAIL_SENDER": given.settings.mail_sender or ""},
        memory_mb=WHOLE_PROCESSOR_MB,
        timeout=EVENTS_TIMEOUT,
    )
    sending.acknowledge(maker, given.settings)
    given.files.open(maker, PURPOSE, "s3:GetObject", "s3:PutObject")
    subscription = given.bus.subscribe(
        "InvoicePapers", maker, *FOLLOWED, timeout=EVENTS_TIMEOUT, at_once=AT_ONCE, late=LATE
    )
    given.hear_feedback_in("InvoiceFeedback", subscription, kinds=sender.TROUBLES)
    api.role.add_to_policy(allow("sqs:SendMessage", resources=[subscription.queue.queue_arn]))
    api.function.add_environment("PAPERS_QUEUE_URL", subscription.queue.queue_url)
    given.files.open(api, PURPOSE, "s3:GetObject")
