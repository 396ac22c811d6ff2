"""A release beside what closes the gate of its milestone: no money moves while it is closed, in whatever order.

Projects and payments run whole. After each write of either, what is stored is looked at: money is only asked for and
claimed while the gate is open, and a milestone that goes back or is cancelled has nothing committed and nothing open.
"""

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import pytest

from functions.payments.following import cancelling
from functions.payments.invoices import invoices, lifecycle
from functions.payments.invoices.asking import Asked
from functions.payments.releases import commands, process
from functions.projects.escalation import raising
from functions.projects.milestones import commands as milestones
from functions.projects.milestones.transition import Event
from functions.projects.verification import decisions
from functions.projects.verification.deciding import Sent
from shared.callers.caller import Caller
from shared.errors import Refusal
from shared.storage import attributes
from tests.aws.quick.table import QuickTable
from tests.aws.races import shuffled
from tests.payments.invoicing import Firm
from tests.payments.releases.asking import TERMS, called_by
from tests.payments.releases.untrue import Untrue
from tests.projects import team
from tests.projects.escalation.trouble import DRAFT
from tests.projects.verification.review import Review, layer

ROUNDS = 50
AMOUNT = 31_250_000
READY = ("verified", "approved")
READY_BY_PROGRESS = ("in_progress", "completed", *READY)


class Seen(NamedTuple):
    """A milestone as it was stored just after a payment or a gate was written."""

    written: str
    status: str
    holds: int
    is_reworked: bool
    is_committed: bool
    open_invoices: int


class Watched(QuickTable):
    """A table that notes, after each write of a payment or a gate, what both contexts have of the milestone then."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[Seen] = []
        self._known: dict[tuple[str, str], str] = {}

    def _TransactWriteItems(self, request: Any) -> tuple[int, Any]:  # noqa: N802 - the name of the operation
        answered = super()._TransactWriteItems(request)
        puts = [each["Put"]["Item"] for each in request["TransactItems"] if "Put" in each]
        for item in puts if answered[0] == 200 else []:
            if item["SK"]["S"] in ("PAYMENT", "0GATE"):
                self._look(attributes.load(item))
        return answered

    def _look(self, item: Any) -> None:
        place = (item["PK"], item["SK"])
        if self._known.get(place) == item["status"]:
            return
        self._known[place] = item["status"]
        tenant, _, _ = item["PK"].partition("#PMS#")[0].partition("#PAY#")
        milestone = item["PK"] if item["SK"] == "0GATE" else f"{tenant}#PMS#{item['project_milestone_id']}"
        gate, billing = self._stored(milestone, "0GATE"), self._stored(milestone, "0BILLING")
        is_reworked = False
        if item["SK"] == "PAYMENT":
            invoice = invoices.from_item(self._stored(f"{tenant}#INV#{item['invoice_id']}", "INVOICE"))
            is_reworked = gate["attempt"] != invoice.attempt
        written = f"{item['SK']} {item['status']}"
        committed, unpaid = billing.get("is_committed", False), billing.get("open_invoices", 0)
        self.seen.append(Seen(written, gate["status"], len(gate["holds"]), is_reworked, committed, unpaid))

    def _stored(self, pk: str, sk: str) -> Any:
        item = self.items.get((pk, sk))
        return {} if item is None else attributes.load(item)

    def hold(self, ready: tuple[str, ...]) -> None:
        """Assert what is so after each write."""
        for each in self.seen:
            if each.written in ("PAYMENT release_requested", "PAYMENT processing"):
                assert (each.status in ready, each.holds, each.is_reworked) == (True, 0, False), each
            if each.written in ("0GATE rejected", "0GATE in_progress"):
                assert not each.is_committed, each
            if each.written == "0GATE cancelled":
                assert each.open_invoices == 0, each


@pytest.fixture
def quick_table() -> QuickTable:
    return Watched()


class Race:
    """A firm with people for all that is asked for at once."""

    def __init__(self, ada: team.Person, **terms: Any) -> None:
        self.firm = Firm.opened(ada, **TERMS, **terms)
        self.review = Review.of(ada, ada.colleague(), self.firm.project)
        self.ada, self.ben = (_caller(each) for each in (ada, self.review.ben))
        dana = ada.brings(self.firm.project, ada.colleague(), "finance")
        self.dana = called_by(self.firm.purse(somebody=dana))
        self.gateway = Untrue()

    def submits(self) -> str:
        """Return the id of a milestone of Ben's that waits to be accepted."""
        milestone = self.firm.ada.begins(
            self.firm.project, self.review.ben, amount_minor_units=AMOUNT, acceptance="manager"
        )
        assert self.review.ben.post(f"{milestone}/complete").status == 200
        return _id(milestone)

    def issues(self, milestone_id: str, share: int | None = None) -> str:
        """Issue an invoice of a milestone, and return the id of its payment."""
        return str(lifecycle.create(self.dana, milestone_id, Asked(share))["payment_id"])

    def releases(self, payment_id: str) -> str:
        """Release a payment, bring it as far as it comes, and return its status."""
        commands.release(self.dana, payment_id, if_match=None)
        return self.advances(payment_id)

    def advances(self, payment_id: str) -> str:
        found = process.advance(self.dana.tenant_id, payment_id, lambda _: self.gateway)
        assert found is not None
        return found.status

    def moves(self, milestone_id: str, event: Event, by: Caller | None = None) -> str:
        """Let an event happen to a milestone, and return its status."""
        moved = milestones.advance(by or self.ada, milestone_id, event, if_match=None, reason="So it is.")
        return str(moved["status"])


