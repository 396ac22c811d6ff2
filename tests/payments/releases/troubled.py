"""A milestone whose payment may be in trouble: what its gateway does, what projects hears, and what is escalated."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import time_machine

from functions.payments.releases import process
from functions.projects.following import consumers as following
from functions.projects.timers import consumers as timers
from shared.storage import events, table
from shared.storage.events import Event
from tests.aws.entries import Context
from tests.aws.messages import delivered
from tests.payments.invoicing import Firm
from tests.payments.people import Person
from tests.payments.releases.asking import post, told
from tests.payments.releases.untrue import Untrue
from tests.projects.timers.clockwork import Timed

FINISHED: dict[str, Any] = {"batchItemFailures": []}


@dataclass
class Trouble:
    """A milestone of Ada's with the payment of its invoice, and a gateway that may refuse it."""

    firm: Firm
    dana: Person
    time: time_machine.Traveller
    milestone: str
    payment: str
    gateway: Untrue

    @property
    def payment_id(self) -> str:
        return self.payment.rpartition("/")[2]

    def advances(self) -> str:
        """Let the process of the payment do what is due, and return its status."""
        found = process.advance(self.firm.ada.tenant_id, self.payment_id, lambda _: self.gateway)
        assert found is not None
        return found.status

    def fails(self) -> None:
        """Let the gateway refuse it as often as it is tried by itself."""
        post(self.dana, f"{self.payment}/release")
        self.gateway.troubles = ["refused", "none", "refused", "none", "refused"]
        assert [self.tried(each) for each in (0, 1, 10)] == ["failed"] * 3

    def tried(self, minutes: int) -> str:
        self.time.shift(timedelta(minutes=minutes))
        self.gateway.kept.clear()
        return self.advances()

    def tells(self, happened: Sequence[Event] | None = None) -> None:
        """Deliver events to projects twice, by default all of the payment, the newest first."""
        heard = [*reversed(told(self.firm, self.payment))] if happened is None else happened
        for _ in range(2):
            assert timers.handler(delivered(heard), Timed()) == FINISHED

    def escalations(self) -> list[dict[str, Any]]:
        found = self.firm.ada.get("/escalations", query=f"project_milestone_id={self.milestone.rpartition('/')[2]}")
        return list(found.body["items"])

    def statuses(self) -> list[str]:
        return [each["status"] for each in self.escalations()]

    def raised(self) -> list[Event]:
        """Return the events of the escalations that were raised."""
        place = f"TENANT#{self.firm.ada.tenant_id}#PMS#{self.milestone.rpartition('/')[2]}#HISTORY"
        happened = [events.stored(item) for item in table.query_all(place, "EVENT#")]
        return [each for each in happened if each.event_type == "projects.escalation.raised"]

    def works_on(self) -> list[dict[str, Any]]:
        """Return what waits for Ada, once the escalations that were raised are followed."""
        assert following.handler(delivered(self.raised()), Context()) == FINISHED
        return list(self.firm.ada.get("/worklist").body["items"])

    def resolves(self) -> None:
        """Have Ada say that it is seen to."""
        path = f"/escalations/{self.escalations()[0]['escalation_id']}/resolve"
        assert self.firm.ada.post(path, {"resolution": "The bank was told."}).status == 200

    def happened(self, what: str) -> list[Event]:
        return [each for each in told(self.firm, self.payment) if each.event_type.endswith(f".{what}")]
