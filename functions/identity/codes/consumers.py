"""What becomes of codes that were mailed: a queue that the topic of the stage's feedback fills, by the label."""

from collections.abc import Sequence
from typing import Any

from functions.identity.codes import bounces
from shared.messaging import batches
from shared.messaging.batches import Message
from shared.observability import logger
from shared.sending import feedback
from shared.sending.labels import Label


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Hear what became of codes; answers the messages that are to come again."""
    # What is handled by its label is logged with that, without a recipient.
    return batches.per_subject(event, _label, _hear)


def _label(message: Message) -> Label:
    return feedback.read(message).label


def _hear(label: Label, messages: Sequence[Message]) -> None:
    for told in map(feedback.read, messages):
        logger.info("feedback on a code", kind=told.kind, challenge=label.send_id, no_mailbox=told.has_no_mailbox)
        bounces.keep(told)
