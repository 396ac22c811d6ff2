"""What `make reconcile` names: a document that is missing, too many, or has other readers or another text."""

import json

import pytest

from functions.search.collections import tenant_index
from functions.search.documents import documents
from functions.search.documents.documents import Stored
from infra.commands import reconcile, restatements
from infra.commands.reconcile import MISSING, READERS, SURPLUS, TEXTS, Difference
from shared.storage import table
from tests.audience.campaigns.staging import has_campaign
from tests.audience.people import Person as Keeper
from tests.goals.people import Person
from tests.milestones.evaluation.wire import Wire
from tests.milestones.people import Person as Tracker
from tests.payments.invoicing import Firm
from tests.projects import team
from tests.search.everything.feeding import Feed
from tests.sequences.people import Person as Author


@pytest.fixture
def full(ada: Person, bob: Person, eve: Person, wire: Wire, pepper: str, feed: Feed) -> dict[str, str]:
    """Something of every context, and of another tenant, that search has."""
    goal = ada.sets_goal(title="Paint")
    task = bob.adds_task(bob.sets_goal(title="Draw")["goal_id"], title="Buy a pen")
    uid = Tracker(ada.user_id, ada.tenant_id, ada.issuer).created(kpi_id="revenue", project_id="harbour")
    Author(ada.user_id, ada.tenant_id, ada.issuer).creates("/sequences/global/script", "opening", comment="Thunder")
    keeper = Keeper(ada.user_id, ada.tenant_id, ada.issuer)
    lead, campaign_id = keeper.creates(name="Grace", emails=["grace@example.org"]), has_campaign(keeper)
    eve.sets_goal(title="Sail")
    invoice_id, note_id, financing_id = invoiced(ada)
    feed.runs()
    return {
        "goal": goal["goal_id"],
        "task": task["task_id"],
        "milestone": uid,
        "element": "element~global~script~opening",
        "lead": lead["lead_id"],
        "campaign": campaign_id,
        "invoice": invoice_id,
        "credit_note": note_id,
        "financing": financing_id,
    }


def invoiced(ada: Person) -> tuple[str, str, str]:
    """Invoice a milestone, credit a part, and ask for an advance on the rest; return the ids of the three."""
    firm = Firm.opened(team.Person(ada.user_id, ada.tenant_id, ada.issuer))
    invoice_id = firm.issues(firm.verified(1_000_000))["invoice_id"]
    lines = [{"number": 1, "net_minor_units": 1000}]
    note = firm.post(f"/invoices/{invoice_id}/credit-notes", {"lines": lines, "reason": "A discount."})
    asked = {"amount_minor_units": 1000, "currency": "EUR", "yearly_percent": "12", "instalment_count": 12}
    advance = firm.post("/financing-requests", {**asked, "invoice_ids": [invoice_id], "purpose": "Copper"})
    assert (note.status, advance.status) == (201, 201), (note.body, advance.body)
    return invoice_id, note.body["credit_note_id"], advance.body["financing_id"]


def stored(ada: Person, ref: str) -> Stored:
    found = documents.find(tenant_index.id_of(ada.tenant_id), ref, consistent=True)
    assert found is not None
    return found


def rewritten(ada: Person, ref: str, **content: object) -> None:
    """Store other content of an item, as a feed that went wrong would."""
    before = stored(ada, ref)
    assert documents.put(before, before._replace(content=json.dumps(before.document | content)))


def test_nothing_is_named_where_search_has_what_the_contexts_have(
    ada: Person, eve: Person, full: dict[str, str], capsys: pytest.CaptureFixture[str]
):
    capsys.readouterr()
    code = reconcile.compare("local", [ada.tenant_id, eve.tenant_id])

    assert (code, capsys.readouterr().out) == (
        0,
        "local: 2 tenants; 0 missing, 0 surplus, 0 other readers, 0 other text\n",
    )


@pytest.mark.parametrize(
    "which", ["goal", "task", "milestone", "element", "lead", "campaign", "invoice", "credit_note"]
)
def test_a_planted_miss_is_named(which: str, ada: Person, full: dict[str, str], capsys: pytest.CaptureFixture[str]):
    table.delete_many([documents.key(tenant_index.id_of(ada.tenant_id), full[which])])
    capsys.readouterr()

    assert reconcile.compare("local", [ada.tenant_id]) == 1
    assert f"local: {ada.tenant_id} {full[which]}: missing\n" in capsys.readouterr().out


def test_a_planted_surplus_is_named(ada: Person, full: dict[str, str], feed: Feed):
    ada.delete(f"/goals/{full['goal']}")

    assert [*reconcile.differences(ada.tenant_id)] == [Difference(full["goal"], SURPLUS)]


def test_a_document_with_other_readers_is_named(ada: Person, bob: Person, full: dict[str, str]):
    before = stored(ada, full["goal"]).document
    rewritten(ada, full["goal"], readers=[*before["readers"], f"user:{bob.user_id}"])
    rewritten(ada, full["milestone"], grants=[[[f"tenant:{ada.tenant_id}"], []]])

    assert {*reconcile.differences(ada.tenant_id)} == {
        Difference(full["goal"], READERS),
        Difference(full["milestone"], READERS),
    }


def test_a_document_that_says_something_else_is_named(ada: Person, full: dict[str, str]):
    ada.patch(f"/goals/{full['goal']}", {"title": "Paint the garage"})

    assert [*reconcile.differences(ada.tenant_id)] == [Difference(full["goal"], TEXTS)]


def test_what_is_missing_is_told_again_by_restating(ada: Person, full: dict[str, str], feed: Feed):
    table.delete_many([documents.key(tenant_index.id_of(ada.tenant_id), full["task"])])
    before = [*reconcile.differences(ada.tenant_id)]
    for _, page in restatements.pages(ada.tenant_id, "goals", None):
        feed.hears(*page)
    feed.runs()

    assert (before, [*reconcile.differences(ada.tenant_id)]) == ([Difference(full["task"], MISSING)], [])


def test_a_credit_note_that_is_missing_is_told_again_by_restating_its_invoice(
    ada: Person, full: dict[str, str], feed: Feed
):
    refs = [full[each] for each in ("credit_note", "financing", "invoice")]
    table.delete_many([documents.key(tenant_index.id_of(ada.tenant_id), ref) for ref in refs])
    before = {*reconcile.differences(ada.tenant_id)}
    for _, page in restatements.pages(ada.tenant_id, "payments", None):
        feed.hears(*page)
    feed.runs()

    assert before == {Difference(ref, MISSING) for ref in refs}
    assert [*reconcile.differences(ada.tenant_id)] == []
