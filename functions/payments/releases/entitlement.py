"""Who may release a payment, and when it is released by itself. No I/O.

A payment is released by itself after a human approval by neither creator nor owner, up to the limit that the tenant
has set for the currency. Else a person does it who has neither created nor owns nor approved the milestone, nor had a
hand in where the money goes within a day. Who owns a milestone through a team is looked at in `owning_teams.py`.
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


def independent(opened: Opened) -> set[str]:
    """Return who has approved the milestone and neither made it nor owns it themselves."""
    gate = opened.gate
    people = {each for each in gate.approved_by if ids.is_valid(each, "user") or each.startswith(_OUTSIDE)}
    return people - _makers(opened)


def waits_for_people(opened: Opened, approvers: set[str]) -> list[Reason]:
    """Return why a payment is not released by itself, nothing if it is; `approvers` are those whose approval counts."""
    payment, limits = opened.payment, opened.settings.auto_release_limits
    if not payment.auto_release:
        return ["not_automatic"]
    limit = limits.get(payment.currency)
    found: list[Reason] = []
    if limit is None:
        found.append("no_limit")
    elif payment.amount_minor_units > limit:
        found.append("above_limit")
    if not approvers:
        found.append("no_approval")
    return found


def require_person(caller: Caller, opened: Opened) -> None:
    """Require that a caller may release a payment. Raises PersonRequired, SeparationOfPayment, PayeeChangedLately."""
    if caller.key_id is not None:
        raise PersonRequired
    if caller.user_id in {*_makers(opened), *opened.gate.approved_by}:
        raise SeparationOfPayment
    if payees.has_changed(opened.payee, caller.user_id, clock.now()):
        raise PayeeChangedLately


def _makers(opened: Opened) -> set[str | None]:
    """Return who has made the milestone, and who owns it."""
    return {opened.gate.created_by, opened.primary_id, *opened.gate.secondary_owners}
