"""Attempts at sending a one-time code: a second one where the first was not surely taken, and no third.

The same code twice does no harm; one that does not come keeps somebody out.
"""

from collections.abc import Callable

from shared.errors import Unavailable
from shared.observability import logger
from shared.sending.answers import Answer


def is_taken(attempt: Callable[[], Answer]) -> bool:
    """Return whether the provider takes the code for this recipient. Raises Unavailable when nobody can say so.

    The challenge stays open then: a code that has come all the same is good.
    """
    answer = attempt()
    if answer.outcome in {"retry", "ambiguous"}:
        answer = attempt()
    if answer.outcome == "accepted":
        return True
    # Neither the code nor the recipient.
    logger.error("code not sent", outcome=answer.outcome, reason=answer.reason)
    if answer.outcome == "refused":
        return False
    raise Unavailable("The code could not be sent; repeat the request.")
