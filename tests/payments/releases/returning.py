"""A gateway in this process that also moves money back, and how that is asked for."""

from dataclasses import dataclass, field

from functions.payments.gateways.gateways import Outcome, Return
from functions.payments.payees import payees
from functions.payments.payees.payees import Details, Payee
from functions.payments.releases import opening, refunds
from shared import clock, ids
from shared.storage import changes, table
from shared.storage.changes import Plan
from shared.storage.writes import Put
from tests.payments.releases import world as worlds
from tests.payments.releases.untrue import Untrue
from tests.payments.releases.world import World

_UNKNOWN = Outcome("unknown")


@dataclass
class Returning(Untrue):
    """What it has moved back, each refund once."""

    name: str = "stripe"
    returned: list[Return] = field(default_factory=list)

    def give_back(self, refund: Return) -> Outcome:
        """Move money back once under the id of a refund, and answer or not."""
        trouble = self.troubles.pop(0) if self.troubles else "none"
        if trouble == "lost before":
            return _UNKNOWN
        if refund not in self.returned:
            self.returned.append(refund)
        return _UNKNOWN if trouble == "lost after" else _made(refund)

    def find_return(self, refund: Return) -> Outcome:
        """Say what it has moved back for a refund."""
        return _made(refund) if refund in self.returned else Outcome("absent")


def _made(refund: Return) -> Outcome:
    return Outcome("made", refund.refund_id, moved=(refund.amount_minor_units, refund.currency))


def paid() -> tuple[World, Returning, str]:
    """Return a tenant that pays by such a gateway, the gateway, and the id of a settled payment."""
    gateway = Returning()
    world = worlds.made(gateway=gateway.name)
    world.gateway = gateway
    details = Details("Analytical Engines Ltd", (), "acct_1")._asdict()
    table.transact([Put(payees.to_item(Payee(world.tenant_id, 1, present=details)))])
    payment_id = world.invoiced()
    assert world.advances(payment_id).status == "completed"
    return world, gateway, payment_id


def asks_back(world: World, payment_id: str, minor_units: int) -> None:
    """Ask for a refund as the API does; nothing else is done about it."""

    def plan() -> Plan[None]:
        opened = opening.by_itself(world.tenant_id, payment_id)
        assert opened is not None
        return Plan(None, refunds.begun(opened, ids.new("rfd"), minor_units, "A wheel less.", clock.now())[1])

    changes.make(plan)