def _caller(somebody: team.Person) -> Caller:
    return Caller(somebody.user_id, somebody.tenant_id, (), frozenset(), None, (), None)


def _id(path: str) -> str:
    return path.rpartition("/")[2]


def _code(answer: Any) -> str:
    return answer.code if isinstance(answer, Refusal) else str(answer)


@pytest.fixture
def race(ada: team.Person, time: object) -> Race:
    return Race(ada, trigger="verification")


def test_no_payment_is_claimed_once_an_escalation_holds_its_milestone(race: Race, quick_table: Watched):
    ends = set()
    for seed in range(ROUNDS):
        milestone_id = race.submits()
        payment_id = race.issues(milestone_id)
        blocking = {**DRAFT, "blocks_work": True}
        released, raised = shuffled(
            seed, partial(race.releases, payment_id), partial(raising.raise_, race.ada, milestone_id, blocking)
        )
        ends.add(_code(released))

        assert not isinstance(raised, Refusal)
        assert race.advances(payment_id) == released
    quick_table.hold(READY)
    assert ends == {"completed", "on_hold"}


def test_a_milestone_whose_money_is_asked_for_is_not_refused_and_the_other_way_round(race: Race, quick_table: Watched):
    ends = set()
    for seed in range(ROUNDS):
        milestone_id = race.submits()
        payment_id = race.issues(milestone_id)
        ends.add(_both(shuffled(seed, *_against(race, payment_id, partial(race.moves, milestone_id, "reject")))))
    quick_table.hold(READY)

    assert ends == {("completed", "PaymentCommitted"), ("on_hold", "rejected")}


def test_a_milestone_is_not_cancelled_while_its_payment_is_under_way(race: Race, quick_table: Watched):
    ends = set()
    for seed in range(ROUNDS):
        milestone_id = race.submits()
        payment_id = race.issues(milestone_id)
        ends.add(_both(shuffled(seed, *_against(race, payment_id, partial(race.moves, milestone_id, "cancel")))))
    quick_table.hold(READY)

    assert ends <= {("completed", "InvoiceOpen"), ("completed", "cancelled")}
    assert ("completed", "InvoiceOpen") in ends


def test_a_part_that_is_released_as_its_milestone_is_recalled_is_paid_before_or_held(
    ada: team.Person, quick_table: Watched, time: object
):
    race, ends = Race(ada, trigger="progress", thresholds=[50, 100]), set()
    for seed in range(ROUNDS):
        milestone_id = _id(race.review.submits(layer(), amount_minor_units=AMOUNT))
        payment_id = race.issues(milestone_id, 500_000)
        recall = partial(race.moves, milestone_id, "recall", race.ben)
        ends.add(_both(shuffled(seed, *_against(race, payment_id, recall))))
    quick_table.hold(READY_BY_PROGRESS)

    assert ends == {("completed", "in_progress"), ("on_hold", "in_progress")}


def test_a_layer_rejects_or_the_whole_amount_is_released(ada: team.Person, quick_table: Watched, time: object):
    race, ends = Race(ada, trigger="progress", thresholds=[100]), set()
    cleo = _caller(race.review.verifiers[0])
    for seed in range(ROUNDS):
        milestone = race.review.submits(layer(), amount_minor_units=AMOUNT)
        payment_id = race.issues(_id(milestone))
        (asked,) = race.review.layers(milestone)
        sent = Sent("reject", asked["subject_digest"], "It jams.")
        reject = partial(decisions.decide, cleo, asked["verification_id"], sent)
        released, rejected = shuffled(seed, *_against(race, payment_id, reject))
        is_rejected = not isinstance(rejected, Refusal)
        ends.add((_code(released), "rejected" if is_rejected else rejected.code))
    quick_table.hold(READY_BY_PROGRESS)

    assert ends == {("completed", "PaymentCommitted"), ("on_hold", "rejected")}


def test_a_milestone_is_cancelled_or_invoiced_and_an_invoice_of_a_cancelled_one_is_cancelled(
    race: Race, quick_table: Watched
):
    ends, project_id = set(), _id(race.firm.project)
    for seed in range(ROUNDS):
        milestone_id = race.submits()
        issue = partial(lifecycle.create, race.dana, milestone_id, Asked())
        issued, cancelled = shuffled(seed, issue, partial(race.moves, milestone_id, "cancel"))
        cancelling.follow(race.dana.tenant_id, project_id, milestone_id)
        ends.add((_code(issued) if isinstance(issued, Refusal) else "issued", _code(cancelled)))
        found = race.firm.get(f"/project-milestones/{milestone_id}/invoices").body["items"]

        is_cancelled = cancelled == "cancelled"
        assert [each["status"] for each in found] == ([] if is_cancelled else ["issued"])
        assert race.firm.billing(f"/{milestone_id}").get("share", 0) == (0 if is_cancelled else 1_000_000)
    quick_table.hold(READY)

    assert ends == {("issued", "InvoiceOpen"), ("MilestoneNotReady", "cancelled")}


def _against(race: Race, payment_id: str, closes: Callable[[], Any]) -> list[Callable[[], Any]]:
    return [partial(race.releases, payment_id), closes]


def _both(ended: list[Any]) -> tuple[str, str]:
    released, closed = ended
    return _code(released), _code(closed)
