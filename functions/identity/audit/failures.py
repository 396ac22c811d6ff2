"""Failed proofs of who somebody is, as the audit log hears of them: what failed, why, and where it came from.

An address that nobody has gets as many writes of the same kind, which nobody hears of: whoever guesses addresses
measures no difference. What was tried is in none of them.
"""

from dataclasses import dataclass
from typing import Literal

from functions.identity.accounts import users
from shared.clock import Instant
from shared.storage import events
from shared.storage.events import Concern
from shared.storage.writes import ABSENT, Put


@dataclass(frozen=True, slots=True)
class Failure:
    """What failed and why; whose it was, unless nobody has the address; and the network address it came from."""

    what: Literal["sign_in", "step_up", "password_change", "phone_change"]
    reason: Literal["wrong_password", "wrong_code", "address_not_linked", "user_disabled"]
    user_id: str = users.NOBODY
    tenant_id: str = users.NOBODY
    source_address: str | None = None


def told(failure: Failure, *, email: str, locks: bool, at: Instant) -> list[Put]:
    """Return the event of a failure, and that of the lock if this failure is the one that locks the address."""
    types = [f"identity.{failure.what}.failed", *(["identity.sign_in.locked"] if locks else [])]
    happened = [_happened(event_type, failure, email, at) for event_type in types]
    if failure.user_id != users.NOBODY:
        return happened
    return [Put(event.item | {"entity": "Decoy"}, ABSENT) for event in happened]


def _happened(event_type: str, failure: Failure, email: str, at: Instant) -> Put:
    return events.occurred(
        event_type,
        partition=users.email_partition(email),
        subject_id=failure.user_id,
        tenant_id=failure.tenant_id,
        at=at,
        data={"user_id": failure.user_id, "reason": failure.reason, "source_address": failure.source_address},
        concerns=[Concern(failure.user_id, "security")],
    )
