"""What a provider's answer to one attempt means. A sender tries once; its caller decides what follows."""

from typing import Literal, NamedTuple

Outcome = Literal["accepted", "retry", "refused", "account", "ambiguous"]
"""accepted    the provider has taken it
retry       it was surely not taken, and the same may be taken later: throttled, or there was no connection
refused     this message or this recipient is not taken, now or later
account     nothing is taken from this account: credentials, permissions, quota, suspension
ambiguous   it may have been taken: the request was sent, and no answer could be read"""


class Answer(NamedTuple):
    """The answer to an attempt.

    `reason` is the provider's code or the name of the failure, without recipient and text. `message_id` is the
    provider's, of what it has taken. `retry_after_seconds` is when the provider wants to be asked again, if it says so.
    """

    outcome: Outcome
    reason: str | None = None
    message_id: str | None = None
    retry_after_seconds: int | None = None
