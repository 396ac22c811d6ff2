"""Who may release a payment, and when it is released by itself. No I/O.

A payment is released by itself after a human approval by neither creator nor primary owner, up to the limit that the
tenant has set for the currency. Else a person does it who has neither created nor owns nor approved the milestone, nor
had a hand in where the money goes within a day.
"""

from typing import Final, Literal

from functions.payments.access import PersonRequired
from functions.payments.payees import payees
from functions.payments.releases.opening import Opened
from shared import clock, ids
from shared.callers.caller import Caller
from shared.errors import Forbidden

Reason = Literal["not_automatic", "no_limit", "above_limit", "no_approval"]
_OUTSIDE: Final = "ext_"
"""What the ids of people from outside begin with, who approve by a link."""


class SeparationOfPayment(Forbidden):
    """403: whoever created, owns or approved the milestone does not release its payment."""

    def __init__(self) -> None:
        super().__init__("You created, own or approved the milestone. Somebody else has to release its payment.")


class PayeeChangedLately(Forbidden):
    """403: whoever has changed the payee within a day does not release payments."""

    def __init__(self) -> None:
        super().__init__("You have changed the payee within a day. Somebody else has to do this, or you tomorrow.")


def waits_for_people(opened: Opened) -> list[Reason]:
    """Return why a payment is not released by itself, nothing if it is."""
    payment, limits = opened.payment, opened.settings.auto_release_limits
    if not payment.auto_release:
        return ["not_automatic"]
    limit = limits.get(payment.currency)
    found: list[Reason] = []
    if limit is None:
        found.append("no_limit")
    elif payment.amount_minor_units > limit:
        found.append("above_limit")
    if not _is_approved(opened):
        found.append("no_approval")
    return found


def require_person(caller: Caller, opened: Opened) -> None:
    """Require that a caller may release a payment. Raises PersonRequired, SeparationOfPayment, PayeeChangedLately."""
    if caller.key_id is not None:
        raise PersonRequired
    gate = opened.gate
    if opened.owns or caller.user_id in {gate.created_by, *gate.approved_by}:
        raise SeparationOfPayment
    if payees.has_changed(opened.payee, caller.user_id, clock.now()):
        raise PayeeChangedLately


def _is_approved(opened: Opened) -> bool:
    """Return whether somebody has approved who neither made nor owns the milestone."""
    people = {each for each in opened.gate.approved_by if ids.is_valid(each, "user") or each.startswith(_OUTSIDE)}
    return bool(people - {opened.gate.created_by, opened.primary_id})
