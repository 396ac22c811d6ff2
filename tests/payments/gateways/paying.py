"""A tenant that pays by a Stripe of its own, and what becomes of its payments while time passes."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

import time_machine

from functions.payments.gateways.stripe import events
from functions.payments.payees import payees
from functions.payments.payees.payees import Details, Payee
from functions.payments.payments import Payment
from functions.payments.releases import opening, refunds
from functions.payments.releases.webhooks import receiving
from shared import clock, ids
from shared.storage import changes, table
from shared.storage.changes import Plan
from shared.storage.writes import Put
from tests.payments.gateways.stripe_stand_in import StandIn, Trouble
from tests.payments.releases import world as worlds
from tests.payments.releases.world import World
from tests.payments.webhooks import signing

ACCOUNT: Final = "acct_1NFcX2Jw8T4Q6M0R"
# Not "late": the library would wait for its time-out on a clock that stands still.
TROUBLES: Final[tuple[Trouble, ...]] = (
    "none",
    "429",
    "409",
    "500",
    "500 after",
    "dies before",
    "dies after",
    "402",
)


def paying(there: StandIn, **more: Any) -> World:
    """Return a tenant that pays by this Stripe, to a payee in effect."""
    made = worlds.made(gateway="stripe", **more)
    made.gateway = there.gateway()
    is_paid_to(made, ACCOUNT)
    return made


def is_paid_to(world: World, account: str | None) -> None:
    """Have the payments of a tenant go to this account from now on."""
    details = Details("Analytical Engines Ltd", (), account)._asdict()
    table.transact([Put(payees.to_item(Payee(world.tenant_id, 1, present=details)))])


def let_pass(world: World, time: time_machine.Traveller, *minutes: float) -> None:
    """Let so many minutes pass, and look after each of them at what is due."""
    for each in minutes:
        time.shift(timedelta(minutes=each))
        world.sweeps()


def refund(world: World, payment_id: str, amount: int) -> Payment:
    """Ask for a refund as the API does, and have the process do what is due."""

    def plan() -> Plan[None]:
        opened = opening.by_itself(world.tenant_id, payment_id)
        assert opened is not None
        return Plan(None, refunds.begun(opened, ids.new("rfd"), amount, "A wheel less.", clock.now())[1])

    changes.make(plan)
    return world.advances(payment_id)


def tells(transfer: Mapping[str, Any], event_id: str) -> None:
    """Have Stripe tell of a transfer in a webhook."""
    told = events.read(signing.event(event_id, "transfer.updated", transfer))
    assert told is not None
    receiving.receive("stripe", told)
