"""A project whose milestones are invoiced, and who asks for the money."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from functions.payments.following import consumers
from shared.storage import events, table
from shared.storage.events import Event
from tests.aws.entries import Answer, Context
from tests.aws.messages import delivered
from tests.payments.people import Person
from tests.projects import team

SELLER = {"name": "Analytical Engines Ltd", "address": ["1 Dorset Street", "London"], "tax_ids": ["GB123456789"]}
CLIENT = {"name": "Royal Society", "address": "Burlington House", "tax_id": "GB987654321"}
TERMS = {"retention_percent": "10", "tax_percent": "18"}


@dataclass(frozen=True)
class Firm:
    """Ada leads a project; she is also who invoices it."""

    ada: team.Person
    project: str

    @classmethod
    def opened(cls, ada: team.Person, **terms: Any) -> "Firm":
        """Return a firm that sells, with a project for a client, by these usual terms."""
        made = cls(ada, ada.creates(client=CLIENT))
        boss = made.purse("admin")
        assert boss.rest("PATCH", "/payment-settings", {"seller": SELLER}).status == 200
        assert boss.rest("PUT", "/payment-terms", {"auto_invoice": False, **terms}).status == 200
        return made

    def purse(self, role: Any = "member", somebody: team.Person | None = None) -> Person:
        """Return somebody as payments knows them."""
        who = somebody or self.ada
        return Person(who.user_id, who.tenant_id, who.issuer, role)

    def verified(self, amount: int, **more: Any) -> str:
        """Return the path of a milestone with an amount, which is verified."""
        milestone = self.ada.begins(self.project, self.ada, amount_minor_units=amount, **more)
        completed = self.ada.post(f"{milestone}/complete")
        assert completed.status == 200, completed.body
        return milestone

    def post(
        self, path: str, body: Any = None, *, key: str | None = None, if_match: str | None = None, role: Any = "member"
    ) -> Answer:
        named = {"idempotency-key": key, "if-match": if_match}
        headers = {name: value for name, value in named.items() if value is not None}
        return self.purse(role).rest("POST", path, body, headers=headers)

    def get(self, path: str, query: str = "") -> Answer:
        return self.purse().get(path, query)

    def issues(self, milestone: str, **asked: Any) -> dict[str, Any]:
        """Issue an invoice of a milestone, or make a draft of one, and return it."""
        made = self.post(f"{milestone}/invoices", asked)
        assert made.status == 201, made.body
        return dict(made.body)

    def hears(self, milestone: str, *what: str) -> None:
        """Deliver the events of a milestone twice, as a queue may; all of them, or these."""
        place = f"TENANT#{self.ada.tenant_id}#PMS#{milestone.rpartition('/')[2]}#HISTORY"
        found = [events.stored(item) for item in table.query_all(place, "EVENT#")]
        heard = [each for each in found if each.event_type.startswith("projects.milestone.")]
        self.delivers([each for each in heard if not what or each.event_type.rpartition(".")[2] in what])

    def delivers(self, happened: list[Event]) -> None:
        for _ in range(2):
            assert consumers.handler(delivered(happened), Context()) == {"batchItemFailures": []}

    def billing(self, milestone: str) -> Mapping[str, Any]:
        """Return the billing of a milestone as it is stored, nothing if there is none."""
        place = f"TENANT#{self.ada.tenant_id}#PMS#{milestone.rpartition('/')[2]}"
        found = table.query(place, "0BILLING", limit=1, consistent=True).items
        return found[0] if found else {}

    def numbers(self, series: str = "INV", month: str = "202611") -> list[str]:
        """Return the numbers that were given in a month, by their locks, and the counter last."""
        place = f"TENANT#{self.ada.tenant_id}#SERIES#{series}#{month}"
        locks = [item["SK"] for item in table.query_all(place, "NUMBER#")]
        counter = [item["count"] for item in table.query_all(place, "COUNTER")]
        return [*locks, *map(str, counter)]
